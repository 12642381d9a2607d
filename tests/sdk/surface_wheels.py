"""The wheels of the SDK: fetched once from the package index, and the sources that they hold."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FIRST_UNDER_ITS_NAME = (0, 51, 3199)
"""From here on the distribution called ``modal`` holds the SDK; before, it only required ``modal-client``."""


@dataclass(frozen=True)
class Source:
    """One module of the SDK: its code, and its type stub where there is one."""

    name: str
    is_package: bool
    code: ast.Module | None
    stub: ast.Module | None


def wheel(version: str, folder: Path) -> Path:
    """Return the wheel of a version, downloading it into the folder if it is not there.

    Raises:
        subprocess.CalledProcessError: the package index does not have it.
    """
    numbers = tuple(int(part) for part in version.split("."))
    name = "modal" if numbers >= FIRST_UNDER_ITS_NAME else "modal-client"
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    if not path.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(folder), f"{name}=={version}"], check=True)
    return path


Files = Iterable[tuple[str, bytes]]
"""Paths of files, with slashes, and what is in them."""


def files_of_wheel(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a wheel."""
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            yield name, archive.read(name)


def files_of_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the SDK where it is installed: a folder that holds the folder ``modal``."""
    for file in sorted((path / "modal").rglob("*.py*")):
        if file.suffix in {".py", ".pyi"}:
            yield file.relative_to(path).as_posix(), file.read_bytes()


def sources(files: Files) -> dict[str, Source]:
    """Read the modules of ``modal``, without those that it only vendors or generates."""
    found: dict[str, dict[str, ast.Module]] = {}
    packages: set[str] = set()
    for name, text in files:
        module, _, suffix = name.rpartition(".")
        parts = module.split("/")
        if parts[0] != "modal" or suffix not in {"py", "pyi"} or "_vendor" in parts or parts[-1] == "__main__":
            continue
        if parts[-1] == "__init__":
            parts.pop()
            packages.add(".".join(parts))
        found.setdefault(".".join(parts), {})[suffix] = _parsed(text)
    return {
        name: Source(name, name in packages, trees.get("py"), trees.get("pyi")) for name, trees in sorted(found.items())
    }


@lru_cache(maxsize=500)
def _parsed(text: bytes) -> ast.Module:
    """Parse a file; most are the same from one version to the next."""
    return ast.parse(text)
