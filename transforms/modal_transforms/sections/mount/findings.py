"""What is said of one consumer of mounts: its places, its doubts, and the variables that go with it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from modal_transforms.analysis.definitions import Definition, Use, definitions, uses
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Span
from modal_transforms.sections.mount.choices import Consumer, MountTarget, mount_choice
from modal_transforms.sections.mount.image_call import AddedFiles
from modal_transforms.sections.mount.mount_list import NotPlain

HELPER = (
    "Where several functions need the same files, write one function, "
    "`def with_files(image): return image.add_local_dir(…)`, and use image=with_files(image)."
)
_DEEPEST = 4


def state(consumer: Consumer, places: list[MountTarget]) -> Finding:
    """Return the finding with a choice for each place, and for each other meaning that an addition may have."""
    module = consumer.module
    doubts = [doubt for addition in consumer.additions for doubt in addition.doubts]
    doubts += [*consumer.doubts, *filter(None, [places[0].doubt]), *_shared(consumer)]
    choices = [mount_choice(consumer, place, "add" if i == 0 else place.key, "") for i, place in enumerate(places)]
    for key in dict.fromkeys(key for addition in consumer.additions for key, _ in addition.others):
        choices.append(mount_choice(consumer, places[0], key, key))
    found = module.finding(
        consumer.rule,
        [consumer.argument, *_own_sites(consumer)],
        f"mounts= is gone: the files of {consumer.what} are added to its image",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        tuple(choices),
        explain(module, consumer.call.func),
        advice=sentences(doubts),
    )
    foreign = [each.module.source.site(each.module.source.span(each.statement)) for each in _foreign(consumer)]
    return replace(found, sites=tuple(dict.fromkeys((*found.sites, *foreign, *places[0].sites))))


def sentences(texts: Iterable[str]) -> str:
    """Return texts as sentences, each once."""
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(texts))


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


def manual(
    module: Module, place: Span, value: ast.expr, what: str, reason: NotPlain | str, call: ast.Call, hint: str
) -> Finding:
    """State a finding that only a person can settle, at an argument with a value that cannot be moved."""
    return module.finding(
        "mount-dynamic",
        list(dict.fromkeys([place, *_involved(module, value)])),
        f"mounts= is gone, and {reason}",
        Applicability.MANUAL,
        evidence=explain(module, call.func),
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


def to_be_added(additions: Iterable[AddedFiles]) -> str:
    """Return the hint that says what is to be added."""
    return f"What is to be added to it: {''.join(addition.link() for addition in additions)}"
