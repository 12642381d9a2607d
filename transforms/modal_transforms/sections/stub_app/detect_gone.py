"""What hung on a stub and has gone: the app that ran, its items, classes and functions called after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.sections.stub_app.async_names import find_async
from modal_transforms.sections.stub_app.findings import gone_finding, running_finding
from modal_transforms.sections.stub_app.rows import TABLE

_ITEMS = "Keep the object in a variable of the module, or as an attribute ({0}.name = ...), and read that."


def find_gone(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the uses of what has gone, but for the class itself."""
    yield from find_rows(module, section, TABLE)
    yield from find_async(module, section)
    yield from _items(module, section)
    yield from _running(module, section)


def _items(module: Module, section: Section) -> Iterator[Finding]:
    for node in (*module.index.names, *module.index.attributes):
        around = module.index.parents.get(node)
        if isinstance(around, ast.Subscript) and around.value is node and module.symbol(node) == "modal.App()":
            owner = module.source.written(node)
            span = module.source.span(around)
            message = f"{owner}[...]: an app has had no items since 0.72.48"
            yield gone_finding(module, section, "stub-item", span, message, _ITEMS.format(owner), node)


def _running(module: Module, section: Section) -> Iterator[Finding]:
    if b".app" not in module.source.data:
        return
    set_here = any(node.attr == "app" and isinstance(node.ctx, ast.Store) for node in module.index.attributes)
    for node in module.index.attributes if not set_here else ():
        if node.attr != "app" or not isinstance(node.ctx, ast.Load) or module.symbol(node.value) != "modal.App()":
            continue
        further = module.index.parents.get(node)
        name = further.attr if isinstance(further, ast.Attribute) else ""
        there = bool(name) and bool(history.kinds(f"modal.App().{name}", TARGET))
        if not name or there or history.lifetime(f"modal.App().{name}") is not None:
            yield running_finding(module, section, node, there)
        else:
            owner = module.source.written(node.value)
            message = f"{owner}.app has not existed since 0.62.2, and an app has no {name}"
            advice = f"Call the function or read the object by its own name: {name}."
            word = module.source.attribute_word(node)
            yield gone_finding(module, section, "stub-running-app", word, message, advice, node.value)
