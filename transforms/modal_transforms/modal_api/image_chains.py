"""The method calls that an image is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.definitions import definition
from modal_transforms.analysis.module import Module

_LONGEST = 200


def chain(module: Module, image: ast.expr | None) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the method calls that make an image, the last one first, names followed, with the files they are in."""
    for _ in range(_LONGEST):
        if image is None:
            return
        if isinstance(image, ast.Call):
            if not isinstance(image.func, ast.Attribute):
                return
            yield module, image
            image = image.func.value
            continue
        found = definition(module, image)
        if found is None:
            return
        module, image = found.module, found.value
