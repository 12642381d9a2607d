"""The expressions that an image is made of: names followed, and functions of the repository that return an image."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.definitions import Definition, definitions, is_conditional
from modal_transforms.analysis.index import BindingKind, FunctionNode, walk
from modal_transforms.analysis.module import Module, Value

_LONGEST = 200
_PLAIN_DECORATORS = frozenset({"staticmethod", "cache", "lru_cache"})


class _Making(Struct, frozen=True):
    """A call of a function of this repository that makes an image, and what its parameters stand for."""

    home: Module
    """The file of the function."""
    function: FunctionNode
    given: dict[str, ast.expr]
    module: Module
    """The file of the call."""
    around: _Making | None
    """The call of the function that this call is in, where that was followed."""


def chain(module: Module, image: ast.expr | None) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the method calls that make an image, the last one first, with the files they are in.

    Names are followed, and so are functions of the repository that return an image or are given to ``.pipe(...)``.
    """
    for home, node in walk_image(module, image):
        is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_method and isinstance(node, ast.Call) and _function(home, node) is None:
            yield home, node


def walk_image(module: Module, image: ast.expr | None) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the expressions that an image is made of, the last step first, with the files they are in.

    What comes last is what it is made from: ``modal.Image.debian_slim()``, or something that cannot be followed.
    """
    around: _Making | None = None
    for _ in range(_LONGEST):
        if image is None:
            return
        yield module, image
        function = _function(module, image) if isinstance(image, ast.Call) else None
        if function is not None and isinstance(image, ast.Call):
            made = _making(module, image, function, around)
            module, image, around = made.home, _returned(made), made
        elif isinstance(image, ast.Call):
            image = image.func.value if isinstance(image.func, ast.Attribute) else None
        else:
            module, image, around = _followed(module, image, around)


def _followed(
    module: Module, image: ast.expr, around: _Making | None
) -> tuple[Module, ast.expr | None, _Making | None]:
    """Return the expression that a name stands for: what it is assigned, or what a parameter was given."""
    found = _surely(definitions(module, image))
    if found is None:
        return module, None, around
    if around is not None and found.binding.scope.node is around.function:
        if found.binding.kind is BindingKind.PARAMETER:
            return around.module, around.given.get(found.name), around.around
        return found.module, found.value, around
    return found.module, found.value, None


def _surely(found: Sequence[Definition]) -> Definition | None:
    """Return the one definition that holds in any case, or without which there is none; others only build on it."""
    if len(found) == 1:
        return found[0]
    sure = [each for each in found if not is_conditional(each.module, each.binding.node)]
    others = [each for each in found if each not in sure]
    return sure[0] if len(sure) == 1 and all(map(_extends_itself, others)) else None


def _extends_itself(found: Definition) -> bool:
    """Tell whether it is ``image = image.step(...)``."""
    value = found.value
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    return isinstance(value, ast.Name) and value.id == found.name and value is not found.value


def _function(module: Module, call: ast.Call) -> Value | None:
    """Return the function of this repository that a call calls, itself or by ``image.pipe(function)``."""
    node = call.args[0] if _is_pipe(call) and call.args else call.func
    value = module.resolve(node)
    if value is None or value.symbol != "local.function":
        return None
    return value if isinstance(value.node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def _is_pipe(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "pipe"


def _making(module: Module, call: ast.Call, value: Value, around: _Making | None) -> _Making:
    function = value.node
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    given = list(call.args)
    if _is_pipe(call) and isinstance(call.func, ast.Attribute):
        given[0] = call.func.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if isinstance(value.module.index.parents.get(function), ast.ClassDef) and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    known = dict(zip(names, given, strict=False)) if not any(isinstance(each, ast.Starred) for each in given) else {}
    known |= {item.arg: item.value for item in call.keywords if item.arg is not None}
    return _Making(value.module, function, known, module, around)


def _returned(made: _Making) -> ast.expr | None:
    """Return the expression that a function returns; ``None`` when it has several, or is wrapped by a decorator."""
    names = {_last_word(decorator) for decorator in made.function.decorator_list}
    returns = [
        node.value
        for node in walk(made.function)
        if isinstance(node, ast.Return) and made.home.function_around(node) is made.function
    ]
    return returns[0] if len(returns) == 1 and names <= _PLAIN_DECORATORS else None


def _last_word(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
