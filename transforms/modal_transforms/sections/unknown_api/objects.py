"""``Stub("a", q=Queue.new())``: objects that belonged to an app by keyword, which ``App`` does not take."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.modal_api.api_uses import ApiUse

_GONE = "0.62.80"


def given_object(module: Module, use: ApiUse) -> str:
    """Return the keyword by which an app is given an object of Modal's; empty for any other use."""
    call = use.node
    if not use.argument or not isinstance(call, ast.Call) or module.symbol(call.func) != "modal.App":
        return ""
    item = keyword(call, use.argument)
    symbol = module.symbol(item.value) if item is not None else ""
    return use.argument if symbol.startswith("modal.") and symbol.endswith("()") else ""


def object_finding(module: Module, section: Section, use: ApiUse, name: str) -> Finding:
    """State that an app does not take objects any more."""
    assert isinstance(use.node, ast.Call)
    return module.finding(
        section,
        "app-object-by-hand",
        [use.place(module)],
        f"App takes no objects: {name}= was for those that belong to a Stub",
        Applicability.MANUAL,
        evidence=explain(module, use.node.func),
        advice=f"Keep the object in a variable of the module, {name} = ..., and read that in place of app.{name}.",
        breaks_in=_GONE,
    )
