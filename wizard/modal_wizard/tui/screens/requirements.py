"""What the screens say of the versions of modal that the repository asks for, and the question of raising them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from modal_transforms.core.model import EVERY_VERSION, Finding
from modal_transforms.modal_api.history import version_key
from modal_transforms.requirements import Pin
from modal_wizard.files.change import FileChange
from modal_wizard.migration import requirements
from modal_wizard.migration.horizon import Due, dated, installed
from modal_wizard.migration.requirements import raising
from modal_wizard.migration.write import FrontEnd
from modal_wizard.process.signals import cancellable
from modal_wizard.reports.horizon import asked_for, headline, short_headline
from modal_wizard.session.decisions import PinsRaised, SectionWritten
from modal_wizard.text.diff import unified
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.screens.commit.run import Outcome, head_now, writer

if TYPE_CHECKING:
    from modal_wizard.migration.loose import LooseFiles
    from modal_wizard.tui.host import Host


def horizon_line(host: Host, width: int) -> Content:
    """Return the overview's line on what is broken now, next and later; where nothing is left, on what is asked for.

    It says as much as finds room. Empty before the scan is over, and where nothing was found and nothing old is asked
    for.
    """
    findings = host.migration.findings() if host.scanned else []
    if findings:
        seen, asked = host.forecast, f" · {told}" if (told := asked_for(host.pins)) else ""
        style = ".warning" if seen.counts(findings)[Due.NOW] else ""
        full, short = (visible(words(seen, findings)) for words in (headline, short_headline))
        ways = [
            Content.assemble((said, style), (more, ".dim"))
            for said, more in ((full, asked), (short, asked), (short, ""))
        ]
        return next((line for line in ways if line.cell_length <= width), ways[-1])
    old = any(pin.is_before(host.scope.goal.target) for pin in host.pins)
    return Content.styled(f"Nothing is left that breaks · {asked_for(host.pins)}", ".dim") if old else Content("")


def when(finding: Finding, pins: Sequence[Pin]) -> Content:
    """Return since when what was found warns, when it breaks, and whether the repository is there; empty if unknown."""
    section = dated(finding)
    said = section.when if section.since or section.breaks_in else ""
    if not pins or section.breaks_in in {"", EVERY_VERSION}:
        return Content(said)
    pin = next((pin for pin in pins if pin.may_break(section)), pins[0])
    name, has = visible(pin.text), installed(tuple(pins), finding.site.path)
    if pin.breaks(section):
        return Content.assemble(said, (f"; {name} is past that: it fails already", ".warning"))
    if version_key(section.breaks_in) <= version_key(has):
        return Content.assemble(said, (f"; modal {has} is installed: it fails already", ".warning"))
    if pin.may_break(section):
        return Content.assemble(said, (f"; {name} allows that version: the next install may break it", ".warning"))
    return Content.assemble(said, (f"; {name} stays below that", ".dim"))


def question(files: Sequence[FileChange], undecided: int, target: str) -> Question:
    """Return the question whether to raise what is asked for, with the exact change; no is advised over findings."""
    texts = [(change.path, _text(change.before), _text(change.after)) for change in files]
    asked = requirements.question(files, target, undecided) + (" Enter says no." if undecided else "")
    return Question(asked, "\n".join(unified(texts)), declines=bool(undecided))


def raise_pins(app: Host, files: Sequence[FileChange], front_end: FrontEnd) -> Outcome:
    """Commit what raises the versions that are asked for.

    Raises `WizardError` or `OSError`, nothing is changed then.
    """
    with cancellable():
        made = writer(app, front_end).commit_requirements(files)
    words = f"Raised {raising(files, app.migration.scope.goal.target)}, commit {made.short}."
    return Outcome(words, head_now(app), commit=made.short)


def back_question(taken: SectionWritten | PinsRaised, files: Sequence[FileChange]) -> Question:
    """Return the question whether to take a commit back, with the exact change."""
    texts = [(change.path, _text(change.before), _text(change.after)) for change in files]
    opens = " Its findings are open again then; your decisions are kept." if isinstance(taken, SectionWritten) else ""
    return Question(f"Take {taken.commit[:7]} back in a new commit?{opens}", "\n".join(unified(texts)))


def restore_question(files: LooseFiles) -> Question:
    """Return the question whether to bring back what was written without a commit, with the exact change."""
    texts = [(change.path, _text(change.before), _text(change.after)) for change in files.changes]
    stays = "".join(f"\n  {commit}" for commit in files.stays)
    commits = f"These commits stay:{stays}\n\n" if stays else ""
    many = counted(len(files.changes), "file")
    return Question(f"Bring {many} back as before, written without a commit?", commits + "\n".join(unified(texts)))


def bring_back(app: Host, files: LooseFiles, front_end: FrontEnd) -> Outcome:
    """Bring them back; raises `WizardError` or `OSError`, nothing is changed then."""
    writer(app, front_end).bring_back(files)
    return Outcome(f"{counted(len(files.changes), 'file')} brought back.", head_now(app))


def take_back(app: Host, taken: SectionWritten | PinsRaised, front_end: FrontEnd) -> Outcome:
    """Commit what reverses a commit of ours; raises `WizardError` or `OSError`, nothing is changed then."""
    with cancellable():
        made = writer(app, front_end).take_back(taken)
    return Outcome(f"{taken.commit[:7]} is taken back, commit {made.short}.", head_now(app), commit=made.short)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
