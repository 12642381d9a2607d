"""Why a commit was not made: a hook, a signature, a missing identity, or something else that git says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import reread
from modal_wizard.git.command import Completed, Git
from modal_wizard.git.hooks import COMMIT_HOOKS, active_hooks, signing

_OUTPUT = 64 * 1024
_NAMELESS = ("tell me who you are", "empty ident", "no email was given", "no name was given", "auto-detect email")
_REASONS = {
    "hook": "a hook refused it",
    "signing": "it could not be signed",
    "identity": "git does not know who you are",
    "other": "git refused it",
}
_HINTS = {
    "hook": "Set right what the hook asks for and commit again, or write the files without a commit.",
    "signing": "See that git can sign (gpg-agent, ssh key), then commit again.",
    "identity": 'Tell git: git config user.name "..." and git config user.email "...", then commit again.',
    "other": "Set right what git says and commit again.",
}


class CommitFailed(WizardError):
    """Git did not make the commit; the person's index is as it was, the files are still written."""

    def __init__(self, kind: str, output: str, rewritten: tuple[str, ...] = ()) -> None:
        super().__init__(f"The commit was not made: {_REASONS[kind]}.", _HINTS[kind])
        self.kind = kind
        """hook, signing, identity or other."""
        self.output = output
        """What hooks and git said, as they said it."""
        self.rewritten = rewritten
        """Files of ours that a hook changed in the work tree."""


def failure(git: Git, answer: Completed, changes: Sequence[FileChange]) -> CommitFailed:
    """Return why ``git commit`` failed."""
    return CommitFailed(_kind(git, answer), tail(answer), changed_since(git.root, changes))


def changed_since(root: Path, changes: Sequence[FileChange]) -> tuple[str, ...]:
    """Return the files that hold something else than what was written."""
    now = reread(root, changes)
    return tuple(new.path for old, new in zip(changes, now, strict=True) if old.after != new.after)


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
    return "other"
