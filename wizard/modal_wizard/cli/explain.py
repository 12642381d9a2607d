"""``modal-wizard explain``: a section in our own words."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from modal_wizard.cli.arguments import slug

if TYPE_CHECKING:
    from modal_transforms.core.model import Section

DESCRIPTION = "Tell what a section of the migration is about."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``explain`` takes."""
    parser.add_argument("slug", nargs="?", metavar="SLUG", type=slug, help="the section; all are listed without it")


def run(options: argparse.Namespace) -> int:
    """Print one section, or the list of all of them."""
    from modal_transforms.sections import by_group, every_section, section

    if options.slug is None:
        slugs, titles = (max(len(getattr(each, of)) for each in every_section()) for of in ("slug", "title"))
        for group, sections in by_group(every_section()):
            print(group.value)
            for each in sections:
                print(f"{each.number or '':>4}  {each.slug:<{slugs}}  {each.title:<{titles}}  {each.breaks}")
            print()
        print("modal-wizard explain SLUG tells more of one.")
        return 0
    print(_whole(section(options.slug)))
    return 0


def _whole(section: Section) -> str:
    import textwrap

    return "\n\n".join(
        [
            f"{section.label}. {section.title}",
            textwrap.fill(section.what, 88),
            textwrap.fill(section.why, 88),
            f"{section.when.capitalize()}.",
            "Before:\n" + textwrap.indent(section.before, "    "),
            "After:\n" + textwrap.indent(section.after, "    "),
            f"Guide: {section.link}",
        ]
    )
