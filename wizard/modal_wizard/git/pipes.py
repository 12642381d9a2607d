"""Named pipes that git waits for: it says nothing of them, and goes on waiting as long as nobody writes into one."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from modal_transforms.core.patterns import pattern
from modal_wizard.files import safe_io
from modal_wizard.git.dotgit import git_dir

_READ = frozenset({".gitignore", ".gitattributes", ".gitmodules", ".mailmap"})
"""Files of a work tree that git reads in whatever folder."""
_NAMED = pattern(r'\b(?:path|excludesfile|attributesfile)[ \t]*=[ \t]*"?([^"\n]+)', re.IGNORECASE)
"""What settings have git read besides, more settings among it."""
_DEEP = 10
"""So deep git follows settings that name others."""


def waited_for(folder: Path) -> Path | None:
    """Return a pipe that some process waits for, and git reads when it is asked in a folder; ``None`` without one."""
    if not hasattr(os, "mkfifo"):
        return None
    top = next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), folder)
    own = git_dir(top) or top / ".git"
    return next(filter(_is_waited_for, _read_by_git(top, own)), None)


def _read_by_git(top: Path, own: Path) -> Iterator[Path]:
    home = Path(os.path.expanduser("~"))
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git/config"
    for file in (own / "config", own / "config.worktree", home / ".gitconfig", settings):
        yield from _named_in(file, _DEEP)
    for folder, _, names in os.walk(own):
        yield from (Path(folder, name) for name in names)
    for folder, folders, names in os.walk(top):
        folders[:] = (name for name in folders if name != ".git")
        yield from (Path(folder, name) for name in names if name in _READ)


def _named_in(settings: Path, deep: int) -> Iterator[Path]:
    """Yield the files that settings name, and what those name that are settings too."""
    try:
        text = os.fsdecode(safe_io.read_own(settings) or b"")
    except (OSError, ValueError):
        return
    for name in _NAMED.findall(text):
        place = Path(os.path.normpath(settings.parent / os.path.expanduser(name.strip())))
        yield place
        if deep:
            yield from _named_in(place, deep - 1)


def _is_waited_for(place: Path) -> bool:
    """Tell whether a file is a pipe that somebody reads, or waits to: only then it opens for writing at once."""
    with contextlib.suppress(OSError, ValueError):
        if stat.S_ISFIFO(place.stat().st_mode):
            os.close(os.open(place, os.O_WRONLY | os.O_NONBLOCK))
            return True
    return False
