"""Bindings of commands: the key comes from the table of commands, so that a key has one meaning on every screen."""

from __future__ import annotations

from textual.binding import Binding

from modal_wizard.config.commands import COMMANDS


def bound(name: str, action: str, tooltip: str, *, words: str = "", show: bool = True, display: str = "") -> Binding:
    """Return the binding of a command to an action; ``words`` say what it does here, where that is more exact."""
    command = COMMANDS[name]
    keys = ",".join(command.keys)
    return Binding(keys, action, words or command.words, show, display or command.key, id=name, tooltip=tooltip)
