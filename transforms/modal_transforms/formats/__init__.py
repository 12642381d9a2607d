"""Where Modal is written: Python files, notebooks, documents, and files that hold command lines."""

from __future__ import annotations

import re

from modal_transforms.core.command_line import OTHER_COMMANDS
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.file_kinds import NOTEBOOK, command_kind, is_document, is_looked_at, is_python

__all__ = ["NOTEBOOK", "is_looked_at", "is_python", "may_hold", "may_require", "open_source"]

_COMMAND = pattern(
    rb"\b(?:run|deploy|serve|shell)\b|modal[\"'\s,]+(?:" + OTHER_COMMANDS.encode() + rb")\b"
    rb"|MODAL_(?:ASYNC_WARNINGS|DEFAULT_CLOUD)\b|requires-python|^python[ \t]*=",
    re.MULTILINE,
)
_NAMED = pattern(rb"modal(?<![\w./-]modal)(?!\w)")
"""The name as requirements have it, which is no part of another."""
_CODE = pattern(rb"import(?<!\wimport)\s+modal\b|from(?<!\wfrom)\s+modal\b|modal(?<!\wmodal)\.|@(?:app|stub)\.")
"""Each begins with a letter, and not with ``\\b``: so most of what a notebook put out is passed over at once."""
_OLD_NAMES = pattern(
    rb"`[^`\n]*(?:keep_warm|concurrency_limit|container_idle_timeout|allow_concurrent_inputs|web_endpoint|"
    rb"copy_local_(?:dir|file)|\.lookup|gpu\.|modal\.Stub)"
)
"""Old names in a document's prose, which shows them as code."""


def may_hold(path: str, data: bytes) -> bool:
    """Tell, without parsing, whether a file that is not Python can hold anything of interest."""
    if is_document(path) and b"odal" in data and _OLD_NAMES.search(data):
        return True
    if b"modal" not in data and b"MODAL" not in data:
        return False
    if path.endswith(NOTEBOOK):
        return _CODE.search(data) is not None or _COMMAND.search(data) is not None
    if is_document(path) and _CODE.search(data):
        return True
    return _COMMAND.search(data) is not None and (is_document(path) or command_kind(path, data) is not None)


def may_require(path: str, data: bytes) -> bool:
    """Tell, without parsing, whether a file can say which version of modal it wants; Python says it in strings."""
    if _NAMED.search(data) is None:
        return False
    return not path.endswith(".py") or any(word in data for word in (b'"modal', b"'modal", b" install ", b" add "))


def open_source(path: str, data: bytes) -> SourceFile:
    """Return a file by what it is; raises `Unreadable` for a notebook that is none."""
    if is_python(path, data):
        return SourceFile(path, data)
    if path.endswith(NOTEBOOK):
        from modal_transforms.formats.notebook import Notebook

        return Notebook(path, data)
    if is_document(path):
        from modal_transforms.formats.document import Document

        return Document(path, data)
    from modal_transforms.formats.command_files import CommandFile, extractor

    kind = extractor(path, data)
    return CommandFile(path, data, *kind) if kind else SourceFile(path, data)
