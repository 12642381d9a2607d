"""What the bytes of a file tell without parsing: whether it can hold anything of Modal."""

from __future__ import annotations

import re
from functools import cache

from modal_transforms.analysis.import_scan import imports_modal
from modal_transforms.core.command_line import OTHER_COMMANDS
from modal_transforms.core.patterns import pattern
from modal_transforms.formats import is_python, may_hold
from modal_transforms.sections import REGISTRY

_HINTS = sorted({hint for rule in REGISTRY for hint in rule.hints})
_WORDS = tuple(hint for hint in _HINTS if not hint.startswith(b"."))
_NAMES = tuple(hint[1:] for hint in _HINTS if hint.startswith(b"."))
_COMMENT_IN_CHAIN = pattern(rb"\.[\s\\]*#")
"""A comment between the dot and the name of an attribute."""
_COMMAND = pattern(
    rb"""modal(?:(?<=["'/]modal)["']|(?<!imodal)[ \t]+(?:run|deploy|serve|shell|(?:"""
    + OTHER_COMMANDS.encode()
    + rb""")[ \t]+\w))"""
)
"""The hints that need no import of Modal: its command lines; texts on what is multimodal are full of them."""

_SETTINGS = (b"keep_warm", b"concurrency_limit", b"container_idle_timeout", b"allow_concurrent_inputs")
"""Old keys of dicts, which need nothing of Modal where they are written."""
_OTHERS = pattern(rb"con(?:curren|tainer_idle)")
"""What one of the last three says; one search through a file, where three words take three."""
_SETTING = pattern(rb"\b(?:" + b"|".join(_SETTINGS) + rb")\b")


def may_hold_settings(data: bytes) -> bool:
    """Tell whether a Python file may hold a dict of options, Modal's if a file that uses Modal imports it."""
    return (b"keep_warm" in data or _OTHERS.search(data) is not None) and _SETTING.search(data) is not None


def may_hold_modal(data: bytes, path: str = "") -> bool:
    """Tell, without parsing, whether a file can hold anything of interest; one without a path is taken for Python."""
    if path and not is_python(path, data):
        return may_hold(path, data)
    return says_modal(data) or may_hold_old(data)


def says_modal(data: bytes) -> bool:
    """Tell whether a Python file may import Modal or hold one of its command lines."""
    return b"modal" in data and (imports_modal(data) or holds_command(data))


def holds_command(data: bytes) -> bool:
    """Tell whether a Python file may hold a Modal command line."""
    return _COMMAND.search(data) is not None


def may_hold_old(data: bytes) -> bool:
    """Tell whether a Python file holds an old spelling, Modal's if it gets Modal's names from another file."""
    if any(word in data for word in _WORDS):
        return True
    if not any(name in data for name in _NAMES):
        return False
    beside, below = _attributes()
    if beside.search(data):
        return True
    return _COMMENT_IN_CHAIN.search(data) is not None and below.search(data) is not None


@cache
def _attributes() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches the hints that name an attribute, behind its dot and at the start of a later line.

    Few files are asked for one.
    """
    names = b"(?:" + b"|".join(_NAMES) + rb")\b"
    return re.compile(rb"\.[\s\\]*" + names), re.compile(rb"(?:^|\r)[ \t\f\v\\]*" + names, re.MULTILINE)
