"""The rewrites that a finding offers, each with what it means at run time."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from modal_transforms.core.model import Choice
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs


class Choices(OptionList):
    """Choices by number; moving over them changes the diff."""

    BINDINGS = [
        Binding("enter", "take", "take", key_display="⏎", tooltip="Accept the choice under the cursor"),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    class Taken(Message):
        """The choice under the cursor is wanted."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._shown: tuple[Sequence[Choice], str, str] = ((), "", "")

    def show(self, choices: Sequence[Choice], taken: str, here: str) -> None:
        """List choices; ``taken`` is the one that was decided, ``here`` the one whose diff is shown."""
        if self._shown == (choices, taken, here):
            return
        self._shown = (choices, taken, here)
        if len(choices) < 2 and not self.options:
            return
        self.set_options(
            Option(_prompt(number, choice, choice.key == taken, choice.key == here), id=choice.key)
            for number, choice in enumerate(choices, start=1)
        )
        self.highlighted = next((i for i, choice in enumerate(choices) if choice.key == here), None)

    def action_take(self) -> None:
        """Ask for the choice under the cursor to be accepted."""
        self.post_message(self.Taken())


def _prompt(number: int, choice: Choice, taken: bool, here: bool) -> Paragraphs:
    label = Content.assemble((visible(choice.label), ".strong"), (" ✓ taken", ".accepted") if taken else "")
    if choice.asks:
        asked = ", ".join(ask.prompt for ask in choice.asks)
        label = Content.assemble(label, (f"  asks: {visible(asked)}", ".dim"))
    name = f"{'▸' if here else ' '} {number}"
    return Paragraphs([Paragraph(name, label), Paragraph("", Content(visible(choice.effect)))], indent=5)
