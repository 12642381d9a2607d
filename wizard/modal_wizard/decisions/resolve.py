"""From an entry of a file of decisions to the decision about a finding that it stands for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from msgspec import UNSET

from modal_transforms.core.model import Choice, Finding
from modal_transforms.core.patches import Overlap, Patch, apply
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.formats import open_source
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.decisions.model import DecisionEntry, FileEdit
from modal_wizard.decisions.read import nearest
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.rewrites import file_edits
from modal_wizard.migration.values import not_a_value
from modal_wizard.migration.verify_edit import recheck
from modal_wizard.session.decisions import Decision, ManualEdit, Status


class StaleEdit(CannotRewrite):
    """The text that is to be edited is not the one that the edit was made for."""


def decision_of(entry: DecisionEntry, finding: Finding, migration: Migration) -> Decision:
    """Return the decision about a finding that an entry stands for.

    Raises `CannotRewrite` where the finding does not offer it, and `StaleEdit` where its text is another one.
    """
    bulk, note = entry.id is UNSET, entry.note or ""
    if entry.skip is not UNSET:
        return Decision(Status.SKIPPED, reason=entry.skip, bulk=bulk, note=note)
    choice = entry.choice or ""
    values = tuple((entry.values or {}).items())
    if choice:
        check_values(offered(finding, choice), dict(values))
    if entry.edits is UNSET:
        return Decision(Status.ACCEPTED, choice, values, bulk=bulk, note=note)
    typed = _typed(entry.edits, finding, migration)
    decision = Decision(Status.EDITED, choice, values, typed, note=note)
    result = migration.rewritten(finding, decision)[typed.path]
    try:
        recheck(migration.scanned, migration.analysis.as_if, finding, typed, result)
    except CannotRewrite as error:
        raise CannotRewrite(f"the edits leave it: {error}") from None
    return decision


def offered(finding: Finding, key: str) -> Choice:
    """Return a choice of a finding; raises `CannotRewrite`, with the nearest, where it offers none of that key."""
    keys = [choice.key for choice in finding.choices]
    if key not in keys:
        there = nearest(key, keys) if keys else "; it offers none, by hand or skip is what is left"
        raise CannotRewrite(f"{finding.rule} offers no choice {key!r} here{there}")
    return finding.choice(key)


def check_values(choice: Choice, values: Mapping[str, str]) -> None:
    """Raise `CannotRewrite` for a value that a choice does not ask for, does not take, or does not get."""
    asked = [ask.key for ask in choice.asks]
    for key in values:
        if key not in asked:
            raise CannotRewrite(f"the choice {choice.key!r} asks for no {key!r}{nearest(key, asked)}")
    for ask in choice.asks:
        if not re.fullmatch(ask.pattern, value := values.get(ask.key, ask.default)):
            raise CannotRewrite(not_a_value(ask, value).removesuffix("."))


def _typed(edits: Sequence[FileEdit], finding: Finding, migration: Migration) -> ManualEdit:
    """Return edits of a file on disk as the text that a person would have typed over the lines that they are in."""
    path = edits[0].path
    if path != finding.site.path:
        raise CannotRewrite(f"the edits are in {path}, and the finding is in {finding.site.path}")
    source = migration.source(path)
    if edits[0].sha256 != source.sha256:
        raise StaleEdit(f"{path} has changed: its sha256 begins with {source.sha256[:12]}; scan it again")
    if any(each.end > len(source.raw) for each in edits):
        raise CannotRewrite(f"an edit ends beyond the end of {path}, which has {len(source.raw)} bytes")
    return _over_lines(source, finding, _edited(source, edits))


def _edited(source: SourceFile, edits: Sequence[FileEdit]) -> SourceFile:
    """Return a file with edits of its bytes made; raises `CannotRewrite` where it cannot say them."""
    try:
        patches = [Patch(each.start, each.end, source.encode(each.text)) for each in edits]
        after = open_source(source.path, apply(source.raw, patches))
        after.text  # noqa: B018 - reads it
    except UnicodeEncodeError as error:
        raise CannotRewrite(f"it cannot be written in {error.encoding}, the encoding of the file") from None
    except (Unreadable, Overlap, ValueError) as error:
        raise CannotRewrite(f"the result would not parse: {error}") from None
    return after


def _over_lines(source: SourceFile, finding: Finding, after: SourceFile) -> ManualEdit:
    """Return all lines that differ between two states of a file, and those of the finding, as one text."""
    old, new = source.data, after.data
    same = len(os.path.commonprefix([old, new]))
    tail = len(os.path.commonprefix([old[same:][::-1], new[same:][::-1]]))
    sites = [site.span for site in finding.sites if site.path == source.path]
    start = min(same, *(span.start for span in sites))
    end = max(len(old) - tail, *(span.end for span in sites))
    first = source.line_at(start).start
    last = source.line_at(max(start, end - 1)).end
    text = new[first : last + len(new) - len(old)]
    return ManualEdit(source.path, first, last, text.decode(source.encoding.removesuffix("-sig")))


def as_file_edits(source: SourceFile, typed: ManualEdit) -> list[FileEdit]:
    """Return a person's text as edits of a file on disk: what `decision_of` takes."""
    return [FileEdit(each.path, source.sha256, each.start, each.end, each.text) for each in file_edits(source, typed)]
