"""The styles of names in texts, looked up when they are first asked for.

Private: ``Widget._component_styles``, ``DOMNode._attach``, ``Widget._get_style``. Buys: a screen is not styled for some
thirty names, each a walk over the style sheet, before its first frame and at every change of its classes; and a view
that draws its own lines finds the look of a word as Textual's texts do.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.dom import DOMNode
from textual.style import Style
from textual.widget import Widget


def find_styles(widget: Widget, names: Iterable[str]) -> None:
    """Find the styles of names that a widget does not know yet; one that was restyled has forgotten them."""
    for name in names:
        if name not in widget._component_styles:
            node = DOMNode(classes=name)
            node._attach(widget)
            widget.app.stylesheet.apply(node, animate=False)
            widget._component_styles[name] = node.styles


def look_of(widget: Widget, name: str) -> Style:
    """Return how a name looks in the texts of a widget."""
    return widget._get_style(name)
