"""The keyword of ``Cls.with_options``, which set the target as well as the limit."""

from __future__ import annotations

import ast

from modal_transforms.core.model import AddArgument, Applicability, Change, Choice, Finding, Replace, Span
from modal_transforms.sections.concurrent.argument import IGNORED, KEYWORD, NONE, Keyword, indented, shown, written

MESSAGE = f"{KEYWORD} of with_options is now the method with_concurrency"
EFFECT = "The same: with_options gave the number to the limit and to the target."


def on_options(given: Keyword) -> Finding:
    """State what becomes of the keyword of one ``Model.with_options(...)``."""
    module, call = given.module, given.call
    alone = not call.args and len(call.keywords) == 1
    if given.is_none:
        choice = Choice("delete", "delete it", NONE, (_whole(given) if alone else given.removal(),))
        return module.finding(
            given.section, "concurrent-unused", given.place, IGNORED, Applicability.SAFE, (choice,), given.evidence
        )
    text, doubt = written(given)
    text = indented(module, given.place.start, text)
    if any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr)) for node in ast.walk(given.item.value)):
        doubt += " The value is worked out twice."
    label = f"with_concurrency(max_inputs={shown(text)}, target_inputs={shown(text)})"
    changes = _renamed(given, text) if alone else _chained(given, text)
    return module.finding(
        given.section,
        "concurrent-options",
        given.place,
        MESSAGE,
        Applicability.REVIEW,
        (Choice("method", label, EFFECT, changes),),
        given.evidence,
        doubt.strip(),
    )


def _whole(given: Keyword) -> Change:
    """Take ``.with_options(...)`` out."""
    assert isinstance(given.call.func, ast.Attribute)
    source = given.module.source
    return Replace(given.path, Span(source.span(given.call.func.value).end, source.span(given.call).end), "")


def _renamed(given: Keyword, text: str) -> tuple[Change, ...]:
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
