"""Boxes to edit text of the repository in: safe to draw, and with the lines marked that differ from before."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widgets import TextArea

from modal_wizard.text.diff import Mark, rows
from modal_wizard.text.sanitize import visible_each

MOST = 2_000
"""A text of more lines is not compared while it is typed."""


class TextBox(TextArea):
    """A text area that draws what a terminal would obey as visible characters; the text itself stays what it is."""

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: as many characters as the text has there."""
        return Text(visible_each(self.document.get_line(line_index)), end="", no_wrap=True)


class MarkedBox(TextBox):
    """A text box that marks, by colour and behind the line, what changed."""

    COMPONENT_CLASSES = {"marked-line"}
    DEFAULT_CSS = "MarkedBox > .marked-line { background: $success 15%; }"

    _before = ""
    _compared: tuple[str, frozenset[int]] = ("", frozenset())
    """The text that was compared last, and its lines that differ."""

    def compare_with(self, before: str) -> None:
        """Mark the lines that are not in a text."""
        self._before, self._compared = before, ("", frozenset())

    @property
    def marked(self) -> frozenset[int]:
        """The lines that differ, from 0."""
        text = self.text
        if text != self._compared[0]:
            self._compared = text, self._changed(text)
        return self._compared[1]

    def _changed(self, text: str) -> frozenset[int]:
        if self.document.line_count > MOST:
            return frozenset()
        return frozenset(row.new - 1 for row in rows(self._before, text) if row.mark is Mark.NEW)

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn, marked when it differs."""
        line = super().get_line(line_index)
        if line_index in self.marked:
            tint = self.get_component_styles("marked-line").background
            shade = self.background_colors[1] + tint  # a box of text takes colours as they are, and blends none
            line.stylize(Style(bgcolor=shade.rich_color), 0, len(line))
            line.append("  ◂", style="dim")
        return line
