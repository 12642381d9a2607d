"""The decisions of a session as a file that ``--decisions`` takes: here, or on another clone of the same files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import UNSET, UnsetType

from modal_transforms.core.model import Finding
from modal_wizard.decisions.lookup import later_names
from modal_wizard.decisions.model import VERSION, DecisionEntry, FileEdit
from modal_wizard.decisions.resolve import as_file_edits
from modal_wizard.migration.migration import Migration
from modal_wizard.session.decisions import Decision, SectionWritten, Status
from modal_wizard.session.mute import MUTED


def as_text(entries: list[DecisionEntry]) -> str:
    """Return entries as a file, a line each."""
    lines = ",\n".join(f"  {json.dumps(msgspec.to_builtins(entry))}" for entry in entries)
    return f'{{"version": {VERSION}, "decisions": [\n{lines}\n]}}\n'


def exported(migration: Migration) -> tuple[list[DecisionEntry], int]:
    """Return what was decided, written or not, and how many decisions about what is not there any more are left out.

    Findings go by the ids that they have in a clone of what the first section was written to.
    """
    session = migration.session
    texts = _Texts(migration)
    entries = [DecisionEntry(rule=rule, skip=MUTED) for rule in sorted(session.muted)]
    lost = 0
    for key, made in session.latest.items():
        if made.status is Status.PENDING or (made.reason == MUTED and made.status is Status.SKIPPED):
            continue
        entry = texts.entry(key, made)
        lost += entry is None
        entries += [entry] if entry is not None else []
    return entries, lost


class _Texts:
    """What a session says of the files that its decisions are about."""

    def __init__(self, migration: Migration) -> None:
        self._migration, landings = migration, migration.session.landings
        self._found = {finding.id: finding for finding in migration.findings()}
        self._written = {key: number for number, each in enumerate(landings) for key in each.findings}
        self._edits = dict(_written_edits(landings))
        self._appeared = {key: each.section for each in landings for key in each.appeared or ()}
        written = landings or migration.session.taken_back
        self._now = {} if written else {first: later[-1] for first, later in later_names(migration).items()}
        """The ids of the text as it is, which is the one that a clone has while nothing is written."""

    def entry(self, key: str, made: Decision) -> DecisionEntry | None:
        """Return a decision as an entry; ``None`` where what it is about is not there any more."""
        finding, written = self._found.get(key), self._written.get(key)
        if finding is None and written is None:
            return None
        edits = self._edits_of(key, made, finding)
        if made.status is Status.EDITED and edits is UNSET:
            return None
        return DecisionEntry(
            id=self._now.get(key, key),
            path=finding.site.path if finding is not None else UNSET,
            choice=made.choice or UNSET,
            values=dict(made.values) or UNSET,
            skip=made.reason if made.status is Status.SKIPPED else UNSET,
            edits=edits,
            after=self._after(key, written, edits),
            note=made.note or UNSET,
        )

    def _edits_of(self, key: str, made: Decision, finding: Finding | None) -> list[FileEdit] | UnsetType:
        if made.status is not Status.EDITED:
            return UNSET
        if key in self._edits:
            return self._edits[key]
        if made.typed is None or finding is None:
            return UNSET
        source = self._migration.source
        return [each for edit in made.edits for each in as_file_edits(source(edit.path), edit)] or UNSET

    def _after(self, key: str, written: int | None, edits: object) -> str | UnsetType:
        """Return the section after which a finding is there, or after which its text is the one that was edited."""
        landings = self._migration.session.landings
        before = len(landings) if written is None else written
        if edits is not UNSET and before:
            return landings[before - 1].section
        return self._appeared.get(key, UNSET)


def _written_edits(landings: list[SectionWritten]) -> Iterator[tuple[str, list[FileEdit]]]:
    found: dict[str, list[FileEdit]] = {}
    for landing in landings:
        for each in landing.typed or ():
            edit = FileEdit(each.path, each.sha256, each.start, each.end, each.text)
            found.setdefault(each.finding, []).append(edit)
    yield from found.items()


def counts(entries: list[DecisionEntry]) -> Mapping[str, int]:
    """Return how many entries take a choice, an edit, or skip."""
    edited = sum(entry.edits is not UNSET for entry in entries)
    skipped = sum(entry.skip is not UNSET for entry in entries)
    return {"accepted": len(entries) - edited - skipped, "edited": edited, "skipped": skipped}
