"""The words of a key that only an object knows: what enter does in a dialog that asks for many things.

Private: ``DOMNode._bindings``. Buys: one dialog for all that is typed, whose footer says what it is for.
"""

from __future__ import annotations

from textual.dom import DOMNode


def name_key(node: DOMNode, key: str, action: str, words: str, shown: str) -> None:
    """Give a key of a screen or widget the words that its footer says."""
    node._bindings.bind(key, action, words, key_display=shown, priority=True)
