"""The ways to add to an image what was mounted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from modal_transforms.analysis.comment_lines import of_variable
from modal_transforms.analysis.definitions import Definition, named, uses
from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    Change,
    Choice,
    DropIfUnused,
    ExtendArgument,
    RemoveArgument,
    Site,
    Span,
)
from modal_transforms.sections.mount.comments import inside, kept_above, moved, of_argument
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


_THERE = "None: add_local_python_source puts the same file at the same place."
NOWHERE = MountTarget("add", "delete it", lambda calls: (), "None: the list is empty.")
THERE = MountTarget("add", "delete it, as the image has the file already", lambda calls: (), _THERE)


def mount_choice(consumer: Consumer, place: MountTarget, key: str, other: str) -> Choice:
    """Return the choice to add what a consumer holds at one place; ``other`` names another meaning that it may have."""
    additions = [addition.other(other) for addition in consumer.additions]
    added = place.changes(tuple(addition.link(place.copy) for addition in additions)) if additions else ()
    path, argument = consumer.module.source.path, consumer.argument
    if any(isinstance(change, ExtendArgument) and change.instead == argument for change in added):
        made = "".join(addition.link(place.copy) for addition in additions)
        changes = [*added, *kept_above(consumer.module, argument, made)]
    else:
        own = of_argument(consumer.module, argument)
        above = _above_variables(consumer)
        texts = [text for _, text in own] + [text for span in above for _, text in inside(consumer.module, span)]
        together = moved(consumer.module, added, texts)
        taken = tuple(span for span, _ in own) if together is not None else ()
        changes = [*(together or added), RemoveArgument(path, consumer.container, argument, taken)]
    changes += dropped(consumer.module, consumer.reading)
    if not additions:
        return Choice(key, place.label, place.effect, tuple(changes))
    label, effect = OTHERS.get(other, (place.label, place.effect))
    return Choice(key, label, effect, tuple(dict.fromkeys(changes)))


def _above_variables(consumer: Consumer) -> list[Span]:
    """Return the comments above the variables that a consumer is the first to read."""
    own = [each for each in consumer.reading.variables if each.module is consumer.module and _is_first(consumer, each)]
    return [span for span in map(of_variable, own) if span is not None]


def _is_first(consumer: Consumer, variable: Definition) -> bool:
    """Tell whether the first place that reads a variable is a consumer's argument, or a variable that it reads."""
    source = consumer.module.source
    first = min(source.span(use.node) for use in uses(variable) if use.module is consumer.module)
    if consumer.argument.contains(first):
        return True
    others = (each for each in consumer.reading.variables if each.module is consumer.module and each is not variable)
    outer = next((each for each in others if source.span(each.statement).contains(first)), None)
    return outer is not None and _is_first(consumer, outer)


def dropped(module: Module, reading: Reading) -> list[Change]:
    """Return the changes that take out variables and imports of them that nothing reads afterwards."""
    changes: list[Change] = []
    for variable in reading.variables:
        home = variable.module
        readers = {use.module.source.path for use in uses(variable)} - {home.source.path}
        if home is not module:
            changes += _imports_of(module, variable)
        if readers <= ({module.source.path} if home is not module and _read_once(module, variable) else set()):
            place = home.source.span(variable.statement)
            changes.append(DropIfUnused(home.source.path, place, variable.name, of_variable(variable)))
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
