"""What the wizard tells in the line above the keys, until a key is pressed; and why a key did nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from textual.app import App
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Key, MouseDown

from modal_wizard.config.commands import COMMANDS, EVERYWHERE, KeyCommand, shown_key
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.widgets.hint_line import HintLine
from modal_wizard.tui.widgets.key_bar import KeyBar

NOTE = 4
"""So many keys leave a note in sight that nobody asked for."""


class ToldLine(Struct):
    """Something that was told."""

    text: str
    bad: bool
    keys: int
    """How many keys leave it in sight, the one that takes it away included."""


class Telling:
    """Tells on the screen that is current, and goes on telling on the one that comes next."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.told: list[ToldLine] = []
        """What is in sight, the latest last."""
        self.last_key = "", 0.0
        """The key that was pressed last, and when."""
        self._is_late = False
        """Whether less is told than is in sight."""

    def tell(self, text: str, bad: bool = False, keys: int = 1) -> None:
        """Tell something beside what is told already; what was told before in the same words comes once."""
        self.told = [each for each in self.told if each.text != text] + [ToldLine(text, bad, keys)]
        self.show()

    def forget(self, text: str) -> None:
        """Stop telling something."""
        self.told = [each for each in self.told if each.text != text]
        self.show()

    def heard(self, event: Key | MouseDown) -> None:
        """A person did something: leave out what had its time, on the screen together with what comes of a key."""
        self.last_key = (event.key if isinstance(event, Key) else "", event.time)
        for each in self.told:
            each.keys -= 1
        left = [each for each in self.told if each.keys > 0]
        self._is_late = self._is_late or len(left) < len(self.told)
        self.told = left
        if not isinstance(event, Key) or self._is_typed(event):
            self.answered()

    def _is_typed(self, event: Key) -> bool:
        """Tell whether a key goes into a text, of which nobody is told when that is done."""
        focused = self._app.focused
        return focused is not None and focused.check_consume_key(event.key, event.character)

    def answered(self) -> None:
        """A key did what it does: a frame of its own for what is told no more would have had it wait."""
        if self._is_late:
            self.show()

    def show(self) -> None:
        """Bring the screen that is current up to date."""
        self._is_late = False
        lines = [Content.styled(each.text, ".warning" if each.bad else ".here") for each in self.told]
        said = Content("\n").join(lines) if lines else None
        in_place = any(line.say(said) for line in self._app.screen.query(HintLine))
        for bar in self._app.screen.query(KeyBar):
            bar.say(None if in_place else said)


def why_silent(app: App[Any], key: str, own: Mapping[str, str]) -> str:
    """Return why a key did nothing, as a sentence; ``own`` has the person's own keys by command. Empty for no letter.

    A key that works here and not now has its reason; one that works elsewhere is told with the place.
    """
    screen, shown = app.screen, shown_key(key)
    command = _command(key, own)
    if command is None:
        return f"{shown} is no key here; ? lists the keys." if len(shown) == 1 and shown.isprintable() else ""
    if not isinstance(screen, WizardScreen):
        works = command.where == EVERYWHERE and command.id in set(_bound(type(screen)))
        return command.silent if works else f"{shown} ({command.words}) does nothing in this dialog: esc leaves it."
    if screen.busy:
        return f"{shown} ({command.words}) has to wait for what runs; esc ends that."
    if command.id in {*_bound(type(screen)), *_bound(type(app))} and command.silent:
        return command.silent
    if command.where == EVERYWHERE:
        return command.silent
    return f"{shown} ({command.words}) works {command.where}."


def _command(key: str, own: Mapping[str, str]) -> KeyCommand | None:
    named = {each: name for name, keys in own.items() for each in keys.split(",")}
    if key in named:
        return COMMANDS[named[key]]
    return next((each for each in COMMANDS.values() if key in each.keys and each.id not in own), None)


def _bound(node: type[DOMNode]) -> Iterator[str]:
    """Yield the commands that a kind of screen, or the application, has keys for."""
    for kind in node.__mro__:
        yield from (binding.id for binding in vars(kind).get("BINDINGS", ()) if getattr(binding, "id", None))
