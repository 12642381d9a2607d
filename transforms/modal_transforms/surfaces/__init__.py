"""Where Modal is written: Python files, notebooks, documents, and files that hold command lines."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from modal_transforms.source import SourceFile
from modal_transforms.surfaces.command_files import CommandFile, extractor
from modal_transforms.surfaces.documents import SUFFIXES, Document
from modal_transforms.surfaces.notebook import Notebook

NOTEBOOK = ".ipynb"
_COMMAND = re.compile(rb"\b(?:run|deploy|serve|shell)\b")
_CODE = re.compile(rb"\bimport\s+modal\b|\bfrom\s+modal\b|\bmodal\.|@(?:app|stub)\.")


def is_looked_at(path: str) -> bool:
    """Tell, by its name alone, whether a file may hold Modal code or commands."""
    pure = PurePosixPath(path)
    if path.endswith(".py") or pure.suffix.lower() in SUFFIXES or path.endswith(NOTEBOOK):
        return True
    return extractor(path) is not None or not pure.suffix


def may_hold(path: str, data: bytes) -> bool:
    """Tell, without parsing, whether a file that is not Python can hold anything of interest."""
    if b"modal" not in data and b"MODAL" not in data:
        return False
    if path.endswith(NOTEBOOK):
        return _CODE.search(data) is not None or _COMMAND.search(data) is not None
    if PurePosixPath(path).suffix.lower() in SUFFIXES and _CODE.search(data):
        return True
    return _COMMAND.search(data) is not None and (_is_document(path) or extractor(path, data) is not None)


def may_require(path: str, data: bytes) -> bool:
    """Tell, without parsing, whether a file can say which version of modal it wants; Python says it in strings."""
    return b"modal" in data and (not path.endswith(".py") or b'"modal' in data or b"'modal" in data)


def is_python(path: str, data: bytes = b"") -> bool:
    """Tell whether a file is a Python file, by its name or by its first line."""
    return path.endswith(".py") or (
        not PurePosixPath(path).suffix and re.match(rb"#![^\n]*\bpython[\d.]*\s", data) is not None
    )


def _is_document(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in SUFFIXES


def open_source(path: str, data: bytes) -> SourceFile:
    """Return a file by what it is; raises `Unreadable` for a notebook that is none."""
    if is_python(path, data):
        return SourceFile(path, data)
    if path.endswith(NOTEBOOK):
        return Notebook(path, data)
    if _is_document(path):
        return Document(path, data)
    kind = extractor(path, data)
    return CommandFile(path, data, *kind) if kind else SourceFile(path, data)
