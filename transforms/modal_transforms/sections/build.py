"""Methods under ``@modal.build()``, which ran while the image was built.

``modal.build`` warns since 0.72.17 and is gone from 1.1.0. What a library caches by itself goes into a Volume; a method
that only downloads can be a function that ``Image.run_function`` runs, with the day of time that ``build`` gave it.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-the-modalbuild-decorator

    @modal.build()
    @modal.enter()             @modal.enter()
    def load(self): ...   ->   def load(self): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding
from modal_transforms.module import Module
from modal_transforms.sections.build_methods.stating import imports, leftovers, methods
from modal_transforms.sections.catalogue import BUILD as SECTION
from modal_transforms.spellings import How, Spellings, spelled

SPELLINGS = Spellings((spelled(How.DECORATOR, "build"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the build methods of a file, and imports of ``build`` that nothing uses."""
    yield from methods(module, SECTION)
    yield from leftovers(module, SECTION)
    yield from imports(module, SECTION)
