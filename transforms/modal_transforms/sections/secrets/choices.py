"""The ways to write one secret as a list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import DictEntry, keyword_name, requoted
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.core.model import Change, Choice, RemoveArgument, Replace, Span

_NONE = "None at run time."


def is_secret(module: Module, value: ast.expr) -> bool:
    """Tell whether a value is surely a secret, or one of two branches is, and the other ``None``."""
    if isinstance(value, ast.IfExp):
        branches = [branch for branch in (value.body, value.orelse) if not is_none(branch)]
        return bool(branches) and all(is_secret(module, branch) for branch in branches)
    return module.symbol(value) == "modal.Secret()"


def listed(module: Module, given: ast.keyword | DictEntry) -> Choice:
    """Return the choice to write ``secrets=[X]``; a condition stays outside the list."""
    changes = (_named(module, given), *_wrapped(module, given.value))
    return Choice("list", "write secrets=[...]", _NONE, changes)


def listed_if_any(module: Module, given: ast.keyword) -> Choice:
    """Return the choice to write ``secrets=[X] if X else []``."""
    text = module.source.written(given.value)
    end = module.source.span(given.value).end
    tail = Replace(module.source.path, Span(end, end), f"] if {text} else []")
    head, *_ = _wrapped_whole(module, given.value)
    effect = "Where it is None, no secret is given."
    return Choice("if-any", f"write secrets=[{text}] if {text} else []", effect, (_named(module, given), head, tail))


def deleted(module: Module, call: ast.Call, given: ast.keyword) -> Choice:
    """Return the choice to take ``secret=None`` out."""
    change = RemoveArgument(module.source.path, module.source.span(call), module.source.span(given))
    return Choice("delete", "delete secret=None", _NONE, (change,))


def joined(module: Module, call: ast.Call, given: ast.keyword, others: ast.keyword) -> Choice:
    """Return the choice to put a secret before those of ``secrets=``, where it has been so far."""
    path, source = module.source.path, module.source
    text = source.written(given.value)
    changes: list[Change] = [RemoveArgument(path, source.span(call), source.span(given))]
    value = source.span(others.value)
    if isinstance(others.value, ast.List):
        start = value.start + 1
        changes.append(Replace(path, Span(start, start), f"{text}, " if others.value.elts else text))
    else:
        changes.append(Replace(path, Span(value.start, value.start), f"[{text}, *"))
        changes.append(Replace(path, Span(value.end, value.end), "]"))
    return Choice("join", "put it into the list of secrets=", _NONE, tuple(changes))


def _named(module: Module, given: ast.keyword | DictEntry) -> Replace:
    if isinstance(given, DictEntry):
        return Replace(module.source.path, given.key, requoted(module, given, "secrets"))
    return Replace(module.source.path, keyword_name(module, given), "secrets")


def _wrapped(module: Module, value: ast.expr) -> Iterator[Replace]:
    if not isinstance(value, ast.IfExp):
        yield from _wrapped_whole(module, value)
        return
    for branch in (value.body, value.orelse):
        if is_none(branch):
            yield Replace(module.source.path, module.source.span(branch), "[]")
        else:
            yield from _wrapped(module, branch)


def _wrapped_whole(module: Module, value: ast.expr) -> tuple[Replace, Replace]:
    path, span = module.source.path, module.source.span(value)
    return Replace(path, Span(span.start, span.start), "["), Replace(path, Span(span.end, span.end), "]")
