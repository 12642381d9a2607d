"""What is kept up to date is what a scan from nothing finds, whatever happens to the files in between.

``MODAL_WIZARD_SEQUENCES=1000`` runs so many random sequences; by default there are a few.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.trees import samples

from modal_wizard.migration.migration import Migration
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import ScanScope, scope_of
from modal_wizard.scan.result import Scan
from modal_wizard.scan.scanner import scan_all

SEQUENCES = int(os.environ.get("MODAL_WIZARD_SEQUENCES", "6"))
STEPS = 12
OTHERS = {
    "README.md": "# Notes\n\n    modal run main.py::stub\n    modal deploy pkg.work\n",
    "Makefile": "run:\n\tmodal serve main.py\n",
    "requirements.txt": "modal==0.62.1\n",
    "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    "pkg/__init__.py": "",
    "pkg/work.py": "import modal\nfrom lib import app as stub\n\n\n@stub.function(keep_warm=1)\ndef work(): ...\n",
    "lib.py": "import modal\n\napp = modal.Stub('lib')\nGPU = modal.gpu.A100(count=2)\n",
}
FOREIGN = {
    "requirements.txt": ["modal==0.62.1\n", "modal>=1.0\n", ""],
    "pyproject.toml": ["[tool.black]\nline-length = 60\n", "[project]\nrequires-python = '>=3.9'\n"],
    "README.md": [
        "`modal run -m pkg.work`\n",
        "modal deploy main.py\n",
        "```python\nimport modal\nstub = modal.Stub()\n```\n",
    ],
    "notes.sh": ["modal deploy lib.py\n", "echo\n"],
    ".env": ["MODAL_AUTOMOUNT=0\n", ""],
}
LINES = [
    *("from lib import *", "from lib import app", "from lib import GPU as card", "import lib", "import pkg.work"),
    *("from pkg.work import work as other", "from . import helper", "import modal", "from modal import Stub, gpu"),
    *(
        "stub = modal.Stub()",
        "app = modal.App()",
        "x = (",
        "work.remote()",
        "gpu = GPU",
        "lib.app.function(gpu=lib.GPU)",
    ),
]
POOL = [files for files, _ in zip(samples(), range(120), strict=False)]


class World:
    """A small repository to which things happen."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)
        self.undone: list[tuple[str, bytes]] = []
        for path, text in OTHERS.items():
            self.write(path, text.encode())
        for files in self.random.sample(POOL, 4):
            for path, text in files.items():
                self.write(path if self.random.random() < 0.7 else f"pkg/{path}", text.encode())
        self.scope: ScanScope = scope_of(root)
        self.migration = Migration(self.scope)
        self.migration.looking = Analysis(self.scope, is_lean=bool(seed % 2))

    @property
    def paths(self) -> list[str]:
        """The files that there are."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    def write(self, path: str, data: bytes) -> None:
        """Write a file, and keep how it was."""
        full = self.root / path
        if full.is_file():
            self.undone.append((path, full.read_bytes()))
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(data)

    def edited(self, path: str) -> bytes:
        """Return the bytes of a file with a line more, less or elsewhere."""
        lines = (self.root / path).read_bytes().splitlines(keepends=True)
        at = self.random.randint(0, len(lines))
        kind = self.random.random()
        if kind < 0.4:
            lines.insert(at, self.random.choice(LINES).encode() + b"\n")
        elif kind < 0.6:
            del lines[at : at + self.random.randint(1, 3)]
        else:
            other = (self.root / self.random.choice(self.paths)).read_bytes().splitlines(keepends=True)
            lines[at:at] = other[: self.random.randint(1, 30)]
        return b"".join(lines)

    # --- what happens --------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Somebody changes a file."""
        path = self.random.choice(self.paths)
        self.write(path, self.edited(path))

    def undo(self) -> None:
        """Somebody takes a change back."""
        if self.undone:
            path, data = self.undone.pop(self.random.randrange(len(self.undone)))
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)

    def remove(self) -> None:
        """A file goes, or one comes."""
        if self.random.random() < 0.5:
            path = self.random.choice(self.paths)
            self.undone.append((path, (self.root / path).read_bytes()))
            (self.root / path).unlink()
        else:
            for path, text in self.random.choice(POOL).items():
                self.write(f"pkg/{path}", text.encode())

    def foreign(self) -> None:
        """Files that are not Python's change."""
        path = self.random.choice(sorted(FOREIGN))
        self.write(path, self.random.choice(FOREIGN[path]).encode())

    def commit(self) -> None:
        """Some findings of a section are taken and written."""
        wizard = self.migration
        if not wizard.sections:
            return
        section = self.random.choice(wizard.sections)
        several = [finding for finding in wizard.findings(section.slug) if self.random.random() < 0.8]
        wizard.accept_all(several)
        preview = wizard.preview(section)
        for change in preview.files:
            assert (self.root / change.path).read_bytes() == change.before
            self.write(change.path, change.after)
        wizard.landed(preview, "")

    def ask(self) -> None:
        """Somebody wants to know what would be; then it comes to be."""
        python = [path for path in self.migration.scanned.sources if (self.root / path).is_file()]
        if not python:
            return
        several = {path: self.edited(path) for path in self.random.sample(python, min(2, len(python)))}
        ahead = self.migration.analysis.as_if(several)
        for path, data in several.items():
            self.write(path, data)
        assert seen(ahead) == seen(scan_all(self.scope))

    def step(self) -> None:
        """Let one thing happen, and look at the files again."""
        often: list[Callable[[], None]] = [self.edit] * 4 + [self.commit] * 4 + [self.undo] * 2
        self.random.choice([*often, self.foreign, self.remove, self.ask, self.ask])()
        for _ in self.migration.scan():
            pass


def seen(scanned: Scan) -> bytes:
    """Return all that a scan found, as bytes."""
    reports = [scanned.reports[path] for path in sorted(scanned.reports)]
    sources = [(path, scanned.sources[path].raw) for path in sorted(scanned.sources)]
    counts = scanned.files, scanned.python, scanned.paths, sorted(scanned.skipped.items())
    return repr((counts, scanned.pins, reports, sources)).encode()


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_what_is_kept_up_to_date_is_what_a_scan_from_nothing_finds(seed: int, tmp_path: Path) -> None:
    world = World(tmp_path, seed)
    for _ in world.migration.scan():
        pass
    for step in range(STEPS):
        world.step()
        again = Scan(world.scope)
        for _ in world.migration.analysis(again):
            pass
        assert seen(again) == seen(scan_all(world.scope)), f"seed {seed}, step {step}"
