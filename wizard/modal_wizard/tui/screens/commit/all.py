"""The commits of all finished sections: a checklist on one screen, which can be stopped at any time."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from modal_transforms.core.model import Section
from modal_wizard.errors import WizardError
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.preview import Tally
from modal_wizard.migration.write import FrontEnd
from modal_wizard.reports.refusal import is_liftable
from modal_wizard.session.drafts import MESSAGE
from modal_wizard.text.grammar import counted, decided
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.branch import ask_for_branch, offers_branch, too_late
from modal_wizard.tui.screens.commit.preview import Facts, facts, lends
from modal_wizard.tui.screens.commit.run import OnScreen, Outcome, make, with_terminal
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.fit import fitted
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import Page
from modal_wizard.tui.widgets.running import Running
from modal_wizard.tui.widgets.status_marks import State

NUMBER = 2
"""How wide the numbers of the guide's sections are."""


class Stage(enum.Enum):
    """How far the commit of a section is."""

    WAITING = State("○", "", "pending")
    MAKING = State("◐", "committing", "some")
    MADE = State("●", "committed", "landed")
    FAILED = State("✗", "not committed", "manual")


class CommitItem(Struct):
    """A section of the list."""

    section: Section
    tally: Tally
    stage: Stage = Stage.WAITING
    commit: str = ""
    """The short name of its commit."""


