"""The rewrites that a finding offers: the title of each, and what the one that is looked at means at run time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from modal_transforms.core.model import Choice
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.labelled_text import Paragraph


class Choices(OptionList):
    """Choices by number, a line each; moving over them changes the diff."""

    BINDINGS = [
        Binding("enter", "take", "accept this", key_display="⏎", tooltip="Accept the choice under the cursor"),
        bound("down", "cursor_down", "", show=False),
        bound("up", "cursor_up", "", show=False),
        Binding("left", "leave", "back", show=False, key_display="←", tooltip="Back to the findings"),
    ]

    class Taken(Message):
        """The choice under the cursor is wanted."""

    class Exited(Message):
        """The cursor is to leave the choices."""

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
            Option(_title(number, choice, choice.key == taken, choice.key == here), id=choice.key)
            for number, choice in enumerate(choices, start=1)
        )
        self.highlighted = next((i for i, choice in enumerate(choices) if choice.key == here), None)
        self.scroll_to_highlight()

    def action_take(self) -> None:
        """Ask for the choice under the cursor to be accepted."""
        self.post_message(self.Taken())

    def action_leave(self) -> None:
        """Leave the choices as they are."""
        self.post_message(self.Exited())


def _title(number: int, choice: Choice, taken: bool, here: bool) -> Content:
    mark = ("▸ ", ".here") if here else "  "
    label = (visible(" ".join(choice.label.split())), ".strong")
    best = ("recommended  ", ".safe") if number == 1 else ""
    return Content.assemble(mark, (f"{number}  ", ".key"), ("✓ taken  ", ".accepted") if taken else "", best, label)


def meaning(choice: Choice, why: str) -> Iterator[Paragraph]:
    """Yield what a choice means at run time and asks, and ``why`` the first one is recommended."""
    yield Paragraph("Why 1", Content(visible(why)))
    yield Paragraph("Effect", Content(visible(choice.effect)))
    if choice.asks:
        yield Paragraph("Asks", Content(visible("; ".join(ask.prompt for ask in choice.asks))))
