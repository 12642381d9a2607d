"""Whose a name or an expression is that is not Modal's, as a sentence with line numbers."""

from __future__ import annotations

import ast
import builtins

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import root_of

_DEEPEST = 3
_KINDS = {
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.JoinedStr: "a text",
    ast.Lambda: "a function",
}


def whose(module: Module, node: ast.expr, said: tuple[str, ...] = ()) -> str:
    """Say what an expression comes from: the binding of the name that it begins with.

    ``said`` are the names that were spoken of on the way.
    """
    root = root_of(node)
    if isinstance(root, ast.Name):
        return _named(module, root, said)
    kind = kind_of(root)
    return f"it is asked of {kind}" if kind else "what it is asked of cannot be told"


def kind_of(node: ast.expr) -> str:
    """Return what a literal is, in words; empty for anything else."""
    if isinstance(node, ast.Constant):
        value = node.value
        return {str: "a text", bytes: "bytes", type(None): "None", bool: "a truth value"}.get(type(value), "a number")
    return _KINDS.get(type(node), "")


def _named(module: Module, name: ast.Name, said: tuple[str, ...]) -> str:
    bindings = module.reaching(name)
    if not bindings:
        return _unbound(module, name)
    lines = sorted({_line(binding) for binding in bindings})
    if len(lines) > 1 and module.resolve(name) is not None and not module.symbol(name):
        listed = ", ".join(map(str, lines))
        return f"`{name.id}` is bound on lines {listed}, and not everywhere to something of Modal's"
    return _bound(module, name, bindings[-1], said)


def _unbound(module: Module, node: ast.Name) -> str:
    name, found = node.id, module.resolve(node)
    if hasattr(builtins, name):
        return f"`{name}` is Python's own"
    if found is not None and not found.sure:
        return f"`{name}` may come from an import of everything of a file that is not here, and not be Modal's"
    if module.index.module.bindings.get("*"):
        return f"`{name}` may come from an import of everything; nothing says that it is Modal's"
    return f"nothing in this {'document' if module.source.shown else 'file'} says what `{name}` is"


def _bound(module: Module, name: ast.Name, binding: Binding, said: tuple[str, ...]) -> str:
    line = _line(binding)
    if binding.kind is BindingKind.IMPORT:
        return _imported(name.id, binding, line)
    if binding.kind in {BindingKind.FUNCTION, BindingKind.CLASS}:
        return f"`{name.id}` is a {binding.kind.value} defined on line {line}"
    if binding.kind is BindingKind.PARAMETER:
        return _parameter(module, name, binding, line)
    if binding.value is None:
        return f"`{name.id}` is bound on line {line} to something that is not seen to be Modal's"
    return _assigned(module, name.id, binding.value, line, said)


def _imported(name: str, binding: Binding, line: int) -> str:
    origin = binding.module if not binding.attribute or binding.module.endswith(".") else binding.module
    if binding.attribute and binding.attribute != name:
        return f"`{name}` is `{binding.attribute}` of {origin}, imported on line {line}"
    return f"`{name}` is imported from {origin} on line {line}" if binding.attribute else _module(name, origin, line)


def _module(name: str, origin: str, line: int) -> str:
    other = f"the module {origin}" if origin != name else "a module"
    return f"`{name}` is {other}, imported on line {line}"


def _parameter(module: Module, name: ast.Name, binding: Binding, line: int) -> str:
    function = binding.scope.node
    owner = binding.scope.parent.node if binding.scope.parent is not None else None
    if isinstance(owner, ast.ClassDef) and name.id in {"self", "cls"}:
        what = "an instance of" if name.id == "self" else "the class"
        return f"`{name.id}` is {what} `{owner.name}`, defined on line {owner.lineno}"
    called = f"`{function.name}`" if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else "a lambda"
    if binding.annotation is not None:
        kind = module.source.written(binding.annotation)
        return f"`{name.id}` is a parameter of {called} on line {line}, annotated as {_short(kind)}"
    return f"`{name.id}` is a parameter of {called} on line {line}, and nothing says that it is Modal's"


def _assigned(module: Module, name: str, value: ast.expr, line: int, said: tuple[str, ...]) -> str:
    value = value.value if isinstance(value, ast.Await) else value
    kind = kind_of(value)
    if kind:
        return f"`{name}` is {kind} made on line {line}"
    text = _short(_callee(module, value))
    made = f"`{name}` is made by {text}(…)" if isinstance(value, ast.Call) else f"`{name}` is {text}"
    root = root_of(value)
    if isinstance(root, ast.Name) and root.id not in (*said, name) and len(said) < _DEEPEST:
        return f"{made} on line {line}; {whose(module, value, (*said, name))}"
    return f"{made} on line {line}"


def _callee(module: Module, value: ast.expr) -> str:
    return module.source.written(value.func if isinstance(value, ast.Call) else value)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"


def _line(binding: Binding) -> int:
    node = binding.node
    if isinstance(node, ast.withitem):
        return node.context_expr.lineno
    return node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 1)
