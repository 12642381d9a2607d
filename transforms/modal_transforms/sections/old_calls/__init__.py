"""Calls of functions and apps as they were before 0.56: ``f.call()``, ``f()``, ``gather``, ``app.spawn_sandbox``.

A function is called with ``.remote()`` where ``.call()`` was, or ``.remote_gen()`` where it yields. The rest of what
calls were named then has new names, too; a direct call ``f(x)`` has to say where it is to run.

    f.call(1)        ->    f.remote(1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import known_uses, last_symbol
from modal_transforms.modal_api.deployments import deployed
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.modal_api.rows import NameRow, Table, find_rows
from modal_transforms.sections.old_calls.callees import callee, is_generator, is_method_of_modal
from modal_transforms.sections.old_calls.findings import (
    call_finding,
    deploy_finding,
    direct_finding,
    sandbox_finding,
    spawn_finding,
)
from modal_transforms.sections.old_calls.looked_up import LOOKED_UP, as_functions
from modal_transforms.sections.old_calls.raw_functions import RULE, find_tested, with_local

SECTION = Section(
    slug="old-calls",
    title="Calls by old names",
    breaks_in="0.55.3849",
    subject="call functions and apps by today's names",
    what=(
        "f.call is f.remote, or f.remote_gen where f yields; submit is spawn, functions.gather is FunctionCall.gather, "
        "app.spawn_sandbox is Sandbox.create; functions are not called directly."
    ),
    why="AttributeError or TypeError, and only when the line is run: no import shows it.",
    before="f.call(1)",
    after="f.remote(1)",
)

_BY_NAME = "Write modal.Function.from_name(app, name), or the class of what is looked up: Cls, Volume, Dict, Queue."

_TABLE = Table(
    [
        NameRow(rule="gather", old="modal.functions.gather", new="modal.FunctionCall.gather", since="0.73.69"),
        NameRow(
            rule="submit",
            old="modal.Function().submit",
            new="modal.Function().spawn",
            gone="0.49.1995",
            effect="None at run time: it gives a FunctionCall.",
        ),
        NameRow(
            rule="enqueue",
            old="modal.Function().enqueue",
            new="modal.Function().spawn",
            gone="0.49.1995",
            effect="None at run time: it gives a FunctionCall.",
        ),
        NameRow(
            rule="raw-function",
            old="modal.Function().get_raw_f",
            since="1.5.5",
            advice="Call .local(...), or keep the work in a plain function that this one calls.",
        ),
        NameRow(
            rule="generator-results",
            old="modal.FunctionCall().get_gen",
            advice="Spawned generators are gone: call .remote_gen(...), or let the function return a list.",
        ),
        NameRow(rule="module-lookup", old="modal.lookup", advice=_BY_NAME),
    ]
)

_APPS = frozenset({"modal.App()", "modal.App().run()"})
_METHODS = ("modal.Obj().", "local.function")
"""What methods of classes are to those who call them: of an instance of Modal's, or of the own one."""
_SANDBOXES = frozenset({"modal.App().spawn_sandbox", "modal.App().app.spawn_sandbox"})

_MORE = {RULE: with_local, LOOKED_UP: as_functions}
"""What else is found out about the rows that have a judgement in them."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that have other names now."""
    for finding in find_rows(module, _TABLE):
        more = _MORE.get(finding.rule)
        yield more(module, finding) if more is not None else finding
    yield from _find_calls(module)
    yield from _find_functions(module)
    yield from find_tested(module)


def _find_functions(module: Module) -> Iterator[Finding]:
    """Yield the functions of a file that are read as attributes of an app."""
    own = {each.definition.name: each.definition for each in deployed(module) if each.definition is not None}
    for node in module.index.attributes:
        name, owner = node.attr, node.value
        if name not in own or not isinstance(owner, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if module.symbol(owner) not in _APPS or history.exists(f"modal.App().{name}", TARGET):
            continue
        bindings = module.index.scopes[owner].find(name)
        if len(bindings) == 1 and bindings[0].node is own[name]:
            change = Replace(module.source.path, module.source.span(node), name)
            yield module.finding(
                "function-of-app",
                module.source.span(node),
                f"an app has no attribute {name}: its functions are reached by their names",
                Applicability.REVIEW,
                (Choice("name", name, "The same function, of the app that runs.", (change,)),),
                explain(module, owner),
                breaks_in="0.62.2",
            )


def _find_calls(module: Module) -> Iterator[Finding]:
    """Yield ``f.call``, ``f.spawn`` of what yields, ``app.spawn_sandbox``, ``app.deploy("name")`` and ``f(...)``."""
    for use in known_uses(module):
        node = use.node
        called = use.name == "call" and last_symbol(use) == "modal.Function().call"
        if called and isinstance(node, ast.Attribute) and not is_guarded(module, node):
            yield call_finding(module, node)
        elif use.name == "spawn" and isinstance(node, ast.Attribute) and last_symbol(use) == "modal.Function().spawn":
            definition = callee(module, node.value)
            if definition is not None and is_generator(definition) and not is_guarded(module, node):
                yield spawn_finding(module, node, definition.name)
    for node in module.index.attributes:
        if node.attr == "spawn_sandbox" and module.symbol(node) in _SANDBOXES:
            yield sandbox_finding(module, node)
        elif node.attr == "call" and _is_of_a_class(module, node):
            yield call_finding(module, node)
    for call in module.index.calls:
        symbol = module.symbol(call.func)
        if symbol == "modal.App().deploy" and call.args:
            yield deploy_finding(module, call)
        elif (
            symbol == "modal.Function()"
            and not _decorates(module, call)
            or symbol.startswith(_METHODS)
            and is_method_of_modal(module, call.func)
        ):
            yield direct_finding(module, call)


def _is_of_a_class(module: Module, node: ast.Attribute) -> bool:
    """Tell whether ``call`` is asked of a method that is read from a class of Modal's without an instance."""
    read = node.value
    owner = read.value if isinstance(read, ast.Attribute) else None
    return owner is not None and module.symbol(owner) == "modal.Cls()" and callee(module, read) is not None


def _decorates(module: Module, call: ast.Call) -> bool:
    """Tell whether a call is a decorator, which is another thing that a function may be used as."""
    around = module.index.parents.get(call)
    return isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and call in around.decorator_list
