"""Where an entry of a dict goes: the calls of ``app.function`` and ``app.cls`` that the dict is splatted into."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.definitions import Definition, Use, definitions, uses
from modal_transforms.analysis.index import Binding, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.modal_api.deployments import DECORATORS

_DEEPEST = 8
_READERS = frozenset({"get", "keys", "values", "items", "update", "setdefault", "pop"})


class DictFlow(Struct, frozen=True):
    """The calls that a dict reaches. ``complete`` is false where it may also go elsewhere, or not at all."""

    calls: tuple[tuple[Module, ast.Call], ...] = ()
    complete: bool = True

    def __add__(self, other: DictFlow) -> DictFlow:
        return DictFlow(tuple(dict.fromkeys([*self.calls, *other.calls])), self.complete and other.complete)


UNKNOWN = DictFlow(complete=False)


def flow(module: Module, node: ast.expr, key: str, depth: int = 0) -> DictFlow:
    """Follow a dict from an expression to the calls that take its entry ``key``."""
    around = module.index.parents.get(node)
    if depth > _DEEPEST or around is None:
        return UNKNOWN
    if isinstance(around, ast.keyword) and around.arg is None:
        return _splatted(module, around, key, depth)
    if isinstance(around, ast.Dict):
        merged = any(key is None and value is node for key, value in zip(around.keys, around.values, strict=True))
        return flow(module, around, key, depth + 1) if merged else UNKNOWN
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.BitOr):
        return flow(module, around, key, depth + 1)
    if isinstance(around, (ast.IfExp, ast.BoolOp)):
        return flow(module, around, key, depth + 1) + UNKNOWN
    if isinstance(around, ast.Call) and node in around.args:
        return flow(module, around, key, depth + 1) if _is_dict(around) else UNKNOWN
    if isinstance(around, ast.Subscript) and around.value is node:
        return _read(around, key)
    if isinstance(around, ast.Attribute):
        return _method(module, around, key, depth)
    if isinstance(around, (ast.Assign, ast.AnnAssign)):
        return _assigned(module, node, around, key, depth)
    if isinstance(around, ast.Return):
        return _returned(module, around, key, depth) + UNKNOWN
    return DictFlow() if isinstance(around, ast.Expr) else UNKNOWN


class Key(Struct, frozen=True):
    """One place that puts an entry into a dict."""

    written: str
    name: Span
    """The key, with its quotes where it has some."""
    value: ast.expr
    dict: ast.expr
    entry: Span | None
    """The entry in a dict display or ``dict(...)``; ``None`` where it is assigned: ``options["…"] = 10``."""
    quoted: bool = True


def keys(module: Module, names: Collection[str]) -> Iterator[Key]:
    """Yield the places of a file that put an entry of one of the names into a dict."""
    source = module.source
    for string in module.index.strings:
        around = module.index.parents.get(string)
        if string.value not in names:
            continue
        if isinstance(around, ast.Dict) and string in around.keys:
            value = around.values[around.keys.index(string)]
            entry = Span(source.span(string).start, source.span(value).end)
            yield Key(str(string.value), source.span(string), value, around, entry)
        elif isinstance(around, ast.Subscript) and isinstance(around.ctx, ast.Store):
            statement = module.index.parents.get(around)
            if isinstance(statement, ast.Assign):
                yield Key(str(string.value), source.span(string), statement.value, around.value, None)
    for call in module.index.calls:
        if isinstance(call.func, ast.Name) and call.func.id == "dict":
            for item in call.keywords:
                if item.arg is not None and item.arg in names:
                    yield Key(item.arg, keyword_name(module, item), item.value, call, source.span(item), False)


def reached(module: Module, key: Key) -> DictFlow:
    """Follow an entry to the calls that take it."""
    if key.entry is not None:
        return flow(module, key.dict, key.written)
    return flow_of_name(module, key.dict, key.written)


def flow_of_name(module: Module, name: ast.expr, key: str) -> DictFlow:
    """Follow the dict that a variable holds."""
    result = DictFlow()
    for found in definitions(module, name):
        result += _of_binding(found.module, found.binding, key, 0)
    return result


def _is_dict(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "dict"


def _splatted(module: Module, item: ast.keyword, key: str, depth: int) -> DictFlow:
    call = module.index.parents[item]
    if not isinstance(call, ast.Call):
        return UNKNOWN
    if _is_dict(call):
        return flow(module, call, key, depth + 1)
    return DictFlow(((module, call),)) if module.symbol(call.func) in DECORATORS else UNKNOWN


def _read(node: ast.Subscript, key: str) -> DictFlow:
    item = node.slice
    return DictFlow(complete=isinstance(item, ast.Constant) and (item.value != key or isinstance(node.ctx, ast.Store)))


def _method(module: Module, name: ast.Attribute, key: str, depth: int) -> DictFlow:
    call = module.index.parents.get(name)
    if not (isinstance(call, ast.Call) and call.func is name):
        return UNKNOWN
    if name.attr == "copy":
        return flow(module, call, key, depth + 1)
    said = any(isinstance(part, ast.Constant) and part.value == key for part in walk(call))
    return DictFlow(complete=name.attr in _READERS and not said)


def _assigned(module: Module, node: ast.expr, statement: ast.Assign | ast.AnnAssign, key: str, depth: int) -> DictFlow:
    scope = module.index.scopes[statement]
    bindings = [binding for found in scope.bindings.values() for binding in found if binding.value is node]
    if len(bindings) != 1:
        return UNKNOWN
    return _of_binding(module, bindings[0], key, depth)


def _of_binding(module: Module, binding: Binding, key: str, depth: int) -> DictFlow:
    found = Definition(module, binding)
    result = DictFlow()
    for use in uses(found):
        result += flow(use.module, use.node, key, depth + 1)
        result += DictFlow(complete=len(definitions(use.module, use.node)) == 1)
    if binding.scope.is_class:
        result += DictFlow(complete=not _read_unseen(found))
    return result


def _read_unseen(found: Definition) -> bool:
    """Tell whether an attribute of the same name is read that may be this one: of a subclass, of ``self``."""
    known = {use.node for use in uses(found)}
    project = found.module.project
    modules = {found.module.source.path: found.module}
    if project is not None:
        modules |= {each.source.path: each for each in project.mentioning(found.name.encode())}
    return any(
        node.attr == found.name and isinstance(node.ctx, ast.Load) and node not in known
        for module in modules.values()
        for node in module.index.attributes
    )


def _returned(module: Module, statement: ast.Return, key: str, depth: int) -> DictFlow:
    """A function gives the dict to its callers."""
    function = module.function_around(statement)
    if function is None:
        return UNKNOWN
    scope = module.index.scopes[function]
    result = DictFlow()
    for binding in scope.bindings.get(function.name, []):
        if binding.node is function:
            for use in uses(Definition(module, binding)):
                result += _of_call(use, key, depth)
    return result


def _of_call(use: Use, key: str, depth: int) -> DictFlow:
    call = use.module.index.parents.get(use.node)
    return flow(use.module, call, key, depth + 1) if isinstance(call, ast.Call) and call.func is use.node else UNKNOWN
