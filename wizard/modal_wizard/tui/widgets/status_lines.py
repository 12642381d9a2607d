"""The lines that say where one is: repository, branch, state; and how the scan goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from modal_wizard.reports.api_uses import brief
from modal_wizard.scan.discover import ScanScope
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.fit import bar, shortened

if TYPE_CHECKING:
    from modal_wizard.migration.migration import Migration

BAR = 16


def short(path: Path) -> str:
    """Return a path with the home folder as ``~``, safe to show."""
    try:
        shown = f"~/{path.relative_to(Path.home())}".removesuffix("/.")
    except (ValueError, RuntimeError):
        shown = str(path)
    return visible(shown, "␉")


def context_line(scope: ScanScope, head: str, width: int) -> Content:
    """Return the line at the top of the overview: what is looked at, and branch and state in words."""
    room = width - len("modal-wizard") - cell_len(head) - 8
    where = shortened(short(scope.root / scope.inside), room)
    return Content.assemble(("modal-wizard", ".here"), f"  {where}  ", (head, ".dim"))


def scan_line(done: int, total: int) -> Content:
    """Return the line that says how many files the scan has looked at, of how many."""
    full, rest = bar(done, total, BAR)
    return Content.assemble(
        "scanning  ", (full, ".bar"), (rest, ".bar-rest"), f"  {done} of {total} files" if total else ""
    )


def decided_line(migration: Migration, width: int) -> Content:
    """Return the line that says how far the person is, when the scan is over; without a bar where it is too wide."""
    tallies = [migration.tally(section.slug) for section in migration.sections]
    found = sum(tally.total for tally in tallies)
    decided = sum(tally.decided for tally in tallies)
    full, rest = bar(decided, found, BAR)
    drawn = Content.assemble((full, ".bar"), (rest, ".bar-rest"), " ") if found else Content("")
    parts: list[str | tuple[str, str]] = [f"{decided:,} of {found:,} decided · "] if found else []
    parts.append(f"{counted(migration.scanned.files, 'file')} looked at")
    if migration.problems:
        parts.append((f" · {counted(len(migration.problems), 'file')} not read: f", ".warning"))
    elif migration.scanned.skipped:
        parts.append((f" · {len(migration.scanned.skipped)} not looked at: f", ".dim"))
    if migration.session.muted:
        parts.append((f" · {counted(len(migration.session.muted), 'rule')} muted", ".warning"))
    parts.append((brief(migration.scanned.api, migration.scope.goal.target), ".dim"))
    if migration.scanned.ignored:
        parts.append((f" · {migration.scanned.ignored} ignored by comments", ".dim"))
    said = Content.assemble(*parts)
    return Content.assemble(drawn, said) if drawn.cell_length + said.cell_length <= width else said
