"""Objects of ``modal.gpu`` → strings.

The module went in 1.4.0; a GPU is named by a string, with its number after a colon. An ``A100`` without a size was
sent as ``A100-40GB``, which is not what the string ``"A100"`` asks for. What read ``.count`` from the object needs
the number kept beside the string.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-modalgpu-objects

    gpu=modal.gpu.A100(size="80GB", count=2)    ->    gpu="A100-80GB:2"
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import find_in_texts
from modal_transforms.sections.gpu.detect import find_imports, find_mentions, find_objects
from modal_transforms.sections.gpu.look_alikes import OBJECTS
from modal_transforms.sections.gpu.text_mentions import spoken_of

SECTION = Section(
    number=11,
    slug="gpu",
    title="modal.gpu objects → strings",
    anchor="deprecating-modalgpu-objects",
    since="0.73.31",
    breaks_in="1.4.0",
    subject="name GPUs by strings",
    what='GPUs are named by strings: "H100", "A100-80GB:2".',
    why="From 1.4.0 the module modal.gpu does not exist; even an unused import of it fails.",
    before='gpu=modal.gpu.A100(size="80GB", count=2)',
    after='gpu="A100-80GB:2"',
)

SPELLINGS = Spellings((OBJECTS, spelled(How.IMPORT, "gpu")))


def find(module: Module) -> Iterator[Finding]:
    """Yield the GPU objects of a file, other mentions of ``modal.gpu``, and imports of it that nothing uses."""
    if b"gpu" in module.source.data:
        yield from find_objects(module, SECTION)
        yield from find_mentions(module, SECTION)
        yield from find_imports(module, SECTION)
    yield from find_in_texts(module, SECTION, (spoken_of(module),))
