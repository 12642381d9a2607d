"""What reads like old Modal code and is left alone, and why: asked for by itself, never while files are scanned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec.structs import replace

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import FileReport, Finding, LookAlike, Span
from modal_transforms.look_alikes.uses import uses
from modal_transforms.modal_api.spellings import LookAlikePlace, Spellings
from modal_transforms.prefilter import says_modal
from modal_transforms.sections import GUIDE
from modal_transforms.sections.unknown_api import untold

__all__ = ["left_alone", "may_look_alike"]

_LONGEST = 20_000
"""A longer string is data, not words about code."""


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
            yield from _texts(module, re.compile(spelling.in_text), f"; {spelling.now}" if spelling.now else "")
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


def _texts(module: Module, pattern: re.Pattern[str], more: str = "") -> Iterator[LookAlikePlace]:
    """Yield where a file's comments and strings hold what a pattern finds; ``more`` is said of words about code."""
    for start, text in module.once(_comments):
        yield from _matches(module, pattern, text, start, f"a comment: nothing runs it{more}")
    for node in module.index.strings:
        if len(str(node.value)) > _LONGEST or not pattern.search(str(node.value)) or _is_key(module, node):
            continue
        span = module.source.span(node)
        reason = f"a docstring: nothing runs it{more}" if _is_alone(module, node) else "a string: text here, not a call"
        yield from _matches(module, pattern, module.source.slice(span), span.start, reason)


def _comments(module: Module) -> list[tuple[int, str]]:
    return [*comments(module.source)]


def _matches(module: Module, pattern: re.Pattern[str], text: str, start: int, reason: str) -> Iterator[LookAlikePlace]:
    """Yield the first match of each line."""
    lines = {text.count("\n", 0, match.start()): match for match in reversed([*pattern.finditer(text)])}
    for match in reversed(lines.values()):
        first = start + len(module.source.encode(text[: match.start()]))
        yield LookAlikePlace(Span(first, first + len(module.source.encode(match[0]))), reason)


def _is_alone(module: Module, node: ast.Constant) -> bool:
    return isinstance(module.index.parents[node], ast.Expr)


def _is_key(module: Module, node: ast.Constant) -> bool:
    around = module.index.parents[node]
    return isinstance(around, ast.Dict) and node in around.keys
