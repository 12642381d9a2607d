"""What the first review needs, loaded in threads while nobody waits for it."""

from __future__ import annotations

from importlib import import_module


def load_review() -> None:
    """Load the screen of a review, and what colours code."""
    for name in ("modal_wizard.tui.screens.review.screen", "pygments.lexers.python"):
        import_module(name)
