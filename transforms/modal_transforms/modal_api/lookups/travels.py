"""Where an object of Modal's leaves the process: what is serialized there has to be hydrated, or Modal refuses it.

An object is followed through variables, containers, attributes, helpers of the program and what they return.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition, uses
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of

REMOTE = frozenset("remote remote_gen spawn map starmap for_each spawn_map".split())
"""Methods of functions whose arguments travel to a container."""

_STORED = {"modal.Dict()": "a Dict", "modal.Queue()": "a Queue"}
_FILLING = frozenset("add append appendleft extend insert put setdefault update".split())
"""Methods that put an argument into the container that they are called on."""
_TAKING = frozenset("copy get items pop popitem values".split())
"""Methods that give what is in the container that they are called on."""
_COPYING = frozenset("dict frozenset iter list reversed set sorted tuple zip".split())
_PARTS = (
    *(ast.IfExp, ast.BoolOp, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Starred, ast.keyword, ast.Await),
    *(ast.BinOp, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
)
"""Expressions that are, or hold, what one of their parts is."""
_REMOTE_FUNCTIONS = frozenset(
    {"modal.App().function()", *(f"modal.{name}()" for name in ("method", "batched", "enter", "exit"))}
)
_DEEPEST = 200


def travels(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return where the object that an expression gives leaves the process, each as a sentence."""
    return tuple(dict.fromkeys(_follow(module, node, set())))


def _follow(module: Module, node: ast.AST, seen: set[ast.AST]) -> Iterator[str]:
    if node in seen or len(seen) > _DEEPEST:
        return
    seen.add(node)
    parent = module.index.parents[node]
    while isinstance(parent, _PARTS) and not (isinstance(parent, ast.IfExp) and node is parent.test):
        node, parent = parent, module.index.parents[parent]
    if isinstance(parent, ast.Call):
        yield from _through_call(module, parent, node, seen)
    elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        for target in parent.targets if isinstance(parent, ast.Assign) else [parent.target]:
            yield from _into(module, target, parent, seen)
        if isinstance(parent, ast.NamedExpr):
            yield from _follow(module, parent, seen)
    elif isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)) and node is parent.iter:
        yield from _into(module, parent.target, parent, seen)
    elif isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load) and not module.symbol(parent.value):
        yield from _follow(module, parent, seen) if node is parent.value else ()
    elif isinstance(parent, ast.Attribute) and parent.attr in _TAKING and module.symbol(parent) == "":
        call = call_of(module.index, parent)
        yield from _follow(module, call, seen) if call is not None else ()
    elif isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        yield from _handed_back(module, parent, seen)


def _through_call(module: Module, call: ast.Call, node: ast.AST, seen: set[ast.AST]) -> Iterator[str]:
    if node is call.func:
        if module.symbol(call) == "modal.Obj()":
            yield from _follow(module, call, seen)
        return
    where = _leaving(module, call)
    if where:
        yield where
        return
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _FILLING:
        yield from _into(module, function.value, call, seen)
    value = module.resolve(function)
    if value is not None and value.symbol == "local.function":
        yield from _into_parameter(value.module, value.node, call, node, seen)
    elif (value is None and _holds(module, function)) or (value is not None and value.symbol == "local.class"):
        yield from _follow(module, call, seen)


def _holds(module: Module, function: ast.expr) -> bool:
    """Tell whether what a call gives holds its arguments: a container, a partial, an object of some class."""
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    is_copying = isinstance(function, ast.Name) and name in _COPYING
    return is_copying or name[:1].isupper() or qualified_name(module, function) == "functools.partial"