class CommitAll(WizardScreen):
    """The finished sections in their order, each with its commit once it is made."""

    steps_back = False

    BINDINGS = [
        bound("commit", "commit", "Commit them, one after another", words="commit all"),
        bound("commit-all", "commit", "Commit them, one after another", show=False),
        Binding("enter", "commit", "commit all", show=False, tooltip="Commit them, one after another"),
        Binding("space", "pause", "stop after this one", key_display="space", tooltip="Make no commit after this one"),
        bound("branch", "branch", "Make these commits on a new branch"),
        bound("branch", "too_late", "Say why it is too late for a new branch", show=False),
        bound("summary", "summary", "What was done, what was left and why, what comes next", words="summary"),
        bound("overview", "overview", "Back to the sections", show=False),
        Binding("escape", "overview", "overview", key_display="esc", tooltip="Back to the sections"),
    ]

    class Looked(Message):
        """It is known what git will do."""

        def __init__(self, facts: Facts) -> None:
            super().__init__()
            self.facts = facts

    class Ended(Message):
        """A section was committed, or could not be."""

        def __init__(self, item: CommitItem, result: Outcome | Exception) -> None:
            super().__init__()
            self.item, self.result = item, result

    def __init__(self) -> None:
        super().__init__()
        migration = self.wizard.migration
        self._items = [CommitItem(one, migration.tally(one.slug)) for one in migration.ready_sections()]
        self._facts = Facts()
        self._progress = Running(lines=6)
        self._lends = self._stops = False

    def compose(self) -> ComposeResult:
        """How far it is, the sections, what git will do or says."""
        yield Static(id="context")
        with Page(id="all"):
            yield Static(id="all-text")
        yield Static(id="facts")
        yield self._progress
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask git what a commit will do."""
        self.show()
        self._look()

    def _look_again(self) -> None:
        self._look()

    @work(thread=True, exclusive=True, group="preview")
    def _look(self) -> None:
        self._lends = lends(self.wizard)
        self.post_message(self.Looked(facts(self.wizard, "a commit for each section", self._lends)))

    def on_commit_all_looked(self, message: Looked) -> None:
        """Say what git will do."""
        self._facts = message.facts
        self.show()

    # --- what is shown -------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the list up to date."""
        made = sum(item.stage is Stage.MADE for item in self._items)
        many = f"Commit {counted(len(self._items), 'finished section')}, a commit each"
        self.query_one("#context", Static).update(
            Content.assemble((f"{made} of {len(self._items)} committed" if made or self.busy else many, ".here"))
        )
        self.query_one("#all-text", Static).update(Content("\n").join(self._rows()))
        said = "" if self.busy or self._next() is not None else "m says what comes next."
        self.query_one("#facts", Static).update(Content(said) if made else self._facts.text)
        self.refresh_bindings()

    def _rows(self) -> Iterator[Content]:
        room = max(8, min(64, self.app.size.width - NUMBER - 30))
        for item in self._items:
            state = item.stage.value
            counts = decided(item.tally.accepted, item.tally.edited, item.tally.skipped)
            word = f"{state.word} {item.commit}".strip() or counts
            yield Content.assemble(
                (f"{state.mark} ", f".{state.style}"),
                (f"{item.section.number or '':>{NUMBER}}  ", ".dim"),
                (fitted(item.section.subject, room), "" if item.stage is Stage.WAITING else ".strong"),
                "  ",
                (word, f".{state.style}"),
            )

    def on_resize(self) -> None:
        """Lay the list out anew."""
        self.show()

    # --- committing ----------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action == "commit":
            return not self.busy and self._next() is not None
        if action == "pause":
            return self.busy and not self._stops
        if action in {"branch", "too_late"}:
            return not self.busy and offers_branch(self.wizard) is (action == "branch")
        return not self.busy

    def _next(self) -> CommitItem | None:
        waiting = (item for item in self._items if item.stage in {Stage.WAITING, Stage.FAILED})
        return next((item for item in waiting if self.wizard.migration.tally(item.section.slug).is_ready), None)

    def action_commit(self) -> None:
        """Begin, or go on after a failure."""
        self.busy, self._stops = True, False
        self._progress.begin("committing")
        self._go_on()

    def action_pause(self) -> None:
        """Make no commit after the one that is being made."""
        self._stops = True
        self.refresh_bindings()

    def _go_on(self) -> None:
        item = self._next()
        if item is None or self._stops or self._progress.was_asked:
            self._end()
            return
        item.stage = Stage.MAKING
        self._progress.say(f"committing {item.section.subject}")
        self.show()
        self.query_one("#all").scroll_to(y=self._items.index(item) - 2, animate=False)
        if self._lends:
            self.call_after_refresh(self._commit_aside, item)
        else:
            self._commit(item)

    @work(thread=True, exclusive=True, group="write")
    def _commit(self, item: CommitItem) -> None:
        self.post_message(self.Ended(item, self._made(item, OnScreen(self.wizard, self._progress))))

    def _commit_aside(self, item: CommitItem) -> None:
        """Commit with the terminal lent, as what signs or a hook may ask there."""
        outcome = with_terminal(self.wizard, partial(self._made, item))
        if outcome is None:
            self._commit(item)
        else:
            self.post_message(self.Ended(item, outcome))

    def _made(self, item: CommitItem, front_end: FrontEnd) -> Outcome | Exception:
        preview = self.wizard.migration.preview(item.section)
        draft = self.wizard.drafts.find(MESSAGE + item.section.slug)
        try:
            return make(self.wizard, preview, draft or commit_message(preview), front_end)
        except (WizardError, OSError) as error:
            return error

    def on_commit_all_ended(self, message: Ended) -> None:
        """Go on to the next section, or say what happened; those that were made stay."""
        item, result = message.item, message.result
        if isinstance(result, Exception):
            item.stage = Stage.FAILED
            self._end()
            offers = {"retry"} | ({"lend"} if self._facts.lendable and not self._lends else set())
            self.app.push_screen(Failure(result, {"ours"} if is_liftable(result) else offers), self._again)
            return
        item.stage, item.commit = Stage.MADE, result.commit
        self.wizard.drafts.drop(MESSAGE + item.section.slug)
        self.wizard.head_text = result.head_text or self.wizard.head_text
        if result.amiss:
            self.wizard.tell(visible(result.amiss), bad=True)
        self._go_on()

    def _end(self) -> None:
        self.busy = False
        self._progress.end()
        for item in self._items:
            item.stage = Stage.WAITING if item.stage is Stage.MAKING else item.stage
        self.show()

    def _again(self, wanted: str | None) -> None:
        if wanted == "ours":
            self.wizard.commit_only_ours(True)
        if wanted in {"retry", "lend", "ours"}:
            self._lends = self._lends or wanted == "lend"
            self.action_commit()

    # --- going ---------------------------------------------------------------------------------------------------

    def action_too_late(self) -> None:
        """Say that it is too late for a new branch."""
        too_late(self.wizard)

    def action_branch(self) -> None:
        """Ask for the name of a new branch."""
        ask_for_branch(self.wizard, self._look_again)

    def action_summary(self) -> None:
        """Show what was done and what was left."""
        self.wizard.navigation.to_overview(onward=True)
        self.wizard.navigation.open_summary()

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.navigation.to_overview(onward=True)
