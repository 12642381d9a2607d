"""``-m`` before a module path on Modal's command line, wherever command lines are written.

``modal run``, ``deploy``, ``serve`` and ``shell`` take a file, or with ``-m`` a module. Since 0.73.58 a module without
``-m`` warns; from 1.4.0 it is an error.
Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-invocation-for-module-mode

    subprocess.run(["modal", "deploy", "pkg.mod"])    ->    subprocess.run(["modal", "deploy", "-m", "pkg.mod"])
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.module_mode import detect_python, detect_text
from modal_transforms.sections.module_mode.about import SECTION
from modal_transforms.sections.module_mode.look_alikes import fine

__all__ = ["SECTION", "SPELLINGS", "find"]

SPELLINGS = Spellings(others=fine)


def find(module: Module) -> Iterator[Finding]:
    """Yield the command lines of a file that name a module without ``-m``."""
    yield from detect_python.find(module)
    yield from detect_text.find(module)
