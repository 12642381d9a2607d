"""What runs and may take long: what it is, for how many seconds, and the last lines that it said; a key ends it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from modal_wizard.process.signals import cancel

LINES = 4
"""How many of the last lines are shown."""
EVERY = 0.25
"""Seconds between two looks at what was said."""


class Running(Static):
    """Shown, with the keys, from `begin` to `end`; `say` and `hear` may be called in any thread."""

    BINDINGS = [
        Binding(
            "escape,ctrl+c",
            "end_it",
            "end it",
            key_display="esc ^c",
            tooltip="End what runs, and put everything back; once more ends it by force",
        ),
    ]

    def __init__(self, end: Callable[[], None] = cancel, *, lines: int = LINES) -> None:
        super().__init__(id="running")
        self._end = end
        self._what, self._said = "", deque[str](maxlen=lines)
        self._since, self._asked = 0.0, 0
        self._timer: Timer | None = None
        self._before: Widget | None = None
        self.display = False

    def begin(self, what: str) -> None:
        """Show that something runs, and take the keys."""
        self._said.clear()
        self._what, self._since, self._asked = what, time.monotonic(), 0
        self._before = self.screen.focused
        self.display = self.can_focus = True
        self._timer = self._timer or self.set_interval(EVERY, self._draw)
        self._draw()
        self.focus()

    def say(self, what: str) -> None:
        """Take in what runs now, in words; its seconds count from here."""
        self._what, self._since = what, time.monotonic()

    def hear(self, line: str) -> None:
        """Take in a line that it printed, made safe to show."""
        self._said.append(line)

    def end(self) -> None:
        """It is over: give the keys back."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.display and self._before is not None and self._before.is_attached:
            self._before.focus()
        self.display = self.can_focus = False

    @property
    def was_asked(self) -> bool:
        """Whether a person has asked to end it."""
        return self._asked > 0

    def action_end_it(self) -> None:
        """End what runs; it says so itself when it has ended."""
        self._asked += 1
        self._end()
        self._draw()

    def _draw(self) -> None:
        ends = ("", "ending; esc again ends it by force: ", "ending by force: ")[min(self._asked, 2)]
        head = f"{time.monotonic() - self._since:.0f} s  {ends}{self._what}"
        said = "".join(f"\n  {line}" for line in list(self._said))
        self.update(Content.assemble((head, ".here"), (said, ".dim")))

    def on_unmount(self) -> None:
        """Leave nothing running behind."""
        if self.display:
            self._end()
