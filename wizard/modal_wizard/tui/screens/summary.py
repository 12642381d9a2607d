"""The last screen: what was done, what was left and why, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from modal_wizard.errors import WizardError
from modal_wizard.migration.requirements import changes
from modal_wizard.migration.write import FrontEnd
from modal_wizard.reports.account import REQUIRED, Account, account, grouped, titles_of
from modal_wizard.reports.markdown import as_markdown, muted_rules
from modal_wizard.reports.next_steps import RAISING
from modal_wizard.reports.refusal import is_liftable
from modal_wizard.session.decisions import PinsRaised, SectionWritten
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WIDE, WizardScreen
from modal_wizard.tui.dialogs.choose import Menu, MenuItem
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.preview import lends
from modal_wizard.tui.screens.commit.run import OnScreen, Outcome, with_terminal, writer
from modal_wizard.tui.screens.requirements import (
    back_question,
    bring_back,
    question,
    raise_pins,
    restore_question,
    take_back,
)
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs
from modal_wizard.tui.widgets.page import STEPS, Page
from modal_wizard.tui.widgets.running import Running

LOOSE = "loose"
PLACE = 32
"""Places of up to so many cells have their reasons below each other, on a screen with room for that."""


class Summary(WizardScreen):
    """An account of the migration, to be read and to be copied."""

    steps_back = False

    BINDINGS = [
        bound("summary", "copy", "Copy this account as Markdown, for a pull request", words="copy as Markdown"),
        bound("pin", "raise_pin", "Raise the required version of modal, in one more commit"),
        bound("take-back", "take_back", "Reverse a commit by a new one, or bring back what has none"),
        bound("preview", "preview", "Show everything accepted and not written yet, file by file", show=False),
        bound("verify", "verify", "Import what uses Modal under the real SDK, before and now"),
        bound("overview", "overview", "Back to the sections"),
        Binding("escape", "overview", "back", show=False, tooltip="Back to the sections"),
        *STEPS,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._progress = Running()
        self._again: Callable[[bool], None] | None = None
        """Does again what failed; with the terminal lent or not."""

    def compose(self) -> ComposeResult:
        """One long text: what comes next, what was done, what is left."""
        yield Static(Content.styled("Summary", ".here"), id="context")
        with Page(id="summary"):
            yield Static(id="next")
            yield Static(id="done")
            yield Static(id="remaining")
        yield self._progress
        yield KeyBar()

    def show(self) -> None:
        """Bring the account up to date."""
        found = account(self.wizard.migration)
        self.query_one("#done", Static).update(_done(found))
        self.query_one("#remaining", Static).update(_left(found, PLACE if self.app.size.width >= WIDE else 0))
        self.query_one("#next", Static).update(_next(found))

    def action_copy(self) -> None:
        """Copy as Markdown."""
        self.app.copy_to_clipboard(as_markdown(account(self.wizard.migration)))
        self.wizard.tell("Copied as Markdown.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to raise the pin only where there is an old one and a repository to commit to."""
        if self.busy:
            return False
        if action == "take_back":
            return self._has_loose() or (self.wizard.repository is not None and bool(self._commits()))
        if action == "raise_pin":
            target = self.wizard.scope.goal.target
            some = any(pin.editable and pin.is_before(target) for pin in self.wizard.pins)
            return self.wizard.repository is not None and some
        return True

    # --- one more commit -----------------------------------------------------------------------------------------

    @work(thread=True, exclusive=True, group="preview")
    def action_raise_pin(self) -> None:
        """Ask, and raise what is asked for of modal as the last commit."""
        migration = self.wizard.migration
        files = changes(migration.scope)
        undecided = sum(migration.tally(section.slug).pending for section in migration.sections)
        if files:
            asked = question(files, undecided, migration.scope.goal.target)
            self._offer(asked, "committing", partial(raise_pins, self.wizard, files))

    def action_take_back(self) -> None:
        """Ask which commit to take back."""
        known = self._commits()
        items = [MenuItem(one.commit, f"{one.commit[:7]}  {name}") for one, name in known]
        if self._has_loose():
            items.insert(0, MenuItem(LOOSE, "what was written without a commit, all of it"))

        def picked(commit: str | None) -> None:
            if commit == LOOSE:
                self._look_loose()
            found = next((one for one, _ in known if one.commit == commit), None)
            if found is not None:
                self._look_back(found)

        self.app.push_screen(Menu("take back, a commit by a new commit", items), picked)

    def _has_loose(self) -> bool:
        return any(not landing.commit for landing in self.wizard.migration.session.landings)

    @work(thread=True, exclusive=True, group="preview")
    def _look_loose(self) -> None:
        """Show what bringing the files back changes, and ask; or say why it cannot be done."""
        try:
            files = writer(self.wizard).loose()
        except (WizardError, OSError) as error:
            self.app.call_from_thread(self.app.push_screen, Failure(error))
            return
        self._offer(restore_question(files), "bringing back", partial(bring_back, self.wizard, files))

    def _commits(self) -> list[tuple[SectionWritten | PinsRaised, str]]:
        """Return the commits that can be taken back, the latest first, each with what it is."""
        session, titles = self.wizard.migration.session, titles_of(self.wizard.migration)
        named: list[tuple[SectionWritten | PinsRaised, str]] = [
            *((landing, titles.get(landing.section, landing.section)) for landing in session.landings),
            *((raised, REQUIRED) for raised in session.raised),
        ]
        order = {commit: number for number, commit in enumerate(session.commits)}
        return sorted((one for one in named if one[0].commit), key=lambda one: -order[one[0].commit])

    @work(thread=True, exclusive=True, group="preview")
    def _look_back(self, taken: SectionWritten | PinsRaised) -> None:
        """Show what taking a commit back changes, and ask; or say why it cannot be."""
        try:
            files = writer(self.wizard).check_back(taken)
        except (WizardError, OSError) as error:
            self.app.call_from_thread(self.app.push_screen, Failure(error))
            return
        self._offer(back_question(taken, files), "taking it back", partial(take_back, self.wizard, taken))

    def _offer(self, asked: Question, what: str, make: Callable[[FrontEnd], Outcome]) -> None:
        """Ask, from a thread, and make the commit after a yes."""
        aside = lends(self.wizard)

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin(what, make, aside)

        self.app.call_from_thread(self.app.push_screen, asked, answered)

    def _begin(self, what: str, make: Callable[[FrontEnd], Outcome], aside: bool) -> None:
        self.busy = True
        self._again = partial(self._begin, what, make)
        self._progress.begin(what)
        self.refresh_bindings()
        if aside:
            self.call_after_refresh(self._make_aside, make)
        else:
            self._make(make)

    @work(thread=True, exclusive=True, group="write")
    def _make(self, make: Callable[[FrontEnd], Outcome]) -> None:
        self.app.call_from_thread(self._ended, _made(make, OnScreen(self.wizard, self._progress)))

    def _make_aside(self, make: Callable[[FrontEnd], Outcome]) -> None:
        """Make it with the terminal lent, as what signs or a hook may ask there."""
        outcome = with_terminal(self.wizard, partial(_made, make))
        if outcome is None:
            self._make(make)
        else:
            self._ended(outcome)

    def _ended(self, done: Outcome | Exception) -> None:
        self.busy = False
        self._progress.end()
        if isinstance(done, Exception):
            offers = {"ours"} if is_liftable(done) else {"retry", "lend"}
            self.app.push_screen(Failure(done, offers), self._go_on)
            return
        self.wizard.pins = tuple(self.wizard.migration.scanned.pins_covered)
        self.wizard.head_text = done.head_text
        self.wizard.tell(done.words)
        self.wizard.show_all()

    def _go_on(self, wanted: str | None) -> None:
        """Do what was asked for after a failure."""
        if wanted == "ours":
            self.wizard.commit_only_ours(True)
        if wanted in {"ours", "retry", "lend"} and self._again is not None:
            self._again(wanted == "lend")

    def action_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""
        self.wizard.navigation.open_verify()

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.navigation.to_overview()


