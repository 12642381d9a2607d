"""A short list to pick from, with what each entry stands for below it; and a line to be typed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.textual_ext.key_words import name_key
from modal_wizard.tui.widgets.answer import Answer
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import Page


class MenuItem(Struct, frozen=True):
    """An entry: what is returned when it is picked, what it says, what it stands for."""

    key: str
    label: str
    details: tuple[str, ...] = ()


class MenuLine(Content):
    """An entry's words; that they take one line is told without wrapping them: there may be a thousand entries."""

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the words take."""
        text = self.plain
        return 1 if len(text) <= width and text.isascii() and text.isprintable() else super().get_height(rules, width)


class List(OptionList):
    """The entries; the cursor moves by the keys of the rest of the wizard too."""

    BINDINGS = [
        bound("down", "cursor_down", "", show=False),
        bound("up", "cursor_up", "", show=False),
        Binding("enter", "select", "do it", key_display="⏎", tooltip="Do what is under the cursor"),
    ]


class Menu(WizardDialog[str]):
    """Asks for one of several entries and returns its key."""

    BINDINGS = [Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back; nothing is done")]

    def __init__(self, title: str, items: Sequence[MenuItem], here: str = "") -> None:
        super().__init__()
        self._title = title
        self._items = {item.key: item for item in items}
        self._here = here

    def compose(self) -> ComposeResult:
        """The entries, and what the one under the cursor stands for."""
        with Vertical(classes="dialog wide menu") as dialog:
            dialog.border_title = Content(visible(self._title))
            options = [Option(MenuLine(visible(item.label)), id=item.key) for item in self._items.values()]
            yield List(*options, id="menu", markup=False)
            with Page(id="menu-details", can_focus=False):
                yield Static(id="menu-text")
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the entry that was named."""
        menu = self.query_one(List)
        menu.highlighted = list(self._items).index(self._here) if self._here in self._items else 0
        if not any(item.details for item in self._items.values()):
            self.query_one("#menu-details").display = False
        menu.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the entry stands for."""
        details = self._items[str(event.option_id)].details
        self.query_one("#menu-text", Static).update(Content("\n".join(visible(line, "    ") for line in details)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Dismiss with the entry."""
        self.dismiss(str(event.option_id))


class Typing(WizardDialog[str]):
    """Asks for a line of text, which may be empty."""

    BINDINGS = [
        Binding("enter", "take", "do it", key_display="⏎", priority=True, tooltip="Do it with this text"),
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back; nothing is done"),
    ]

    def __init__(self, title: str, hint: str, text: str = "", verb: str = "do it") -> None:
        """Ask; ``verb`` says what enter does then, in a word."""
        super().__init__()
        name_key(self, "enter", "take", verb, "⏎")
        self._title, self._hint, self._text = title, hint, text

    def compose(self) -> ComposeResult:
        """What is asked, and the line."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._title, ".strong"))
            yield Static(Content.styled(self._hint, ".dim"))
            yield Answer(self._text, id="typed", asked_by=self.wizard.telling.last_key)
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin to type at once."""
        self.query_one(Input).focus()

    def action_take(self) -> None:
        """Dismiss with the text."""
        self.dismiss(self.query_one(Input).value.strip())
