"""What is said of a use and of an import of the old decorator, and of what else is gone."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.modal_imports import Imported
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Finding
from modal_transforms.modal_api.fastapi_images import fastapi_advice
from modal_transforms.sections.fastapi_endpoint.choices import (
    deleted,
    imported_name,
    package_choices,
    renamed,
    renamed_and_called,
    renamed_import,
    shared_choices,
    without_wait,
)
from modal_transforms.sections.fastapi_endpoint.reexports import (
    NEW,
    OLD,
    ImportSite,
    exported_names,
    own_places,
    takers,
)

MESSAGE = f"{OLD} is now {NEW}"


def use_finding(module: Module, node: ast.expr, changes: tuple[Change, ...]) -> Finding:
    """State that the old decorator is read at a node; ``changes`` write the new name there."""
    span, evidence, advice = module.source.span(node), explain(module, node), fastapi_advice(module, node)
    if _is_bare_decorator(module, node):
        message, choice = f"{MESSAGE}, and has to be called", renamed_and_called(module, span, changes)
        return module.finding("endpoint-bare", span, message, Applicability.REVIEW, (choice,), evidence, advice)
    choice = renamed(changes)
    return module.finding("endpoint-rename", span, MESSAGE, Applicability.SAFE, (choice,), evidence, advice)


def _is_bare_decorator(module: Module, node: ast.expr) -> bool:
    around = module.index.parents.get(node)
    return isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)) and node in around.decorator_list


def _evidence(imported: Imported) -> tuple[str, ...]:
    assert isinstance(imported.statement, ast.ImportFrom)
    return (f"`{imported.name}` is imported from {imported.statement.module} at line {imported.statement.lineno}",)


def aliased_finding(module: Module, imported: Imported) -> Finding:
    """State that the old decorator is imported under another name."""
    span = module.source.span(imported.alias)
    choice = renamed_import(module, imported.alias)
    return module.finding("endpoint-import", span, MESSAGE, Applicability.SAFE, (choice,), _evidence(imported))


def shared_finding(module: Module, imported: Imported) -> Finding:
    """Other files take the name from here: it is renamed in all of them, or kept here as an alias."""
    home = imported_name(module, imported.alias)
    places = list(dict.fromkeys([ImportSite(module, home), *own_places(module), *takers(module)]))
    evidence = tuple(
        f"{place.module.source.path} takes it from here at line {place.module.source.line_of(place.span.start)}"
        for place in places
        if place.module is not module
    )
    choices = shared_choices(module, home, places)
    offered = module.source.path.endswith("__init__.py") or bool(exported_names(module))
    level = Applicability.REVIEW if offered else Applicability.SAFE
    evidence += ("code outside this repository may take it from here too",) if offered else ()
    found = module.finding("endpoint-reexport", home, MESSAGE, level, choices, (*_evidence(imported), *evidence))
    return replace(found, sites=tuple(place.module.source.site(place.span) for place in places))


def unread_finding(module: Module, imported: Imported) -> Finding:
    """State that the old decorator is imported and not read."""
    span = module.source.span(imported.alias)
    drop = deleted(module)
    if not module.source.path.endswith("__init__.py"):
        message = f"{OLD} is imported and not used"
        return module.finding("endpoint-unused", span, message, Applicability.SAFE, (drop,), _evidence(imported))
    return module.finding(
        "endpoint-unused",
        span,
        MESSAGE,
        Applicability.REVIEW,
        (*package_choices(module, span), drop),
        _evidence(imported),
    )


def wait_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``wait_for_response`` has been an error since 0.64.193; ``True`` was the default."""
    evidence = explain(module, call.func)
    message = "wait_for_response does not exist any more"
    place = keyword_name(module, item)
    if isinstance(item.value, ast.Constant) and item.value.value is True:
        choice = without_wait(module, call, item)
        return module.finding("endpoint-wait", place, message, Applicability.SAFE, (choice,), evidence)
    advice = (
        "Let the endpoint .spawn() a function that does the work and answer at once, and delete the argument: an "
        "endpoint always waits for the response."
    )
    return module.finding("endpoint-wait", place, message, Applicability.MANUAL, (), evidence, advice)
