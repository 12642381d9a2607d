"""The ways to add to an image what was mounted."""

from __future__ import annotations

import tokenize
from collections.abc import Callable, Iterator

from msgspec import Struct

from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.definitions import Definition, named, uses
from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    AddLine,
    Change,
    Choice,
    DropIfUnused,
    ExtendArgument,
    RemoveArgument,
    Site,
    Span,
)
from modal_transforms.sections.mount.consumer import Consumer
from modal_transforms.sections.mount.mount_list import Reading

SAME = "The same files land in the same places, added when a container starts."
OTHERS = {
    "workdir": ("put them below /root", "The files move below /root, where relative paths of a function begin."),
    "inside": ("put the file into that folder", "The file keeps its name inside the folder that the target names."),
    "only-python": ("ship only the .py files", "Other files of the packages are not in the container any more."),
}


class MountTarget(Struct, frozen=True):
    """Where files may be added: how it is called, and the changes for given calls."""

    key: str
    label: str
    changes: Callable[[tuple[str, ...]], tuple[Change, ...]]
    effect: str = SAME
    copy: bool = False
    doubt: str = ""
    sites: tuple[Site, ...] = ()
    """Other places that the finding should show."""


NOWHERE = MountTarget("add", "delete it", lambda calls: ())


def mount_choice(consumer: Consumer, place: MountTarget, key: str, other: str) -> Choice:
    """Return the choice to add what a consumer holds at one place; ``other`` names another meaning that it may have."""
    additions = [addition.other(other) for addition in consumer.additions]
    added = place.changes(tuple(addition.link(place.copy) for addition in additions)) if additions else ()
    changes = list(added)
    if any(isinstance(change, ExtendArgument) and change.instead == consumer.argument for change in added):
        made = "".join(addition.link(place.copy) for addition in additions)
        changes += comments(consumer.module, consumer.argument, made)
    else:
        changes.append(RemoveArgument(consumer.module.source.path, consumer.container, consumer.argument))
    changes += dropped(consumer.module, consumer.reading)
    if not additions:
        return Choice(key, "delete it", "None: the list is empty.", tuple(changes))
    label, effect = OTHERS.get(other, (place.label, place.effect))
    return Choice(key, label, effect, tuple(dict.fromkeys(changes)))


def dropped(module: Module, reading: Reading) -> list[Change]:
    """Return the changes that take out variables and imports of them that nothing reads afterwards."""
    changes: list[Change] = []
    for variable in reading.variables:
        home = variable.module
        readers = {use.module.source.path for use in uses(variable)} - {home.source.path}
        if home is not module:
            changes += _imports_of(module, variable)
        if readers <= ({module.source.path} if home is not module and _read_once(module, variable) else set()):
            changes.append(DropIfUnused(home.source.path, home.source.span(variable.statement), variable.name))
    return changes


def _read_once(module: Module, variable: Definition) -> bool:
    return sum(use.module is module for use in uses(variable)) == 1


def _imports_of(module: Module, variable: Definition) -> Iterator[Change]:
    """Yield the changes that take out the imports by which a file knows a variable of another one."""
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            if binding.kind is not BindingKind.IMPORT or not binding.attribute:
                continue
            if variable in named(module, binding.name):
                span = module.source.span(module.index.statement(binding.node))
                yield DropIfUnused(module.source.path, span, binding.name)


def comments(module: Module, argument: Span, made: str) -> list[Change]:
    """Return the changes that keep comments inside an argument that goes, and not in what is made of it, above it."""
    source = module.source
    lines = [text for text in _comments(module, argument) if text not in made]
    if not lines:
        return []
    line = source.line_span(source.line_of(argument.start))
    begins = not source.slice(Span(line.start, argument.start)).strip()
    anchor = argument if begins else Span(source.line_span(source.line_of(argument.start)).start, argument.start)
    return [AddLine(source.path, anchor, "\n".join(lines), before=True)]


def _comments(module: Module, span: Span) -> list[str]:
    """Return the comments within a span."""
    try:
        return [comment for _, comment in comments_in(f"({module.source.slice(span)}\n)")]
    except (tokenize.TokenError, IndentationError):
        return []
