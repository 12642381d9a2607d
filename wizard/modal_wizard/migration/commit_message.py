"""The message of a section's commit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from modal_transforms.core.model import Section
from modal_transforms.sections import Group, group_of
from modal_wizard.migration.preview import Preview

WIDTH = 72
MOST_FILES = 20
"""More files than this are counted, not listed."""
_ERAS = {Group.BEFORE: "0.x", Group.GUIDE: "1.0", Group.AFTER: "1.x"}
"""Which changes of the SDK the sections of a group deal with."""


def subject_of(section: Section) -> str:
    """Return the first line of a section's commit."""
    return f"Modal {_ERAS[group_of(section.slug)]}: {section.subject}"


def commit_message(preview: Preview) -> str:
    """Return subject and body: what and why, the files, how many were accepted, edited and skipped, the guide."""
    section = preview.section
    parts = [
        subject_of(section),
        textwrap.fill(section.what, WIDTH, break_long_words=False),
        textwrap.fill(section.why, WIDTH, break_long_words=False),
        "\n".join(_files(preview)),
        f"Changes: {preview.counts}.",
        f"Guide: {section.link}",
    ]
    return "\n\n".join(parts) + "\n"


def _files(preview: Preview) -> Iterator[str]:
    """Yield the files, at most so many that a message stays one that is read; the commit names them all."""
    yield "Files:"
    many = len(preview.files)
    listed = many if many <= MOST_FILES else MOST_FILES - 1
    yield from (f"  {_one_line(change.path)}" for change in preview.files[:listed])
    if many > listed:
        yield f"  and {many - listed} more"


def _one_line(path: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in path)
