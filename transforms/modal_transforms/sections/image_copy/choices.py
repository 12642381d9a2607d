"""The ways to add the files that an old method copied."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.core.model import AddArgument, Change, Choice, Replace, Span
from modal_transforms.modal_api.image_chain import nothing_follows, runs_as_is, settings_after
from modal_transforms.rewrite.line_length import line_length
from modal_transforms.sections.image_copy.call import Copy
from modal_transforms.sections.image_copy.remote_path import Target, Way

LAYER = "An image layer, as before: later build steps see the files."
AT_START = (
    "The same files, added when a container starts and not built in: changing them rebuilds nothing. No build step may "
    "come after it."
)


def name_ignore(copy: Copy) -> tuple[Change, ...]:
    """A third positional argument, ``ignore``, has to be named now."""
    if len(copy.call.args) < 3:
        return ()
    start = copy.module.source.span(copy.call.args[2]).start
    return (Replace(copy.path, Span(start, start), "ignore="),)


def copy_choices(copy: Copy, meant: Target, remote: ast.expr | None, common: tuple[Change, ...]) -> Iterator[Choice]:
    """Yield the choices for a copy; ``common`` are the changes that all of them make."""
    is_open = copy.call.lineno != copy.call.end_lineno
    layer = AddArgument(copy.path, copy.span, "copy=True", line_length(copy.module) if is_open else 0)
    for index, way in enumerate(meant.ways):
        path = _path_changes(copy, remote, way.text, way.before, way.after)
        label = f"{copy.new}(…, copy=True)" if not way.label else f"{copy.new}(…, copy=True), {way.label}"
        kept = Choice(way.key or "copy", label, f"{way.effect} {LAYER}".strip(), (*common, *path, layer), way.asks)
        mounted = _at_start(copy, way, (*common, *path)) if index == 0 else None
        is_sure = mounted is not None and runs_as_is(copy.module, copy.call)
        yield from filter(None, [mounted, kept] if is_sure else [kept, mounted])


def _at_start(copy: Copy, way: Way, changes: tuple[Change, ...]) -> Choice | None:
    """Return the choice to add the files when a container starts; ``None`` where a build step may need them."""
    moved = _moved_up(copy)
    if not moved and not nothing_follows(copy.module, copy.call):
        return None
    label = f"{copy.new}(…), below the settings that follow it" if moved else f"{copy.new}(…), without a layer"
    return Choice("mount", label, f"{way.effect} {AT_START}".strip(), (*changes, *moved), way.asks)


def _moved_up(copy: Copy) -> tuple[Change, ...]:
    """Return the changes that put ``.env`` and ``.workdir``, which alone follow a copy, before it."""
    steps = settings_after(copy.module, copy.call)
    if not steps:
        return ()
    source = copy.module.source
    after = Span(copy.span.end, source.span(steps[-1]).end)
    text, before = source.slice(after), source.span(copy.name.value).end
    if "\n" in text and "#" in text:
        return ()
    return Replace(copy.path, Span(before, before), text), Replace(copy.path, after, "")


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
