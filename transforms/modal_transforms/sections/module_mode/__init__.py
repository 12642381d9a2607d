"""``-m`` before a module path on Modal's command line, wherever command lines are written.

``modal run``, ``deploy``, ``serve`` and ``shell`` take a file, or with ``-m`` a module. Since 0.73.58 a module without
``-m`` warns; from 1.4.0 it is an error.
Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-invocation-for-module-mode

    subprocess.run(["modal", "deploy", "pkg.mod"])    ->    subprocess.run(["modal", "deploy", "-m", "pkg.mod"])
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.module_mode.detect_python import find_in_python
from modal_transforms.sections.module_mode.detect_text import find_in_text
from modal_transforms.sections.module_mode.look_alikes import fine

SECTION = Section(
    number=12,
    slug="module-mode",
    title="modal run -m",
    anchor="requiring-explicit-invocation-for-module-mode",
    since="0.73.58",
    breaks_in="1.4.0",
    subject="pass -m for module references",
    what=("A reference to a module (pkg.app) needs -m after the subcommand; without it, the reference must be a file."),
    why="From 1.4.0 the command stops with an error that shows the right one.",
    before="modal deploy pkg.app",
    after="modal deploy -m pkg.app",
)

SPELLINGS = Spellings(others=fine)


def find(module: Module) -> Iterator[Finding]:
    """Yield the command lines of a file that name a module without ``-m``."""
    yield from find_in_python(module)
    yield from find_in_text(module)
