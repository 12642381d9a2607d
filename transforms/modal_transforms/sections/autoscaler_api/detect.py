"""Where the autoscaler of a function, server or instance is updated by the old API."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import known_uses
from modal_transforms.modal_api.lookups.tokens import Method, method

_NAME = "update_autoscaler"
EXPERIMENTAL = f"modal.experimental.{_NAME}"


class Update(Struct, frozen=True):
    """A call of ``update_autoscaler``."""

    found: Method
    owner: str
    """Whose it is: ``modal.Function()``, ``modal.Server()``, ``modal.Obj()``, ``modal.experimental``."""
    is_of_method: bool
    """Whether it is asked of a method of an instance, which the SDK refuses."""


def updates(module: Module) -> Iterator[Update]:
    """Yield the calls of the old API whose owner is known."""
    owners = {use.node: history.short_name(use.way, TARGET) for use in known_uses(module) if use.name == _NAME}
    for call in module.index.calls:
        found = method(module, call, _NAME)
        if found is not None:
            written = module.symbol(found.attribute)
            is_instance = written.startswith("modal.Obj()")
            owner = (written if is_instance else owners.get(found.attribute, "")).removesuffix(f".{_NAME}")
            if owner in {"modal.Function()", "modal.Server()", "modal.experimental"} or is_instance:
                yield Update(found, owner, _is_of_method(module, found.attribute.value))


def _is_of_method(module: Module, receiver: ast.expr) -> bool:
    """Tell whether something is a method of an instance: ``Model().run``, ``self.run``."""
    if not isinstance(receiver, ast.Attribute):
        return False
    value = module.resolve(receiver)
    return value is not None and (value.symbol == "local.function" or value.symbol.startswith("modal.Obj()."))
