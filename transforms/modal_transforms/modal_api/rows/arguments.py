"""Rename an argument, or take it out with its comma."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import DictEntry, keyword, requoted, splatted
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.unread import drop_unread
from modal_transforms.core.model import Applicability, Choice, Finding, RemoveArgument, Replace
from modal_transforms.modal_api.api_uses import ApiUse
from modal_transforms.modal_api.option_keys import said_elsewhere
from modal_transforms.modal_api.rows.table import ArgumentRow


def argument_finding(module: Module, row: ArgumentRow, use: ApiUse, call: ast.Call) -> Finding:
    """State that a call names an argument which a row is about, itself or by a dict that it takes by ``**``."""
    given = given_argument(module, call, row.old)
    choice = _choice(module, row, call, given)
    applicability, advice = row.applicability, row.advice
    value = given.value if given is not None else None
    if isinstance(given, DictEntry):
        applicability = Applicability.REVIEW
        advice = f"{advice} Check that nothing else reads {row.old} from this dict.".lstrip()
    elif row.only_for is not None and not (isinstance(value, ast.Constant) and value.value in row.only_for):
        applicability = Applicability.REVIEW
    if choice is None:
        applicability = Applicability.MANUAL
        advice = _by_hand(row) if not advice or row.new else advice
    return module.finding(
        row.rule,
        use.place(module),
        row.said,
        applicability,
        (choice,) if choice is not None and applicability is not Applicability.MANUAL else (),
        explain(module, call.func),
        advice,
        since=row.since,
        breaks_in=row.breaks_in,
    )


def given_argument(module: Module, call: ast.Call, name: str) -> ast.keyword | DictEntry | None:
    """Return what gives a call an argument: a keyword, or an entry of a dict that it takes by ``**``."""
    item = keyword(call, name)
    return item or next((entry for entry in splatted(module, call) if entry.name == name), None)


def _choice(module: Module, row: ArgumentRow, call: ast.Call, given: ast.keyword | DictEntry | None) -> Choice | None:
    """Return the choice that does what a row says; ``None`` where a person has to do it."""
    path, source = module.source.path, module.source
    if given is None or (row.new and given_argument(module, call, row.new)):
        return None
    if row.new:
        if isinstance(given, DictEntry):
            places = said_elsewhere(module, given)
            changes = (
                Replace(path, given.key, requoted(module, given, row.new)),
                *(place.renamed(row.old, row.new) for place in places),
            )
        else:
            start = source.span(given).start
            changes = (Replace(path, source.span(given)._replace(end=start + len(row.old.encode())), row.new),)
        return Choice("rename", f"rename to {row.new}", row.effect, changes, needs=row.needs)
    if isinstance(given, ast.keyword):
        gone = RemoveArgument(path, source.span(call), source.span(given))
        return Choice("delete", "delete it", row.effect, (gone, *drop_unread(module, given.value)))
    if given.container is None or given.argument is None or said_elsewhere(module, given):
        return None
    return Choice("delete", "delete the entry", row.effect, (RemoveArgument(path, given.container, given.argument),))


def _by_hand(row: ArgumentRow) -> str:
    return f"Both are given: keep one of them, as {row.new}." if row.new else f"Do not give {row.old} here."
