"""What a name in an argument list may stand for: constants, defaults, what calls hand over, items of a loop."""

from __future__ import annotations

import ast

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module

_MOST = 20
"""More values than these are not looked at one by one."""
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def values_of(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return all texts that a name may be; nothing where one of them cannot be seen in the file."""
    if not isinstance(node, ast.Name):
        return ()
    bindings = module.index.scopes[node].find(node.id)
    found = [_bound(module, binding) for binding in bindings[: _MOST + 1]]
    if len(found) > _MOST or not all(found):
        return ()
    texts = [item.value if isinstance(item, ast.Constant) else None for each in found for item in each]
    known = tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))
    return known if all(isinstance(text, str) for text in texts) else ()


def is_path(node: ast.expr) -> bool:
    """Tell whether an expression makes a path of the file system: ``str(script)``, ``folder / "app.py"``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "str"
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _bound(module: Module, binding: Binding) -> list[ast.expr]:
    """Return the expressions that one binding of a name may give it; nothing where they cannot be seen."""
    node = binding.node
    if binding.kind is BindingKind.ASSIGN and binding.value is not None:
        return [binding.value]
    if binding.kind is BindingKind.PARAMETER and isinstance(binding.scope.node, _FUNCTION):
        return _handed(module, binding.scope.node, binding.name)
    if isinstance(node, ast.For) and isinstance(node.iter, (ast.List, ast.Tuple)) and isinstance(node.target, ast.Name):
        return list(node.iter.elts)
    return []


def _handed(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> list[ast.expr]:
    """Return a parameter's default and what the calls of its function in the file give it."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    keyword = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    defaults |= {argument.arg: default for argument, default in keyword if default is not None}
    found = [defaults[name]] if name in defaults else []
    calls = module.once(calls_by_name).get(function.name, ())
    if len(calls) > _MOST:
        return []
    for call in calls:
        given = argument_for(call, names, name)
        if given is not None:
            found.append(given)
    return found


def argument_for(call: ast.Call, names: list[str], name: str) -> ast.expr | None:
    """Return what a call gives to a parameter; ``names`` are those that go by position."""
    for item in call.keywords:
        if item.arg == name:
            return item.value
    at = names.index(name) if name in names else len(call.args)
    return call.args[at] if at < len(call.args) else None


def calls_by_name(module: Module) -> dict[str, list[ast.Call]]:
    """Return the calls of a file by the plain name that they call."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.index.calls:
        if isinstance(call.func, ast.Name):
            found.setdefault(call.func.id, []).append(call)
    return found