def _made(make: Callable[[FrontEnd], Outcome], front_end: FrontEnd) -> Outcome | Exception:
    try:
        return make(front_end)
    except (WizardError, OSError) as error:
        return error


def _done(found: Account) -> Paragraphs:
    commits = []
    for heading, several in grouped(found.written):
        commits += _heading(heading)
        for one in several:
            commits.append(Paragraph(one.commit[:7] or "written", Content(f"{one.title}: {one.counts}")))
    for taken in found.taken_back:
        commits.append(Paragraph(taken.commit[:7], Content(f"takes back {taken.counts[:7]}, {taken.title}")))
    for number, (place, what) in enumerate(found.by_hand):
        said = Content.assemble((visible(place, "␉"), ".here"), f"  {visible(what)}")
        commits.append(Paragraph("" if number else "by hand", said))
    also = [f"{written.commit[:7]} {each}" for written in found.written for each in written.also]
    if also:
        named = f"Put into these by a hook: {visible(', '.join(also))}"
        commits.append(Paragraph("", Content.styled(named, ".warning")))
    head = Content.styled("Done" if commits else "Nothing is written yet.", ".strong")
    uses = [Paragraph("", Content(found.api), wide=True)] if found.api else []
    return Paragraphs([Paragraph("", head, wide=True), *commits, *uses], indent=10)


def _left(found: Account, most: int) -> Paragraphs:
    head = f"Left ({len(found.left):,})" if found.left else "Nothing is left."
    entries = [Paragraph("", Content.styled(head, ".strong"), wide=True)]
    for heading, several in grouped(found.left):
        entries += _heading(heading)
        places = [f"{visible(item.path, '␉')}:{item.line}" for item in several]
        width = min(most, max(map(cell_len, places)))
        for item, place in zip(several, places, strict=True):
            gap = " " * (max(0, width - cell_len(place)) + 2)
            entries.append(Paragraph("", Content.assemble((place, ".here"), f"{gap}{visible(item.why)}")))
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
    told = [step.replace(f"({RAISING})", "(p)") for step in found.steps]
    steps = [Paragraph(f"{number}.", Content(step)) for number, step in enumerate(told, start=1)]
    steps += [Paragraph("", Content.styled(way, ".dim"), wide=True) for way in found.way_back]
    if found.outgrown:
        outgrown = found.outgrown.replace("--raise-pin", "press p")
        steps.append(Paragraph("", Content.styled(f"{outgrown}.", ".warning"), wide=True))
    return Paragraphs([Paragraph("", Content.styled("Next", ".strong"), wide=True), *steps], indent=4)
