"""Where an entry of a dict goes: the calls of Modal's that the dict is splatted into, and what reads it before."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.definitions import Definition, Use, definitions, uses
from modal_transforms.analysis.index import Binding, FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of
from modal_transforms.core.model import Replace, Span
from modal_transforms.modal_api.deployments import DECORATORS

_DEEPEST = 8
_READERS = frozenset({"get", "keys", "values", "items", "update", "setdefault", "pop"})
_BY_KEY = frozenset({"get", "setdefault", "pop"})
_WALKED = frozenset({"keys", "items"})
_TAKERS = DECORATORS | {"modal.Cls().with_options"}
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)


class KeyPlace(Struct, frozen=True):
    """A place that says the key of an entry: reads it, sets it, compares with it."""

    module: Module
    name: Span
    """The key, with its quotes where it has some."""

    @property
    def where(self) -> str:
        """The place in words."""
        source = self.module.source
        return f"line {source.line_of(self.name.start)} of {source.path}"

    def renamed(self, old: str, new: str) -> Replace:
        """Return the change that says another key, in the quotes that are there."""
        source = self.module.source
        return Replace(source.path, self.name, source.slice(self.name).replace(old, new, 1))


class DictFlow(Struct, frozen=True):
    """The calls that a dict reaches. ``complete`` is false where it may also go elsewhere, or not at all."""

    calls: tuple[tuple[Module, ast.Call], ...] = ()
    complete: bool = True
    reads: tuple[KeyPlace, ...] = ()
    """What says the entry's key on the way."""
    is_walked: bool = False
    """Whether a loop goes through its keys."""
    parameters: tuple[str, ...] = ()
    """Functions of this program that take the entry as a parameter of its name."""

    def __add__(self, other: DictFlow) -> DictFlow:
        return joined((self, other))


def joined(flows: Sequence[DictFlow]) -> DictFlow:
    """Return where a dict goes that goes all these ways."""
    if len(flows) == 1:
        return flows[0]
    return DictFlow(
        tuple(dict.fromkeys(call for each in flows for call in each.calls)),
        all(each.complete for each in flows),
        tuple(dict.fromkeys(read for each in flows for read in each.reads)),
        any(each.is_walked for each in flows),
        tuple(dict.fromkeys(name for each in flows for name in each.parameters)),
    )


UNKNOWN = DictFlow(complete=False)


def flow(module: Module, node: ast.expr, key: str, depth: int = 0) -> DictFlow:
    """Follow a dict from an expression to the calls that take its entry ``key``."""
    around = module.index.parents.get(node)
    if depth > _DEEPEST or around is None:
        return UNKNOWN
    if isinstance(around, ast.keyword):
        return _splatted(module, around, key, depth) if around.arg is None else _passed(module, node, key, depth)
    if isinstance(around, ast.Dict):
        merged = any(key is None and value is node for key, value in zip(around.keys, around.values, strict=True))
        return flow(module, around, key, depth + 1) if merged else UNKNOWN
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.BitOr):
        return flow(module, around, key, depth + 1)
    if isinstance(around, (ast.IfExp, ast.BoolOp)):
        return flow(module, around, key, depth + 1) + UNKNOWN
    if isinstance(around, ast.Call) and node in around.args:
        return flow(module, around, key, depth + 1) if is_dict(around) else _passed(module, node, key, depth)
    if isinstance(around, ast.Subscript) and around.value is node:
        return _read(module, around, key)
    if isinstance(around, ast.Attribute):
        return _method(module, around, key, depth)
    return _stated(module, node, around, key, depth)


def _stated(module: Module, node: ast.expr, around: ast.AST, key: str, depth: int) -> DictFlow:
    """Follow a dict into a statement, a comparison or a loop."""
    if isinstance(around, ast.Compare):
        left = around.left
        asked = len(around.ops) == 1 and isinstance(around.ops[0], (ast.In, ast.NotIn)) and left is not node
        return DictFlow(complete=asked and isinstance(left, ast.Constant), reads=_said(module, left, key))
    if isinstance(around, _LOOPS) and around.iter is node:
        return DictFlow(complete=False, reads=_compared(module, around, key), is_walked=True)
    if isinstance(around, (ast.Assign, ast.AnnAssign)):
        return _assigned(module, node, around, key, depth)
    if isinstance(around, ast.AugAssign) and isinstance(around.op, ast.BitOr) and node is around.value:
        return flow_of_name(module, around.target, key, depth + 1)
    if isinstance(around, ast.AugAssign):
        return DictFlow()
    if isinstance(around, ast.Return):
        return _returned(module, around, key, depth) + UNKNOWN
    return DictFlow() if isinstance(around, ast.Expr) else UNKNOWN


