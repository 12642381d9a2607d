"""What is said of a call of the old file API."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span
from modal_transforms.modal_api.lookups.tokens import Method, method
from modal_transforms.sections.sandbox_files.choices import listing, making, removing, watching, whole_file
from modal_transforms.sections.sandbox_files.handle import work

_SIMPLE = {"ls": listing, "mkdir": making, "rm": removing, "watch": watching}
_NEW = {
    "open": "read_text(path), read_bytes(path), write_text(text, path), write_bytes(data, path)",
    "ls": "list_files(path), which gives FileInfo objects",
    "mkdir": "make_directory(path, create_parents=...)",
    "rm": "remove(path, recursive=...)",
    "watch": "watch(path, filter=..., recursive=..., timeout=...)",
}
_BY_HAND = (
    "Nothing is opened any more: a file is read or written as a whole. To append or to read in parts, read it, change "
    "the text, and write it."
)
_ABSOLUTE = "The path has to be absolute: filesystem refuses any other."
_ERRORS = {
    "FileNotFoundError": "SandboxFilesystemNotFoundError",
    "FileExistsError": "SandboxFilesystemPathAlreadyExistsError",
    "IsADirectoryError": "SandboxFilesystemIsADirectoryError",
    "NotADirectoryError": "SandboxFilesystemNotADirectoryError",
    "PermissionError": "SandboxFilesystemPermissionError",
    "OSError": "SandboxFilesystemError",
    "IOError": "SandboxFilesystemError",
    "FilesystemExecutionError": "SandboxFilesystemError",
}
"""What is raised in place of what the old methods raised; none of it is a subclass of that."""

_OLD = ("open", "ls", "mkdir", "rm", "watch")
_EVENTS = frozenset({"FileWatchEvent", "FileWatchEventType"})
"""What ``modal.file_io`` had and ``modal.types`` has."""


def call_finding(found: Method) -> Finding:
    """State that a call of an old method has to be another one."""
    module, old = found.module, found.attribute.attr
    choices = _choices(found)
    advice = [_caught(module, found.call)]
    if choices:
        rule, level = f"sandbox-{old}", Applicability.REVIEW
        advice.append("" if _starts_with(argument(found.call, 0, "path"), "/") else _ABSOLUTE)
    else:
        rule, level = f"sandbox-{old}-by-hand", Applicability.MANUAL
        advice = [f"Write sb.filesystem.{_NEW[old]}.", _BY_HAND if old == "open" else "", _ABSOLUTE, *advice]
    return module.finding(
        rule,
        found.name or module.source.span(module.index.statement(found.call)),
        f"Sandbox.{old} is refused by Modal's server since August 2026, for every SDK, and gone from 1.6.0 on",
        level,
        choices,
        explain(module, found.attribute.value),
        " ".join(each for each in advice if each),
    )


def _choices(found: Method) -> tuple[Choice, ...]:
    call, module = found.call, found.module
    path = argument(call, 0, "path")
    spread = any(isinstance(each, ast.Starred) for each in call.args) or any(item.arg is None for item in call.keywords)
    in_text = any(isinstance(around, ast.JoinedStr) for around in module.index.ancestors(call))
    if path is None or spread or in_text or found.name is None or _is_relative(path):
        return ()
    if found.attribute.attr != "open":
        needs_await = found.attribute.attr != "watch" and found.is_aio and found.awaited is None
        return () if needs_await and found.attribute.attr == "ls" else _SIMPLE[found.attribute.attr](found)
    used = work(found)
    return whole_file(found, used) if used is not None else ()


def _starts_with(path: ast.expr | None, text: str) -> bool:
    first = path.values[0] if isinstance(path, ast.JoinedStr) and path.values else path
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith(text)


def _is_relative(path: ast.expr) -> bool:
    """Tell whether a path is written out and not absolute."""
    return _starts_with(path, "") and not _starts_with(path, "/")


def _caught(module: Module, call: ast.Call) -> str:
    """Return what to catch instead, where a ``try`` around the call catches what is not raised any more."""
    inside: ast.AST = call
    for around in module.index.ancestors(call):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return ""
        if isinstance(around, ast.Try) and inside in around.body:
            caught = [node for handler in around.handlers if handler.type for node in ast.walk(handler.type)]
            names = [getattr(node, "id", getattr(node, "attr", "")) for node in caught]
            new = dict.fromkeys(_ERRORS[name] for name in names if name in _ERRORS)
            if new:
                return f"The try around it has to catch {', '.join(f'modal.exception.{each}' for each in new)}."
        inside = around
    return ""


def import_finding(module: Module, statement: ast.ImportFrom) -> Finding:
    """State that ``modal.file_io`` is gone; what describes events is in ``modal.types``."""
    source = module.source
    names = {alias.name for alias in statement.names}
    whole = source.span(statement)
    at = whole.start + source.slice(whole).index("modal.file_io")
    place = Span(at, at + len("modal.file_io"))
    if names <= _EVENTS:
        move = Replace(source.path, place, "modal.types")
        choice = Choice(
            "types",
            "import them from modal.types",
            "The same names. Needs modal 1.5.2 or newer.",
            (move,),
            needs="1.5.2",
        )
        message = "modal.file_io is gone in 1.6.0; its events are in modal.types"
        return module.finding("sandbox-events", place, message, Applicability.REVIEW, (choice,))
    return module.finding(
        "sandbox-file-io",
        place,
        "modal.file_io is gone in 1.6.0",
        Applicability.MANUAL,
        advice=f"Delete the import of {', '.join(sorted(names - _EVENTS))}: files are text or bytes now. {_BY_HAND}",
    )


def old_calls(module: Module) -> Iterator[Method]:
    """Yield the calls of the old methods, in source order."""
    for call in module.index.calls:
        for name in _OLD:
            found = method(module, call, name)
            if found is not None and module.symbol(found.attribute.value) == "modal.Sandbox()":
                yield found


def old_imports(module: Module) -> Iterator[ast.ImportFrom]:
    """Yield the imports from ``modal.file_io``."""
    for statement in module.index.imports:
        if isinstance(statement, ast.ImportFrom) and statement.module == "modal.file_io" and not statement.level:
            yield statement
