"""Renamed and removed names and arguments: a section whose rows are all data has ``find = rows over its table``."""

from __future__ import annotations

from modal_transforms.modal_api.rows.arguments import given_argument
from modal_transforms.modal_api.rows.find import calls_of, find_rows, uses_of
from modal_transforms.modal_api.rows.names import imported_reads
from modal_transforms.modal_api.rows.table import NO_EFFECT, ArgumentRow, NameRow, Row, Table

__all__ = [
    "NO_EFFECT",
    "ArgumentRow",
    "NameRow",
    "Row",
    "Table",
    "calls_of",
    "find_rows",
    "given_argument",
    "imported_reads",
    "uses_of",
]
