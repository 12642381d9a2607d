"""``modal-wizard explain``: a section of the guide in our own words."""

from __future__ import annotations

import textwrap

from modal_transforms.core.model import Section
from modal_transforms.sections import every_section, section


def run(slug: str | None) -> int:
    """Print one section, or the list of all of them."""
    if slug is None:
        for each in every_section():
            print(f"{each.number:>2}  {each.slug:<17} {each.title:<42} breaks in {each.breaks_in}")
        print("\nmodal-wizard explain SLUG tells more of one.")
        return 0
    print(_whole(section(slug)))
    return 0


def _whole(section: Section) -> str:
    return "\n\n".join(
        [
            f"{section.number}. {section.title}",
            textwrap.fill(section.what, 88),
            textwrap.fill(section.why, 88),
            f"Warns since {section.since}, breaks in {section.breaks_in}.",
            "Before:\n" + textwrap.indent(section.before, "    "),
            "After:\n" + textwrap.indent(section.after, "    "),
            f"Guide: {section.link}",
        ]
    )
