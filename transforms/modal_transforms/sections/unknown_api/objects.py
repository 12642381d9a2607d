"""``Stub("a", q=Queue.new())``: objects that belonged to an app by keyword, which ``App`` does not take."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import definition, dependents, is_conditional
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Applicability, Change, Choice, Finding, RemoveArgument, Replace
from modal_transforms.modal_api.api_uses import ApiUse
from modal_transforms.modal_api.deployments import app_of
from modal_transforms.rewrite.assigned import assigned

RULE = "app-object"
_GONE = "0.62.80"
_ADVICE = "Keep the object in a variable of the module, {0} = ..., and read that in place of app.{0}."


def given_object(module: Module, use: ApiUse) -> str:
    """Return the keyword by which an app is given an object of Modal's; empty for any other use."""
    call = use.node
    if not use.argument or not isinstance(call, ast.Call) or module.symbol(call.func) != "modal.App":
        return ""
    item = keyword(call, use.argument)
    symbol = module.symbol(item.value) if item is not None else ""
    return use.argument if symbol.startswith("modal.") and symbol.endswith("()") else ""


def object_finding(module: Module, use: ApiUse, name: str) -> Finding:
    """State that an app does not take objects any more, with the places that read this one, if all are seen."""
    assert isinstance(use.node, ast.Call)
    reads = _reads(module, use.node, name)
    choice = _by_name(module, use.node, name, reads) if reads is not None else None
    places = map(module.source.attribute_word, reads or ()) if choice else ()
    return module.finding(
        RULE if choice else f"{RULE}-by-hand",
        [use.place(module), *places],
        f"App takes no objects: {name}= was for those that belong to a Stub",
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (choice,) if choice else (),
        evidence=explain(module, use.node.func),
        advice="" if choice else _ADVICE.format(name),
        breaks_in=_GONE,
    )


def without_reads(findings: list[Finding]) -> list[Finding]:
    """Return findings without those of what reads an object that another of them is about."""
    told = {site for finding in findings if finding.rule == RULE for site in finding.sites}
    return [each for each in findings if each.rule == RULE or not told.issuperset(each.sites)]


def _reads(module: Module, call: ast.Call, name: str) -> list[ast.Attribute] | None:
    """Return where an object of an app is read; ``None`` where it is perhaps read in a way that is not seen."""
    app = app_of(module, call)
    if app is None:
        return None
    found = [node for node in module.index.attributes if node.attr == name and app_of(module, node.value) == app]
    only_read = all(isinstance(node.ctx, ast.Load) for node in found)
    return found if only_read and not _is_read_otherwise(module, name, found) else None


def _by_name(module: Module, call: ast.Call, name: str, reads: list[ast.Attribute]) -> Choice | None:
    """Return the choice to keep an object in a variable above its app; ``None`` where that cannot be."""
    given, statement = keyword(call, name), module.index.statement(call)
    if given is None or is_conditional(module, statement) or module.index.scopes[statement] is not module.index.module:
        return None
    found = definition(module, given.value) if isinstance(given.value, ast.Name) else None
    path, source = module.source.path, module.source
    changes: list[Change] = [RemoveArgument(path, source.span(call), source.span(given))]
    if found is not None:
        name = found.name
    elif name in module.index.module.bindings or (moved := assigned(source, name, given)) is None:
        return None
    else:
        changes.append(AddLine(path, source.span(statement), moved[0], True))
    if any(_is_shadowed(module, node, name) for node in reads):
        return None
    changes += [Replace(path, source.span(node), name) for node in reads]
    return Choice("variable", f"read {name}", "The same object, for all that run in this app.", tuple(changes))


def _is_read_otherwise(module: Module, name: str, reads: list[ast.Attribute]) -> bool:
    """Tell whether an object of an app is perhaps read in another way: from an app that runs, or in another file."""
    return any(
        attribute.attr == name and attribute not in reads and each.symbol(attribute.value).startswith("modal.App()")
        for each in (module, *dependents(module, name))
        for attribute in each.index.attributes
    )


def _is_shadowed(module: Module, node: ast.AST, name: str) -> bool:
    """Tell whether a name means something else at a place than in the module."""
    return any(binding.scope is not module.index.module for binding in module.index.scopes[node].find(name))
