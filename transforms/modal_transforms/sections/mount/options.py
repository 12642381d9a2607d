"""Mounts in a dict of options that reaches Modal in a way that is not seen, an image beside them.

That it holds mounts and an image says what it is for. A function that returns such a dict to other files is the like.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import DictEntry
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Span
from modal_transforms.modal_api.images import extend_expression
from modal_transforms.modal_api.option_keys import Key, keys, said_elsewhere
from modal_transforms.sections.mount.choices import Consumer, MountTarget
from modal_transforms.sections.mount.findings import state
from modal_transforms.sections.mount.functions import read_here
from modal_transforms.sections.mount.mount_list import NotPlain, Reading
from modal_transforms.sections.mount.translate import translate_all

_UNSEEN = "which functions take these options cannot be seen: check that nothing else reads mounts from them"


def find_options(module: Module, covered: set[Span]) -> Iterator[Finding]:
    """Yield a finding for each dict of options with mounts and an image, but for those of other findings."""
    for key in keys(module, {"mounts"}) if b"Mount" in module.source.data else ():
        if not any(place.contains(key.name) for place in covered):
            found = _options_finding(module, key)
            if found is not None:
                yield found


def _options_finding(module: Module, key: Key) -> Finding | None:
    """State that mounts are added to the image beside them; ``None`` where only a person can tell."""
    image = _image(key.dict)
    if key.entry is None or image is None or isinstance(image, (ast.Constant, ast.JoinedStr)):
        return None
    container = module.source.span(key.dict)
    if said_elsewhere(module, DictEntry("mounts", key.name, key.value, True, container, key.entry)):
        return None
    try:
        reading, doubts = read_here(module, key.value, key.dict)
        additions = translate_all(reading.entries)
    except NotPlain:
        return None
    first = _first_call(module, reading)
    if first is None:
        return None
    consumer = Consumer(
        module, "mount-options", "these options", first, container, key.entry, reading, additions, doubts
    )
    label = "add them to the image in the same dict"
    changes = MountTarget("dict", label, lambda links: extend_expression(module, image, *links), doubt=_UNSEEN)
    return state(consumer, [changes])


def _first_call(module: Module, reading: Reading) -> ast.Call | None:
    """Return the first call in a file that makes a mount."""
    return next((entry.call for entry in reading.entries if entry.module is module), None)


def _image(options: ast.expr) -> ast.expr | None:
    """Return the image of a dict of options, written as a display or as ``dict(...)``."""
    if isinstance(options, ast.Dict):
        pairs = [*zip(options.keys, options.values, strict=True)]
        return next((value for name, value in pairs if isinstance(name, ast.Constant) and name.value == "image"), None)
    named = options.keywords if isinstance(options, ast.Call) else []
    return next((item.value for item in named if item.arg == "image"), None)
