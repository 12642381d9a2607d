"""Versions of files as git keeps them, and as its index has them."""

from __future__ import annotations

from msgspec import Struct


class Blob(Struct, frozen=True):
    """One version of a file as git keeps it."""

    mode: str
    sha: str


class IndexEntry(Struct, frozen=True):
    """What the index has of a file: how ``git ls-files -v`` tags it, and which version; none of an unmerged one."""

    tag: str
    blob: Blob | None
