"""The ways to add to an image what was mounted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from modal_transforms.analysis.comment_lines import around_variable
from modal_transforms.analysis.definitions import Definition, Use, named, uses
from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.left_over import NOTHING, speaks_only_of
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Choice, DropIfUnused, ExtendArgument, RemoveArgument, Site, Span
from modal_transforms.sections.mount.comments import inside, kept_above, lines_above, moved, of_argument
from modal_transforms.sections.mount.image_call import AddedFiles
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
        changes = [*added, *kept_above(consumer.module, argument, made, _of_variables(consumer))]
    else:
        own, others = of_argument(consumer.module, argument), _of_variables(consumer)
        together = moved(consumer.module, added, [*(text for _, text in own), *others])
        taken = tuple(span for span, _ in own) if together is not None else ()
        rest = lines_above(consumer.module, argument, others) if together is None else []
        changes = [*(together or added), *rest, RemoveArgument(path, consumer.container, argument, taken)]
    changes += dropped(consumer.module, consumer.reading)
    if not additions:
        return Choice(key, place.label, place.effect, tuple(changes))
    label, effect = OTHERS.get(other, (place.label, place.effect))
    return Choice(key, label, effect, tuple(dict.fromkeys(changes)))


def _of_variables(consumer: Consumer) -> list[str]:
    """Return the comments of the variables that a consumer is the first to read, in whatever file they are."""
    first = [each for each in consumer.reading.variables if _is_first(consumer, each)]
    found = [(each.module, span) for each in first if (span := around_variable(each)) is not None]
    texts = [text for module, span in found for _, text in inside(module, span)]
    return [text for text in texts if not speaks_only_of(text, NOTHING)]


def _is_first(consumer: Consumer, variable: Definition) -> bool:
    """Tell whether the first place that reads a variable is a consumer's argument, or a variable that it reads."""
    places = [(use.module, use.module.source.span(use.node)) for use in uses(variable) if not _imports(use)]
    if not places:  # what is read is not known as a use: in a document, or by an import that cannot be followed back
        return False
    module, first = min(places, key=lambda place: (place[0].source.path, place[1]))
    if module is consumer.module and consumer.argument.contains(first):
        return True
    others = (each for each in consumer.reading.variables if each.module is module and each is not variable)
    outer = next((each for each in others if module.source.span(each.statement).contains(first)), None)
    return outer is not None and _is_first(consumer, outer)


def _imports(use: Use) -> bool:
    return isinstance(use.module.index.parents.get(use.node), ast.ImportFrom)


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
            changes.append(DropIfUnused(home.source.path, place, variable.name, around_variable(variable)))
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


class Consumer(Struct, frozen=True):
    """One ``mounts=`` argument: the call or dict it is in, and what it holds."""

    module: Module
    rule: str
    what: str
    """What takes the files, in the message: ``f``, ``the app``."""
    call: ast.Call
    container: Span
    argument: Span
    reading: Reading
    additions: tuple[AddedFiles, ...]
    doubts: tuple[str, ...] = ()
