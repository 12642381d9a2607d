"""What takes a commit back in the files as they are now, to be committed like any change of ours."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.core.patches import Patch, apply, line_patches
from modal_wizard.files import safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.git.command import Git, check_ok
from modal_wizard.git.commit_plan import Unsound, check_sound
from modal_wizard.git.merge import MergeConflict, rebase_patches
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.git.queries import is_behind
from modal_wizard.text.sanitize import visible

_HINT = "Take back what was committed after it first, or do it by hand: git revert"


def reversal(git: Git, sha: str) -> tuple[FileChange, ...]:
    """Return the changes that take a commit back, around what came after it.

    Raises `CommitRefused` where it is not in this branch, or something else is in its place by now.
    """
    short = sha[:7]
    if not is_behind(git, sha):
        raise CommitRefused(f"{short} is not in this branch any more; nothing was changed.", "Nothing is to be done.")
    return tuple(_reversed(git, sha, path) for path in _paths(git, sha))


def message_of_reversal(git: Git, sha: str) -> str:
    """Return the words of the commit that takes one back, as git has them."""
    subject = check_ok(git.ask("log", "-1", "--format=%s", sha), "read a commit").text
    return f'Revert "{subject}"\n\nThis reverts commit {sha}.\n'


def _paths(git: Git, sha: str) -> Iterator[str]:
    answer = git.ask("diff-tree", "-r", "-z", "--no-commit-id", "--name-status", sha)
    fields = check_ok(answer, "look into a commit").fields
    for kind, path in zip(fields[::2], fields[1::2], strict=True):
        if kind != "M":
            what = f"{sha[:7]} does more than change files: {visible(path)} was added, moved or deleted."
            raise CommitRefused(f"{what} Nothing was changed.", f"{_HINT} {sha[:7]}")
        yield path


def _reversed(git: Git, sha: str, path: str) -> FileChange:
    before, made = checked_out(git, f"{sha}^", path), checked_out(git, sha, path)
    try:
        now = safe_io.read(git.root, path)
    except safe_io.UnsafePath as reason:
        raise CommitRefused(f"{visible(path)}: {reason}. Nothing was changed.", "Bring it back first.") from reason
    try:
        patches: list[Patch] = rebase_patches(made, now, line_patches(made, before))
        after = apply(now, patches)
        check_sound(path, now, after, "it")
    except MergeConflict as clash:
        where = f"{visible(path)}: line {clash.line} of {sha[:7]} was changed again since."
        raise CommitRefused(f"{where} Nothing was changed.", f"{_HINT} {sha[:7]}") from clash
    except Unsound as fault:
        where = f"{visible(path)} would not be sound without it: what came after {sha[:7]} builds on it."
        raise CommitRefused(f"{where} Nothing was changed.", f"{_HINT} {sha[:7]}") from fault
    return FileChange(path, now, after, tuple(patches))


def checked_out(git: Git, commit: str, path: str) -> bytes:
    """Return a file of a commit as it is checked out."""
    return check_ok(git.act("cat-file", "--filters", f"{commit}:{path}"), "read a committed file").out
