"""The whole text of a finding's file, as a person's own editor has it, and what they saved as an edit."""

from __future__ import annotations

from modal_transforms.core.model import Finding
from modal_transforms.core.patches import apply, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.parts import trimmed
from modal_wizard.migration.rewrites import core_patches
from modal_wizard.session.decisions import Decision, ManualEdit, Status
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
