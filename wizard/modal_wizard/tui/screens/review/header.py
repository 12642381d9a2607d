"""What the review says of its section as a whole: how far it is, and that nothing of it is in sight."""

from __future__ import annotations

from textual.content import Content

from modal_transforms.core.model import Section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import Tally
from modal_wizard.text.grammar import decided
from modal_wizard.tui.widgets.fit import bar


def section_line(section: Section, tally: Tally, chip: Content) -> Content:
    """Return the line at the top; ``chip`` is a word on what is not in sight."""
    full, rest = bar(tally.decided, tally.total, 12)
    return Content.assemble(
        (section.heading, ".here"),
        chip,
        ("   ", ""),
        (full, ".bar"),
        (rest, ".bar-rest"),
        f" {tally.decided} of {tally.total} decided",
        ("   ◉ ready to commit: c", ".ready") if tally.is_ready else "",
        (f"   {section.breaks}", ".dim"),
    )


def nothing_here(migration: Migration, section: Section) -> Content:
    """Return what to say when none of the section's findings is in sight."""
    if migration.findings(section.slug):
        return Content.assemble(
            ("Nothing of this section fits the filter or the search.\n\n", ".warning"),
            "Press esc to see all.",
        )
    landings = [one for one in migration.session.landings if one.section == section.slug]
    lines = [f"● {one.commit[:7] or 'written'}  {decided(one.accepted, one.edited, 0)}\n" for one in landings]
    return Content.assemble(("Nothing of this section is left.\n\n", ".landed"), *lines, "\nPress o for the others.")
