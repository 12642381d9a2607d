"""Arithmetic of byte patches: apply, compose, map offsets, and the small patches between two texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from msgspec import Struct

from modal_transforms.core.patterns import pattern

_TOKEN = pattern(rb"\w+|[^\S\r\n]+|\r\n|\r|\n|[^\w\s]|[\x80-\xff]+")


class Overlap(Exception):
    """Two patches want the same bytes; the message names the place."""


class Patch(Struct, frozen=True):
    """Replace bytes ``start`` to ``end`` (exclusive) by ``data``."""

    start: int
    end: int
    data: bytes


Piece = tuple[int, int] | bytes
"""Bytes of the original by offset, or new ones."""


def in_order(patches: Iterable[Patch]) -> list[Patch]:
    """Return the patches sorted and without repeats; raises `Overlap` where two of them collide.

    Insertions at one offset keep the order in which they were given.
    """
    unique = sorted(dict.fromkeys(patches), key=lambda patch: (patch.start, patch.end))
    for before, after in zip(unique, unique[1:], strict=False):
        if after.start < before.end:
            raise Overlap(f"two changes want bytes {after.start} to {before.end}")
    return unique


def apply(data: bytes, patches: Iterable[Patch]) -> bytes:
    """Return the data with all patches applied; raises `Overlap` where two of them collide."""
    pieces = _pieces(len(data), patches)
    return b"".join(piece if isinstance(piece, bytes) else data[piece[0] : piece[1]] for piece in pieces)


def compose(size: int, first: Iterable[Patch], second: Iterable[Patch]) -> list[Patch]:
    """Return patches of the original (``size`` bytes) that do what ``first`` does and then ``second``.

    Offsets of ``second`` count in the result of ``first``.
    """
    pieces = _pieces(size, first)
    for patch in reversed(in_order(second)):
        left, rest = _split(pieces, patch.start)
        _, right = _split(rest, patch.end - patch.start)
        pieces = [*left, patch.data, *right]
    return _patches(size, pieces)


def map_offset(patches: Sequence[Patch], offset: int) -> int | None:
    """Return where an offset of the original is in the result; ``None`` when its bytes were replaced."""
    shift = 0
    for patch in in_order(patches):
        if patch.end > offset:
            return None if patch.start < offset or (patch.start == offset and patch.end > offset) else offset + shift
        shift += len(patch.data) - (patch.end - patch.start)
    return offset + shift


def between(old: bytes, new: bytes, base: int = 0) -> list[Patch]:
    """Return small patches, token by token, that turn ``old`` (at offset ``base``) into ``new``."""
    return _matched(_TOKEN.findall(old), _TOKEN.findall(new), base)


def line_patches(old: bytes, new: bytes) -> list[Patch]:
    """Return patches, line by line, between two states of a file of which nothing else is known."""
    return _matched(old.splitlines(keepends=True), new.splitlines(keepends=True), 0)


def _matched(before: list[bytes], after: list[bytes], base: int) -> list[Patch]:
    from modal_transforms.core.alignment import changed

    starts = [*accumulate(map(len, before), initial=base)]
    return [Patch(starts[a], starts[b], b"".join(after[c:d])) for a, b, c, d in changed(before, after)]


def _pieces(size: int, patches: Iterable[Patch]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for patch in in_order(patches):
        pieces += ((at, patch.start), patch.data)
        at = patch.end
    return [*pieces, (at, size)]


def _split(pieces: list[Piece], offset: int) -> tuple[list[Piece], list[Piece]]:
    for index, piece in enumerate(pieces):
        length = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        if offset < length:
            if isinstance(piece, bytes):
                return [*pieces[:index], piece[:offset]], [piece[offset:], *pieces[index + 1 :]]
            middle = piece[0] + offset
            return [*pieces[:index], (piece[0], middle)], [(middle, piece[1]), *pieces[index + 1 :]]
        offset -= length
    return list(pieces), []


def _patches(size: int, pieces: list[Piece]) -> list[Patch]:
    patches: list[Patch] = []
    at, data = 0, b""
    for piece in [*pieces, (size, size)]:
        if isinstance(piece, bytes):
            data += piece
            continue
        if piece[0] > at or data:
            patches.append(Patch(at, piece[0], data))
        at, data = piece[1], b""
    return patches
