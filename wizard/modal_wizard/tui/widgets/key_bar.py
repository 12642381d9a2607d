"""The footer: every key that works now, on as many lines as it takes, at most two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.css.styles import RulesMap
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widget import Widget

ROWS = 2
NOT_OURS = ("quit", "help_quit")
"""Actions of Textual's own that ours stand for."""
LAST = ("question_mark", "q")
ALWAYS = ("question_mark", "q", "escape")
"""Keys that stay when there is no room for all."""
SPARE = ("w", "ctrl+p", "plus", "g", "d", "F")
"""Keys that go first then: help and the palette know them."""


@dataclass(frozen=True, slots=True)
class LiveKey:
    """A key that works now."""

    key: str
    display: str
    description: str
    tooltip: str

    @property
    def title(self) -> str:
        """The key's action as the name of a command."""
        return self.description[:1].upper() + self.description[1:]

    @property
    def width(self) -> int:
        """Cells that the key takes, the gap behind it included."""
        return len(self.display) + len(self.description) + 3


def live_keys(screen: Screen[object], hidden: bool = False) -> list[LiveKey]:
    """Return the keys that work now on a screen: its own first, then those of the app."""
    found: dict[str, tuple[int, LiveKey]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        known = binding.description and binding.tooltip if hidden else binding.show
        if not active.enabled or binding.action in NOT_OURS or not known:
            continue
        rank = 2 if active.node is screen.app else 1 if active.node is screen else 0
        key = LiveKey(
            binding.key.split(",")[0], screen.app.get_key_display(binding), binding.description, binding.tooltip
        )
        if binding.show or binding.action not in found:
            found[binding.action] = (rank, key)
    return [key for _, key in sorted(found.values(), key=lambda pair: (pair[0], pair[1].key in LAST))]


class KeyLines(Visual):
    """Keys laid out on lines; those that find no room are left out, help and quit last."""

    def __init__(self, keys: list[LiveKey]) -> None:
        self._keys = keys

    def rows(self, width: int) -> list[list[LiveKey]]:
        """Return the keys line by line."""
        kept = list(self._keys)
        while len(rows := list(_filled(kept, width))) > ROWS:
            spare = [key for key in kept if key.key not in ALWAYS]
            if not spare:
                return rows[:ROWS]
            kept.remove(next((key for name in SPARE for key in spare if key.key == name), spare[-1]))
        return rows

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render at a width, as the protocol of visuals asks."""
        lines = [Content.assemble(*(_shown(key) for key in row)) for row in self.rows(width)]
        return Content("\n").join(lines).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the keys take."""
        return max(1, len(self.rows(width)))


def _filled(keys: list[LiveKey], width: int) -> Iterator[list[LiveKey]]:
    row: list[LiveKey] = []
    for key in keys:
        if row and sum(one.width for one in row) + key.width - 2 > width:
            yield row
            row = []
        row.append(key)
    if row:
        yield row


def _shown(key: LiveKey) -> Content:
    text = Content.assemble((key.display, ".key"), " ", (key.description, ".key-description"))
    return Content.assemble(text.stylize(Style.from_meta({"press": key.key})), "  ")


class KeyBar(Widget):
    """The line or lines at the foot of a screen; a click on a key presses it."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[LiveKey] | None = None

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.follow()

    def follow(self) -> None:
        """Show the keys that work now."""
        keys, before = live_keys(self.screen), self._keys
        if keys != before:
            self._keys, width = keys, self.content_size.width
            self.refresh(layout=before is None or len(KeyLines(keys).rows(width)) != len(KeyLines(before).rows(width)))

    def render(self) -> RenderResult:
        """Show the keys that work now."""
        if self._keys is None:
            self._keys = live_keys(self.screen)
        return KeyLines(self._keys)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        key = event.style.meta.get("press")
        if key:
            self.app.simulate_key(key)
