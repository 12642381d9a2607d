"""Verify from the screens: says what it will do, runs when it is told to, and shows what the SDKs said."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from modal_wizard.reports.verification import sentences, text
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import STEPS, Page
from modal_wizard.tui.widgets.running import Running
from modal_wizard.verify.apart import VerifyProcess
from modal_wizard.verify.result import decoded

ABOUT = """\
This imports every Python file that uses Modal under the real SDK: the newest before 1.0 and today's, \
as the files were before the migration and as they are now.

It runs your code, as far as importing does: in copies that are thrown away, without network, with an empty \
home folder and none of your environment's secrets. Packages that are missing are stood in for. \
The two SDKs are installed once, into your cache folder.

Only what is written is looked at: commit or write a section first."""


class Verify(WizardScreen):
    """What verifying says, as it comes."""

    steps_back = False

    BINDINGS = [
        Binding("enter", "verify", "verify", key_display="⏎", tooltip="Import the files under the SDKs"),
        bound("verify", "back", "End it, and go back", show=False),
        bound("overview", "back", "End it, and go back", show=False),
        Binding("escape", "back", "back", key_display="esc", tooltip="End it, and go back"),
        *STEPS,
    ]

    class Said(Message):
        """A line came, or with ``None`` the end."""

        def __init__(self, line: str | None) -> None:
            super().__init__()
            self.line = line

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.process: VerifyProcess | None = None
        """What runs."""
        self._progress = Running(self._end, lines=0)

    def compose(self) -> ComposeResult:
        """What it is about, then what it says."""
        yield Static(Content.styled("Verify", ".here"), id="context")
        with Page(id="verify"):
            yield Static(Content(ABOUT), id="said")
        yield self._progress
        yield KeyBar()

    def show(self) -> None:
        """Bring the text up to date."""
        if self.lines or self.process is not None:
            self.query_one("#said", Static).update(Content("\n".join(self.lines)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to begin where nothing runs."""
        return self.process is None if action == "verify" else True

    def action_verify(self) -> None:
        """Begin."""
        self.lines.clear()
        self.process = VerifyProcess(self.wizard.migration.scope.root, "--format", "json")
        self._progress.begin("importing under the SDKs")
        self.show()
        self.refresh_bindings()
        self._run(self.process)

    @work(thread=True, exclusive=True, group="verify")
    def _run(self, process: VerifyProcess) -> None:
        try:
            process.run(self._heard)
            found = decoded(process.output)
            if found is not None:
                self.wizard.migration.session.verified = tuple(sentences(found))
                for line in text(found).split("\n"):
                    self._heard(line)
        finally:
            self.post_message(self.Said(None))

    def _heard(self, line: str) -> None:
        self.post_message(self.Said(line))

    def on_verify_said(self, message: Said) -> None:
        """Show a line."""
        if message.line is None:
            if self._progress.was_asked:
                self.lines.append("Ended, as you asked.")
            self.process = None
            self._progress.end()
            self.refresh_bindings()
        else:
            self.lines.append(message.line)
        self.show()
        self.query_one("#verify").scroll_end(animate=False)  # the counts are the last lines

    def _end(self) -> None:
        """End what runs; its lines stay."""
        if self.process is not None:
            self.process.end()

    def action_back(self) -> None:
        """End what runs and leave."""
        self._end()
        self.app.pop_screen()
