"""The ways to add the files that an old method copied."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.core.model import AddArgument, Change, Choice, Replace, Span
from modal_transforms.modal_api.image_chain import nothing_follows
from modal_transforms.sections.image_copy.call import Copy
from modal_transforms.sections.image_copy.remote_path import Target

LAYER = "An image layer, as before: later build steps see the files."
AT_START = (
    "Files are added when a container starts, not built in: changing them rebuilds nothing. Do not add build steps "
    "after it."
)


def name_ignore(copy: Copy) -> tuple[Change, ...]:
    """A third positional argument, ``ignore``, has to be named now."""
    if len(copy.call.args) < 3:
        return ()
    start = copy.module.source.span(copy.call.args[2]).start
    return (Replace(copy.path, Span(start, start), "ignore="),)


def copy_choices(copy: Copy, meant: Target, remote: ast.expr | None, common: tuple[Change, ...]) -> Iterator[Choice]:
    """Yield the choices for a copy; ``common`` are the changes that all of them make."""
    layer = AddArgument(copy.path, copy.span, "copy=True")
    mounted = nothing_follows(copy.module, copy.call)
    for index, way in enumerate(meant.ways):
        path = _path_changes(copy, remote, way.text, way.before, way.after)
        label = f"{copy.new}(…, copy=True)" if not way.label else f"{copy.new}(…, copy=True), {way.label}"
        key = way.key or "copy"
        yield Choice(key, label, f"{way.effect} {LAYER}".strip(), (*common, *path, layer), way.asks)
        if mounted and index == 0:
            effect = f"{way.effect} {AT_START}".strip()
            yield Choice("mount", f"{copy.new}(…), without a layer", effect, (*common, *path), way.asks)


def _path_changes(copy: Copy, remote: ast.expr | None, text: str, before: str, after: str) -> tuple[Change, ...]:
    """Return what gives the call the remote path that is meant: a new text, or something around the old one."""
    if remote is None:
        named = len(copy.call.args) != 1 or bool(copy.call.keywords)
        return (AddArgument(copy.path, copy.span, f"remote_path={text}" if named else text),)
    span = copy.module.source.span(remote)
    if text:
        return (Replace(copy.path, span, text),)
    made = ((Span(span.start, span.start), before), (Span(span.end, span.end), after))
    return tuple(Replace(copy.path, at, added) for at, added in made if added)
