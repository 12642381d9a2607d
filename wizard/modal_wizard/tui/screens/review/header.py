"""What the review says of its section as a whole: how far it is, and that nothing of it is in sight."""

from __future__ import annotations

from itertools import chain

from textual.content import Content

from modal_transforms.core.model import Section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import Tally
from modal_wizard.text.grammar import decided
from modal_wizard.tui.widgets.fit import bar


def section_line(section: Section, tally: Tally, chip: Content, width: int) -> Content:
    """Return the line at the top, as much of it as finds room; ``chip`` is a word on what is not in sight."""
    full, rest = bar(tally.decided, tally.total, 12)
    parts: list[tuple[str | Content, ...]] = [
        (Content.styled(section.heading, ".here"), chip),
        ("   ", Content.styled(full, ".bar"), Content.styled(rest, ".bar-rest")),
        (f" {tally.decided:,} of {tally.total:,} decided",),
        (Content.styled("   ◉ ready to commit: c" if tally.is_ready else "", ".ready"),),
        (Content.styled(f"   {section.breaks}", ".dim"),),
    ]
    lines = [Content.assemble(*chain(*some)) for some in (parts, parts[:4], [parts[0], *parts[2:4]])]
    return next((line for line in lines if line.cell_length <= width), lines[-1])


def nothing_here(migration: Migration, section: Section) -> Content:
    """Return what to say when none of the section's findings is in sight."""
    if migration.findings(section.slug):
        return Content.assemble(
            ("Nothing of this section fits the filter or the search.\n\n", ".warning"),
            "Press esc to see all.",
        )
    landings = [one for one in migration.session.landings if one.section == section.slug]
    lines = [
        f"● {one.commit[:7] or 'written'}  {decided(one.accepted, one.edited, 0, one.followed or 0)}\n"
        for one in landings
    ]
    return Content.assemble(("Nothing of this section is left.\n\n", ".landed"), *lines, "\nPress o for the others.")
