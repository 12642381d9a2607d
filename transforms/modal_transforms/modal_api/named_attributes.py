"""Attributes of Modal's objects that a text names: ``getattr(f, "web_url")``, ``hasattr(f, "web_url")``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of

_ASK = {"getattr": (2, 3), "hasattr": (2,)}
"""How many arguments each takes."""


class NamedAttribute(Struct, frozen=True):
    """A call that asks an object for an attribute by a text that is written there."""

    call: ast.Call
    owner: ast.expr
    name: str

    @property
    def may_be_missing(self) -> bool:
        """Tell whether the program goes on without it: it asks whether it is there, or says what is taken else."""
        return len(self.call.args) > 2 or getattr(self.call.func, "id", "") == "hasattr"


def named_attributes(module: Module) -> Iterator[NamedAttribute]:
    """Yield the calls of the built-in ``getattr`` and ``hasattr`` with a text for a name."""
    for call in module.index.calls if b"attr(" in module.source.data else ():
        function = call.func
        if not isinstance(function, ast.Name) or len(call.args) not in _ASK.get(function.id, ()) or call.keywords:
            continue
        name = text_of(call.args[1])
        if name and name.isidentifier() and not module.index.module.bindings.get(function.id):
            yield NamedAttribute(call, call.args[0], name)
