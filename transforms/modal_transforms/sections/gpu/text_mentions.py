"""Objects of ``modal.gpu`` that comments, docstrings and prose show."""

from __future__ import annotations

import ast
import re

from modal_transforms.sections.gpu.gpu_string import STRINGS

OBJECT = re.compile(rf"(?<![\w.])(?:modal\.)gpu\.(?P<kind>{'|'.join(STRINGS)})(?!\w)(?P<given>\([^()`\n]*\))?")
_SIZES = {"40GB": "40GB", "80GB": "80GB", 40: "40GB", 80: "80GB"}


def said(match: re.Match[str]) -> str:
    """Return the string that means the same; an empty text where that cannot be seen."""
    kind = match["kind"]
    try:
        call = ast.parse(f"f{match['given'] or '()'}", mode="eval").body
        assert isinstance(call, ast.Call)
        given = {item.arg or "": ast.literal_eval(item.value) for item in call.keywords}
    except (SyntaxError, ValueError):
        return ""
    count, size = given.pop("count", 1), given.pop("size", None) or given.pop("memory", None)
    if given or call.args or type(count) is not int or count < 1:
        return ""
    if size is not None and (kind != "A100" or size not in _SIZES):
        return ""
    model = f"-{_SIZES[size or '40GB']}" if kind == "A100" and match["given"] else ""
    return f'"{STRINGS[kind]}{model}{f":{count}" if count > 1 else ""}"'
