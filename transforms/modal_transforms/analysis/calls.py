"""Questions about calls: their keywords, and the entries of dicts that are splatted into them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import Scope
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span


class DictEntry(Struct, frozen=True):
    """A keyword that reaches a call through ``**``: where its name is written, and its value.

    ``call`` is the call or dict display that holds it, and ``argument`` the bytes of the whole entry there; both are
    ``None`` for an assignment to a key (``options["keep_warm"] = 1``). ``quoted`` tells whether the name is a string.
    """

    name: str
    key: Span
    value: ast.expr
    quoted: bool
    container: Span | None = None
    argument: Span | None = None
    statement: ast.Assign | None = None
    """The assignment that puts it in later."""


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    """Return the keyword argument called ``name``."""
    for item in call.keywords:
        if item.arg == name:
            return item
    return None


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return what is given for a parameter by position (from 0) or by name."""
    if position < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args[: position + 1]):
        return call.args[position]
    found = keyword(call, name)
    return found.value if found else None


def keyword_name(module: Module, item: ast.keyword) -> Span:
    """Return the bytes of a keyword's name."""
    start = module.source.span(item).start
    assert item.arg is not None
    return Span(start, start + len(module.source.encode(item.arg)))


def splatted(module: Module, call: ast.Call) -> Iterator[DictEntry]:
    """Yield the entries of dicts of this file that a call takes by ``**``, as far as they are written out."""
    for item in call.keywords:
        yield from unpacked(module, call, item)


def unpacked(module: Module, call: ast.Call, item: ast.keyword) -> Iterator[DictEntry]:
    """Yield the entries of the dict that one ``**`` of a call takes, as far as they are written out."""
    if item.arg is None:
        for entry in _entries(module, item.value, module.index.scopes[call], depth=0):
            if entry.statement is None or not _on_other_branch(module, entry.statement, call):
                yield entry


def _entries(module: Module, node: ast.expr, scope: Scope, depth: int) -> Iterator[DictEntry]:
    if depth > 4:
        return
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                yield from _entries(module, value, scope, depth + 1)
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                whole = Span(module.source.span(key).start, module.source.span(value).end)
                yield DictEntry(key.value, module.source.span(key), value, True, module.source.span(node), whole)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        yield from _dict_call(module, node, scope, depth)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _entries(module, node.left, scope, depth + 1)
        yield from _entries(module, node.right, scope, depth + 1)
    elif isinstance(node, (ast.Name, ast.Attribute)):
        yield from _named(module, node, scope, depth)


def _dict_call(module: Module, node: ast.Call, scope: Scope, depth: int) -> Iterator[DictEntry]:
    for argument in node.args:
        yield from _entries(module, argument, scope, depth + 1)
    for item in node.keywords:
        if item.arg is None:
            yield from _entries(module, item.value, scope, depth + 1)
        else:
            place = keyword_name(module, item)
            yield DictEntry(item.arg, place, item.value, False, module.source.span(node), module.source.span(item))


def _named(module: Module, node: ast.Name | ast.Attribute, scope: Scope, depth: int) -> Iterator[DictEntry]:
    """Yield the entries of a dict that a variable or a class attribute holds, and those put in later."""
    if isinstance(node, ast.Name):
        bindings = scope.find(node.id)
    else:
        owner = module.resolve(node.value, scope)
        if owner is None or not isinstance(owner.node, ast.ClassDef) or owner.module is not module:
            return
        bindings = module.index.inner[owner.node].bindings.get(node.attr, [])
    for binding in bindings:
        if binding.value is not None:
            yield from _entries(module, binding.value, binding.scope, depth + 1)
    if isinstance(node, ast.Name) and bindings:
        yield from _put_in_later(module, node.id, bindings[0].scope)


def _put_in_later(module: Module, name: str, scope: Scope) -> Iterator[DictEntry]:
    for node in module.index.assignments:
        if not isinstance(node, ast.Assign):
            continue
        around = module.index.scopes[node]
        for target in node.targets:
            if not (isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)):
                continue
            key = target.slice
            same = target.value.id == name and any(scope is outer for outer in around.enclosing())
            if same and isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield DictEntry(key.value, module.source.span(key), node.value, True, statement=node)


def _on_other_branch(module: Module, statement: ast.stmt, call: ast.Call) -> bool:
    """Tell whether an ``if`` around both runs either the statement or the call."""
    taken = dict(_branches(module, statement))
    return any(taken.get(test, is_body) is not is_body for test, is_body in _branches(module, call) if taken)


def _branches(module: Module, node: ast.AST) -> list[tuple[ast.If, bool]]:
    """Return the ``if`` statements around a node, and whether it runs where their condition holds; none in a loop."""
    found, below = [], node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
            return []
        if isinstance(around, ast.If) and below is not around.test:
            found.append((around, below in around.body))
        below = around
    return found


def requoted(module: Module, entry: DictEntry, name: str) -> str:
    """Return a new name for an entry, in the quotes that the old one has."""
    if not entry.quoted:
        return name
    written = module.source.slice(entry.key)
    return written.replace(entry.name, name, 1)
