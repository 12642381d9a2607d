"""Plain data as lines of JSON, and back."""

from __future__ import annotations

import json

import msgspec

from modal_wizard.session.decisions import AnyEvent


def line_of(data: msgspec.Struct) -> str:
    """Return data as a line, without its end."""
    return json.dumps(msgspec.to_builtins(data))  # msgspec's own JSON has no way to write a path that is not UTF-8


def parsed(line: str) -> object:
    """Return what a line says; ``None`` where it is damaged."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def event_of(line: str) -> AnyEvent | None:
    """Return the event of a line; ``None`` where it is damaged or makes no sense."""
    try:
        event: AnyEvent = msgspec.convert(parsed(line), AnyEvent)
    except (ValueError, RecursionError):
        return None
    return event
