"""Headings of Markdown that are written anew, and the links that go to them by what they say."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern

_HEADING = pattern(
    r"^ {0,3}(?:#{1,6}[ \t]+(?P<said>[^\n]*?)[ \t]*#*[ \t]*|(?P<above>[^\n]*\S)[ \t]*\n {0,3}(?:=+|-+)[ \t]*)$", re.M
)
_NO_PART = pattern(r"[^\w\- ]")
_LINK = pattern(r"(?<=\]\()#[^\s)]+|(?<=\]: )#\S+|(?<=\bhref=[\"'])#[^\s\"']+")

Names = Mapping[Span, tuple[str, str, str]]
"""What is renamed, by its place: the old name, the new one, and what holds it."""


def with_links(module: Module, found: Names) -> Names:
    """Return what is renamed in a document, with the links to the headings that it changes.

    A heading that another document links to, or that is there more than once, stays as it is.
    """
    if not module.source.path.endswith((".md", ".mdx", ".markdown")):
        return found
    kept = dict(found)
    for text, starts in module.source.prose():
        headings = [(match, match.lastgroup or "") for match in _HEADING.finditer(text)]
        slugs = [_slug(match[group]) for match, group in headings]
        for (match, group), slug in zip(headings, slugs, strict=True):
            inside = _inside(found, starts, *match.span(group))
            if not inside:
                continue
            if slugs.count(slug) > 1 or _is_linked_from_elsewhere(module, slug):
                kept = {span: names for span, names in kept.items() if span not in inside.values()}
                continue
            kept |= dict(_links(text, starts, slug, _slug(_renamed(match[group], match.start(group), inside, found))))
    return kept


def _slug(heading: str) -> str:
    """Return what a link to a heading says after the ``#``."""
    return _NO_PART.sub("", heading.strip().lower()).replace(" ", "-")


def _inside(found: Names, starts: Sequence[int], begin: int, end: int) -> dict[tuple[int, int], Span]:
    """Return what is renamed between two characters, by the characters of each."""
    places = {(bisect_left(starts, span.start), bisect_left(starts, span.end)): span for span in found}
    return {place: span for place, span in sorted(places.items()) if begin <= place[0] and place[1] <= end}


def _renamed(heading: str, begin: int, inside: Mapping[tuple[int, int], Span], found: Names) -> str:
    for (start, end), span in reversed(list(inside.items())):
        heading = heading[: start - begin] + found[span][1] + heading[end - begin :]
    return heading


def _is_linked_from_elsewhere(module: Module, slug: str) -> bool:
    if module.project is None:
        return False
    link = f"{posixpath.basename(module.source.path)}#{slug}".encode()
    return any(path != module.source.path for path in module.project.holding(link, _is_document))


def _is_document(path: str) -> bool:
    return path.endswith((".md", ".mdx", ".markdown", ".rst", ".txt", ".ipynb", ".py"))


def _links(text: str, starts: Sequence[int], old: str, new: str) -> Iterator[tuple[Span, tuple[str, str, str]]]:
    for match in _LINK.finditer(text):
        if match[0] == f"#{old}" and new != old:
            yield Span(starts[match.start()], starts[match.end()]), (match[0], f"#{new}", "the text")
