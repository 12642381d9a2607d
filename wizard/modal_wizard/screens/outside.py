"""The person's own editor: the wizard steps aside and comes back."""

from __future__ import annotations

from textual.app import App, SuspendNotSupported

from modal_wizard.editor import NoEditor, edited, editor

__all__ = ["NoEditor", "edited_outside", "editor"]


def edited_outside(app: App[int], text: str) -> str:
    """Return a text as the person's editor left it; raises `NoEditor`."""
    try:
        return edited(text, terminal=app.suspend)
    except SuspendNotSupported:
        raise NoEditor("This terminal cannot be lent to another program.") from None
