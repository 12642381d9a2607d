"""Take back what was committed: a commit that reverses it, its findings open again, the decisions about them kept."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from modal_transforms.core.model import FileReport
from modal_transforms.core.patches import Patch, between, line_patches, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.formats import open_source
from modal_transforms.rewrite.rewrite import Rewritten
from modal_wizard.files.change import FileChange
from modal_wizard.migration.identity import carried
from modal_wizard.migration.rewrites import moved_edits
from modal_wizard.session.decisions import Decision, PinsRaised, SectionWritten, TakenBack

if TYPE_CHECKING:
    from modal_wizard.migration.migration import Migration

Reports = Mapping[str, FileReport]
Latest = Mapping[str, Decision]


def note_taken_back(
    migration: Migration,
    taken: SectionWritten | PinsRaised,
    files: Sequence[FileChange],
    originals: Mapping[str, bytes],
    by: str,
) -> None:
    """Note that a commit was reversed by another one, and scan again: its findings are open, decided as before.

    ``originals`` are the files as they were before the section was written, where its findings were.
    """
    before, session = migration.scanned.reports, migration.session
    migration.rescan()
    written = taken if isinstance(taken, SectionWritten) else SectionWritten("")
    renamed = found_again(written, files, originals, before, migration.scanned.reports)
    migration.rename(renamed)
    session.take_back(TakenBack(written.section, taken.commit, by, tuple(renamed.items())))
    session.amend(edits_again(session.latest, written, files, originals, session.landed()))
    if migration.store is not None:
        migration.store.note_written(migration, [change.path for change in files])


def note_brought_back(migration: Migration) -> None:
    """Note that what was written without a commit is as it was before, and scan again."""
    session, before = migration.session, migration.scanned.sources
    loose = [landing for landing in session.landings if not landing.commit]
    for landing in loose:
        session.take_back(TakenBack(landing.section, "", ""))
    migration.written.clear()
    migration.rescan()
    after = [source for path, source in migration.scanned.sources.items() if before.get(path) != source]
    session.amend(edits_brought_back(session.latest, loose, before, after))


def found_again(
    taken: SectionWritten, files: Sequence[FileChange], originals: Mapping[str, bytes], before: Reports, after: Reports
) -> dict[str, str]:
    """Return identity now -> the first one, of all findings in files that a section was taken back in.

    ``originals`` are the files as they were before the section was written, where its findings were.
    """
    renamed: dict[str, str] = {}
    for change in files:
        old, new = before.get(change.path), after.get(change.path)
        if new is None:
            continue
        now = {(finding.rule, finding.site.span.start): finding.id for finding in new.findings}
        patches = _between(change.path, originals[change.path], change.after).patches
        for identity, rule, path, start in taken.places or ():
            place = rule, map_offset(patches, start)
            if path == change.path and place in now:
                renamed[now[place]] = identity
        if old is not None:
            renamed |= carried(old.findings, new.findings, change.patches)
    return {later: first for later, first in renamed.items() if later != first}


def edits_again(
    latest: Latest,
    taken: SectionWritten,
    files: Sequence[FileChange],
    originals: Mapping[str, bytes],
    landed: Container[str],
) -> dict[str, Decision]:
    """Return the decisions with a person's text in files that a section was taken back in, as they are about them now.

    Texts of the section itself are about ``originals``, those that wait about the files before it was taken back.
    """
    own = {key: made for key, made in latest.items() if key in taken.findings}
    others = {key: made for key, made in latest.items() if key not in own}
    since = (_between(change.path, originals[change.path], change.after) for change in files)
    now = (_between(change.path, change.before, change.after) for change in files)
    return {**moved_edits(others, now, landed), **moved_edits(own, since, ())}


def edits_brought_back(
    latest: Latest, loose: Sequence[SectionWritten], before: Mapping[str, SourceFile], after: Iterable[SourceFile]
) -> dict[str, Decision]:
    """Return the decisions with a person's text in files that were brought back, as they are about them now.

    ``loose`` are the sections that were brought back. Texts of the first one are about the files as they are again;
    those of a later one are about a state between, and are undecided where it wrote into the same file.
    """
    again = [Rewritten(old, new, _patches(old, new)) for new in after if (old := before.get(new.path)) is not None]
    paths = {result.before.path for result in again}
    first = loose[0].findings if loose else ()
    later = {key for landing in loose[1:] for key in landing.findings}
    waiting = {key: made for key, made in latest.items() if key not in first and key not in later}
    lost = {key: Decision() for key in later if (made := latest.get(key)) and made.typed and made.typed.path in paths}
    return {**moved_edits(waiting, again, ()), **lost}


def _between(path: str, old: bytes, new: bytes) -> Rewritten:
    before, after = open_source(path, old), open_source(path, new)
    return Rewritten(before, after, _patches(before, after))


def _patches(before: SourceFile, after: SourceFile) -> tuple[Patch, ...]:
    """Return what differs, word by word within the lines that do."""
    lines = line_patches(before.data, after.data)
    return tuple(small for one in lines for small in between(before.data[one.start : one.end], one.data, one.start))
