"""The closing checklist of a migration: what a person does next, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from modal_wizard.migration.requirements import together
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.core.target import Goal
    from modal_transforms.requirements import Pin

RAISING = "p on the summary, apply --raise-pin"
"""What raises a required version."""
_TOOLS = {
    "uv.lock": "uv lock --upgrade-package modal",
    "poetry.lock": "poetry update modal",
    "pdm.lock": "pdm update modal",
    "Pipfile.lock": "pipenv upgrade modal",
}


def undecided(ready: int, left: int, broken: int) -> Iterator[str]:
    """Yield what is to be done before anything is given to others."""
    if ready:
        yield f"Commit what is accepted: {counted(ready, 'finding')} not written yet."
    if left == 1:
        yield f"Finish the finding that is left{', which is broken now' if broken else ''}."
    elif left:
        yield f"Finish the {left} findings that are left{f', {broken} of them broken now' if broken else ''}."


def requirements(pins: Sequence[Pin], moves: Iterable[str], raised: bool, goal: Goal) -> Iterator[str]:
    """Yield what is to be done about the versions that are asked for: pins, then lock files."""
    found = [visible(f"{places}: {text}") for text, places in together(moves)]
    if found:
        yield f"Raise the required version: {', '.join(found)} ({RAISING})."
    elif not pins and not raised:
        yield f"Ask for a version of modal in your requirements, such as modal~={goal.target}: none is asked for."
    for path in dict.fromkeys(pin.path for pin in pins if pin.is_locked and pin.is_before(goal.target)):
        tool = _TOOLS.get(PurePosixPath(path).name)
        yield f"Update {visible(path)} with its tool{f': {tool}' if tool else ''}."


def delivery(commits: Sequence[str], target: str) -> Iterator[str]:
    """Yield what is to be done with what was written: try it, deploy it, push it; ``commits`` in their order."""
    yield f"Install modal {target} and run your tests."
    yield (
        "Deploy to a development environment (modal deploy --env NAME), then for real: first apps whose functions and "
        "classes are looked up by name, then what calls them."
    )
    if commits:
        yield f"Push {counted(len(commits), 'commit')}; nothing was pushed."


def way_back(commits: Sequence[str], loose: bool) -> Iterator[str]:
    """Yield how all of it is taken back: ``commits`` in their order, and what was written without one."""
    if commits:
        yield f"To take it all back: git revert --no-edit {' '.join(commit[:7] for commit in reversed(commits))}"
    if loose:
        yield "To take back what was written without a commit: modal-wizard restore"
