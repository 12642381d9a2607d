"""What reads like old Modal code and is left alone, and why: asked for by itself, never while files are scanned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    FileReport,
    Finding,
    LookAlike,
    Span,
)
from modal_transforms.look_alikes.texts import texts
from modal_transforms.look_alikes.uses import uses
from modal_transforms.modal_api.spellings import LookAlikePlace, Spellings
from modal_transforms.prefilter import says_modal
from modal_transforms.sections import GUIDE
from modal_transforms.sections.unknown_api import untold

__all__ = ["left_alone", "may_look_alike"]


def may_look_alike(data: bytes) -> bool:
    """Tell, without parsing, whether a Python file can hold a look-alike."""
    return says_modal(data) or any(word in data for word in _distinct())


@cache
def _distinct() -> tuple[bytes, ...]:
    spellings = [spelling for rule in GUIDE for spelling in rule.spellings.words]
    return tuple(sorted({word.encode() for spelling in spellings for word in spelling.distinct}))


def left_alone(module: Module, report: FileReport, elsewhere: Iterable[Finding] = ()) -> tuple[LookAlike, ...]:
    """Return what a file holds that reads like old uses and is none, in order, what comments silence included.

    ``elsewhere`` are findings of other files, which may reach into this one.
    """
    everywhere = [*report.findings, *(each for each in elsewhere if module.source.path in each.paths)]
    taken = {span for finding in everywhere for span in finding.touches(module.source.path)}
    taken |= {each.site.span for each in report.left_alone}
    found = [*report.left_alone]
    if _has_to_do_with_modal(module):
        found += [each for each in untold(module) if not any(_overlap(each.site.span, other) for other in taken)]
    for rule in GUIDE:
        slug = rule.slug
        finds = any(finding.section == slug for finding in everywhere)
        places = [place for place in _places(module, rule.spellings) if place.reason and not (place.weak and finds)]
        for place in _one_each(sorted(places, key=lambda place: place.span)):
            if not any(_overlap(place.span, other) for other in taken):
                found.append(LookAlike(slug, module.source.site(place.shown or place.span), place.reason))
    return tuple(sorted(found, key=lambda each: (each.site.span, each.section)))


def _places(module: Module, spellings: Spellings) -> Iterator[LookAlikePlace]:
    says = _has_to_do_with_modal(module)
    for spelling in spellings.words:
        yield from uses(module, spelling if says else replace(spelling, words=spelling.distinct))
        if says and spelling.in_text:
            yield from texts(module, re.compile(spelling.in_text), f"; {spelling.now}" if spelling.now else "")
    if spellings.others is not None:
        yield from spellings.others(module)


def _has_to_do_with_modal(module: Module) -> bool:
    """Tell whether a file imports Modal, by itself or through others, or something that is called like it."""
    if b"modal" not in module.source.data:
        return module.project is not None and module.project.reaches_modal(module.source.path)
    named = [getattr(node, "module", "") or "" for node in module.index.imports]
    named += [alias.name for node in module.index.imports for alias in node.names]
    known = any("modal" in name.split(".") for name in named) or module.source.shown
    return known or (module.project is not None and module.project.reaches_modal(module.source.path))


def _one_each(places: Iterable[LookAlikePlace]) -> Iterator[LookAlikePlace]:
    """Yield the places that do not lie within the one before."""
    end = -1
    for place in places:
        if place.span.end > end:
            end = place.span.end
            yield place


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
