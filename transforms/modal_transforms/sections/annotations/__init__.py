"""Annotations that are no types: ``values: [float]`` on methods and functions that Modal runs.

Between 1.2.6 and 1.3.5 the SDK began to look annotations up, and a list or a dict cannot be.

    def run(self, values: [float]): ...    ->    def run(self, values: list[float]): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.annotations.detect import find_annotations

SECTION = Section(
    number=0,
    slug="annotations",
    title="Annotations that are no types",
    anchor="",
    since="",
    breaks_in="1.1.0",
    subject="annotate with types",
    what="A list or dict that is written out as an annotation, as in values: [float], is not taken for a type.",
    why="TypeError: unhashable type, when the class is defined, or the function is run or deployed.",
    before="@modal.method()\ndef run(self, values: [float]): ...",
    after="@modal.method()\ndef run(self, values: list[float]): ...",
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the lists and dicts that annotate what Modal runs in a file."""
    yield from find_annotations(module, SECTION)
