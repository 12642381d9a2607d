"""Labelled paragraphs with a hanging indent, wrapped to whatever width they are given."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static


class Paragraph(Struct, frozen=True):
    """A paragraph and the word that stands before it; an empty label continues the entry above."""

    label: str
    text: Content
    wide: bool = False
    """Whether the text takes the whole width, without a label."""


class Paragraphs(Visual):
    """Paragraphs below each other, their texts aligned behind the longest label."""

    def __init__(self, entries: Iterable[Paragraph], indent: int | None = None) -> None:
        self._entries = tuple(entries)
        longest = max((len(entry.label) for entry in self._entries), default=0)
        self._indent = indent if indent is not None else longest + 2

    @property
    def says(self) -> object:
        """What the entries say, to be compared."""
        return self._indent, [(entry.label, entry.wide, says(entry.text)) for entry in self._entries]

    def lines(self, width: int) -> list[Content]:
        """Return the wrapped lines for a width."""
        room = max(width - self._indent, 8)
        made: list[Content] = []
        for entry in self._entries:
            if entry.wide:
                made += entry.text.wrap(max(width, 8)) or [Content("")]
                continue
            wrapped = entry.text.wrap(room) or [Content("")]
            for number, line in enumerate(wrapped):
                label = entry.label if number == 0 else ""
                made.append(Content.assemble((label.ljust(self._indent), ".label"), line))
        return made

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render at a width, as the protocol of visuals asks."""
        text = Content("\n").join(self.lines(width))
        return text.render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the entries take."""
        return len(self.lines(width))


def says(visual: object) -> object:
    """Return what a visual says, to be compared: words and their looks (texts alone compare their words)."""
    if isinstance(visual, Content):
        return visual.plain, tuple(visual.spans)
    return visual.says if isinstance(visual, Paragraphs) else visual


def put(static: Static, visual: Visual) -> None:
    """Show something else in a text; the screen is laid out anew only when it takes more or fewer lines."""
    if says(static.content) == says(visual):
        return
    width, height = static.content_size
    static.update(visual, layout=not width or visual.get_height(static.styles.get_rules(), width) != height)
