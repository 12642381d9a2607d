"""The ways to say by ``modal.concurrent`` and ``with_concurrency`` what the keyword said."""

from __future__ import annotations

import ast

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Ask, Change, Choice, RemoveArgument, Replace, Span
from modal_transforms.modal_api.option_keys import Key
from modal_transforms.sections.concurrent.argument import NONE, ONE, Keyword, is_one, remarks, shown, value_text
from modal_transforms.sections.concurrent.targets import (
    Decorated,
    Receiver,
    Wrapped,
    added,
    has_own,
    is_method,
    means_the_same,
)

EXACT = "The same: max_inputs alone is what the keyword did."
EFFECT = "The same: with_options gave the number to the limit and to the target."


def decorator_choice(given: Keyword, found: tuple[Receiver, ...], text: str) -> Choice:
    """Return the choice to put ``modal.concurrent`` on what a decorator decorates, with ``text`` as its value."""
    where = "under the decorator" if isinstance(found[0], Decorated) else "around the function"
    return Choice("decorator", f"modal.concurrent(max_inputs={shown(text)}) {where}", EXACT, _moved(given, found, text))


def deletion(given: Keyword, label: str, effect: str) -> Choice:
    """Return the choice to delete the keyword, and the comments that are about it alone."""
    comments = remarks(given).spans
    return Choice("delete", f"{label}, with its comment" if comments else label, effect, (given.removal(comments),))


def several(given: Keyword, found: tuple[Receiver, ...]) -> Choice:
    """Return the choice to put ``modal.concurrent`` there with a number that the person gives."""
    ask = Ask("inputs", "Inputs that a container takes at a time", "2", r"[1-9]\d*")
    effect = "A container takes this many inputs at a time, until now one."
    changes = _moved(given, found, ask.placeholder)
    return Choice("decorator", "modal.concurrent with a number that you give", effect, changes, (ask,))


def _moved(given: Keyword, found: tuple[Receiver, ...], text: str) -> tuple[Change, ...]:
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
    rest = source.slice(Span(end, source.line_at(end).end)).rstrip("\r\n")
    return None if rest.strip(") \t,") else end + len(source.encode(rest.rstrip()))


def delete_option(given: Keyword, alone: bool) -> Choice:
    """Return the choice to delete the keyword of ``with_options``, and the call where it is given nothing else."""
    return Choice("delete", "delete it", NONE, (_without_options(given) if alone else given.removal(),))


def _without_options(given: Keyword) -> Change:
    """Take ``.with_options(...)`` out."""
    assert isinstance(given.call.func, ast.Attribute)
    source = given.module.source
    return Replace(given.path, Span(source.span(given.call.func.value).end, source.span(given.call).end), "")


def options_choice(given: Keyword, text: str, alone: bool) -> Choice:
    """Return the choice to call ``with_concurrency``; ``alone`` tells that ``with_options`` is given nothing else."""
    label = f"with_concurrency(max_inputs={shown(text)}, target_inputs={shown(text)})"
    return Choice("method", label, EFFECT, _renamed_options(given, text) if alone else _chained(given, text))


def _renamed_options(given: Keyword, text: str) -> tuple[Change, ...]:
    source = given.module.source
    end = source.span(given.call.func).end
    return (
        Replace(given.path, Span(end - len("with_options"), end), "with_concurrency"),
        Replace(given.path, given.argument, f"max_inputs={text}"),
        AddArgument(given.path, source.span(given.call), f"target_inputs={text}"),
    )


def _chained(given: Keyword, text: str) -> tuple[Change, ...]:
    end = given.module.source.span(given.call).end
    link = f".with_concurrency(max_inputs={text}, target_inputs={text})"
    return (given.removal(), Replace(given.path, Span(end, end), link))


def is_open(module: Module, key: Key, receiver: Receiver) -> bool:
    """Tell whether the value of a key can be written where a function or class is decorated."""
    return not is_method(receiver) and means_the_same(module, key.value, receiver)


def dict_choice(module: Module, key: Key, decorated: list[Receiver]) -> Choice:
    """Return the choice to take a key out of its dict and to decorate what the dict reaches."""
    source = module.source
    assert key.entry is not None
    text = value_text(module, Span(source.span(key.value).start, key.entry.end))
    changes: list[Change] = [RemoveArgument(source.path, source.span(key.dict), key.entry)]
    for receiver in decorated:
        if not has_own(receiver) and not says_nothing(key.value):
            changes += added(receiver, text)
    if says_nothing(key.value):
        effect = NONE if not is_one(key.value) else ONE
        return Choice("delete", "delete it from the dict", effect, tuple(changes))
    places = f"{len(decorated)} places" if len(decorated) > 1 else "one place"
    label = f"modal.concurrent(max_inputs={shown(text)}) in {places}, no longer in the dict"
    return Choice("decorator", label, EXACT, tuple(changes))


def says_nothing(value: ast.expr) -> bool:
    """Tell whether a value is ``None``, or 1 as it is by default."""
    return is_one(value) or (isinstance(value, ast.Constant) and value.value is None)
