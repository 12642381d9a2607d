"""Which images say which Python, where that is written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.module import Module
from modal_transforms.core.patterns import pattern

_VERSION = pattern(r"3\.(\d+)(\.\d+)?")
_OLDEST = 11
"""The minor version of Python 3 that the SDK goes on with."""
_BY_POSITION = frozenset({"modal.Image.debian_slim", "modal.Image.micromamba"})
_ADDED = frozenset(
    f"modal.Image.{name}"
    for name in ("from_registry", "from_dockerfile", "from_aws_ecr", "from_gcp_artifact_registry", "from_dockerhub")
)


class OldVersion(Struct, frozen=True):
    """A text that is an old version of Python, and the images that have it."""

    node: ast.Constant
    minor: int
    calls: tuple[ast.Call, ...]


def old_versions(module: Module) -> Iterator[OldVersion]:
    """Yield the old versions that images of a file are given, each with all its images."""
    images: dict[ast.Constant, list[ast.Call]] = {}
    for call in module.index.calls:
        given = _given(module, call)
        text = _text(module, given) if given is not None else None
        if text is not None:
            images.setdefault(text, []).append(call)
    for node, calls in images.items():
        version = _VERSION.fullmatch(str(node.value))
        if version is not None and int(version[1]) < _OLDEST:
            yield OldVersion(node, int(version[1]), tuple(calls))


def unsaid_versions(module: Module) -> Iterator[ast.Call]:
    """Yield the images whose Python nobody says, which is another one since 1.3.0."""
    for call in module.index.calls:
        named = isinstance(call.func, ast.Attribute) and call.func.attr == "micromamba"
        if named and module.symbol(call.func) == "modal.Image.micromamba":
            spread = any(item.arg is None for item in call.keywords)
            if argument(call, 0, "python_version") is None and not call.args and not spread:
                yield call


def _given(module: Module, call: ast.Call) -> ast.expr | None:
    """Return what says the Python of an image."""
    if not isinstance(call.func, (ast.Attribute, ast.Name)):
        return None
    symbol = module.symbol(call.func)
    if symbol in _BY_POSITION:
        return argument(call, 0, "python_version")
    added = keyword(call, "add_python") if symbol in _ADDED else None
    return added.value if added is not None else None


def _text(module: Module, node: ast.expr) -> ast.Constant | None:
    """Return the text of an expression, or of the one value that a variable has."""
    if isinstance(node, ast.Name):
        bindings = module.reaching(node)
        value = bindings[0].value if len(bindings) == 1 else None
        node = value if value is not None else node
    return node if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
