"""Functions that were asked of the app, ``running.f``: today they are reached by their own names alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.deployments import deployed

_APPS = frozenset({"modal.App()", "modal.App().run()"})


def find_functions(module: Module, section: Section) -> Iterator[Finding]:
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
                section,
                "function-of-app",
                module.source.span(node),
                f"an app has no attribute {name}: its functions are reached by their names",
                Applicability.REVIEW,
                (Choice("name", name, "The same function, of the app that runs.", (change,)),),
                explain(module, owner),
                breaks_in="0.62.2",
            )
