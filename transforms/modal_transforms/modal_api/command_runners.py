"""What starts a process with a command line in Python: a call of the library, or functions of one's own on the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from modal_transforms.analysis.index import Binding, BindingKind, FunctionNode
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.command_values import FUNCTION, argument_for

_RUNNERS = pattern(
    r"subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(?:system|popen|exec\w+|spawn\w+)"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_(?:exec|shell)|shlex\.split|pty\.spawn|commands\.getoutput"
)
_HOPS = 4
"""So many functions that hand a command on, one to the other, are followed."""

_Runs = dict[str, list[tuple[ast.Call, str]]]
"""Calls that start a process with a variable, and what starts it, by the variable's name."""


def runner_of(module: Module, node: ast.AST) -> str:
    """Return the function that starts a process with what a node is part of, directly or by a variable."""
    within = node
    for around in module.index.ancestors(node):
        if isinstance(around, ast.Call):
            path = qualified_name(module, around.func)
            return path if _RUNNERS.fullmatch(path) else _own_runner(module, around, within)
        within = within if isinstance(around, ast.keyword) else around
        target = around.targets[0] if isinstance(around, ast.Assign) else getattr(around, "target", None)
        if isinstance(around, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and isinstance(target, ast.Name):
            return _given_to(module, target)
        if isinstance(around, ast.stmt):
            break
    return ""


def _own_runner(module: Module, call: ast.Call, argument: ast.AST) -> str:
    """Return what starts the process when a function of the repository is called that hands its parameter to it."""
    function = module.resolve(call.func)
    if function is None or not isinstance(function.node, FUNCTION):
        return ""
    for handed in function.module.once(_handing_on).get(function.node, ()):
        if _is_given(module, call, handed, argument):
            return handed.path
    return ""


class _Handed(NamedTuple):
    """A parameter that a function gives to what starts a process."""

    name: str
    positional: list[str]
    """The parameters that go by position, without the object of a method."""
    path: str
    """What starts the process."""
    many: bool
    """It takes all arguments that are left."""


def _is_given(module: Module, call: ast.Call, handed: _Handed, argument: ast.AST) -> bool:
    if handed.many:
        return module.once(_positions).get(argument, -1) >= len(handed.positional)
    return argument_for(call, handed.positional, handed.name) is argument


def _positions(module: Module) -> dict[ast.AST, int]:
    """Return the place of each argument that a call gives by position."""
    return {argument: at for call in module.index.calls for at, argument in enumerate(call.args)}


def _handed(module: Module, function: FunctionNode, name: str, path: str) -> _Handed:
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    if isinstance(module.index.parents[function], ast.ClassDef) and not static:
        names = names[1:]
    many = arguments.vararg is not None and arguments.vararg.arg == name
    return _Handed(name, names, path, many)


def _is_parameter(bindings: list[Binding]) -> bool:
    return bindings[0].kind is BindingKind.PARAMETER


def _given_to(module: Module, name: ast.Name) -> str:
    """Return the function that starts a process with a variable."""
    scope = module.index.scopes[name]
    for call, path in module.once(_runs).get(name.id, ()):
        if scope in module.index.scopes[call].enclosing():
            return path
    return ""


def _handing_on(module: Module) -> dict[ast.AST, list[_Handed]]:
    """Return, by function, the parameters that it gives to what starts a process, or to a function that does."""
    return _handing(module, module.once(_runs))


def _handing_directly(module: Module) -> dict[ast.AST, list[_Handed]]:
    return _handing(module, module.once(_direct_runs))


def _handing(module: Module, runs: _Runs) -> dict[ast.AST, list[_Handed]]:
    found: dict[ast.AST, list[_Handed]] = {}
    seen: set[tuple[ast.AST, str]] = set()
    for name, calls in runs.items():
        for call, path in calls:
            bindings = module.index.scopes[call].find(name)
            function = bindings[0].scope.node if len(bindings) == 1 else None
            if isinstance(function, FUNCTION) and (function, name) not in seen and _is_parameter(bindings):
                seen.add((function, name))
                shown = path if " in " in path else f"{path} in {function.name}()"
                found.setdefault(function, []).append(_handed(module, function, name, shown))
    return found


def _runs(module: Module) -> _Runs:
    """Return the calls that start a process with a variable, functions of the file's own followed."""
    found = {name: [*calls] for name, calls in module.once(_direct_runs).items()}
    seen: set[tuple[ast.Call, str]] = set()
    for _ in range(_HOPS):
        more = [each for each in _indirect_runs(module, _handing(module, found)) if each[:2] not in seen]
        if not more:
            break
        for call, name, path in more:
            seen.add((call, name))
            found.setdefault(name, []).append((call, path))
    return found


def _direct_runs(module: Module) -> _Runs:
    found: _Runs = {}
    for call in module.index.calls:
        path = qualified_name(module, call.func)
        if _RUNNERS.fullmatch(path):
            given = [item.value if isinstance(item, ast.Starred) else item for item in call.args]
            given += [item.value for item in call.keywords if item.arg in {"args", "cmd"}]
            for name in dict.fromkeys(item.id for item in given if isinstance(item, ast.Name)):
                found.setdefault(name, []).append((call, path))
    return found


def _indirect_runs(module: Module, handing: dict[ast.AST, list[_Handed]]) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield the calls that give a variable to a function that hands it on: call, variable, what starts the process."""
    imported = {alias.asname or alias.name for node in module.index.imports for alias in node.names}
    names = {getattr(function, "name", "") for function in handing} | imported
    for call in module.index.calls:
        given = [(item, inner) for item in _given(call) if isinstance(inner := _plain(item), ast.Name)]
        if not given or _last_name(call.func) not in names:
            continue
        function = module.resolve(call.func)
        if function is None or not isinstance(function.node, FUNCTION):
            continue
        own = function.module is module
        for handed in (handing if own else function.module.once(_handing_directly)).get(function.node, ()):
            for item, inner in given:
                if _is_given(module, call, handed, item):
                    yield call, inner.id, handed.path


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(item.value for item in call.keywords)]


def _plain(item: ast.expr) -> ast.expr:
    return item.value if isinstance(item, ast.Starred) else item


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
