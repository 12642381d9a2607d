"""What a person does themselves: the text of a finding's file in their own editor, and what became of a finding."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_transforms.core.patches import apply, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.parts import trimmed
from modal_wizard.migration.rewrites import core_patches
from modal_wizard.session.decisions import Decision, DoneByHand, ManualEdit, Status
from modal_wizard.text.line_ends import with_line_ends


def to_edit(migration: Migration, finding: Finding, choice: str) -> tuple[str, int]:
    """Return a finding's file after a choice, or after what was typed before, and the line to begin at, from 1.

    Raises `CannotRewrite`.
    """
    source = migration.source(finding.site.path)
    typed = [edit for edit in migration.decision(finding).edits if edit.path == source.path]
    line = finding.site.text_lines[0]
    if typed:
        data = source.data
        for edit in sorted(typed, key=lambda each: -each.start):
            data = data[: edit.start] + source.encode(edit.text) + data[edit.end :]
        return _decoded(source, data), line
    patches = core_patches(source, finding, Decision(Status.ACCEPTED, choice)) if choice else ()
    text = _decoded(source, apply(source.data, patches))
    moved = map_offset(patches, source.line_span(line).start)
    return text, line if moved is None else text.encode("utf-8")[:moved].count(b"\n") + 1


def as_edit(migration: Migration, finding: Finding, saved: str) -> ManualEdit:
    """Return a saved text of a finding's file as an edit of the lines that differ; those of the finding are among them.

    Raises `CannotRewrite` when the file's encoding has no way to write it, or nothing differs.
    """
    source = migration.source(finding.site.path)
    ended = with_line_ends(source.text, saved, source.newline)
    if ended == source.text:
        raise CannotRewrite("nothing differs from the file as it is")
    whole = ManualEdit(source.path, source.line_starts[0], len(source.data), ended)
    return trimmed(source, finding, whole)


def _decoded(source: SourceFile, data: bytes) -> str:
    return data.decode(source.encoding).replace("\r\n", "\n").replace("\r", "\n")


class LookedAgain(Struct, frozen=True):
    """What a second look at a finding's file told."""

    finding: Finding
    still: Finding | None
    """What is left of it, or of its kind; ``None`` when it is done."""

    @property
    def words(self) -> str:
        """What to say of it."""
        path = self.finding.site.path
        if self.still is None:
            return f"Done by hand: {path}:{self.finding.site.line} is not found any more."
        return f"It is still there: {path}:{self.still.site.line}: {self.still.message}"


def look_again(migration: Migration, finding: Finding) -> LookedAgain:
    """Look at the files again, and tell whether a finding is done: fewer of its kind are in its file."""
    before = len(_alike(migration, finding))
    if migration.store is None:
        for _ in migration.scan():
            pass
    else:
        migration.look_again()
    left = _alike(migration, finding)
    if len(left) < before:
        at = finding.site
        done = DoneByHand(finding.id, finding.section, at.path, at.line, finding.message)
        migration.session.note_by_hand(done)
        return LookedAgain(finding, None)
    nearest = min(left, key=lambda each: abs(each.site.line - finding.site.line), default=None)
    return LookedAgain(finding, nearest)


def _alike(migration: Migration, finding: Finding) -> list[Finding]:
    """Return the findings of the same rule in the same file."""
    several = migration.findings(finding.section)
    return [each for each in several if (each.rule, each.site.path) == (finding.rule, finding.site.path)]
