"""Endpoints of classes that a decorator of the program's own gives to ``app.cls``, where that cannot be followed."""

from __future__ import annotations

import ast

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.classes import bases, method

_ENDPOINTS = frozenset(
    f"modal.{name}()" for name in "asgi_app fastapi_endpoint web_endpoint web_server wsgi_app".split()
)


def endpoint(module: Module, node: ast.expr) -> str:
    """Say why ``instance.method`` is a web endpoint of Modal's; an empty text where it is not known to be one."""
    if not isinstance(node, ast.Attribute):
        return ""
    home, made = origin(module, node.value)
    owner = home.resolve(made.func) if isinstance(made, ast.Call) else None
    if owner is None or owner.symbol != "local.class" or not isinstance(owner.node, ast.ClassDef):
        return ""
    inherited = ((where, base) for where, base, _ in bases(owner.module, owner.node) if base is not None)
    classes = [(owner.module, owner.node), *inherited]
    for where, each in classes:
        found = method(each, node.attr)
        if found is not None:
            marks = [symbol for _, symbol in where.decorators(found) if symbol in _ENDPOINTS]
            line = f"{where.source.path} line {found.lineno}"
            return f"{each.name}.{found.name} is under @{marks[0].removesuffix('()')}: {line}" if marks else ""
    return ""
