"""The trees that are measured: a big repository with little Modal, Modal everywhere, a tiny one."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import cases
from support.cases import Case, NearMiss, clean

from modal_wizard.demo import demo_files

PEER = "transformers==4.57.1"
"""A big Python project with little to do with Modal, of which pip gets the source."""
_CLASS = re.compile(r"^\s*class (\w+)", re.MULTILINE)
_MANY = 100


def samples() -> Iterator[dict[str, str]]:
    """Yield the files of each test case and near miss, and those of the demo, without end, no class named twice."""
    every = [files for name in sorted(_sections()) for files in _of_section(name)]
    demo = {path: data.decode() for path, data in demo_files().items()}
    number = 0
    while True:
        for files in [demo, *every]:
            yield _renamed(files, number)
            number += 1


def _sections() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(cases.__path__)]


def _of_section(name: str) -> Iterator[dict[str, str]]:
    module = importlib.import_module(f"cases.{name}")
    for case in module.CASES:
        assert isinstance(case, Case)
        yield {path: clean(text) for path, text in {case.path: case.before, **case.files}.items()}
    for miss in module.NEAR_MISSES:
        assert isinstance(miss, NearMiss)
        yield {path: clean(text) for path, text in {miss.path: miss.code, **miss.files}.items()}


def _renamed(files: dict[str, str], number: int) -> dict[str, str]:
    """Give the classes of a sample names of their own, as the classes of a repository have."""
    names = {name for text in files.values() for name in _CLASS.findall(text)}
    if not names:
        return files
    word = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    return {path: word.sub(lambda found: f"{found[0]}{number}", text) for path, text in files.items()}


def dense(folder: Path, files: int) -> int:
    """Write a tree in which every folder uses Modal; return how many Python files it has."""
    written = 0
    for number, sample in enumerate(samples()):
        for path, text in sample.items():
            target = folder / f"team_{number // 50:03}" / f"sample_{number:05}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
            written += path.endswith(".py")
        if written >= files:
            break
    _commit(folder)
    return written


def many_findings(folder: Path, findings: int) -> None:
    """Write a repository with so many findings, all of one section, ten to a file."""
    folder.mkdir(parents=True)
    for number in range(findings // 10):
        functions = "".join(
            f"\n\n@app.function(keep_warm={each + 1}, cpu=2)\ndef work_{each}(item):\n    return item\n"
            for each in range(10)
        )
        (folder / f"service_{number:05}.py").write_text(
            f'import modal\n\napp = modal.App("service-{number}")\n{functions}'
        )
    _commit(folder)


def big(folder: Path, peer: Path | None) -> None:
    """Write the big repository: the peer's source, with a hundred Modal files in folders of their own."""
    source = peer or _downloaded(folder.parent)
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".git"), symlinks=True)
    written = 0
    for number, sample in enumerate(samples()):
        python = {path: text for path, text in sample.items() if path.endswith(".py") and "import" in text}
        if number % 7 or written + len(python) > _MANY:
            continue
        for path, text in python.items():
            target = folder / "deploy" / f"job_{number:04}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        written += len(python)
        if written == _MANY:
            break
    _commit(folder)


def tiny(folder: Path) -> None:
    """Write a repository of one file with one finding."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text("import modal\n\napp = modal.App()\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n")
    _commit(folder)


def _downloaded(folder: Path) -> Path:
    options = ["--no-deps", "--no-binary", ":all:", "--dest", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", *options, PEER], check=True)
    archive = next(folder.glob("transformers-*.tar.gz"))
    with tarfile.open(archive) as file:
        file.extractall(folder / "peer", filter="data")
    return next((folder / "peer").iterdir())


def _commit(folder: Path) -> None:
    """Make a tree a repository, as what the wizard is run on is."""
    git = ["git", "-C", str(folder), "-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A", "-f"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "as it is", "--no-verify"], check=True)
