"""Edit in place: whole statements after the rewrite, part by part, to be changed by hand and checked before taken."""

from __future__ import annotations

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from modal_transforms.core.model import Finding
from modal_transforms.core.patterns import pattern
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.parts import editable_parts, trimmed
from modal_wizard.process.editor import NoEditor, editor
from modal_wizard.session.decisions import ManualEdit
from modal_wizard.session.drafts import part_key
from modal_wizard.text.diff import Mark, rows
from modal_wizard.text.line_ends import with_line_ends
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.suspend import edited_outside
from modal_wizard.tui.textual_ext.themes import use_theme
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.marked_box import MarkedBox

_LINE = pattern(r"line (\d+)")
FEW = 6
"""Lines that go which are shown above the editor."""


class EditLines(WizardDialog[bool]):
    """A Python editor over the parts of a change; a bad edit keeps the text and says what is wrong."""

    BINDINGS = [
        Binding("ctrl+s", "next", "next part", key_display="^s", priority=True, tooltip="Go on to the next part"),
        Binding("ctrl+s", "take", "take", key_display="^s", priority=True, tooltip="Check the text and take it"),
        Binding("ctrl+b", "before", "part before", key_display="^b", priority=True, tooltip="Back to the part before"),
        Binding(
            "ctrl+e", "outside", "own editor", key_display="^e", priority=True, tooltip="Edit it in your own editor"
        ),
        Binding("escape", "leave", "back", key_display="esc", priority=True, tooltip="Go back; asks once when changed"),
        Binding("ctrl+q", "app.leave", "quit", show=False, priority=True, tooltip="Leave; the text comes back"),
    ]

    def __init__(self, finding: Finding, choice: str) -> None:
        super().__init__()
        self._finding = finding
        self._choice = choice
        self._warned = False
        self._parts: list[tuple[ManualEdit, str]] = []
        """The parts of the change: each as it is to be typed, and its text as it is now."""
        self._texts: list[str] = []
        """What the editor has or had of each part."""
        self._at = 0
        """The part that is edited."""

    def compose(self) -> ComposeResult:
        """What goes, the editor, what is wrong."""
        with Vertical(classes="dialog wide"):
            yield Static(id="was")
            yield MarkedBox.code_editor(id="editor", soft_wrap=False)
            yield Static(id="fault")
            yield KeyBar()

    def on_mount(self) -> None:
        """Fill the editor with the first part after the rewrite."""
        self._parts = editable_parts(self.wizard.migration, self._finding, self._choice)
        self._texts = [_plain(typed.text) for typed, _ in self._parts]
        use_theme(self._box, self.app.current_theme.dark)
        self._box.language = "python" if "python" in self._box.available_languages else None
        self._show(0)
        self._box.focus()

    @property
    def _box(self) -> MarkedBox:
        return self.query_one(MarkedBox)

    @property
    def _typed(self) -> ManualEdit:
        return self._parts[self._at][0]

    @property
    def _before(self) -> str:
        return self._parts[self._at][1]

    @property
    def _draft(self) -> str:
        return part_key(self._finding.id, self._at)

    @property
    def _first(self) -> int:
        return self.wizard.migration.source(self._typed.path).line_of(self._typed.start)

    def _show(self, at: int) -> None:
        """Have a part in the editor, with what was typed of it earlier and not taken."""
        self._at = at
        box, before = self._box, _plain(self._before)
        box.compare_with(before)
        box.line_number_start = self._first
        earlier = self.wizard.drafts.find(self._draft, self._before)
        taken_up = bool(earlier) and earlier != self._texts[at]
        box.load_text(earlier if taken_up else self._texts[at])
        self._shown = box.text
        changed = next(iter(sorted(box.marked)), 0)
        box.move_cursor((changed, 0))
        self.call_after_refresh(box.scroll_cursor_visible, center=True)
        self._say("This is what you had typed and not taken. Escape twice gives it up." if taken_up else "")
        self._head(before)
        self.refresh_bindings()

    def _head(self, before: str) -> None:
        """Say which part it is, and what goes of it."""
        several = f"  ·  part {self._at + 1} of {len(self._parts)}" if len(self._parts) > 1 else ""
        title = f"edit {visible(self._typed.path, '␉')}:{self._first}{several}"
        self.query_one(".dialog").border_title = Content(title)
        gone = [row.text for row in rows(before, _plain(self._typed.text)) if row.mark is Mark.OLD]
        lines = [f"- {visible(line, '→   ')}" for line in gone[:FEW]]
        lines += [f"  and {len(gone) - FEW} more"] * (len(gone) > FEW)
        self.query_one("#was", Static).update(Content.styled("\n".join(lines), ".diff-old"))

    def on_text_area_changed(self) -> None:
        """A fresh text is judged afresh, and kept until it is taken or given up."""
        text = self._box.text
        if text == self._shown:
            return
        self._shown, self._warned = text, False
        self._texts[self._at] = text
        self.wizard.keep_draft(self._draft, text, self._before)
        self._say("")

    def _say(self, text: str) -> None:
        self.query_one("#fault", Static).update(Content.styled(text, ".warning"))

    # --- taking --------------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """Go on to the next part."""
        self._texts[self._at] = self._box.text
        self._show(self._at + 1)

    def action_before(self) -> None:
        """Go back to the part before."""
        self._texts[self._at] = self._box.text
        self._show(self._at - 1)

    def action_take(self) -> None:
        """Check the texts and take them; else say what is wrong and keep them."""
        self._texts[self._at] = self._box.text
        first, *others = (self._as_typed(at) for at in range(len(self._parts)))
        try:
            self.wizard.migration.edit(self._finding, first, self._choice, tuple(others))
        except CannotRewrite as error:
            self._warned = False
            self._say(f"Not taken: {visible(str(error))}")
            self._go_to_fault(str(error))
        else:
            self._drop()
            self.dismiss(True)

    def _as_typed(self, at: int) -> ManualEdit:
        typed, text = self._parts[at][0], self._texts[at]
        ended = text + ("\n" if typed.text.endswith(("\n", "\r")) and text else "")
        source = self.wizard.migration.source(typed.path)
        text = with_line_ends(typed.text, ended, source.newline)
        return trimmed(source, self._finding, replace(typed, text=text))

    def _drop(self) -> None:
        for number in range(len(self._parts)):
            self.wizard.drafts.drop(part_key(self._finding.id, number))

    def _go_to_fault(self, message: str) -> None:
        named = _LINE.search(message)
        first = 1 if "of the text" in message else self._first
        row = int(named.group(1)) - first if named else -1
        if 0 <= row < self._box.document.line_count:
            self._box.move_cursor((row, 0))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the next part where there is one, and the person's own editor only when there is one."""
        if action in {"next", "take"}:
            return (self._at < len(self._parts) - 1) is (action == "next")
        if action == "before":
            return self._at > 0
        return action != "outside" or bool(editor(self.wizard.scope.root))

    def action_outside(self) -> None:
        """Edit the text in the person's own editor; nothing is taken yet."""
        box, drafts, key = self._box, self.wizard.drafts, self._draft
        root, line = self.wizard.scope.root, box.cursor_location[0] + 1
        try:
            with drafts.in_editor(key, box.text, self._before) as place:
                text = edited_outside(self.app, box.text + "\n", root, place, line).removesuffix("\n")
                drafts.keep(key, text, self._before)
            box.load_text(text)
        except NoEditor as error:
            self._say(visible(str(error)))

    def action_leave(self) -> None:
        """Go back; a changed text is given up only when asked twice."""
        self._texts[self._at] = self._box.text
        changed = any(text != _plain(typed.text) for text, (typed, _) in zip(self._texts, self._parts, strict=True))
        if changed and not self._warned:
            self._say("Your text is not taken yet. Escape again gives it up; ctrl+s takes it.")
            self._warned = True
            return
        self._drop()
        self.dismiss(False)


def _plain(text: str) -> str:
    """Return a text as the editor has it: with one kind of line end, the last one left out."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
