"""What was committed of files as they are, by whomever: a hook or a check, somebody in another terminal."""

from __future__ import annotations

from collections.abc import Mapping

from modal_wizard.git.command import Git, RepositoryProblem
from modal_wizard.git.commit_plan import Objects
from modal_wizard.git.queries import changes_since, last_commit


def committed_as(git: Git, parent: str, texts: Mapping[str, bytes]) -> frozenset[str]:
    """Return the files that HEAD has as they are in ``texts`` and that the commit ``parent`` had otherwise.

    None where that cannot be told.
    """
    try:
        changed = changes_since(git, parent, last_commit(git)) if parent else {}
        objects = Objects(git)
        new = {path: changed[path][1] for path in texts if path in changed}
        return frozenset(path for path, blob in new.items() if blob and objects.holds(blob, path, texts[path]))
    except RepositoryProblem:
        return frozenset()
