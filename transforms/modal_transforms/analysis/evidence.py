"""Why an expression is Modal's, as sentences with line numbers."""

from __future__ import annotations

import ast

from modal_transforms.analysis.index import Binding, BindingKind, Scope
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import root_of

_LONGEST = 6


def explain(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return the chain of bindings that leads from an expression to Modal, outermost first."""
    if node in module.unseen:
        return (module.unseen[node],)
    said: list[str] = []
    scope = module.index.scopes.get(node, module.index.module)
    _explain(module, node, scope, said)
    return tuple(dict.fromkeys(said))[:_LONGEST]


def _explain(module: Module, node: ast.expr, scope: Scope, said: list[str]) -> None:
    root = root_of(node)
    if not isinstance(root, ast.Name) or len(said) >= _LONGEST:
        return
    bindings = scope.find(root.id)
    value = module.resolve(root, scope)
    if value is not None and not bindings and module.source.shown:
        said.append(f"`{root.id}` is taken for Modal's: the document does not show where it comes from")
    if not bindings or value is None:
        return
    binding = next((b for b in bindings if module.resolve_binding(b) is not None), bindings[-1])
    sentence = _sentence(module, root.id, binding, value.symbol)
    if sentence in said:
        return
    said.append(sentence)
    if binding.kind is BindingKind.ASSIGN and binding.value is not None:
        _explain(module, binding.value, binding.scope, said)


def _sentence(module: Module, name: str, binding: Binding, symbol: str) -> str:
    node = binding.node.target if isinstance(binding.node, ast.comprehension) else binding.node
    line = getattr(node, "lineno", 1)
    if binding.kind is BindingKind.IMPORT:
        origin = f"{binding.module}.{binding.attribute}" if binding.attribute else binding.module
        known = (
            "" if origin == symbol or binding.attribute == name == symbol.rpartition(".")[2] else f", {_plain(symbol)}"
        )
        return f"`{name}` is imported from {binding.module or '.'} at line {line}{known}"
    if binding.kind is BindingKind.PARAMETER:
        return f"`{name}` is annotated as {_plain(symbol)} at line {line}"
    return f"`{name}` is {_plain(symbol)}: line {line}"


def _plain(symbol: str) -> str:
    if symbol.startswith("local."):
        return f"a {symbol.removeprefix('local.')} of this program"
    return f"a {symbol.removesuffix('()')}" if symbol.endswith("()") else symbol
