"""The folder in which an image's build steps run, and from which relative targets of its copies count."""

from __future__ import annotations

import ast
import posixpath

from modal_transforms.analysis.definitions import definition, is_conditional
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path

_PLAIN_FACTORIES = frozenset({"modal.Image.debian_slim", "modal.Image.micromamba", "modal.Image.conda"})
_LONGEST = 200


def build_workdir(module: Module, image: ast.expr) -> str | None:
    """Return the working directory after an image's steps, names followed; ``None`` when it cannot be told.

    It is ``/`` unless ``.workdir("/x")`` set another; of a Dockerfile or a registry image only that is known.
    """
    folders: list[str] = []
    for _ in range(_LONGEST):
        if isinstance(image, (ast.Name, ast.Attribute)):
            named = definition(module, image)
            if named is None or named.value is None or is_conditional(named.module, named.statement):
                return None
            module, image = named.module, named.value
            continue
        if not isinstance(image, ast.Call):
            return None
        symbol = module.symbol(image.func)
        if symbol in _PLAIN_FACTORIES:
            return posixpath.normpath(posixpath.join("/", *reversed(folders)))
        if not symbol.startswith("modal.Image().") or not isinstance(image.func, ast.Attribute):
            return None
        if symbol in {"modal.Image().workdir", "modal.Image().dockerfile_commands"}:
            folder = known_path(module, image.args[0]) if image.args and symbol.endswith("workdir") else None
            if folder is None:
                return None
            folders.append(folder)
            if folder.startswith("/"):
                return posixpath.normpath(posixpath.join("/", *reversed(folders)))
        image = image.func.value
    return None
