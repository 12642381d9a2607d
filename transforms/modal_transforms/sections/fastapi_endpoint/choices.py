"""The ways to write the new name."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Choice, DropImport, RemoveArgument, Replace, Span
from modal_transforms.modal_api.naming import bare_name, is_free
from modal_transforms.sections.fastapi_endpoint.reexports import NEW, OLD, ImportSite

EFFECT = "None at run time: parameters and behaviour are the same."


def renamed_attribute(module: Module, node: ast.Attribute) -> tuple[Change, ...]:
    """Rename ``modal.web_endpoint``; ``modal.partial_function.web_endpoint`` becomes the public name as well."""
    start, end = module.source.attribute_word(node)
    if isinstance(node.value, ast.Attribute) and module.symbol(node.value.value) == "modal":
        start = module.source.span(node.value.value).end + 1
    return (Replace(module.source.path, Span(start, end), NEW),)


def imported_name(module: Module, alias: ast.alias) -> Span:
    """Return the bytes of the old name in an import."""
    start = module.source.span(alias).start
    return Span(start, start + len(OLD))


def renamed_name(module: Module, name: ast.Name) -> tuple[Change, ...]:
    """Write the new decorator's name for a name that stands for the old one, and import it."""
    text, needed = bare_name(module, name, NEW)
    return (Replace(module.source.path, module.source.span(name), text), *needed)


def renamed(changes: tuple[Change, ...]) -> Choice:
    """Return the choice to write the new name."""
    return Choice("rename", f"rename to {NEW}", EFFECT, changes)


def renamed_and_called(module: Module, span: Span, changes: tuple[Change, ...]) -> Choice:
    """Return the choice to write the new name and to call it, by brackets after ``span``."""
    brackets = Replace(module.source.path, Span(span.end, span.end), "()")
    effect = "The decorator takes hold: without () it has only raised."
    return Choice("call", f"rename to {NEW} and call it", effect, (*changes, brackets))


def renamed_import(module: Module, alias: ast.alias) -> Choice:
    """Return the choice to import the new decorator under the alias of the old one."""
    place = module.source.span(alias) if alias.asname == NEW else imported_name(module, alias)
    change = Replace(module.source.path, place, NEW)
    return Choice("rename", f"import {NEW} under the same alias", EFFECT, (change,))


def shared_choices(module: Module, home: Span, places: Sequence[ImportSite]) -> tuple[Choice, ...]:
    """Return the choices for an import at ``home`` from which other files take the old name, all at ``places``."""
    keep = Choice(
        "alias",
        f"import {NEW} as {OLD}",
        f"None at run time; code elsewhere goes on importing {OLD} from here.",
        (Replace(module.source.path, home, f"{NEW} as {OLD}"),),
    )
    if not all(is_free(place.module, NEW) for place in places):
        return (keep,)
    changes = tuple(Replace(place.module.source.path, place.span, NEW) for place in places)
    effect = "None at run time; code outside this repository that imports the old name from here has to follow."
    return Choice("rename", f"rename to {NEW} here and where it is imported from here", effect, changes), keep


def deleted(module: Module) -> Choice:
    """Return the choice to delete the import of the old decorator."""
    change = DropImport(module.source.path, OLD)
    return Choice("delete", "delete the import", "None: nothing in this file reads it.", (change,))


def package_choices(module: Module, span: Span) -> tuple[Choice, ...]:
    """Return the choices for an import in a package's ``__init__``, from where other code may take the name."""
    path = module.source.path
    alias = Choice(
        "alias",
        f"import {NEW} as {OLD}",
        "Code that imports the old name from this package gets the new decorator.",
        (Replace(path, span, f"{NEW} as {OLD}"),),
    )
    rename = Choice(
        "rename",
        f"import {NEW}",
        "Code that imports the old name from this package has to follow.",
        (Replace(path, span, NEW),),
    )
    return alias, rename


def without_wait(module: Module, call: ast.Call, item: ast.keyword) -> Choice:
    """Return the choice to delete ``wait_for_response``."""
    drop = RemoveArgument(module.source.path, module.source.span(call), module.source.span(item))
    return Choice("delete", "delete it", "None: an endpoint always waits for the response.", (drop,))
