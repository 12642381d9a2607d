"""Texts made to fit: cut where it hurts least, with an ellipsis; and bars that fill up."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def shortened(path: str, width: int) -> str:
    """Return a path that fits: folders in front give way to an ellipsis."""
    while cell_len(path) > max(width, 8):
        cut = path.removeprefix("…/")
        path = f"…/{cut.split('/', 1)[1]}" if "/" in cut else set_cell_size(cut, max(width, 8) - 1).rstrip() + "…"
    return path


def fitted(text: str, width: int) -> str:
    """Return a text of just that many cells, an ellipsis where it was cut."""
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1].rstrip()}…".ljust(width)


def bar(done: int, total: int, width: int) -> tuple[str, str]:
    """Return the full and the empty part of a progress bar."""
    full = min(width, done * width // total) if total else 0
    return "━" * full, "━" * (width - full)
