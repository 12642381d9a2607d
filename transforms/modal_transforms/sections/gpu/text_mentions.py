"""Objects of ``modal.gpu`` that comments, docstrings and prose show."""

from __future__ import annotations

import ast
import re

from modal_transforms.analysis.modal_imports import modal_imports
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.text_names import OldName
from modal_transforms.sections.gpu.gpu_string import STRINGS

_OBJECT = rf"gpu\.(?P<kind>{'|'.join(STRINGS)})(?!\w)(?:(?P<given>\([^()`\n]*\))|(?!\())"
_OF_MODAL = rf"(?<![\w.])modal\.{_OBJECT}"
_IMPORTED = rf"(?<![\w.])(?:modal\.)?{_OBJECT}"
_SIZES = {"40GB": "40GB", "80GB": "80GB", 40: "40GB", 80: "80GB"}


def spoken_of(module: Module) -> OldName:
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
