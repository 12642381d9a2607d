"""The message of a section's commit."""

from __future__ import annotations

import textwrap

from modal_transforms.core.model import Section
from modal_transforms.sections import Group, group_of
from modal_wizard.migration.migration import Preview

WIDTH = 72
_ERAS = {Group.BEFORE: "0.x", Group.GUIDE: "1.0", Group.AFTER: "1.x"}
"""Which changes of the SDK the sections of a group deal with."""


def subject_of(section: Section) -> str:
    """Return the first line of a section's commit."""
    return f"Modal {_ERAS[group_of(section.slug)]}: {section.subject}"


def commit_message(preview: Preview) -> str:
    """Return subject and body: what and why, the files, how many were accepted, edited and skipped, the guide."""
    section = preview.section
    counts = [
        f"{len(preview.accepted)} accepted",
        f"{len(preview.edited)} edited",
        f"{len(preview.skipped)} skipped",
    ]
    parts = [
        subject_of(section),
        textwrap.fill(section.what, WIDTH, break_long_words=False),
        textwrap.fill(section.why, WIDTH, break_long_words=False),
        "Files:\n" + "\n".join(f"  {_one_line(change.path)}" for change in preview.files),
        "Changes: " + ", ".join(counts) + ".",
        f"Guide: {section.link}",
    ]
    return "\n\n".join(parts) + "\n"


def _one_line(path: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in path)
