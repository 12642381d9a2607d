"""Lines and columns in the file on disk, for tools that know nothing of the cells of a notebook."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.model import Site
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import Unreadable
from modal_wizard.migration.migration import Migration


class Region(Struct, frozen=True):
    """A region of a text file: lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def region(migration: Migration, site: Site) -> Region | None:
    """Return the region of a site in its file; in a notebook, the place in the JSON where its text begins.

    ``None`` where a notebook no longer has that text.
    """
    if site.cell is None:
        return Region(site.line, site.column, site.end_line, site.end_column)
    source = migration.source(site.path)
    try:
        lifted = source.lifted([Patch(site.span.start, site.span.start, b"\0")])
    except (Unreadable, ValueError):
        return None
    if not lifted:
        return None
    before = source.raw[: lifted[0].start]
    line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return Region(line, column, line, column + 1)
