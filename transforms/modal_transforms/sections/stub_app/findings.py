"""What is said of the class, of the variable, and of what hung on a stub."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec.structs import replace

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Span
from modal_transforms.sections.stub_app.commands import FileCommand
from modal_transforms.sections.stub_app.renaming import NEW, OLD, Place, Renaming, hindrance

_SAME = "None: App takes what Stub took."
_LOOKS_FOR_APP = "0.62.102"
"""The first version in which ``modal deploy`` and ``modal serve`` look for ``app``."""
_GONE = {"stub-item": "0.62.235", "stub-running-app": "0.54.3748"}
"""The first version that refuses each."""
_ONLY_APP = "0.66.31"
"""The first one that looks for nothing else."""


def class_finding(module: Module, places: list[Span], changes: tuple[Change, ...], node: ast.expr | None) -> Finding:
    """State that a file says the class's old name at some places; ``changes`` write the new one."""
    choice = Choice("rename", "rename to App", _SAME, changes)
    evidence = explain(module, node) if node is not None else ()
    message = "modal.Stub is now modal.App"
    return module.finding("stub-class", places, message, Applicability.SAFE, (choice,), evidence, _kept_name(module))


def _kept_name(module: Module) -> str:
    """Say how to deploy a file whose variable keeps its name; empty where it does not."""
    line = hindrance(module) if OLD in module.index.module.bindings else 0
    if not line or module.source.shown:
        return ""
    taken = f"{NEW} is something else at line {line}, so that the variable stays {OLD}"
    return f"{taken}: deploy the file as {module.source.path}::{OLD}."


def variable_finding(module: Module, first: ast.Name, made: Renaming) -> Finding:
    """State that a file's app is called ``stub``; ``made`` is what changes with the name, in all files."""
    places = _in_order(module, first, list(made.places))
    files = list(dict.fromkeys(place.source.path for place in places))
    changes = tuple(Replace(place.source.path, place.span, place.text) for place in places)
    where = (
        f"{_count(len(places), 'place')} in {_count(len(files), 'file')}"
        if len(files) > 1
        else _count(len(places), "place")
    )
    choice = Choice("rename", f"rename {OLD} to {NEW}: {where}", _effect(module), changes, needs=_LOOKS_FOR_APP)
    alone = len(files) == 1 and not made.unseen and not module.source.path.endswith("__init__.py")
    alone = alone and {place.span for place in places} <= _names_of(module) | made.commented
    found = module.finding(
        "stub-variable",
        [place.span for place in places if place.source.path == module.source.path],
        f"modal deploy and modal serve look for a variable called {NEW}; this one is called {OLD}",
        Applicability.SAFE if alone else Applicability.REVIEW,
        (choice,),
        (*explain(module, first), *_elsewhere(module, places), *_kept(made), *made.unseen),
        breaks_in=_ONLY_APP,
    )
    return replace(found, sites=tuple(place.source.site(place.span) for place in places))


def _names_of(module: Module) -> set[Span]:
    return {module.source.span(node) for node in module.index.names if node.id == OLD}


def _effect(module: Module) -> str:
    said = "None for the program."
    if module.source.path.endswith(".py"):
        said += f" modal deploy {module.source.path} finds it; what was typed as FILE::{OLD} is FILE::{NEW} now."
    return said


def _in_order(module: Module, first: ast.Name, places: list[Place]) -> list[Place]:
    """Return places with the definition first, then those of its file, then those of the others."""
    own, start = module.source.path, module.source.span(first)
    return sorted(
        places, key=lambda p: (p.source.path != own, p.span != start or p.source.path != own, p.source.path, p.span)
    )


def _elsewhere(module: Module, places: Sequence[Place]) -> list[str]:
    said: dict[str, list[str]] = {}
    for place in places:
        if place.source.path != module.source.path:
            said.setdefault(place.source.path, []).append(place.source.site(place.span).label)
    return [
        f"{path} names it at {', '.join(_at(each) for each in dict.fromkeys(found))}" for path, found in said.items()
    ]


def _at(label: str) -> str:
    return label if label.startswith("cell") else f"line {label}"


def _kept(made: Renaming) -> list[str]:
    return [
        f"{path} goes on calling it {OLD}: {NEW} is something else at line {line}" for path, line in made.kept.items()
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def command_finding(module: Module, place: ast.Name | ast.alias, commands: Sequence[FileCommand]) -> Finding:
    """State that commands look for ``app`` in a file where that is something else."""
    names = list(dict.fromkeys(f"modal {each.subcommand} {each.file}" for each in commands))
    changes = tuple(Replace(each.source.path, Span(each.place.end, each.place.end), f"::{OLD}") for each in commands)
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    choice = Choice(
        "name", f"{names[0]}::{OLD}{more}", f"Modal takes {OLD}; without it, it takes {NEW} and stops.", changes
    )
    line = hindrance(module)
    said = explain(module, place) if isinstance(place, ast.Name) else (f"`{OLD}` is an app, imported here",)
    found = module.finding(
        "stub-command",
        module.source.span(place),
        f"{names[0]} looks for {NEW}, and Modal's app is called {OLD} there",
        Applicability.REVIEW,
        (choice,),
        (*said, f"{NEW} is something else at line {line}, so that {OLD} keeps its name"),
        breaks_in=_ONLY_APP,
    )
    return replace(found, sites=(*found.sites, *(each.source.site(each.place) for each in commands)))


def gone_finding(module: Module, rule: str, place: Span, message: str, advice: str, node: ast.expr) -> Finding:
    """State that something has gone that nothing takes the place of."""
    return module.finding(
        rule, place, message, Applicability.MANUAL, (), explain(module, node), advice, breaks_in=_GONE[rule]
    )


def running_finding(module: Module, node: ast.Attribute, sure: bool) -> Finding:
    """State that ``stub.app`` has gone; the app is that itself."""
    start, end = module.source.span(node.value).end, module.source.span(node).end
    owner = module.source.written(node.value)
    choice = Choice(
        "itself",
        f"write {owner}",
        f"{owner} is the app itself, while it runs as well.",
        (Replace(module.source.path, Span(start, end), ""),),
    )
    return module.finding(
        "stub-running-app",
        module.source.attribute_word(node),
        f"{owner}.app has not existed since 0.62.2",
        Applicability.SAFE if sure else Applicability.REVIEW,
        (choice,),
        explain(module, node.value),
        breaks_in=_GONE["stub-running-app"],
    )
