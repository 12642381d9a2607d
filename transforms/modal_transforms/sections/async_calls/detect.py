"""Which calls of Modal stop an event loop: by provenance, and by the function that they run in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of
from modal_transforms.analysis.scopes import COMPREHENSIONS
from modal_transforms.core.patterns import pattern
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import known_uses
from modal_transforms.modal_api.lookups.tokens import Method, method

CONSTRUCTORS = ("modal.FunctionCall.from_id", "modal.Image.from_id", "modal.SandboxSnapshot.from_id")
"""What has an ``.aio`` that does nothing more, and is deprecated since 1.3.0."""
_GENERATORS = frozenset("map starmap remote_gen iterdir read_file items keys values iterate iter watch".split())
_CONTEXTS = frozenset("run ephemeral batch_upload forward".split())
_CONSUMERS = frozenset("list tuple set dict sorted sum min max any all enumerate zip map filter".split())
_OF_AN_INSTANCE = pattern(r"modal\.Obj\(\)\.\w+\.(?P<spawned>spawn(?:\.aio)?\(\)\.)?(\w+)")


class Blocking(Struct, frozen=True):
    """A call of something that has an ``.aio``, where an event loop runs."""

    call: ast.Call
    name: ast.Attribute
    """What is called."""
    way: str
    """What it is of Modal's: ``modal.Function().remote``."""
    function: FunctionNode
    """The async function that it runs in."""

    @property
    def is_generator(self) -> bool:
        """Tell whether it is something to loop over."""
        return self.name.attr in _GENERATORS or self.way.endswith("Sandbox.list")

    @property
    def is_context(self) -> bool:
        """Tell whether it is something to enter."""
        return self.name.attr in _CONTEXTS


Chain = tuple[Blocking, ...]
"""Calls of one expression, each on the result of the one before: ``f.spawn(x).get()``."""


def blocking_calls(module: Module) -> Iterator[Chain]:
    """Yield the blocking calls in async functions, those of one chain together, in source order."""
    found = {each.call: each for each in _blocking(module)}
    inner = {call: _receiver(call, found) for call in found}
    taken = {call for call in inner.values() if call is not None}
    for call in sorted((call for call in found if call not in taken), key=lambda call: module.source.span(call)):
        chain: list[Blocking] = []
        each: ast.Call | None = call
        while each is not None:
            chain.insert(0, found[each])
            each = inner[each]
        yield tuple(chain)


def eager_constructors(module: Module) -> Iterator[Method]:
    """Yield the calls of constructors by an ``.aio`` that is deprecated."""
    for call in module.index.calls:
        found = method(module, call, "from_id")
        if found is not None and found.is_aio and module.symbol(found.attribute) in CONSTRUCTORS:
            yield found


def _blocking(module: Module) -> Iterator[Blocking]:
    for call, name, way in _calls(module):
        function = running_in(module, call)
        known = not name.attr.startswith("_") and history.exists(f"{way}.aio", TARGET)
        if function is not None and known and way not in CONSTRUCTORS:
            found = Blocking(call, name, way, function)
            if _blocks(module, found):
                yield found


def _blocks(module: Module, found: Blocking) -> bool:
    """Tell whether a generator is looped over here, and a context manager entered, by what blocks."""
    parent = module.index.parents[found.call]
    if found.is_context:
        return isinstance(parent, ast.withitem) and isinstance(module.index.parents[parent], ast.With)
    if not found.is_generator:
        return True
    if isinstance(parent, ast.comprehension):
        return not parent.is_async
    builtin = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _CONSUMERS
    return builtin or isinstance(parent, (ast.For, ast.Starred, ast.YieldFrom))


def _calls(module: Module) -> Iterator[tuple[ast.Call, ast.Attribute, str]]:
    """Yield the calls of Modal's methods and functions by an attribute, each once."""
    seen: set[ast.Call] = set()
    for use in known_uses(module):
        call = call_of(module.index, use.node)
        if isinstance(use.node, ast.Attribute) and call is not None and use.name != "aio":
            seen.add(call)
            yield call, use.node, history.short_name(use.way, TARGET)
    for call in module.index.calls:
        if isinstance(call.func, ast.Attribute) and call not in seen:
            of_instance = _OF_AN_INSTANCE.fullmatch(module.symbol(call.func))
            if of_instance:
                owner = "FunctionCall" if of_instance["spawned"] else "Function"
                yield call, call.func, f"modal.{owner}().{of_instance[2]}"


def running_in(module: Module, node: ast.AST) -> FunctionNode | None:
    """Return the async function that a node runs in; ``None`` where it runs in another one, or in none."""
    scope = module.index.scopes.get(node)
    while scope is not None and isinstance(scope.node, COMPREHENSIONS):
        scope = scope.parent
    return scope.node if scope is not None and isinstance(scope.node, ast.AsyncFunctionDef) else None


def _receiver(call: ast.Call, found: dict[ast.Call, Blocking]) -> ast.Call | None:
    """Return the blocking call that another one begins with: ``f.spawn(x)`` of ``f.spawn(x).get()``."""
    node: ast.expr = call.func
    while not (isinstance(node, ast.Call) and node in found):
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return None
    return node
