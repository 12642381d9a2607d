"""Objects of ``modal.gpu`` → strings.

The module went in 1.4.0; a GPU is named by a string, with its number after a colon. An ``A100`` without a size was
sent as ``A100-40GB``, which is not what the string ``"A100"`` asks for. What read ``.count`` from the object needs
the number kept beside the string.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-modalgpu-objects

    gpu=modal.gpu.A100(size="80GB", count=2)    ->    gpu="A100-80GB:2"
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modal_transforms.analysis.modal_imports import modal_imports
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import OldName, find_in_texts
from modal_transforms.sections.gpu.detect import find_imports, find_mentions, find_objects
from modal_transforms.sections.gpu.gpu_string import STRINGS
from modal_transforms.sections.gpu.look_alikes import OBJECTS

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

_OBJECT = rf"gpu\.(?P<kind>{'|'.join(STRINGS)})(?!\w)(?:(?P<given>\([^()`\n]*\))|(?!\())"
_OF_MODAL = rf"(?<![\w.])modal\.{_OBJECT}"
_IMPORTED = rf"(?<![\w.])(?:modal\.)?{_OBJECT}"
_SIZES = {"40GB": "40GB", "80GB": "80GB", 40: "40GB", 80: "80GB"}


def find(module: Module) -> Iterator[Finding]:
    """Yield the GPU objects of a file, other mentions of ``modal.gpu``, and imports of it that nothing uses."""
    if b"gpu" in module.source.data:
        yield from find_objects(module)
        yield from find_mentions(module)
        yield from find_imports(module)
    yield from find_in_texts(module, SECTION, (_spoken_of(module),))


def _spoken_of(module: Module) -> OldName:
    """Return how a file may speak of the objects: ``gpu`` alone only where that is imported from Modal."""
    imported = any(each.path == "modal.gpu" and each.name == "gpu" for each in modal_imports(module.index))
    return OldName(_IMPORTED if imported else _OF_MODAL, _said, "gpu", 'gpu="', own=False, calls=True)


def _said(match: re.Match[str]) -> str:
    """Return the string that means the same; an empty text where that cannot be seen."""
    kind = match["kind"]
    try:
        call = ast.parse(f"f{match['given'] or '()'}", mode="eval").body
        assert isinstance(call, ast.Call)
        number = next((item.value for item in call.keywords if item.arg == "count"), None)
        given = {item.arg or "": ast.literal_eval(item.value) for item in call.keywords if item.value is not number}
    except (SyntaxError, ValueError):
        return ""
    size = given.pop("size", None) or given.pop("memory", None)
    if given or call.args or (size is not None and (kind != "A100" or size not in _SIZES)):
        return ""
    model = STRINGS[kind] + (f"-{_SIZES[size or '40GB']}" if kind == "A100" and match["given"] else "")
    return _counted(model, number)


def _counted(model: str, number: ast.expr | None) -> str:
    if isinstance(number, (ast.Name, ast.Attribute)):
        return f'f"{model}:{{{ast.unparse(number)}}}"'
    count = number.value if isinstance(number, ast.Constant) else 1 if number is None else 0
    if type(count) is not int or count < 1:
        return ""
    return f'"{model}:{count}"' if count > 1 else f'"{model}"'
