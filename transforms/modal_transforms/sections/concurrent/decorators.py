"""The keyword of ``app.function`` and ``app.cls``, as decorators and called directly."""

from __future__ import annotations

from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Span
from modal_transforms.sections.concurrent.argument import IGNORED, MESSAGE, NONE, Keyword, remarks, shown, written
from modal_transforms.sections.concurrent.targets import (
    Decorated,
    Receiver,
    Wrapped,
    added,
    has_own,
    is_method,
    means_the_same,
    receivers,
)

EXACT = "The same: max_inputs alone is what the keyword did."
METHOD = (
    "Modal refuses it on methods: give the limit to the class, with @modal.concurrent(max_inputs=…) under @app.cls."
)
ELSEWHERE = (
    "Take it out, and put @modal.concurrent(max_inputs=…) directly under every decorator that this makes, or "
    "modal.concurrent(max_inputs=…)(f) around the function that it is given."
)


def on_decorator(given: Keyword) -> Finding:
    """State what becomes of the keyword of one ``app.function(...)`` or ``app.cls(...)``."""
    if given.is_none:
        return _deleted(given, "delete it", NONE)
    found = receivers(given.module, given.call)
    own = [has_own(receiver) for receiver in found]
    if found and all(own):
        effect = "None at run time: beside @modal.concurrent the keyword has been ignored."
        return _deleted(given, "delete it: @modal.concurrent is there already", effect)
    if any(is_method(receiver) for receiver in found):
        return _manual(given, METHOD)
    reachable = all(means_the_same(given.module, given.item.value, receiver) for receiver in found)
    if not found or any(own) or not reachable:
        return _manual(given, ELSEWHERE)
    text, doubt = written(given)
    single = len(found) == 1 and isinstance(found[0], Decorated)
    where = "under the decorator" if isinstance(found[0], Decorated) else "around the function"
    choice = Choice(
        "decorator", f"modal.concurrent(max_inputs={shown(text)}) {where}", EXACT, _changes(given, found, text)
    )
    return given.module.finding(
        given.section,
        "concurrent-value" if doubt else "concurrent" if single else "concurrent-call",
        given.place,
        MESSAGE,
        Applicability.SAFE if single and not doubt else Applicability.REVIEW,
        (choice,),
        given.evidence,
        doubt,
    )


def _changes(given: Keyword, found: tuple[Receiver, ...], text: str) -> tuple[Change, ...]:
    """Return what moves the value, and the comments about it, to where it has to be."""
    if len(found) > 1:
        return (given.removal(), *(change for receiver in found for change in added(receiver, text)))
    notes, receiver = remarks(given), found[0]
    if isinstance(receiver, Decorated):
        return (given.removal(notes.spans), *added(receiver, text, notes))
    end = _free_line_end(receiver)
    if not notes.beside or end is None:
        return (given.removal(), *added(receiver, text))
    beside = Replace(given.path, Span(end, end), f"  {notes.beside}")
    return (given.removal(notes.spans[-1:]), *added(receiver, text), beside)


def _free_line_end(receiver: Wrapped) -> int | None:
    """Return the end of the line on which a function is given to a decorator, where nothing but brackets follows."""
    source = receiver.module.source
    end = source.span(receiver.argument).end
    rest = source.slice(Span(end, source.line_span(source.line_of(end)).end)).rstrip("\r\n")
    return None if rest.strip(") \t,") else end + len(source.encode(rest.rstrip()))


def _deleted(given: Keyword, label: str, effect: str) -> Finding:
    choice = Choice("delete", label, effect, (given.removal(),))
    return given.module.finding(
        given.section, "concurrent-unused", given.place, IGNORED, Applicability.SAFE, (choice,), given.evidence
    )


def _manual(given: Keyword, advice: str) -> Finding:
    return given.module.finding(
        given.section, "concurrent-elsewhere", given.place, MESSAGE, Applicability.MANUAL, (), given.evidence, advice
    )
