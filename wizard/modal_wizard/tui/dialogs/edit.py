"""Edit in place: the lines after the rewrite, to be changed by hand and checked before they are taken."""

from __future__ import annotations

import re

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.text.line_ends import with_line_ends
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.suspend import NoEditor, edited_outside, editor
from modal_wizard.tui.textual_ext.themes import use_theme
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.text_box import TextBox

_LINE = re.compile(r"line (\d+)")


class EditLines(WizardDialog[bool]):
    """A Python editor over the changed lines; a bad edit keeps the text and says what is wrong."""

    BINDINGS = [
        Binding("ctrl+s", "take", "take", key_display="^s", priority=True, tooltip="Check the text and take it"),
        Binding(
            "ctrl+e", "outside", "own editor", key_display="^e", priority=True, tooltip="Edit it in $VISUAL or $EDITOR"
        ),
        Binding("escape", "leave", "back", key_display="esc", priority=True, tooltip="Go back; asks once when changed"),
        Binding("ctrl+q", "app.leave", "quit", show=False, priority=True, tooltip="Leave; the text comes back"),
    ]

    def __init__(self, finding: Finding, choice: str) -> None:
        super().__init__()
        self._finding = finding
        self._choice = choice
        self._warned = False

    def compose(self) -> ComposeResult:
        """What it was, the editor, what is wrong."""
        with Vertical(classes="dialog wide"):
            yield Static(id="was")
            yield TextBox.code_editor(id="editor", soft_wrap=False)
            yield Static(id="fault")
            yield KeyBar()

    def on_mount(self) -> None:
        """Fill the editor with the lines after the rewrite."""
        typed, before = self.wizard.migration.editable(self._finding, self._choice)
        self._typed = typed
        source = self.wizard.migration.source(typed.path)
        self._newline = source.newline
        self._first = source.line_of(typed.start)
        text = typed.text.replace("\r\n", "\n").replace("\r", "\n")
        self._ends = text.endswith("\n")
        editor = self.query_one(TextArea)
        editor.load_text(text.removesuffix("\n"))
        use_theme(editor, self.app.current_theme.dark)
        editor.line_number_start = self._first
        editor.language = "python" if "python" in editor.available_languages else None
        self._original, self._before = editor.text, before
        lines = [visible(line, "→   ") for line in before.splitlines()]
        title = f"{visible(typed.path, '␉')}:{self._first}"
        self.query_one(".dialog").border_title = Content(f"edit {title}")
        self.query_one("#was", Static).update(Content.styled("\n".join(f"- {line}" for line in lines[:6]), ".diff-old"))
        self._take_up()
        self._shown = editor.text
        editor.focus()

    def _take_up(self) -> None:
        """Go on with what was typed earlier for the same lines and not taken, however that ended."""
        earlier = self.wizard.drafts.find(self._finding.id, self._before)
        if earlier and earlier != self._original:
            self.query_one(TextArea).load_text(earlier)
            self._say("This is what you had typed and not taken. Escape twice gives it up; ctrl+s takes it.")

    def on_text_area_changed(self) -> None:
        """A fresh text is judged afresh, and kept until it is taken or given up."""
        text = self.query_one(TextArea).text
        if text == self._shown:
            return
        self._shown, self._warned = text, False
        self.wizard.keep_draft(self._finding.id, text, self._before)
        self._say("")

    def _say(self, text: str) -> None:
        self.query_one("#fault", Static).update(Content.styled(text, ".warning"))

    def action_take(self) -> None:
        """Check the text and take it; else say what is wrong and keep it."""
        editor = self.query_one(TextArea)
        text = editor.text + ("\n" if self._ends and editor.text else "")
        typed = replace(self._typed, text=with_line_ends(self._typed.text, text, self._newline))
        try:
            self.wizard.migration.edit(self._finding, typed, self._choice)
        except CannotRewrite as error:
            self._warned = False
            self._say(f"Not taken: {visible(str(error))}")
            self._go_to_fault(str(error))
        else:
            self.wizard.drafts.drop(self._finding.id)
            self.dismiss(True)

    def _go_to_fault(self, message: str) -> None:
        named = _LINE.search(message)
        first = 1 if "of the text" in message else self._first
        row = int(named.group(1)) - first if named else -1
        editor = self.query_one(TextArea)
        if 0 <= row < editor.document.line_count:
            editor.move_cursor((row, 0))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the person's own editor only when there is one."""
        return action != "outside" or bool(editor())

    def action_outside(self) -> None:
        """Edit the text in the person's own editor; nothing is taken yet."""
        area, drafts, key = self.query_one(TextArea), self.wizard.drafts, self._finding.id
        try:
            with drafts.in_editor(key, area.text, self._before) as place:
                text = edited_outside(self.app, area.text + "\n", place).removesuffix("\n")
                drafts.keep(key, text, self._before)
            area.load_text(text)
        except NoEditor as error:
            self._say(visible(str(error)))

    def action_leave(self) -> None:
        """Go back; a changed text is given up only when asked twice."""
        if self.query_one(TextArea).text != self._original and not self._warned:
            self._say("Your text is not taken yet. Escape again gives it up; ctrl+s takes it.")
            self._warned = True
            return
        self.wizard.drafts.drop(self._finding.id)
        self.dismiss(False)
