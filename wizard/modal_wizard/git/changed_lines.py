"""Which lines of the work tree are not as they were at a commit: asked of git, which knows renames and new files."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_wizard.git.command import Git, RepositoryProblem, check_ok
from modal_wizard.text.sanitize import visible

_DIFF = (
    "diff --unified=0 --inter-hunk-context=0 --find-renames --text --no-ext-diff --no-textconv --no-color "
    "--no-relative --ignore-submodules=all --src-prefix=a/ --dst-prefix=b/"
).split()
_HUNK = pattern(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class ChangedLines(Struct, frozen=True):
    """The lines that are new or other than at a commit, by path; lines count from 1 and end at each ``\\n``."""

    since: str
    """The commit, by its full name."""
    lines: dict[str, list[range]]
    new: frozenset[str]
    """Files that git does not have yet: all their lines are new."""

    def has(self, path: str) -> bool:
        """Tell whether anything of a file changed."""
        return path in self.new or path in self.lines

    def touch(self, path: str, first: int, last: int) -> bool:
        """Tell whether one of the lines ``first`` to ``last`` of a file changed."""
        return path in self.new or any(r.start <= last and first < r.stop for r in self.lines.get(path, ()))


def changed_lines(git: Git, ref: str) -> ChangedLines:
    """Return what changed in the work tree since it parted from ``ref``: committed, staged or neither.

    What ``ref`` has gained since is no change of ours, so that it is compared with the last commit that both share;
    an ancestor of HEAD is that commit itself. Raises `RepositoryProblem` where there is none.
    """
    shared = _shared(git, ref)
    diff = check_ok(git.ask(*_DIFF, shared, "--"), f"compare with {visible(ref)}")
    others = check_ok(git.ask("ls-files", "-z", "--others", "--exclude-standard"), "list new files")
    return ChangedLines(shared, _parsed(diff.out), frozenset(others.fields))


def _shared(git: Git, ref: str) -> str:
    named = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    commit = named.text
    if named.status != 0:
        raise RepositoryProblem(f"There is no commit {visible(ref)} here.", "Give a branch, a tag or a commit.")
    shared = git.ask("merge-base", "HEAD", commit).text.partition("\n")[0]
    if shared:
        return shared
    if git.ask("rev-parse", "--is-shallow-repository").text == "true":
        raise RepositoryProblem(
            f"The commit that HEAD and {visible(ref)} share is not here: this clone is shallow.",
            "Fetch the history first (git fetch --unshallow; actions/checkout with fetch-depth: 0).",
        )
    raise RepositoryProblem(f"HEAD and {visible(ref)} have no commit in common.", "Give one that HEAD comes from.")


def _parsed(diff: bytes) -> dict[str, list[range]]:
    """Return the new lines that a diff without context tells, by path."""
    found: dict[str, list[range]] = {}
    path = ""
    lines = iter(diff.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            path = _path(line[4:])
        elif hunk := _HUNK.match(line):
            old, start, new = (int(part) if part is not None else 1 for part in hunk.groups())
            found.setdefault(path, []).extend([range(start, start + new)] if new else [])
            _pass_over(lines, old + new)
    return found


def _pass_over(lines: Iterator[bytes], count: int) -> None:
    """Pass over the lines of a hunk, which may read like anything."""
    while count:
        count -= not next(lines, b"").startswith(b"\\")


def _path(named: bytes) -> str:
    """Return the path that a line of a diff names, with or without git's quotes."""
    named = named.removesuffix(b"\t")  # git ends a name with blanks in it so
    if named.startswith(b'"'):
        named = named[1:-1].decode("unicode_escape").encode("latin-1")
    return os.fsdecode(named.removeprefix(b"b/"))
