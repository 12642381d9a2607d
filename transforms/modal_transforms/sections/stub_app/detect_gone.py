"""What hung on a stub and has gone: the app that ran, its items, classes and functions called after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.rows import NameRow, Table, find_rows
from modal_transforms.sections.stub_app.async_names import find_async
from modal_transforms.sections.stub_app.findings import gone_finding, running_finding

_ITEMS = "Keep the object in a variable of the module, or as an attribute ({0}.name = ...), and read that."

_CALLED_NOW = {
    "modal.runner.run_stub": "modal.runner.run_app",
    "modal.runner.deploy_stub": "modal.runner.deploy_app",
    "modal.serving.serve_stub": "modal.serving.serve_app",
}

_TABLE = Table(
    NameRow(
        rule="stub-function",
        old=old,
        new=new,
        gone="0.63.79" if old.endswith("serve_stub") else "0.64.102",
        applicability=Applicability.REVIEW,
        needs="0.62.82",
    )
    for old, new in _CALLED_NOW.items()
)


def find_gone(module: Module) -> Iterator[Finding]:
    """Yield the uses of what has gone, but for the class itself."""
    yield from find_rows(module, _TABLE)
    yield from find_async(module)
    yield from _items(module)
    yield from _running(module)


def _items(module: Module) -> Iterator[Finding]:
    for node in (*module.index.names, *module.index.attributes):
        around = module.index.parents.get(node)
        if isinstance(around, ast.Subscript) and around.value is node and module.symbol(node) == "modal.App()":
            owner = module.source.written(node)
            span = module.source.span(around)
            message = f"{owner}[...]: an app has had no items since 0.72.48"
            yield gone_finding(module, "stub-item", span, message, _ITEMS.format(owner), node)


def _running(module: Module) -> Iterator[Finding]:
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
            yield running_finding(module, node, there)
        else:
            owner = module.source.written(node.value)
            message = f"{owner}.app has not existed since 0.62.2, and an app has no {name}"
            advice = f"Call the function or read the object by its own name: {name}."
            word = module.source.attribute_word(node)
            yield gone_finding(module, "stub-running-app", word, message, advice, node.value)
