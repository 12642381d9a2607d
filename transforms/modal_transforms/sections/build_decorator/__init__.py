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

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.build_decorator.detect import find_calls, find_dunders, find_imports, find_methods

SECTION = Section(
    number=3,
    slug="build",
    title="@modal.build",
    anchor="deprecating-the-modalbuild-decorator",
    since="0.72.17",
    breaks_in="1.1.0",
    subject="replace @modal.build",
    what=(
        "Methods that ran while the image was built become a download into a Volume when a container "
        "starts, or a function that Image.run_function runs."
    ),
    why=(
        "From 1.1.0 modal.build does not exist. A Volume keeps the files when the image changes; "
        "run_function bakes them in as today."
    ),
    before=("@modal.build()\n@modal.enter()\ndef load(self): ..."),
    after=("@modal.enter()\ndef load(self): ..."),
)

SPELLINGS = Spellings((spelled(How.DECORATOR, "build"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the build methods of a file, and imports of ``build`` that nothing uses."""
    yield from find_methods(module, SECTION)
    yield from find_dunders(module, SECTION)
    yield from find_calls(module, SECTION)
    yield from find_imports(module, SECTION)
