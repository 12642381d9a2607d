"""Keywords that ``from_name`` and ``App.lookup`` no longer take: ``label=``, ``tag=``, ``namespace=``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, RemoveArgument, Replace, Section
from modal_transforms.modal_api.lookups.method_names import names_a_method
from modal_transforms.modal_api.lookups.parameters import OLD_NAMES, PARAMETERS

_METHODS = frozenset({*(f"{owner}.from_name" for owner in PARAMETERS), "modal.App.lookup"})


def find_old_keywords(module: Module, section: Section) -> Iterator[Finding]:
    """Yield ``label=``, ``tag=`` and ``namespace=`` of calls that otherwise stay."""
    for call in module.index.calls:
        old = [item for item in call.keywords if item.arg in OLD_NAMES or item.arg == "namespace"]
        symbol = module.symbol(call.func).removesuffix(".aio") if old else ""
        of_method = symbol == "modal.Function.from_name" and names_a_method(module, call)
        if symbol in _METHODS and not of_method:
            for item in old:
                found = _namespace(module, section, call, item) if item.arg == "namespace" else None
                yield found or _renamed(module, section, call, item)


def _renamed(module: Module, section: Section, call: ast.Call, item: ast.keyword) -> Finding:
    old, new = item.arg or "", OLD_NAMES[item.arg or ""]
    place = keyword_name(module, item)
    evidence = module.evidence(call.func)
    message = f"{old}= is called {new}= now"
    if keyword(call, new) is not None:
        advice = f"Both {old}= and {new}= are given: delete one of them."
        return module.finding(section, "lookup-name", place, message, Applicability.MANUAL, (), evidence, advice)
    rename = Choice("rename", f"rename to {new}", "None at run time.", (Replace(module.source.path, place, new),))
    return module.finding(section, "lookup-name", place, message, Applicability.SAFE, (rename,), evidence)


def _namespace(module: Module, section: Section, call: ast.Call, item: ast.keyword) -> Finding:
    source = module.source
    is_global = "GLOBAL" in source.slice(source.span(item.value))
    drop = RemoveArgument(source.path, source.span(call), source.span(item))
    effect = "It is looked up in your own workspace." if is_global else "None: it has one value that means anything."
    return module.finding(
        section,
        "from-name-namespace",
        keyword_name(module, item),
        "from_name does not take namespace= from 1.4.0 on",
        Applicability.REVIEW if is_global else Applicability.SAFE,
        (Choice("drop", "delete namespace=", effect, (drop,)),),
        module.evidence(call.func),
    )