def flow_of_name(module: Module, name: ast.expr, key: str, depth: int = 0) -> DictFlow:
    """Follow the dict that a variable holds."""
    found = definitions(module, name)
    if depth:
        return joined([flow_of_binding(each.module, each.binding, key, depth) for each in found])
    return joined([each.module.once(_FromBinding(each.binding, key)) for each in found])


class _FromBinding(Struct, frozen=True):
    """Asks where the dict of a binding goes: each line that puts an entry into it asks the same."""

    binding: Binding
    key: str

    def __call__(self, module: Module) -> DictFlow:
        return flow_of_binding(module, self.binding, self.key)


def is_dict(call: ast.Call) -> bool:
    """Tell whether a call is ``dict(...)``."""
    return isinstance(call.func, ast.Name) and call.func.id == "dict"


def _said(module: Module, node: ast.expr, key: str) -> tuple[KeyPlace, ...]:
    """Return the key, where a node is it, or is a display that has it."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    same = [part for part in parts if isinstance(part, ast.Constant) and part.value == key]
    return tuple(KeyPlace(module, module.source.span(part)) for part in same)


def _compared(module: Module, loop: ast.For | ast.AsyncFor | ast.comprehension, key: str) -> tuple[KeyPlace, ...]:
    """Return where the variables of a loop through the keys are compared with the key."""
    names = {node.id for node in walk(loop.target) if isinstance(node, ast.Name)}
    body = module.index.parents[loop] if isinstance(loop, ast.comprehension) else loop
    found: list[KeyPlace] = []
    for node in walk(body):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Name) and side.id in names for side in sides):
                found += [read for side in sides for read in _said(module, side, key)]
    return tuple(found)


def keyword_taker(module: Module, call: ast.Call, name: str) -> tuple[Module, FunctionNode] | None:
    """Return the function of this program that a call gives a keyword, and that takes it by ``**``."""
    value = module.resolve(call.func)
    node = value.node if value is not None and value.symbol == "local.function" else None
    if value is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.args.kwarg is None:
        return None
    return None if _has_parameter(node, name) else (value.module, node)


def _has_parameter(node: FunctionNode, name: str) -> bool:
    return any(each.arg == name for each in (*node.args.args, *node.args.kwonlyargs))


def flow_of_parameter(module: Module, function: FunctionNode, parameter: ast.arg, key: str, depth: int = 0) -> DictFlow:
    """Follow the dict that a function gets as a parameter."""
    result = DictFlow()
    for binding in module.index.inner[function].bindings.get(parameter.arg, []):
        result += flow_of_binding(module, binding, key, depth)
    return result


def _splatted(module: Module, item: ast.keyword, key: str, depth: int) -> DictFlow:
    call = module.index.parents[item]
    if not isinstance(call, ast.Call):
        return UNKNOWN
    if is_dict(call):
        return flow(module, call, key, depth + 1)
    if module.symbol(call.func) in _TAKERS:
        return DictFlow(((module, call),))
    taker = keyword_taker(module, call, key)
    if taker is not None and taker[1].args.kwarg is not None:
        return flow_of_parameter(*taker, taker[1].args.kwarg, key, depth + 1)
    value = module.resolve(call.func)
    node = value.node if value is not None and value.symbol == "local.function" else None
    named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _has_parameter(node, key)
    return DictFlow(complete=False, parameters=(getattr(node, "name", ""),) if named else ())


def _passed(module: Module, node: ast.expr, key: str, depth: int) -> DictFlow:
    """Follow a dict into the parameter of a function of this program, or into another dict by ``update``."""
    around = module.index.parents[node]
    call = module.index.parents[around] if isinstance(around, ast.keyword) else around
    if not isinstance(call, ast.Call):
        return UNKNOWN
    if isinstance(call.func, ast.Attribute) and call.func.attr == "update" and node in call.args:
        return flow_of_name(module, call.func.value, key, depth + 1)
    value = module.resolve(call.func)
    function = value.node if value is not None and value.symbol == "local.function" else None
    if value is None or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return UNKNOWN
    if isinstance(around, ast.keyword):
        named = [each for each in (*function.args.args, *function.args.kwonlyargs) if each.arg == around.arg]
    else:
        at = call.args.index(node)
        starred = any(isinstance(each, ast.Starred) for each in call.args[:at])
        method = isinstance(value.module.index.parents.get(function), ast.ClassDef)
        named = [] if starred or method else [*function.args.posonlyargs, *function.args.args][at : at + 1]
    return flow_of_parameter(value.module, function, named[0], key, depth + 1) if named else UNKNOWN


def _read(module: Module, node: ast.Subscript, key: str) -> DictFlow:
    return DictFlow(complete=isinstance(node.slice, ast.Constant), reads=_said(module, node.slice, key))


def _method(module: Module, name: ast.Attribute, key: str, depth: int) -> DictFlow:
    call = call_of(module.index, name)
    if call is None:
        return UNKNOWN
    if name.attr == "copy":
        return flow(module, call, key, depth + 1)
    if name.attr in _BY_KEY and call.args:
        return DictFlow(complete=isinstance(call.args[0], ast.Constant), reads=_said(module, call.args[0], key))
    if name.attr == "update":
        return DictFlow(reads=_updated(module, call, key))
    if name.attr in _WALKED and isinstance(module.index.parents.get(call), _LOOPS):
        return flow(module, call, key, depth + 1)
    return DictFlow(complete=name.attr in _READERS, is_walked=name.attr in _WALKED)


def _updated(module: Module, call: ast.Call, key: str) -> tuple[KeyPlace, ...]:
    displays = [each for each in call.args if isinstance(each, ast.Dict)]
    found = [read for each in displays for part in each.keys if part is not None for read in _said(module, part, key)]
    return (*found, *(KeyPlace(module, keyword_name(module, item)) for item in call.keywords if item.arg == key))


def _assigned(module: Module, node: ast.expr, statement: ast.Assign | ast.AnnAssign, key: str, depth: int) -> DictFlow:
    scope = module.index.scopes[statement]
    bindings = [binding for found in scope.bindings.values() for binding in found if binding.value is node]
    if len(bindings) != 1:
        return UNKNOWN
    return flow_of_binding(module, bindings[0], key, depth)


def flow_of_binding(module: Module, binding: Binding, key: str, depth: int = 0) -> DictFlow:
    """Follow the dict that a name holds from one binding on."""
    if depth > _DEEPEST:
        return UNKNOWN
    found = Definition(module, binding)
    ways: list[DictFlow] = []
    for use in uses(found):
        ways.append(flow(use.module, use.node, key, depth + 1))
        ways.append(DictFlow(complete=len(definitions(use.module, use.node)) == 1))
    for other in () if isinstance(binding.node, ast.AugAssign) else binding.scope.bindings.get(binding.name, ()):
        if isinstance(other.node, ast.AugAssign) and isinstance(other.node.op, ast.BitOr):
            ways.append(flow_of_binding(module, other, key, depth + 1))
    if binding.scope.is_class:
        ways.append(DictFlow(complete=not _read_unseen(found)))
    return joined(ways)


def _read_unseen(found: Definition) -> bool:
    """Tell whether an attribute of the same name is read that may be this one: of a subclass, of ``self``."""
    known = {use.node for use in uses(found)}
    return any(
        node.attr == found.name and isinstance(node.ctx, ast.Load) and node not in known
        for module in _mentioning(found)
        for node in module.index.attributes
    )


def _mentioning(found: Definition) -> Iterator[Module]:
    yield found.module
    if found.module.project is not None:
        yield from (m for m in found.module.project.mentioning(found.name.encode()) if m is not found.module)


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
            if scope.is_class:
                result += _off_instances(Definition(module, binding), key, depth)
    return result


def _off_instances(method: Definition, key: str, depth: int) -> DictFlow:
    """Follow what a method gives to the calls of it on objects, where no other class has one of its name."""
    known = {use.node for use in uses(method)}
    homes = list(_mentioning(method))
    named = [each for home in homes for each in home.index.functions if each.name == method.name]
    result = DictFlow()
    for home in homes if len(named) == 1 else ():
        for node in home.index.attributes:
            if node.attr == method.name and node not in known and isinstance(node.ctx, ast.Load):
                result += _of_call(Use(home, node), key, depth)
    return result


def _of_call(use: Use, key: str, depth: int) -> DictFlow:
    call = call_of(use.module.index, use.node)
    return flow(use.module, call, key, depth + 1) if call is not None else UNKNOWN
