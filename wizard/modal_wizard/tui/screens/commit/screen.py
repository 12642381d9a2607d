"""The commit of one section: the preview is the truth."""

from __future__ import annotations

from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from modal_transforms.core.model import Section
from modal_wizard.errors import WizardError
from modal_wizard.git.failures import CommitFailed
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.found_checks import turned_on
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.write import FrontEnd
from modal_wizard.reports.refusal import is_liftable
from modal_wizard.review.waiting import saved_late
from modal_wizard.session.drafts import MESSAGE
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.branch import ask_for_branch, offers_branch, too_late
from modal_wizard.tui.screens.commit.preview import Facts, Outlook, facts, files_in_words, outlook
from modal_wizard.tui.screens.commit.run import OnScreen, Outcome, make, with_terminal, writer
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.marked_box import TextBox
from modal_wizard.tui.widgets.running import Running

BESIDE = 150
"""So wide a terminal has room for a message as wide as its text, and for the diff beside it."""


class Commit(WizardScreen):
    """Message and files on the left, exactly what will be committed on the right."""

    steps_back = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (BESIDE, "-wide")]

    BINDINGS = [
        bound("commit", "commit", "Write these files and commit them"),
        Binding("enter", "commit", "commit", show=False, tooltip="Write these files and commit them"),
        bound("commit-all", "commit_all", "Commit this and every other finished section, as a list"),
        bound("write", "write", "Write these files without a commit"),
        bound("edit", "edit_message", "Change the words of the commit", words="edit message"),
        bound("branch", "branch", "Make this commit and those after it on a new branch"),
        bound("branch", "too_late", "Say why it is too late for a new branch", show=False),
        bound("terminal", "lend", "Run hooks and what signs in this terminal, or not"),
        bound("check", "check", "Run what your settings name (pytest, ruff) before each commit, or no longer"),
        bound("side-by-side", "beside", "Show old and new in two columns, or below each other", show=False),
        bound("scroll-down", "scroll_diff(3)", "Scroll the diff", words="scroll", display="J/K", show=False),
        bound("scroll-up", "scroll_diff(-3)", "Scroll the diff up", show=False),
        bound("overview", "overview", "Back to the sections"),
        Binding("escape", "back", "back", key_display="esc", tooltip="Back, without a commit"),
    ]

    class OutlookReady(Message):
        """What will be written is worked out."""

        def __init__(self, outlook: Outlook) -> None:
            super().__init__()
            self.outlook = outlook

    class Done(Message):
        """The files were written, in a commit or without one."""

        def __init__(self, outcome: Outcome) -> None:
            super().__init__()
            self.outcome = outcome

    class Failed(Message):
        """Nothing was committed; everything is as it was."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self._draft = MESSAGE + section.slug
        self._again = self.action_commit
        """What was tried last."""
        self._asked = False
        """Whether the commit was asked for before its preview was there."""
        self._progress = Running()
        self._preview: Preview | None = None
        self._facts = Facts()
        self._lends = False
        """Whether the terminal is lent while the commit is made."""
        self._others = False
        """Whether other sections are finished too."""

    def compose(self) -> ComposeResult:
        """The message, the files, what git will do; the exact diff."""
        yield Static(id="context")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield TextBox(id="message", soft_wrap=True, disabled=True)
                with VerticalScroll(id="files", can_focus=False):
                    yield Static(id="files-text")
                yield Static(id="facts")
                yield self._progress
            yield DiffView(id="diff")
        yield KeyBar()

    def on_mount(self) -> None:
        """Have the preview made; among thousands of findings that takes a moment."""
        self.query_one("#message", TextArea).border_title = "message"
        self.query_one("#files").border_title = "files"
        self.query_one("#files-text", Static).update(Content.styled("working out what will be written…", ".dim"))
        self.query_one("#context", Static).update(Content.assemble((f"Commit {self.section.heading}", ".here")))
        diff = self.query_one(DiffView)
        diff.heading("exactly what will be written")
        diff.beside = self.wizard.view.side_by_side
        diff.focus()
        self._prepare()

    @work(thread=True, exclusive=True, group="preview")
    def _prepare(self) -> None:
        self.post_message(self.OutlookReady(outlook(self.wizard, self.section, self.size.width)))

    def on_commit_outlook_ready(self, message: OutlookReady) -> None:
        """Show the preview."""
        seen = message.outlook
        self._preview, self._facts, self._lends, self._others = seen.preview, seen.facts, seen.lends, seen.others
        text = self.wizard.drafts.find(self._draft) or commit_message(seen.preview)
        self.query_one("#message", TextArea).load_text(text)
        self.query_one(DiffView).show(seen.hunks)
        self.query_one("#files-text", Static).update(seen.files)
        self.query_one("#facts", Static).update(seen.facts.text)
        self.refresh_bindings()
        for words in saved_late(self.wizard.drafts):
            self.wizard.tell(words, bad=True)
        if self._asked:
            self.call_after_refresh(self.run_action, "commit")

    def on_text_area_changed(self) -> None:
        """Keep the person's words until the commit is made."""
        written = self.query_one("#message", TextArea).text
        if self._editing:
            self.wizard.keep_draft(self._draft, written)

    def show(self) -> None:
        """The preview was made when the screen opened; nothing changes it since."""

    @property
    def _editing(self) -> bool:
        return not self.query_one("#message", TextArea).disabled

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if not self.is_mounted:
            return True
        if self._preview is None:
            return action not in {"write", "branch", "too_late", "commit_all", "lend", "edit_message", "check"}
        if action in {"commit", "write"}:
            ready = bool(self._preview.files) and not self.busy and not self._editing
            return ready and (self.wizard.repository is not None or action == "write")
        if action in {"branch", "too_late", "commit_all", "lend", "check"}:
            idle = bool(self._preview.files) and not self.busy and not self._editing
            return idle and self._offers(action)
        if action in {"edit_message", "overview", "back"}:
            return not self.busy and (action == "back" or not self._editing)
        return True

    def _offers(self, action: str) -> bool:
        if action == "lend":
            return self._facts.lendable
        if action == "check":
            return bool(self._facts.checks) and self.wizard.repository is not None
        if action == "commit_all":
            return self._others and self.wizard.repository is not None
        return offers_branch(self.wizard) is (action == "branch")

    def action_edit_message(self) -> None:
        """Change the words; escape ends it."""
        message = self.query_one("#message", TextArea)
        message.disabled = False
        message.focus()
        self.wizard.tell("esc keeps the message, ^z undoes typing.")
        self.refresh_bindings()

    def action_back(self) -> None:
        """End editing, or go back without a commit."""
        if self._editing:
            self.query_one("#message", TextArea).disabled = True
            self.query_one(DiffView).focus()
            self.refresh_bindings()
        else:
            self.app.pop_screen()

    def action_too_late(self) -> None:
        """Say that it is too late for a new branch."""
        too_late(self.wizard)

    def action_branch(self) -> None:
        """Ask for the name of a new branch."""
        ask_for_branch(self.wizard, self._refresh_facts)

    def _refresh_facts(self) -> None:
        if self._preview is not None:
            self._facts = facts(self.wizard, files_in_words(self._preview), self._lends)
            self.query_one("#facts", Static).update(self._facts.text)

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.navigation.to_overview()

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        diff = self.query_one(DiffView)
        diff.beside = not diff.beside
        self.wizard.keep_view(side_by_side=diff.beside)

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff, whatever has the keys."""
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)

    def action_commit(self) -> None:
        """Make the commit: in a thread, for hooks may take their time, or with the terminal lent to them."""
        if self._preview is None:
            self._asked = True
            return
        self._again = self.action_commit
        self._begin("committing")
        message = self.query_one("#message", TextArea).text
        if self._lends:
            self.call_after_refresh(self._commit_aside, message)
        else:
            self._commit(message)

    def action_lend(self) -> None:
        """Lend the terminal to git, or no longer."""
        self._lends = not self._lends
        self._refresh_facts()

    def action_check(self) -> None:
        """Run the next of the checks that were found before each commit, after the last none."""
        options = turned_on(self.wizard.wishes, self.wizard.migration.scope.root)
        if options is not None:
            self.wizard.wishes = options
            self._refresh_facts()

    def action_write(self) -> None:
        """Write the files without a commit."""
        self._again = self.action_write
        self._begin("writing")
        self._write()

    def _begin(self, words: str) -> None:
        self.busy = True
        self._progress.begin(words)
        self.set_class(True, "-busy")
        self.refresh_bindings()

    def _end(self) -> None:
        self.busy = False
        self.set_class(False, "-busy")
        self._progress.end()
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="write")
    def _commit(self, message: str) -> None:
        self.post_message(self._made(message, OnScreen(self.wizard, self._progress)))

    def _commit_aside(self, message: str) -> None:
        """Commit with the terminal lent, as what signs or a hook may ask there."""
        outcome = with_terminal(self.wizard, partial(self._made, message))
        if outcome is None:
            self._commit(message)
        else:
            self.post_message(outcome)

    def _made(self, message: str, front_end: FrontEnd) -> Done | Failed:
        if self._preview is None:
            return self.Failed(WizardError("There is nothing to commit yet."))
        try:
            return self.Done(make(self.wizard, self._preview, message, front_end))
        except (WizardError, OSError) as error:
            return self.Failed(error)

    @work(thread=True, exclusive=True, group="write")
    def _write(self) -> None:
        if self._preview is None:
            return
        try:
            writer(self.wizard).write(self._preview)
        except (WizardError, OSError) as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Done(Outcome(f"Written without a commit: {self.section.subject}")))

    def on_commit_done(self, message: Done) -> None:
        """Go back to the sections, and on to the next that needs something."""
        self._end()
        self.wizard.drafts.drop(self._draft)
        self._preview = None
        self.wizard.head_text = message.outcome.head_text or self.wizard.head_text
        self.wizard.tell(message.outcome.words)
        if message.outcome.amiss:
            self.wizard.tell(visible(message.outcome.amiss), bad=True)
        self.wizard.navigation.to_overview(onward=True)

    def on_commit_failed(self, message: Failed) -> None:
        """Say what happened; the section stays ready."""
        self._end()
        self.app.push_screen(Failure(message.error, self._ways_on(message.error)), self._go_on)

    def _ways_on(self, error: Exception) -> set[str]:
        """Return what may help after a failure, as the dialog knows it."""
        if self.wizard.repository is None:
            return set()
        if is_liftable(error):
            return {"ours"}
        offers = {"retry", "edit"} if isinstance(error, CommitFailed) else {"retry"}
        offers |= {"lend"} if self._facts.lendable and not self._lends else set()
        return offers

    def _go_on(self, wanted: str | None) -> None:
        """Do what was asked for after a failure."""
        if wanted == "edit":
            self.action_edit_message()
        elif wanted == "ours":
            self.wizard.commit_only_ours(True)
            self._again()
        elif wanted in {"retry", "lend"}:
            self._lends = self._lends or wanted == "lend"
            self._again()
