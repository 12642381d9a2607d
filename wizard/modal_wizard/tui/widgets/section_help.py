"""What the overview says below its table: a section, or that there is nothing to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from textual.content import Content
from textual.visual import Visual

from modal_transforms.core.model import Section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.requirements import still_old
from modal_wizard.reports.api_uses import sentence
from modal_wizard.session.decisions import Status
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.code import highlighted
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs

FILES = 40
"""More files than this are counted, not listed."""


def about(section: Section, migration: Migration) -> Visual:
    """Return what a section is about, where it was found, and its small example."""
    findings = migration.findings(section.slug)
    sites = [site for finding in findings for site in finding.sites]
    files = Counter(site.path for site in sites)
    entries = [
        Paragraph("What", Content(section.what)),
        Paragraph("Why", Content(section.why)),
        Paragraph("When", Content(section.when)),
    ]
    if sites:
        places = f"{counted(len(sites), 'place')} in {counted(len(files), 'file')}"
        entries.append(Paragraph("Here", Content(f"{counted(len(findings), 'finding')} ({places})")))
    return Paragraphs([*entries, *example(section), *_where(files)])


def _where(files: Counter[str]) -> Iterator[Paragraph]:
    """Yield the files with how many places each has; the last line says how many more there are."""
    yield Paragraph("", Content(""))
    for number, (path, count) in enumerate([*files.items()][:FILES]):
        line = Content.assemble(visible(path, "␉"), (f"  {count}" if count > 1 else "", ".dim"))
        yield Paragraph("" if number else "Files", line)
    if len(files) > FILES:
        yield Paragraph("", Content.styled(f"and {len(files) - FILES} more", ".dim"))


@cache
def example(section: Section) -> tuple[Paragraph, ...]:
    """Return the section's own before and after."""
    before, after = (highlighted(text.split("\n")) for text in (section.before, section.after))
    return (
        Paragraph("", Content("")),
        *(Paragraph("Before" if number == 0 else "", line) for number, line in enumerate(before)),
        *(Paragraph("After" if number == 0 else "", line) for number, line in enumerate(after)),
    )


def nothing_found(migration: Migration) -> Visual:
    """Return a friendly word for a repository that needs nothing."""
    looked = migration.scanned.files
    if not migration.scanned.python:
        return Content("There are no Python files here, so there is nothing to migrate.")
    if not migration.scanned.api.uses:
        return Content(f"No Modal code found: {counted(looked, 'file')} looked at. Nothing was changed.")
    return Content.assemble(
        ("This repository is ready for Modal 1.x.\n\n", ".landed"),
        f"{counted(looked, 'file')} looked at, nothing of the old API found. Nothing was changed.",
        f"\n{sentence(migration.scanned.api, migration.scope.goal.target)}",
    )


def nothing_left(migration: Migration) -> Visual:
    """Return a word for a repository in which everything was migrated or skipped."""
    skipped = [f for f in migration.findings() if migration.decision(f).status is Status.SKIPPED]
    left = f"{counted(len(skipped), 'finding')} skipped. " if skipped else ""
    old = still_old(migration.scanned)
    done = "Everything is decided." if skipped else "All done." if old else "This repository is ready for Modal 1.x."
    still = f"{old}: m, then p raises it. " if old else ""
    said = f"{left}{still}Press m for the summary: what was done, what was left, and what comes next."
    return Content.assemble((f"{done}\n\n", ".landed"), said)
