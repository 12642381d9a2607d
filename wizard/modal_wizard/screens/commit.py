"""The commit of one section: the preview is the truth."""

from __future__ import annotations

from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from modal_transforms.model import Section
from modal_wizard.diff import hunks
from modal_wizard.display import visible
from modal_wizard.errors import WizardError
from modal_wizard.landing import commit, write_only
from modal_wizard.message import commit_message
from modal_wizard.opening import standing
from modal_wizard.outcome import Preview
from modal_wizard.screens.base import WizardScreen
from modal_wizard.screens.branching import ask_for_branch, offers_branch
from modal_wizard.screens.committing import Facts, facts, files_list
from modal_wizard.screens.failure import Failure
from modal_wizard.screens.overview import Overview
from modal_wizard.screens.question import Question
from modal_wizard.widgets.diff_view import DiffView
from modal_wizard.widgets.keys import KeyBar

if TYPE_CHECKING:
    from modal_wizard.failing import CommitFailed


class Commit(WizardScreen):
    """Message and files on the left, exactly what will be committed on the right."""

    steps_back = False

    BINDINGS = [
        Binding("c", "commit", "commit", tooltip="Write these files and commit them"),
        Binding("enter", "commit", "commit", show=False, tooltip="Write these files and commit them"),
        Binding("w", "write", "write only", tooltip="Write these files without a commit"),
        Binding("e", "edit_message", "edit message", tooltip="Change the words of the commit"),
        Binding("b", "branch", "new branch", tooltip="Make this commit and those after it on a new branch"),
        Binding("d", "beside", "side by side", tooltip="Show old and new in two columns, or below each other"),
        Binding("j", "scroll(1)", "scroll down", show=False, tooltip="Scroll the diff down"),
        Binding("k", "scroll(-1)", "scroll up", show=False, tooltip="Scroll the diff up"),
        Binding("o", "overview", "overview", tooltip="Back to the sections"),
        Binding("escape", "back", "back", key_display="esc", tooltip="Back, without a commit"),
    ]

    class Written(Message):
        """The files were written, in a commit or without one."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Failed(Message):
        """Nothing was committed; everything is as it was."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self._preview: Preview | None = None
        self._facts = Facts()

    def compose(self) -> ComposeResult:
        """The message, the files, what git will do; the exact diff."""
        yield Static(id="context")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield TextArea(id="message", soft_wrap=True, disabled=True)
                with VerticalScroll(id="files", can_focus=False):
                    yield Static(id="files-text")
                yield Static(id="facts")
            yield DiffView(id="diff")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the preview."""
        self._preview = preview = self.wizard.migration.preview(self.section)
        message = self.query_one("#message", TextArea)
        message.border_title = "message"
        message.load_text(commit_message(preview))
        self.query_one("#files").border_title = "files"
        diff = self.query_one(DiffView)
        diff.border_title = "exactly what will be written"
        shown = [hunk for change in preview.files for hunk in hunks(change.path, *_texts(change.before, change.after))]
        diff.show(shown)
        self.query_one("#files-text", Static).update(files_list(preview))
        self._refresh_facts()
        self.query_one("#context", Static).update(
            Content.assemble((f"Commit {self.section.number} {self.section.title}", ".here"))
        )
        diff.focus()

    def show(self) -> None:
        """The preview was made when the screen opened; nothing changes it since."""

    @property
    def _editing(self) -> bool:
        return not self.query_one("#message", TextArea).disabled

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if not self.is_mounted or self._preview is None:
            return True
        if action in {"commit", "write"}:
            ready = bool(self._preview.files) and not self.busy and not self._editing
            return ready and (self.wizard.repository is not None or action == "write")
        if action == "branch":
            return bool(self._preview.files) and not self.busy and not self._editing and offers_branch(self.wizard)
        if action in {"edit_message", "overview", "back"}:
            return not self.busy and (action == "back" or not self._editing)
        return True

    def action_edit_message(self) -> None:
        """Change the words; escape ends it."""
        message = self.query_one("#message", TextArea)
        message.disabled = False
        message.focus()
        self.wizard.tell("Escape when the message is as you want it.")
        self.refresh_bindings()

    def action_back(self) -> None:
        """End editing, or go back without a commit."""
        if self._editing:
            self.query_one("#message", TextArea).disabled = True
            self.query_one(DiffView).focus()
            self.refresh_bindings()
        else:
            self.app.pop_screen()

    def action_branch(self) -> None:
        """Ask for the name of a new branch."""
        ask_for_branch(self.wizard, self._refresh_facts)

    def _refresh_facts(self) -> None:
        if self._preview is not None:
            self._facts = facts(self.wizard, self._preview)
            self.query_one("#facts", Static).update(self._facts.text)

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.to_overview()

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        diff = self.query_one(DiffView)
        diff.beside = not diff.beside

    def action_scroll(self, lines: int) -> None:
        """Scroll the diff."""
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)

    def action_commit(self) -> None:
        """Make the commit, in a thread: hooks may take their time."""
        check = self.wizard.wishes.check
        self._begin(f"running the check: {visible(check.line)}" if check else "committing…")
        self._commit(self.query_one("#message", TextArea).text)

    def action_write(self) -> None:
        """Write the files without a commit."""
        self._begin("writing…")
        self._write()

    def _begin(self, words: str) -> None:
        self.busy = True
        self.query_one("#facts", Static).update(Content.styled(words, ".here"))
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="write")
    def _commit(self, message: str) -> None:
        app, preview, check = self.wizard, self._preview, self.wizard.wishes.check
        if preview is None or app.repository is None:
            return
        try:
            made = commit(
                app.migration,
                app.repository,
                preview,
                message,
                app.consent,
                self._ask_about_hooks,
                branch=app.branch,
                check=partial(check.run, app.migration.scope.root, preview.files) if check else None,
            )
        except (WizardError, OSError) as error:
            self.post_message(self.Failed(error))
        else:
            app.standing = standing(app.repository)
            words = f"Committed {made.short}: {self.section.subject}" if made.sha else "Written; no file is in git."
            left = [visible(path) for path in made.left_uncommitted]
            words += f" · {check.result}" if check else ""
            self.post_message(self.Written(f"{words} Not in git: {', '.join(left)}." if left else words))

    def _ask_about_hooks(self, failed: CommitFailed) -> bool:
        """Ask, from the thread, whether to commit the files as a hook rewrote them."""
        answer: Future[bool] = Future()
        files = ", ".join(visible(path) for path in failed.rewritten)
        question = Question(f"A hook rewrote {files} and refused. Commit them as the hook left them?", failed.output)
        self.app.call_from_thread(self.app.push_screen, question, lambda said: answer.set_result(bool(said)))
        while not answer.done() and self.app.is_running:
            wait([answer], timeout=0.1)
        return answer.done() and answer.result()

    @work(thread=True, exclusive=True, group="write")
    def _write(self) -> None:
        app, preview = self.wizard, self._preview
        if preview is None:
            return
        session = app.migration.session.file
        try:
            folder = session.parent if session else None
            write_only(app.migration, preview, folder, app.repository, app.consent)
        except (WizardError, OSError) as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Written(f"Written without a commit: {self.section.subject}"))

    def on_commit_written(self, message: Written) -> None:
        """Go back to the sections; to the summary when nothing is left."""
        self.wizard.to_overview()
        self.wizard.tell(message.words)
        if isinstance(self.wizard.screen, Overview):
            self.wizard.screen.advance()

    def on_commit_failed(self, message: Failed) -> None:
        """Say what happened; the section stays ready."""
        self.busy = False
        self.query_one("#facts", Static).update(self._facts.text)
        self.refresh_bindings()
        self.app.push_screen(Failure(message.error))


def _texts(before: bytes, after: bytes) -> tuple[str, str]:
    return before.decode("utf-8", "replace"), after.decode("utf-8", "replace")
