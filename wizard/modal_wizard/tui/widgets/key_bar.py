"""The footer: what is told, and the keys that work now in their groups, on two lines at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from textual import events
from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.css.styles import RulesMap
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widget import Widget

from modal_wizard.config.commands import COMMANDS, KeyGroup

ROWS = 2
NOT_OURS = ("quit", "help_quit")
"""Actions of Textual's own that ours stand for."""
ALWAYS = ("question_mark", "q", "escape")
"""Keys that stay when there is no room for all."""
SPARE = ("palette", "not-read", "look-alikes", "side-by-side", "summary", "overview", "clear", "many", "search")
"""Commands that go first then: help and the palette know them."""
BETWEEN = "│ "
"""What stands between groups."""
_ORDER = {name: number for number, name in enumerate(COMMANDS)}
_GROUPS = {
    group: number
    for number, group in enumerate((KeyGroup.DECIDE, KeyGroup.SECTION, KeyGroup.MOVE, KeyGroup.SEE, KeyGroup.ALWAYS))
}
"""What is decided comes first in the footer."""
_LAST = {
    **dict.fromkeys(("escape", "question_mark", "q"), KeyGroup.ALWAYS),
    **dict.fromkeys(("pagedown", "pageup", "home", "end", "up", "down", "left"), KeyGroup.MOVE),
}
"""The groups of keys that no command has."""


class LiveKey(Struct, frozen=True):
    """A key that works now."""

    key: str
    display: str
    description: str
    tooltip: str
    group: KeyGroup = KeyGroup.DECIDE
    name: str = ""
    """The command that it is for; empty for keys without one, such as enter."""

    @property
    def title(self) -> str:
        """The key's action as the name of a command, with the key."""
        return f"{self.description[:1].upper()}{self.description[1:]}  ({self.display})"

    @property
    def width(self) -> int:
        """Cells that the key takes, the gap behind it included."""
        return len(self.display) + len(self.description) + 3


def live_keys(screen: Screen[object], hidden: bool = False) -> list[LiveKey]:
    """Return the keys that work now on a screen, group by group; ``hidden`` adds those that the footer leaves out."""
    found: dict[str, LiveKey] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        known = binding.description and binding.tooltip if hidden else binding.show
        if not active.enabled or binding.action in NOT_OURS or not known:
            continue
        if binding.show or binding.action not in found:
            found[binding.action] = _live(binding, screen.app.get_key_display(binding))
    return sorted(found.values(), key=lambda key: (_GROUPS[key.group], key.key in _LAST, _ORDER.get(key.name, -1)))


def _live(binding: Binding, display: str) -> LiveKey:
    key, name = binding.key.split(",")[0], binding.id or ""
    group = COMMANDS[name].group if name in COMMANDS else _LAST.get(key, KeyGroup.DECIDE)
    return LiveKey(key, display, binding.description, binding.tooltip, group, name)


MOST_SAID = 5
"""More lines of what is told are cut."""


class KeyLines(Visual):
    """What is told, and keys laid out on lines; those that find no room are left out, help and quit last."""

    def __init__(self, keys: Sequence[LiveKey], said: Content | None = None, least: int = 1) -> None:
        self._keys, self._said, self._least = tuple(keys), said, least

    def rows(self, width: int) -> Sequence[Sequence[LiveKey]]:
        """Return the keys line by line; help and quit get no line of their own where another key can go."""
        return _laid_out(self._keys, width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render at a width, as the protocol of visuals asks."""
        lines = [*self._said.wrap(width)[:MOST_SAID]] if self._said else []
        lines += [Content.assemble(*_row(row)) for row in self.rows(width)]
        return Content("\n").join(lines).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the keys take, ``least`` or more."""
        said = len(self._said.wrap(width)[:MOST_SAID]) if self._said else 0
        return said + max(self._least, len(self.rows(width)))


@lru_cache(64)
def _laid_out(keys: tuple[LiveKey, ...], width: int) -> Sequence[Sequence[LiveKey]]:
    """Return keys line by line; remembered, because the same few work again and again, and are asked for often."""
    kept = list(keys)
    while len(rows := list(_filled(kept, width))) > 1:
        spare = [key for key in kept if key.key not in ALWAYS]
        go = [key for name in SPARE for key in spare if key.name == name]
        last = [key for key in go if key.name == "overview" or len(rows[-1]) == 1]
        alone = last if rows[-1][0] not in spare else []
        if len(rows) == ROWS and not alone:
            break
        go = alone or go
        if not spare:
            return rows[:ROWS]
        kept.remove(next(iter(go), spare[-1]))
    return rows


def _filled(keys: list[LiveKey], width: int) -> Iterator[list[LiveKey]]:
    row: list[LiveKey] = []
    for key in keys:
        borders = len({one.group for one in (*row, key)}) - 1
        if row and sum(one.width for one in row) + key.width - 2 + borders * len(BETWEEN) > width:
            yield row
            row = []
        row.append(key)
    if row:
        yield row


def _row(keys: Sequence[LiveKey]) -> Iterator[Content]:
    before = keys[0].group if keys else None
    for key in keys:
        if key.group is not before:
            yield Content.styled(BETWEEN, ".dim")
        before = key.group
        yield _shown(key)


def _shown(key: LiveKey) -> Content:
    text = Content.assemble((key.display, ".key"), " ", (key.description, ".key-description"))
    return Content.assemble(text.stylize(Style.from_meta({"press": key.key})), "  ")


class KeyBar(Widget):
    """The line or lines at the foot of a screen; a click on a key presses it."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[LiveKey] | None = None
        self._said: Content | None = None
        self._behind = False
        """Whether other keys may work than are shown."""
        self._rows = 1, 0
        """How many rows the keys have needed at most, and at which width: that fewer work now moves nothing else."""

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def say(self, text: Content | None) -> None:
        """Tell something above the keys; with ``None``, no longer."""
        if text != self._said:
            self._said = text
            self.refresh(layout=True)

    def _changed(self, _screen: Screen[object]) -> None:
        """Follow soon: a screen that opens says so several times, and asking for all keys takes a while."""
        if not self._behind:
            self._behind = True
            self.call_later(self._catch_up)

    def _catch_up(self) -> None:
        self._behind = False
        self.follow()

    def follow(self) -> None:
        """Show the keys that work now."""
        keys, before, rows = live_keys(self.screen), self._keys, self._rows
        if keys != before:
            self._keys = keys
            self.refresh(layout=before is None or self._room() != rows)

    def on_resize(self) -> None:
        """Take as many rows as another width asks for."""
        rows, width = self._rows
        if rows > 1 and width != self.content_size.width:
            self.refresh(layout=True)

    def _room(self) -> tuple[int, int]:
        """Return how many rows to keep for keys, and at which width."""
        rows, width = self._rows
        now = self.content_size.width
        needed = len(KeyLines(self._keys or []).rows(now)) if now else 1
        self._rows = max(needed, rows if width == now else 1), now
        return self._rows

    def render(self) -> RenderResult:
        """Show the keys that work now."""
        if self._keys is None:
            self._keys = live_keys(self.screen)
        return KeyLines(self._keys, self._said, self._room()[0])

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        key = event.style.meta.get("press")
        if key:
            self.app.simulate_key(key)
