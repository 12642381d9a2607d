"""Whether a commit may want to talk to the person: for a passphrase, or because a hook asks something."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from modal_wizard.git.command import Git

COMMIT_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
"""What may refuse a commit, in the order in which git runs them."""
_TERMINAL = b"/dev/tty"
_MOST = 256 * 1024


def talkers(git: Git) -> tuple[str, ...]:
    """Return what of a commit may read from the terminal: what signs it, and hooks that name the terminal."""
    signs = signing(git)
    return ((f"signing by {signs}",) if signs else ()) + tuple(_asking_hooks(git))


def _asking_hooks(git: Git) -> Iterator[str]:
    folder = _folder(git)
    for name in active_hooks(git):
        if any(_names_terminal(each / name) for each in (folder, folder.parent)):
            yield f"hook {name}"


def _names_terminal(hook: Path) -> bool:
    """Tell whether a hook names the terminal; husky calls one of the same name a folder above."""
    try:
        if not hook.is_file():  # husky's may be anything, and a pipe would be waited for
            return False
        with hook.open("rb") as file:
            return _TERMINAL in file.read(_MOST)
    except OSError:
        return False


def active_hooks(git: Git, names: Sequence[str] = (*COMMIT_HOOKS, "post-commit")) -> tuple[str, ...]:
    """Return the hooks that a commit runs, wherever ``core.hooksPath`` puts them; none where git can see none."""
    return tuple(_runnable(_folder(git), names))


def hooks_there(git: Git) -> frozenset[str]:
    """Return the names of all hooks that git could run, at a commit or otherwise; those of a commit if unlistable."""
    folder = _folder(git)
    try:
        names = [name for name in os.listdir(folder) if not name.endswith(".sample")]
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError:  # git may still run what it cannot list
        return frozenset(COMMIT_HOOKS)
    return frozenset(_runnable(folder, names))


def _folder(git: Git) -> Path:
    """Return where git looks for hooks, wherever ``core.hooksPath`` puts them."""
    return git.root / git.act("rev-parse", "--git-path", "hooks").text


def _runnable(folder: Path, names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if os.path.isfile(folder / name) and os.access(folder / name, os.X_OK))


def pre_commit(git: Git) -> tuple[str, ...]:
    """Return the command of the hook that runs before a commit; empty when there is none."""
    if not active_hooks(git, COMMIT_HOOKS[:1]):
        return ()
    return (str(_folder(git) / COMMIT_HOOKS[0]),)


def signing(git: Git) -> str:
    """Return how commits are signed: openpgp, ssh, x509, or an empty text when they are not."""
    if git.ask("config", "--type=bool", "--get", "commit.gpgSign").text != "true":
        return ""
    return git.ask("config", "--get", "gpg.format").text or "openpgp"
