"""What reads like old code and was left alone, file by file, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from modal_transforms.core.model import LookAlike
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.choose import Typing
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar

_NOTHING = "Nothing else in this repository reads like old Modal code."
_LONGEST = 80
_INDENT = 8
_LEAST = 20


class Places(OptionList):
    """The places; the cursor moves by the keys of the rest of the wizard too."""

    BINDINGS = [
        bound("down", "cursor_down", "Go down", show=False),
        bound("up", "cursor_up", "Go up", show=False),
    ]


class LeftAlone(WizardScreen):
    """A list to read and to search; it is put together when it is opened."""

    BINDINGS = [
        bound("search", "search", "Show the places in which some words occur"),
        bound("look-alikes", "back", "Show all places again, or go back", show=False),
        bound("overview", "back", "Show all places again, or go back", show=False),
        Binding("escape", "back", "back", key_display="esc", tooltip="Show all places again, or go back"),
    ]

    class Found(Message):
        """All files were looked through."""

        def __init__(self, places: tuple[LookAlike, ...]) -> None:
            super().__init__()
            self.places = places

    def __init__(self) -> None:
        super().__init__()
        self.places: tuple[LookAlike, ...] | None = None
        """All of them; ``None`` while they are looked for."""
        self.words = ""

    def compose(self) -> ComposeResult:
        """How many there are, and the places."""
        yield Static(id="context")
        yield Static(id="nothing-alike")
        yield Places(id="places", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Look for them, in a thread."""
        self.query_one(Places).focus()
        self._look()

    @work(thread=True, exclusive=True, group="look-alikes")
    def _look(self) -> None:
        self.post_message(self.Found(tuple(self.wizard.migration.analysis.look_alikes())))

    def on_left_alone_found(self, message: Found) -> None:
        """Show what was found."""
        self.places = message.places
        self.show()
        self.refresh_bindings()

    @property
    def shown(self) -> list[LookAlike]:
        """The places in which the words that are searched for occur."""
        wanted = self.words.casefold().split()
        return [each for each in self.places or () if all(word in _searched(each) for word in wanted)]

    def show(self) -> None:
        """Bring the list up to date."""
        shown = self.shown
        self.query_one("#context", Static).update(self._heading(shown))
        menu = self.query_one(Places)
        here = menu.highlighted or 1
        menu.clear_options()
        menu.add_options(list(_options(shown, self.size.width - _INDENT - 4)))
        menu.highlighted = min(here, menu.option_count - 1) if shown else None
        menu.display = bool(shown)
        said = "Looking…" if self.places is None else "No place holds these words. Press esc to see all."
        nothing = self.query_one("#nothing-alike", Static)
        nothing.update(Content(said if self.places or self.places is None else _NOTHING))
        nothing.display = not shown

    def on_resize(self) -> None:
        """Wrap the reasons anew."""
        self.show()

    def _heading(self, shown: Sequence[LookAlike]) -> Content:
        title = ("Look-alikes", ".here")
        if not self.places:
            return Content.assemble(title)
        files = len({each.site.path for each in shown})
        count = f"  {counted(len(shown), 'place')} in {counted(files, 'file')}"
        if self.words:
            words = f" “{visible(self.words)}” "
            return Content.assemble(title, count, "  ", (words, ".review-badge"), (" esc shows all", ".warning"))
        return Content.assemble(title, f"{count} only read{'s' * (len(shown) == 1)} like old code")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to search only where there is something to be found."""
        return bool(self.places) if action == "search" else True

    def action_search(self) -> None:
        """Ask for words, and show the places that they occur in."""

        def typed(text: str | None) -> None:
            if text is not None:
                self._search(text)

        hint = "Words that occur in the file, code, section or reason; empty shows all."
        self.app.push_screen(Typing("Search the look-alikes", hint, self.words, "show"), typed)

    def _search(self, words: str) -> None:
        self.words = words
        self.query_one(Places).highlighted = None
        self.show()
        self.refresh_bindings()

    def action_back(self) -> None:
        """Show all places again, or go back."""
        if self.words:
            self._search("")
        else:
            self.app.pop_screen()


def _searched(each: LookAlike) -> str:
    return f"{each.site.path}\n{each.site.text}\n{each.section}\n{each.reason}".casefold()


def _options(places: Sequence[LookAlike], width: int) -> Iterator[Option]:
    for number, (path, own) in enumerate(groupby(places, key=lambda each: each.site.path)):
        blank = "\n" if number else ""
        yield Option(Content.assemble(blank, (visible(path, "␉"), ".strong")), disabled=True)
        for each in own:
            code = " ".join(visible(each.site.text, " ").split())[:_LONGEST]
            head = ((f"{each.site.label:>6}", ".dim"), "  ", (code, ".here"), (f"  {each.section}", ".dim"))
            reason = wrap(visible(each.reason, " "), max(width, _LEAST)) or [""]
            yield Option(Content.assemble(*head, *(f"\n{' ' * _INDENT}{line}" for line in reason)))
