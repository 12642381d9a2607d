"""A real git repository in a temporary folder, and the one file that the tests change in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from modal_transforms.core.patches import Patch
from modal_wizard.files.change import FileChange
from modal_wizard.git.commit import Committed
from modal_wizard.git.failures import CommitFailed
from modal_wizard.git.permissions import CommitPolicy, Permissions
from modal_wizard.git.repository import Repository

OLD, NEW = b"gpu = modal.gpu.H100()", b'gpu = "H100"'
OURS = 20
"""The line of `TEXT` that our change is on; the others are the person's."""
TEXT = b"".join(b"line %d\n" % n if n != OURS else OLD + b"\n" for n in range(1, 41))
QUICKLY = ("-c", "maintenance.auto=false")
"""Has git not look for what could be tidied up, which is a process of its own."""
MESSAGE = "Migrate gpu\n\n# not a comment\n"


@dataclass(frozen=True)
class Box:
    """A work tree."""

    root: Path

    def git(self, *arguments: str, env: Mapping[str, str] | None = None, check: bool = True) -> bytes:
        """Run git in it and return what it printed."""
        environment = {**os.environ, **(env or {})}
        done = subprocess.run(["git", *arguments], cwd=self.root, env=environment, capture_output=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def kept(self, *arguments: str) -> bytes:
        """Run git in the repository that originals are kept in; nothing where there is none, or half of one."""
        inside = ("--git-dir", str(self.root / ".git/modal-wizard/backups.git"))
        there = self.git(*inside, "rev-parse", "--git-dir", check=False)
        return self.git(*inside, *arguments) if there else b""

    def write(self, path: str, data: bytes) -> Path:
        """Write a file, its folders with it."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return place

    def read(self, path: str) -> bytes:
        """Return what the work tree has of a file."""
        return (self.root / path).read_bytes()

    def committed(self, path: str, at: str = "HEAD") -> bytes:
        """Return what a commit has of a file."""
        return self.git("cat-file", "blob", f"{at}:{path}")

    def staged(self, path: str) -> bytes:
        """Return what the index has of a file."""
        return self.git("cat-file", "blob", f":{path}")

    def commit_all(self, message: str = "work") -> str:
        """Commit everything; returns the commit."""
        self.git("add", "-A")
        self.git(*QUICKLY, "commit", "--quiet", "--no-verify", "--no-gpg-sign", "--allow-empty", "-m", message)
        return self.head()

    def head(self) -> str:
        """Return the last commit."""
        return self.git("rev-parse", "HEAD").decode().strip()

    def status(self) -> list[str]:
        """Return git's short status, sorted."""
        fields = self.git("status", "--porcelain", "-z", "--untracked-files=all").split(b"\0")
        return sorted(os.fsdecode(field) for field in fields if field)

    def index_digest(self) -> str:
        """Return a digest of the index file, bit for bit."""
        place = self.root / self.git("rev-parse", "--git-path", "index").decode().strip()
        return hashlib.sha256(place.read_bytes()).hexdigest()

    def in_last_commit(self) -> list[str]:
        """Return the files that the last commit changed."""
        fields = self.git("diff-tree", "-r", "-z", "--name-only", "--no-commit-id", "HEAD").split(b"\0")
        return sorted(os.fsdecode(field) for field in fields if field)

    def hook(self, name: str, script: str, folder: str = ".git/hooks") -> None:
        """Install a hook."""
        self.write(f"{folder}/{name}", f"#!/bin/sh\n{script}\n".encode()).chmod(0o755)


def edited(text: bytes, line: int, new: bytes | None = None) -> bytes:
    """Return a text with one line changed by the person."""
    lines = text.splitlines(keepends=True)
    end = lines[line - 1][len(lines[line - 1].rstrip(b"\r\n")) :]
    lines[line - 1] = (b"person's %d" % line if new is None else new) + end
    return b"".join(lines)


def ours(text: bytes) -> bytes:
    """Return a text with our change made."""
    assert OLD in text
    return text.replace(OLD, NEW)


def change_of(box: Box, path: str = "app.py") -> FileChange:
    """Return our change of a file as it is in the work tree."""
    before = box.read(path)
    at = before.index(OLD)
    return FileChange(path, before, ours(before), (Patch(at, at + len(OLD), NEW),))


def land(
    box: Box,
    paths: Sequence[str] = ("app.py",),
    *,
    dirty: bool = False,
    staged: bool = False,
    hooks: Callable[[CommitFailed], bool] | None = None,
    message: str = MESSAGE,
) -> Committed:
    """Write and commit our change of some files."""
    policy = CommitPolicy(Permissions(dirty, staged).granted, hooks)
    with opened(box) as repository:
        return repository.land([change_of(box, path) for path in paths], message, policy)


class Killed(BaseException):
    """Ends a run in a test, like a kill: nothing of the product handles it."""


def commit_and_die(repository: Repository, changes: Sequence[FileChange]) -> None:
    """Make a commit and end as by a kill, with all noted of it that is noted while it is made."""

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        repository.commit(changes, MESSAGE, finished=die)


def opened(box: Box) -> Repository:
    """Return the repository of a work tree."""
    repository = Repository.find(box.root)
    assert repository is not None
    return repository


def own_settings(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep the settings of whoever runs the tests, and where they run them, out of them."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    config = folder / "gitconfig"
    config.write_text("[user]\n\tname = P\n\temail = p@example.invalid\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def init(root: Path) -> None:
    """Make an empty repository on ``main``: what git makes of one, which is asked once for each kind of names."""
    for path, data in _made_by_git(os.environ.get("GIT_DEFAULT_HASH", "sha1")):
        place = root / ".git" / path
        if data is None:
            place.mkdir(parents=True)
        else:
            place.write_bytes(data)


@cache
def _made_by_git(names: str) -> list[tuple[Path, bytes | None]]:
    """Return the folders and files of an empty repository, folders before what is in them; without samples of hooks."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        made_so = ["git", "init", "--quiet", "--initial-branch=main", f"--object-format={names}", folder]
        subprocess.run(made_so, env=environment, check=True)
        made = Path(folder) / ".git"
        found = [made, *sorted(made.rglob("*"))]
        return [
            (path.relative_to(made), None if path.is_dir() else path.read_bytes())
            for path in found
            if path.suffix != ".sample"
        ]


def new_box(root: Path) -> Box:
    """Make a repository with three committed files."""
    root.mkdir(parents=True)
    box = Box(root)
    init(root)
    box.write("app.py", TEXT)
    box.write("other.py", b"one\ntwo\n")
    box.write("pkg/deep.py", TEXT)
    box.commit_all()
    return box
