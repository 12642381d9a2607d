"""Whether a commit may want to talk to the person: for a passphrase, or because a hook asks something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modal_wizard.git.command import Git
from modal_wizard.git.failures import active_hooks, signing

_TERMINAL = b"/dev/tty"
_MOST = 256 * 1024


def talkers(git: Git) -> tuple[str, ...]:
    """Return what of a commit may read from the terminal: what signs it, and hooks that name the terminal."""
    signs = signing(git)
    return ((f"signing by {signs}",) if signs else ()) + tuple(_asking_hooks(git))


def _asking_hooks(git: Git) -> Iterator[str]:
    folder = git.root / git.act("rev-parse", "--git-path", "hooks").text
    for name in active_hooks(git):
        if any(_names_terminal(each / name) for each in (folder, folder.parent)):
            yield f"hook {name}"


def _names_terminal(hook: Path) -> bool:
    """Tell whether a hook names the terminal; husky calls one of the same name a folder above."""
    try:
        with hook.open("rb") as file:
            return _TERMINAL in file.read(_MOST)
    except OSError:
        return False
