"""State a finding about one consumer of mounts: its places, choices, doubts, and the variables that go with it."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.definitions import Definition, Use, definitions, named, uses
from modal_transforms.analysis.index import BindingKind, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    AddLine,
    Applicability,
    Change,
    Choice,
    DropIfUnused,
    ExtendArgument,
    Finding,
    RemoveArgument,
    Site,
    Span,
)
from modal_transforms.sections.mount.about import SECTION
from modal_transforms.sections.mount.image_call import Addition
from modal_transforms.sections.mount.mount_list import NotPlain, Reading

_DEEPEST = 4
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
    additions: tuple[Addition, ...]
    doubts: tuple[str, ...] = ()


def state(consumer: Consumer, places: list[MountTarget]) -> Finding:
    """Return the finding with a choice for each place, and for each other meaning that an addition may have."""
    module = consumer.module
    doubts = [doubt for addition in consumer.additions for doubt in addition.doubts]
    doubts += [*consumer.doubts, *filter(None, [places[0].doubt]), *_shared(consumer)]
    choices = [_choice(consumer, place, "add" if i == 0 else place.key, "") for i, place in enumerate(places)]
    for key in dict.fromkeys(key for addition in consumer.additions for key, _ in addition.others):
        choices.append(_choice(consumer, places[0], key, key))
    found = module.finding(
        SECTION,
        consumer.rule,
        [consumer.argument, *_own_sites(consumer)],
        f"mounts= is gone: the files of {consumer.what} are added to its image",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        tuple(choices),
        module.evidence(consumer.call.func),
        advice=sentences(doubts),
    )
    foreign = [each.module.source.site(each.module.source.span(each.statement)) for each in _foreign(consumer)]
    return replace(found, sites=tuple(dict.fromkeys((*found.sites, *foreign, *places[0].sites))))


def sentences(texts: Iterable[str]) -> str:
    """Return texts as sentences, each once."""
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(texts))


def _choice(consumer: Consumer, place: MountTarget, key: str, other: str) -> Choice:
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


def _own_sites(consumer: Consumer) -> list[Span]:
    own = [each for each in consumer.reading.variables if each.module is consumer.module]
    return list(dict.fromkeys(each.module.source.span(each.statement) for each in own))


def _foreign(consumer: Consumer) -> list[Definition]:
    return [each for each in consumer.reading.variables if each.module is not consumer.module]


def _shared(consumer: Consumer) -> Iterator[str]:
    """Yield a doubt for each variable that more than this consumer reads."""
    for variable in consumer.reading.variables:
        if any(not _is_within(use.module, use.node, consumer) for use in uses(variable)):
            yield f"`{variable.name}` is used in other places too, each of which is a change of its own"


def _is_within(module: Module, node: ast.expr, consumer: Consumer) -> bool:
    """Tell whether a use is part of the consumer, or of a variable that the consumer reads."""
    place = module.source.span(module.index.statement(node))
    held = any(
        each.module is module and module.source.span(each.statement) == place for each in consumer.reading.variables
    )
    at = module.index.parents.get(node)
    inside = module is consumer.module and consumer.argument.contains(module.source.span(node))
    return held or inside or isinstance(at, (ast.Import, ast.ImportFrom))


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


def manual(
    module: Module, place: Span, value: ast.expr, what: str, reason: NotPlain | str, call: ast.Call, hint: str
) -> Finding:
    """State a finding that only a person can settle, at an argument with a value that cannot be moved."""
    return module.finding(
        SECTION,
        "mount-dynamic",
        list(dict.fromkeys([place, *_involved(module, value)])),
        f"mounts= is gone, and {reason}",
        Applicability.MANUAL,
        evidence=module.evidence(call.func),
        advice=f"Add the files to the image of {what}. {hint}".strip(),
    )


def _involved(module: Module, value: ast.expr, depth: int = 0) -> Iterator[Span]:
    """Yield the statements of this file that make the mounts of a value: of variables, and in functions called."""
    if depth > _DEEPEST:
        return
    for node in walk(value):
        if isinstance(node, ast.Name):
            for each in definitions(module, node):
                if each.module is module and each.value is not None and _mentions_mount(module, each.statement):
                    yield module.source.span(each.statement)
                    changes = [use for use in uses(each) if use.module is module and _is_changed(use)]
                    yield from (module.source.span(module.index.statement(use.node)) for use in changes)
                    yield from _involved(module, each.value, depth + 1)
        elif isinstance(node, ast.Call):
            maker = module.resolve(node.func)
            if maker is not None and maker.module is module and isinstance(maker.node, ast.FunctionDef):
                for statement in maker.node.body:
                    if _mentions_mount(module, statement):
                        yield module.source.span(statement)


def _is_changed(use: Use) -> bool:
    return isinstance(use.module.index.parents.get(use.node), ast.Attribute)


def _mentions_mount(module: Module, statement: ast.AST) -> bool:
    names = (node for node in walk(statement) if isinstance(node, (ast.Name, ast.Attribute)))
    return any(module.symbol(node).startswith("modal.Mount") for node in names)


HELPER = (
    "Where several functions need the same files, write one function, "
    "`def with_files(image): return image.add_local_dir(…)`, and use image=with_files(image)."
)


def to_be_added(additions: Iterable[Addition]) -> str:
    """Return the hint that says what is to be added."""
    return f"What is to be added to it: {''.join(addition.link() for addition in additions)}"
