"""The message of a section's commit."""

from __future__ import annotations

import textwrap

from modal_wizard.migration.migration import Preview

WIDTH = 72


def commit_message(preview: Preview) -> str:
    """Return subject and body: what and why, the files, how many were accepted, edited and skipped, the guide."""
    section = preview.section
    counts = [
        f"{len(preview.accepted)} accepted",
        f"{len(preview.edited)} edited",
        f"{len(preview.skipped)} skipped",
    ]
    parts = [
        f"Modal 1.0: {section.subject}",
        textwrap.fill(section.what, WIDTH, break_long_words=False),
        textwrap.fill(section.why, WIDTH, break_long_words=False),
        "Files:\n" + "\n".join(f"  {_one_line(change.path)}" for change in preview.files),
        "Changes: " + ", ".join(counts) + ".",
        f"Guide: {section.link}",
    ]
    return "\n\n".join(parts) + "\n"


def _one_line(path: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in path)
