"""Lists of words in Python that call Modal's command line, with what is added to them and what is handed to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import BindingKind, FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import SUBCOMMANDS
from modal_transforms.modal_api.command_values import FUNCTION, argument_for, calls_by_name, list_named, of_rest

_DEEPEST = 4
"""So many lists inside one another are followed."""
_GROWING = frozenset({"append", "extend"})


def lists(module: Module) -> Iterator[list[ast.expr]]:
    """Yield the elements of lists, tuples and argument lists that have ``"modal"`` as an element.

    What the file adds to such a list, or hands to the function that makes it, is in them.
    """
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        if node.value != "modal" and not str(node.value).endswith("/modal"):
            continue
        around: ast.AST = module.index.parents[node]
        while isinstance(module.index.parents.get(around), ast.BinOp):
            around = module.index.parents[around]
        if around not in seen:
            seen.add(around)
            yield from _handed(module, [*_all(module, _named_once(_elements(around)), 0), *_added(module, around, 0)])


def is_one_word(module: Module, node: ast.expr) -> bool:
    """Tell whether an element stands for exactly one word: not for a starred list, nor for a list that is added."""
    parent = module.index.parents.get(node)
    extends = isinstance(parent, ast.Call) and node in parent.args and _method(parent) == "extend"
    return not isinstance(node, ast.Starred) and not isinstance(parent, (ast.BinOp, ast.AugAssign)) and not extends


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.Call) and _method(node) not in _GROWING:
        return list(node.args)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_elements(node.left), *_elements(node.right)]
    return [node] if isinstance(node, ast.expr) else []


def _named_once(nodes: list[ast.expr]) -> list[ast.expr]:
    """Leave out the program of ``os.execlp("modal", "modal", ...)``, which names it twice."""
    first = [node.value for node in nodes[:2] if isinstance(node, ast.Constant)]
    return nodes[1:] if len(first) == 2 and first[0] == first[1] else nodes


def _all(module: Module, nodes: list[ast.expr], depth: int) -> Iterator[ast.expr]:
    """Yield elements, those of lists that are put in by name in their place."""
    for node in nodes:
        inner = node.value if isinstance(node, ast.Starred) else node
        named = list_named(module, inner) if depth < _DEEPEST and not is_one_word(module, node) else None
        if named is None:
            yield node
        else:
            yield from _all(module, _elements(named), depth + 1)
            yield from _added(module, named, depth + 1)


def _added(module: Module, made: ast.AST, depth: int) -> Iterator[ast.expr]:
    """Yield what the function that makes a list, or the file, adds to it by its name, in order."""
    statement = module.index.parents.get(made)
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else getattr(statement, "targets", [])
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return
    name, scope = targets[0].id, module.index.scopes[targets[0]]
    bindings = scope.bindings.get(name, [])
    if any(each.node is not statement and not isinstance(each.node, ast.AugAssign) for each in bindings):
        return
    added = [(each.node.lineno, each.node.value) for each in bindings if isinstance(each.node, ast.AugAssign)]
    calls = module.once(_growing).get(name, ())
    added += [(call.lineno, call.args[0]) for call in calls if module.index.scopes[call] is scope]
    for _, value in sorted(added, key=lambda each: each[0]):
        appended = _method(module.index.parents.get(value)) == "append"
        yield from _all(module, [value] if appended else _elements(value), depth)


def _growing(module: Module) -> dict[str, list[ast.Call]]:
    """Return the calls that add to a list, by its name."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.index.calls:
        if _method(call) in _GROWING and len(call.args) == 1:
            assert isinstance(call.func, ast.Attribute)
            if isinstance(call.func.value, ast.Name):
                found.setdefault(call.func.value.id, []).append(call)
    return found


def _method(node: ast.AST | None) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def _handed(module: Module, nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """Yield the elements for each call in the file of the function around that hands it the rest of them."""
    at = next((i for i, node in enumerate(nodes) if not is_one_word(module, node)), None)
    calls = [] if at is None else list(_calls_handing(module, nodes, nodes[at]))
    if at is None or not calls:
        yield nodes
        return
    for given in calls:
        yield [*nodes[:at], *(given or [nodes[at]]), *nodes[at + 1 :]]


def _calls_handing(module: Module, nodes: list[ast.expr], rest: ast.expr) -> Iterator[list[ast.expr]]:
    """Yield what each call gives for a parameter that stands for several words; nothing where that cannot be seen."""
    name = rest.value if isinstance(rest, ast.Starred) else rest
    if not isinstance(name, ast.Name):
        return
    bindings = module.index.scopes[name].find(name.id)
    function = bindings[0].scope.node if len(bindings) == 1 and bindings[0].kind is BindingKind.PARAMETER else None
    said = any(isinstance(node, ast.Constant) and node.value in SUBCOMMANDS for node in nodes)
    if not isinstance(function, FUNCTION) or (said and isinstance(rest, ast.Starred) and of_rest(module, rest)):
        return
    vararg = function.args.vararg is not None and function.args.vararg.arg == name.id
    names = _positional(module, function)
    for call in calls_of(module, function):
        given = argument_for(call, names, name.id)
        if vararg:
            yield call.args[len(names) :]
        elif given is not None:
            yield _elements(given) if isinstance(given, (ast.List, ast.Tuple, ast.BinOp)) else []


def calls_of(module: Module, function: FunctionNode) -> list[ast.Call]:
    """Return the calls of a function, or of a method on ``self``, in its file."""
    if not isinstance(module.index.parents[function], ast.ClassDef):
        return module.once(calls_by_name).get(function.name, [])
    return [call for call in module.index.calls if _method(call) == function.name and _is_own(call)]


def _is_own(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in {"self", "cls"}


def _positional(module: Module, function: FunctionNode) -> list[str]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    return names[1:] if isinstance(module.index.parents[function], ast.ClassDef) and not static else names
