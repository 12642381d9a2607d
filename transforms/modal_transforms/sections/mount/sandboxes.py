"""``mounts=`` of ``Sandbox.create`` and ``App.spawn_sandbox``."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.core.model import Change, ExtendArgument, Finding, Span
from modal_transforms.modal_api.deployments import app_of
from modal_transforms.modal_api.images import extend_expression
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.mount.choices import NOWHERE, Consumer, MountTarget
from modal_transforms.sections.mount.findings import manual, state, to_be_added
from modal_transforms.sections.mount.functions import read_here
from modal_transforms.sections.mount.mount_list import NotPlain
from modal_transforms.sections.mount.translate import translate_all


def sandbox_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """State what becomes of ``mounts=`` of a sandbox."""
    source = module.source
    argument, what = source.span(item), "the sandbox"
    try:
        reading, doubts = read_here(module, item.value, call)
        additions = translate_all(reading.entries)
    except NotPlain as reason:
        return manual(module, argument, item.value, what, reason, call, "")
    if module.symbol(call.func) == "modal.App().spawn_sandbox":
        doubts += ("App.spawn_sandbox itself is gone: write modal.Sandbox.create(…, app=app)",)
    place = _place(module, call, argument) if additions else NOWHERE
    if place is None:
        return manual(module, argument, item.value, what, "its image is not in sight", call, to_be_added(additions))
    consumer = Consumer(module, "mount-sandbox", what, call, source.span(call), argument, reading, additions, doubts)
    return state(consumer, [place])


def _place(module: Module, call: ast.Call, argument: Span) -> MountTarget | None:
    effect = "The same files land in the same places, added when the sandbox starts."
    image = keyword(call, "image")
    if image is not None and not is_none(image.value):
        value = image.value
        return MountTarget(
            "add", "add them to its image", lambda links: extend_expression(module, value, *links), effect
        )
    base = _base(module, call) if image is None and all(item.arg for item in call.keywords) else None
    if base is None:
        return None
    text, needed = base
    path, span = module.source.path, module.source.span(call)

    def changes(calls: tuple[str, ...]) -> tuple[Change, ...]:
        made = [ExtendArgument(path, span, "image", text, call, last=True, instead=argument) for call in calls]
        return (*made, *needed)

    return MountTarget("add", "give it an image with them", changes, effect)


def _base(module: Module, call: ast.Call) -> tuple[str, tuple[Change, ...]] | None:
    """Return the image that a sandbox without ``image=`` has; ``None`` when it has no name here."""
    if module.symbol(call.func).startswith("modal.App()") and isinstance(call.func, ast.Attribute):
        app = app_of(module, call.func.value)
        if app is None:
            return None
        if app.image is not None:
            named = isinstance(app.image, ast.Name) and app.image_module is module
            return (module.source.written(app.image), ()) if named else None
    name, needed = modal_name(module, call, "Image")
    return f"{name}.debian_slim()", needed
