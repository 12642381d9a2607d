"""One method that a container ran because of its name, and who else calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.classes import bases, is_same, method

_GAP = rb"[ \t\f\\\r\n]+"
_NAME = pattern(rb"(?:async" + _GAP + rb")?def" + _GAP + rb"([^\s(\[\\]+)")
"""The head of a function, as it is written: in whatever letters and encoding."""

HOOKS = {"__enter__": "enter", "__aenter__": "enter", "__exit__": "exit", "__aexit__": "exit"}
"""The decorator that stands for each name."""


class Hook:
    """A method of ``owner``, a class in ``module``; ``users`` are the files that know the class."""

    def __init__(self, module: Module, owner: ast.ClassDef, method: FunctionNode, users: tuple[Module, ...]) -> None:
        self.module = module
        self.owner = owner
        self.method = method
        self.users = users

    @property
    def decorator(self) -> str:
        """The decorator of Modal's: ``enter`` or ``exit``."""
        return HOOKS[self.method.name]

    @property
    def new_name(self) -> str:
        """What the method is called when its name says nothing any more.

        It is the same in all classes: a class that overrides the method of its base goes on overriding it.
        """
        again = "_async" if self.partner and self.method.name.startswith("__a") else ""
        return f"{self.decorator}_container{again}"

    @cached_property
    def partner(self) -> str:
        """The method of the other kind, sync or async, that objects of the class have as well; empty without one."""
        other = f"__a{self.decorator}__" if self.method.name == f"__{self.decorator}__" else f"__{self.decorator}__"
        found = (each.name for each in self._family() if method(each, other) is not None)
        return next((f"{name}.{other}" for name in found), "")

    def _family(self) -> Iterator[ast.ClassDef]:
        """Yield the class, its bases, and those that derive from it with theirs."""
        yield self.owner
        yield from (base for _, base, _ in bases(self.module, self.owner) if base is not None)
        for user in self.users:
            for node in user.index.classes:
                above = [base for _, base, _ in bases(user, node) if base is not None]
                if any(is_same(base, self.owner) for base in above):
                    yield from (node, *above)

    @property
    def name_span(self) -> Span:
        """The bytes of the method's name."""
        source = self.module.source
        written = _NAME.match(source.data, source.span(self.method).start)
        assert written is not None
        return Span(*written.span(1))

    @property
    def parameters(self) -> list[ast.arg]:
        """The parameters beside ``self``."""
        given = self.method.args
        named = [*given.posonlyargs, *given.args, *([given.vararg] if given.vararg else [])]
        return [*named[1:], *given.kwonlyargs, *([given.kwarg] if given.kwarg else [])]

    @property
    def reads_parameters(self) -> bool:
        """Tell whether the method does something with what it is given."""
        names = {parameter.arg for parameter in self.parameters}
        read = (node for statement in self.method.body for node in walk(statement))
        return any(isinstance(node, ast.Name) and node.id in names for node in read)

    @cached_property
    def is_entered_by_with(self) -> bool:
        """Tell whether a ``with`` statement takes an object of the class."""
        return any(
            isinstance(user.index.parents.get(node), ast.withitem) and self._makes(user, node)
            for user in self.users
            for node in [*user.index.calls, *user.index.names]
        )

    def _makes(self, user: Module, node: ast.expr) -> bool:
        value = user.resolve(node.func if isinstance(node, ast.Call) else node)
        return value is not None and is_same(value.node, self.owner)

    @cached_property
    def is_called_by_name(self) -> bool:
        """Tell whether a file that knows the class asks for an attribute of the method's name."""
        return any(node.attr == self.method.name for user in self.users for node in user.index.attributes)
