"""Copies of the two states of a repository: what git holds at a commit, and the files as they are now."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePath

from modal_transforms.core.patterns import pattern
from modal_wizard.errors import WizardError
from modal_wizard.git.command import Git
from modal_wizard.text.sanitize import visible

LARGEST = 50 << 20
"""Bytes; a file that is larger is no code, and is left out of the copy."""
_OURS = pattern(r"Modal \d+\.\w+: ")


def began_at(git: Git) -> str:
    """Return the commit before the first one of this migration on the branch; the newest where there is none."""
    listed = git.ask("log", "--first-parent", "-n", "2000", "--format=%H%x00%P%x00%s").out.decode("utf-8", "replace")
    rows = [line.split("\0") for line in listed.splitlines()]
    parents = [parent.split()[0] for _, parent, subject in rows if _OURS.match(subject) and parent]
    return parents[-1] if parents else (rows[0][0] if rows else "")


def resolved(git: Git, reference: str) -> str:
    """Return the commit that a reference names; raises `WizardError`."""
    said = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    if said.status:
        raise WizardError(f"There is no commit {visible(reference)}.", "Give a branch, a tag or the start of a hash.")
    return said.text


def write_commit(git: Git, commit: str, folder: Path) -> list[str]:
    """Write the files of a commit into a folder, without links; returns their paths, with ``/``."""
    archive = git.ask("archive", "--format=tar", commit)
    if archive.status:
        raise WizardError(f"The files of {commit[:12]} cannot be read: {visible(archive.err.strip())}.")
    folder.mkdir(parents=True)
    found = []
    with tarfile.open(fileobj=io.BytesIO(archive.out)) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() and member.size <= LARGEST else None
            if content is not None and _stays_below(member.name):
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                found.append(member.name)
    return found


def _stays_below(name: str) -> bool:
    """Tell whether a name in an archive leads to a place below the folder that it is unpacked into."""
    return not os.path.isabs(name) and ".." not in PurePath(name).parts


def copy_files(root: Path, paths: Sequence[str], folder: Path) -> list[str]:
    """Copy the files ``paths`` of a root into a folder, without links; returns those that were copied."""
    found = []
    for path in paths:
        source, target = root / path, folder / path
        if source.is_symlink() or not source.is_file() or source.stat().st_size > LARGEST:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        found.append(path)
    folder.mkdir(parents=True, exist_ok=True)
    return found
