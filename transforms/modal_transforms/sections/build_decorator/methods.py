"""The methods that ran while an image was built, and the classes of apps that they ran for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_constant
from modal_transforms.modal_api.deployments import Deployed, deployed

BUILD = frozenset({"modal.build", "modal.build()"})
ENTER = frozenset({"modal.enter", "modal.enter()"})
_DEEPEST = 6


class BuildMethod(Struct, frozen=True):
    """A method under ``@modal.build()``."""

    module: Module
    owner: ast.ClassDef
    node: FunctionNode
    decorator: ast.expr
    classes: tuple[Deployed, ...]
    """The classes of apps that it ran for: its own, or those that inherit from it."""

    @property
    def enters(self) -> bool:
        """Tell whether it runs when a container starts, too."""
        return any(symbol in ENTER for _, symbol in self.module.decorators(self.node))

    @property
    def is_called(self) -> bool:
        """Tell whether other methods, of the class or of one that inherits it, read it from their instance."""
        modules = dict.fromkeys([self.module, *(found.module for found in self.classes)])
        return any(_reads_of_self(module, self.node) for module in modules)

    @property
    def is_empty(self) -> bool:
        """Tell whether it does nothing."""
        return all(isinstance(each, ast.Pass) or is_constant(each) for each in self.node.body)

    @property
    def others(self) -> list[ast.expr]:
        """The decorators that are not Modal's ``build`` and ``enter``."""
        return [node for node, symbol in self.module.decorators(self.node) if symbol not in BUILD | ENTER]

    @property
    def options(self) -> list[ast.keyword]:
        """The arguments of ``build``: ``force``, ``timeout``."""
        return self.decorator.keywords if isinstance(self.decorator, ast.Call) else []


def build_methods(module: Module) -> tuple[BuildMethod, ...]:
    """Return the build methods of a file's classes, in source order."""
    return module.once(_build_methods)


def _build_methods(module: Module) -> tuple[BuildMethod, ...]:
    return tuple(_found(module))


def _found(module: Module) -> Iterator[BuildMethod]:
    for node in module.index.functions:
        owner = module.index.parents.get(node)
        for decorator, symbol in module.decorators(node):
            if symbol in BUILD and isinstance(owner, ast.ClassDef):
                yield BuildMethod(module, owner, node, decorator, tuple(_classes(module, owner)))


def _classes(module: Module, owner: ast.ClassDef) -> Iterator[Deployed]:
    for other in (module, *dependents(module, "cls")):
        yield from other.once(_deployed_by_class).get(owner, ())


def _deployed_by_class(module: Module) -> dict[ast.ClassDef, list[Deployed]]:
    """Return the classes that a file gives to Modal, by themselves and by each that they inherit from."""
    made: dict[ast.ClassDef, list[Deployed]] = {}
    for found in deployed(module):
        if isinstance(found.definition, ast.ClassDef):
            for node in dict.fromkeys(_lineage(module, found.definition, 0)):
                made.setdefault(node, []).append(found)
    return made


def _lineage(module: Module, node: ast.ClassDef, depth: int) -> Iterator[ast.ClassDef]:
    """Yield a class and those that it inherits from."""
    yield node
    if depth > _DEEPEST or node not in module.index.scopes:
        return
    for value in map(module.resolve, node.bases):
        if value is not None and isinstance(value.node, ast.ClassDef):
            yield from _lineage(value.module, value.node, depth + 1)


def helpers(method: BuildMethod) -> Iterator[FunctionNode]:
    """Yield the method and the methods of its class that it calls on ``self``."""
    yield method.node
    own = method.module.index.inner[method.owner].bindings
    me = method.node.args.args[0].arg if method.node.args.args else ""
    for node in walk(method.node):
        called = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == me
        for binding in own.get(node.attr, []) if isinstance(node, ast.Attribute) and called else ():
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and binding.node is not method.node:
                yield binding.node


def _reads_of_self(module: Module, method: FunctionNode) -> bool:
    """Tell whether a method of a file reads an attribute of this name from its instance, but for the method itself."""
    for node in module.index.attributes_called(method.name):
        around = module.function_around(node)
        me = around.args.args[0].arg if around is not None and around is not method and around.args.args else ""
        if isinstance(node.value, ast.Name) and node.value.id == me:
            return True
    return False
