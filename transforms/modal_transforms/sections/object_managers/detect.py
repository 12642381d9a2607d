"""Where stored objects are made or deleted by their class."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.lookups.tokens import Method, method

DELETED = frozenset({"modal.Volume.delete", "modal.Dict.delete", "modal.Queue.delete"})
MADE = frozenset({"modal.Volume.create_deployed", "modal.Secret.create_deployed"})


def old_calls(module: Module) -> Iterator[Method]:
    """Yield the calls of what went in 1.5.0, in source order."""
    for call in module.index.calls:
        for name in ("delete", "create_deployed"):
            found = method(module, call, name)
            if found is not None and module.symbol(found.attribute) in DELETED | MADE:
                yield found
