"""The last screen: what was done, what was left and why, what comes next."""

from __future__ import annotations

from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.migration.requirements import changes
from modal_wizard.migration.write import FrontEnd
from modal_wizard.reports.account import Account, account, grouped
from modal_wizard.reports.markdown import as_markdown, muted_rules
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.preview import lends
from modal_wizard.tui.screens.commit.run import OnScreen, with_terminal
from modal_wizard.tui.screens.requirements import Raised, question, raise_pins
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs


class Summary(WizardScreen):
    """An account of the migration, to be read and to be copied."""

    steps_back = False

    BINDINGS = [
        Binding("m", "copy", "copy as Markdown", tooltip="Copy this account as Markdown, for a pull request"),
        Binding("p", "raise_pin", "raise the pin", tooltip="Require a modal of the 1.x line, as a commit of its own"),
        Binding("v", "verify", "verify", tooltip="Import what uses Modal under the real SDK, before and now"),
        Binding("o,escape", "overview", "overview", key_display="o", tooltip="Back to the sections"),
        Binding("j", "scroll(1)", "scroll down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll(-1)", "scroll up", show=False, tooltip="Scroll up"),
    ]

    def compose(self) -> ComposeResult:
        """One long text."""
        yield Static(Content.styled("Summary", ".here"), id="context")
        with VerticalScroll(id="summary"):
            yield Static(id="done")
            yield Static(id="remaining")
            yield Static(id="next")
        yield KeyBar()

    def show(self) -> None:
        """Bring the account up to date."""
        found = account(self.wizard.migration)
        self.query_one("#done", Static).update(_done(found))
        self.query_one("#remaining", Static).update(_left(found))
        self.query_one("#next", Static).update(_next(found))

    def action_copy(self) -> None:
        """Copy as Markdown."""
        self.app.copy_to_clipboard(as_markdown(account(self.wizard.migration)))
        self.wizard.tell("Copied as Markdown.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to raise the pin only where there is an old one and a repository to commit to."""
        if action == "raise_pin":
            return self.wizard.repository is not None and any(pin.is_old and pin.editable for pin in self.wizard.pins)
        return True

    @work(thread=True, exclusive=True, group="preview")
    def action_raise_pin(self) -> None:
        """Ask, and raise what is asked for of modal as the last commit."""
        migration = self.wizard.migration
        files, aside = changes(migration.scope), lends(self.wizard)
        undecided = sum(migration.tally(section.slug).pending for section in migration.sections)

        def answered(yes: bool | None) -> None:
            if yes:
                self.busy = True
                if aside:
                    self.call_after_refresh(self._raise_aside, files)
                else:
                    self._raise(files)

        if files:
            target = self.wizard.migration.scope.goal.target
            self.app.call_from_thread(self.app.push_screen, question(files, undecided, target), answered)

    @work(thread=True, exclusive=True, group="write")
    def _raise(self, files: tuple[FileChange, ...]) -> None:
        self.app.call_from_thread(self._raised, self._made(files, OnScreen(self.wizard)))

    def _raise_aside(self, files: tuple[FileChange, ...]) -> None:
        """Raise it with the terminal lent, as what signs or a hook may ask there."""
        outcome = with_terminal(self.wizard, partial(self._made, files))
        if outcome is None:
            self._raise(files)
        else:
            self._raised(outcome)

    def _made(self, files: tuple[FileChange, ...], front_end: FrontEnd) -> Raised | Exception:
        try:
            return raise_pins(self.wizard, files, front_end)
        except (WizardError, OSError) as error:
            return error

    def _raised(self, done: Raised | Exception) -> None:
        self.busy = False
        if isinstance(done, Exception):
            self.app.push_screen(Failure(done))
            return
        self.wizard.pins, self.wizard.head_text = done.pins, done.outcome.head_text
        self.wizard.tell(done.outcome.words)
        self.wizard.show_all()

    def action_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""
        self.wizard.navigation.open_verify()

    def action_scroll(self, lines: int) -> None:
        """Scroll the account."""
        self.query_one("#summary").scroll_relative(y=lines, animate=False)

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.navigation.to_overview()


def _done(found: Account) -> Paragraphs:
    commits = []
    for heading, several in grouped(found.written):
        commits += _heading(heading)
        for one in several:
            commits.append(Paragraph(one.commit[:7] or "written", Content(f"{one.title}: {one.counts}")))
    also = [f"{written.commit[:7]} {each}" for written in found.written for each in written.also]
    if also:
        named = f"Put into these by a hook: {visible(', '.join(also))}"
        commits.append(Paragraph("", Content.styled(named, ".warning")))
    head = Content.styled("Done" if commits else "Nothing is written yet.", ".strong")
    uses = [Paragraph("", Content(found.api), wide=True)] if found.api else []
    return Paragraphs([Paragraph("", head, wide=True), *commits, *uses], indent=10)


def _left(found: Account) -> Paragraphs:
    entries = [Paragraph("", Content.styled(f"Left ({len(found.left)})", ".strong"), wide=True)]
    for heading, several in grouped(found.left):
        entries += _heading(heading)
        for item in several:
            place = f"{visible(item.path, '␉')}:{item.line}"
            entries.append(Paragraph("", Content.assemble((place, ".here"), f"  {visible(item.why)}")))
            if item.advice:
                entries.append(Paragraph("", Content.styled(f"    {visible(item.advice)}", ".dim")))
    if found.muted:
        muted = f"Muted rules, whose findings are skipped: {visible(muted_rules(found))}."
        entries.append(Paragraph("", Content.styled(muted, ".warning")))
    if found.ready:
        waiting = f"{counted(found.ready, 'decision')} waiting to be committed."
        entries.append(Paragraph("", Content.styled(waiting, ".ready")))
    return Paragraphs(entries, indent=2)


def _heading(group: str) -> list[Paragraph]:
    return [Paragraph("", Content.styled(group, ".dim"), wide=True)] if group else []


def _next(found: Account) -> Paragraphs:
    steps = [Paragraph(f"{number}.", Content(step)) for number, step in enumerate(found.steps, start=1)]
    if found.outgrown:
        steps.append(Paragraph("", Content.styled(f"{found.outgrown}.", ".warning"), wide=True))
    steps += [Paragraph("", Content.styled(way, ".dim"), wide=True) for way in found.way_back]
    return Paragraphs([Paragraph("", Content.styled("Next", ".strong"), wide=True), *steps], indent=4)
