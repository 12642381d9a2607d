"""``isinstance(x, modal.gpu.A10G)`` of an object in sight becomes a question that its string answers."""

from __future__ import annotations

import ast

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Replace
from modal_transforms.sections.gpu.gpu_string import GPU, STRINGS

_PLAIN = (ast.If, ast.While, ast.Assert, ast.BoolOp, ast.IfExp, ast.Assign, ast.AnnAssign, ast.Return, ast.keyword)


def asks_string(module: Module, call: ast.expr) -> Replace:
    """Return the change that asks the string what a call asks the object."""
    source = module.source
    assert isinstance(call, ast.Call)
    kind = STRINGS[asked_kind(module, call)]
    owner = source.written(call.args[0])
    text = f'{owner}.startswith("{kind}")'
    if any(other != kind and other.startswith(kind) for other in STRINGS.values()):
        text = f'{owner}.partition(":")[0] == "{kind}"'
        parent = module.index.parents[call]
        is_negated = isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
        text = text if is_negated or isinstance(parent, _PLAIN) else f"({text})"
    return Replace(source.path, source.span(call), text)


def asked_kind(module: Module, call: ast.Call) -> str:
    """Return the class of ``modal.gpu`` that ``isinstance(name, class)`` asks for; an empty text for other calls."""
    function = call.func
    is_builtin = isinstance(function, ast.Name) and not module.index.scopes[call].find(function.id)
    if not is_builtin or getattr(function, "id", "") != "isinstance" or len(call.args) != 2:
        return ""
    kind = module.symbol(call.args[1]).removeprefix(f"{GPU}.")
    return kind if kind in STRINGS and isinstance(call.args[0], (ast.Name, ast.Attribute)) else ""
