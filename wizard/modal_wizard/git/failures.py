"""Why a commit was not made: a hook, a signature, a missing identity, or something else that git says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import is_gone, reread, reversed_change
from modal_wizard.git.command import Completed, Git
from modal_wizard.git.hooks import COMMIT_HOOKS, active_hooks, pre_commit, signing
from modal_wizard.git.merge import MergeConflict, rebase_patches
from modal_wizard.text.sanitize import visible

_OUTPUT = 64 * 1024
_NAMELESS = ("tell me who you are", "empty ident", "no email was given", "no name was given", "auto-detect email")
_UNSEEN = ("nothing to commit", "no changes added to commit", "nothing added to commit")
_REASONS = {
    "hook": "a hook refused it",
    "signing": "it could not be signed",
    "identity": "git does not know who you are",
    "unseen": "git sees no change in the files",
    "other": "git refused it",
}
_MADE = {
    "undone": "made, and taken back by a hook or by somebody",
    "emptied": "made, and a hook took our changes out of it",
}
_HINTS = {
    "emptied": "To take it away: git reset --soft HEAD^. See what the hook wants, or write the files without a commit.",
    "hook": "Fix what the hook reports and commit again, or write the files without a commit.",
    "signing": "See that git can sign (gpg-agent, ssh key), then commit again.",
    "identity": 'Tell git: git config user.name "..." and git config user.email "...", then commit again.',
    "unseen": "A filter of .gitattributes or core.fsmonitor hides it: see git check-attr -a FILE and git config -l.",
    "undone": "See what the hook wants, or write the files without a commit.",
    "other": "Fix what git reports and commit again.",
}


class CommitFailed(WizardError):
    """Git did not make the commit; the person's index is as it was, the files are still written."""

    def __init__(self, kind: str, output: str, rewritten: tuple[str, ...] = ()) -> None:
        super().__init__(f"The commit was {_MADE.get(kind) or f'not made: {_REASONS[kind]}'}.", _HINTS[kind])
        self.kind = kind
        """hook, signing, identity, unseen, undone, emptied or other."""
        self.output = output
        """What hooks and git said, as they said it."""
        self.rewritten = rewritten
        """Files of ours that were changed in the work tree since they were written, by a hook or by somebody."""
        self.command: tuple[str, ...] = ()
        """The hook that may have changed them; empty where there is none."""
        self.by_program: frozenset[str] | None = None
        """Those of them that it is known to have changed; ``None`` before that was looked into."""


def failure(git: Git, answer: Completed, changes: Sequence[FileChange]) -> CommitFailed:
    """Return why ``git commit`` failed."""
    failed = CommitFailed(_kind(git, answer), tail(answer), changed_since(git.root, changes))
    failed.command = pre_commit(git)
    return failed


def changed_since(root: Path, changes: Sequence[FileChange]) -> tuple[str, ...]:
    """Return the files that hold something else than what was written, or are gone, or no plain files any more."""
    now = zip(changes, reread(root, changes), strict=True)
    return tuple(new.path for old, new in now if old.after != new.after or is_gone(root, new))


def left_in_words(changes: Sequence[FileChange], left: Sequence[FileChange], theirs: Collection[str] = ()) -> str:
    """Return in sentences what stays of ``changes``: what somebody saved since, and what somebody committed."""
    written = {change.path: change for change in changes}
    saved = ", ".join(f"{visible(now.path)} {_share(written[now.path], now.after)}" for now in left)
    committed = ", ".join(map(visible, sorted(theirs)))
    words = (("Saved meanwhile", saved), ("Committed meanwhile, not by modal-wizard", committed))
    return " ".join(f"{how}, and left as it is: {names}." for how, names in words if names)


def _share(change: FileChange, now: bytes) -> str:
    """Say whether a file has our change in it."""
    if now == change.after:
        return "(with our change in it)"
    try:
        rebase_patches(change.after, now, reversed_change(change).patches)
    except MergeConflict:
        return "(without our change)"
    return "(with our change in it)"


def tail(answer: Completed) -> str:
    """Return the end of what a command said, errors last."""
    said = f"{answer.text}\n{answer.err}".strip()
    return said if len(said) <= _OUTPUT else f"[{len(said) - _OUTPUT} characters left out]\n{said[-_OUTPUT:]}"


def _kind(git: Git, answer: Completed) -> str:
    said = answer.err.lower()
    if any(words in said for words in _NAMELESS):
        return "identity"
    if signing(git) and "failed to write commit object" in said:
        return "signing"
    if "index.lock" not in said and active_hooks(git, COMMIT_HOOKS):
        return "hook"
    return "unseen" if any(words in answer.text.lower() for words in _UNSEEN) else "other"