def _leaving(module: Module, call: ast.Call) -> str:
    """Say where the arguments of a call travel; an empty text where they do not."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "aio" and isinstance(function.value, ast.Attribute):
        function = function.value
    if module.symbol(call) == "modal.Obj()":
        return f"it travels as a parameter of a class at line {call.lineno}"
    for given in (*call.args, *(item.value for item in call.keywords)):
        if isinstance(given, ast.Attribute) and given.attr in REMOTE and module.symbol(given.value):
            return f"it travels as an argument of .{given.attr}, which is called with it, at line {call.lineno}"
    if not isinstance(function, ast.Attribute):
        return ""
    owner = module.resolve(function.value)
    symbol = owner.symbol if owner is not None else ""
    if symbol in _STORED:
        return f"it is put into {_STORED[symbol]} at line {call.lineno}"
    is_remote = symbol.startswith("modal.") or (not symbol and function.attr != "map")
    if function.attr in REMOTE and is_remote and not qualified_name(module, function):
        return f"it travels as an argument of .{function.attr} at line {call.lineno}"
    return ""


def _into(module: Module, target: ast.expr, statement: ast.AST, seen: set[ast.AST]) -> Iterator[str]:
    """Follow an object into what a statement binds, or what a call fills."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _into(module, part, statement, seen)
    elif isinstance(target, ast.Subscript):
        symbol = module.symbol(target.value)
        if symbol in _STORED:
            yield f"it is put into {_STORED[symbol]} at line {target.lineno}"
        else:
            yield from _into(module, target.value, statement, seen)
    elif isinstance(target, ast.Name):
        bindings = [
            binding
            for around in module.index.scopes[target].enclosing()
            for binding in around.bindings.get(target.id, [])
        ]
        own = [binding for binding in bindings if binding.node is statement]
        if module.index.scopes[target].is_class:
            yield from _off_class(module, target, seen)
        for binding in own or module.reaching(target):
            for use in uses(Definition(module, binding)):
                yield from _serialized_body(use.module, use.node, module, binding.node)
                yield from _follow(use.module, use.node, seen)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        for node in module.index.attributes:
            same = node.attr == target.attr and isinstance(node.value, ast.Name) and node.value.id == target.value.id
            if same and isinstance(node.ctx, ast.Load):
                yield from _follow(module, node, seen)
        yield from _with_its_holder(module, target.value, statement, seen)


def _with_its_holder(module: Module, holder: ast.Name, statement: ast.AST, seen: set[ast.AST]) -> Iterator[str]:
    """Follow the object whose attribute it becomes; of ``self``, those that are made of the class around."""
    function = module.function_around(holder)
    owner = module.index.parents.get(function) if function is not None else None
    named = [*function.args.posonlyargs, *function.args.args][:1] if function is not None else []
    if not isinstance(owner, ast.ClassDef) or holder.id not in {each.arg for each in named}:
        yield from _into(module, holder, statement, seen)
    elif not any(symbol.startswith("modal.") for _, symbol in module.decorators(owner)):
        yield from _into_calls(module, owner, seen)


def _into_calls(module: Module, called: FunctionNode | ast.ClassDef, seen: set[ast.AST]) -> Iterator[str]:
    """Follow what the calls of a function or class give."""
    for binding in module.index.scopes[called].bindings.get(called.name, []):
        for use in uses(Definition(module, binding)) if binding.node is called else ():
            call = call_of(use.module.index, use.node)
            if call is not None:
                yield from _follow(use.module, call, seen)


def _off_class(module: Module, target: ast.Name, seen: set[ast.AST]) -> Iterator[str]:
    """Follow what is bound in a class to where the file reads it off the class or an instance of it."""
    name = getattr(module.index.scopes[target].node, "name", "")
    for node in module.index.attributes:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if node.attr == target.id and owner in {"self", "cls", name} and isinstance(node.ctx, ast.Load):
            yield from _follow(module, node, seen)


def _into_parameter(
    module: Module, function: ast.AST | None, call: ast.Call, node: ast.AST, seen: set[ast.AST]
) -> Iterator[str]:
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    named = [*function.args.posonlyargs, *function.args.args]
    if isinstance(node, ast.keyword):
        names = [item.arg for item in [*named, *function.args.kwonlyargs] if item.arg == node.arg]
    else:
        names = [item.arg for item, given in zip(named, call.args, strict=False) if given is node]
    for name in names:
        for binding in module.index.inner[function].bindings.get(name, []):
            for use in uses(Definition(module, binding)):
                yield from _follow(use.module, use.node, seen)


def _handed_back(module: Module, node: ast.AST, seen: set[ast.AST]) -> Iterator[str]:
    """Follow what a function returns: out of the container, or to the callers of a helper."""
    function = module.function_around(node)
    if function is None:
        return
    if any(symbol in _REMOTE_FUNCTIONS for _, symbol in module.decorators(function)):
        yield f"it is returned from {function.name}, which runs in a container, at line {getattr(node, 'lineno', 1)}"
        return
    yield from _into_calls(module, function, seen)


def _serialized_body(module: Module, node: ast.AST, home: Module, bound: ast.AST) -> Iterator[str]:
    """Say that a name is read in the body of a function that is serialized, unless it is bound in there."""
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and _is_serialized(module, around):
            if not (home is module and around in module.index.ancestors(bound)):
                line = getattr(node, "lineno", 1)
                yield f"{around.name} is serialized with it: it is read there at line {line}"
            return


def _is_serialized(module: Module, node: FunctionNode | ast.ClassDef) -> bool:
    for decorator, symbol in module.decorators(node):
        item = keyword(decorator, "serialized") if isinstance(decorator, ast.Call) else None
        if item is not None and symbol in {"modal.App().function()", "modal.App().cls()"}:
            return not (isinstance(item.value, ast.Constant) and not item.value.value)
    return False
