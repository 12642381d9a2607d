"""Where the old file API is called on what surely is a sandbox, and where its module is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.lookups.tokens import Method, method

OLD = ("open", "ls", "mkdir", "rm", "watch")
EVENTS = frozenset({"FileWatchEvent", "FileWatchEventType"})
"""What ``modal.file_io`` had and ``modal.types`` has."""


def old_calls(module: Module) -> Iterator[Method]:
    """Yield the calls of the old methods, in source order."""
    for call in module.index.calls:
        for name in OLD:
            found = method(module, call, name)
            if found is not None and module.symbol(found.attribute.value) == "modal.Sandbox()":
                yield found


def old_imports(module: Module) -> Iterator[ast.ImportFrom]:
    """Yield the imports from ``modal.file_io``."""
    for statement in module.index.imports:
        if isinstance(statement, ast.ImportFrom) and statement.module == "modal.file_io" and not statement.level:
            yield statement
