"""What the first review needs, loaded in threads while nobody waits for it."""

from __future__ import annotations

from importlib import import_module
from threading import Event

_rewriting = Event()


def load_review() -> None:
    """Load the screen of a review, and what colours code."""
    for name in ("modal_wizard.tui.screens.review.screen", "pygments.lexers.python"):
        import_module(name)


def load_rewriting() -> None:
    """Load what works out changes, which takes a while."""
    import_module("libcst.metadata")
    _rewriting.set()


def can_rewrite() -> bool:
    """Tell whether a change can be worked out without loading anything first."""
    return _rewriting.is_set()
