"""Where the old names are given: to decorators, to ``with_options``, in dicts that reach them, to methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, splatted
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section, Span
from modal_transforms.modal_api.option_flow import keys, reached
from modal_transforms.sections.autoscaler.choices import NEW_NAMES
from modal_transforms.sections.autoscaler.findings import (
    OPTIONS,
    call_finding,
    entry_finding,
    key_finding,
    keyword_finding,
    method_finding,
)

_TAKERS = frozenset({"modal.App().function", "modal.App().cls", OPTIONS})
_KEEP_WARM = frozenset({"modal.Function().keep_warm", "modal.Obj().keep_warm"})


def find_old_names(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the renamed keywords, the ``.keep_warm()`` calls, and the keys of dicts that carry old names to Modal."""
    seen: set[Span] = set()
    for call in module.index.calls:
        callee = module.symbol(call.func)
        if callee in _TAKERS:
            for item in call.keywords:
                if item.arg in NEW_NAMES:
                    yield keyword_finding(module, section, call, item, callee)
            for entry in splatted(module, call):
                if entry.name in NEW_NAMES and entry.key not in seen:
                    seen.add(entry.key)
                    yield entry_finding(module, section, call, entry)
        elif callee == "modal.method" and (ignored := keyword(call, "keep_warm")) is not None:
            yield method_finding(module, section, call, ignored)
        elif callee.removesuffix(".aio") in _KEEP_WARM and (name := _method_name(call)) is not None:
            yield call_finding(module, section, call, name)
    for key in keys(module, NEW_NAMES):
        if key.name not in seen and (found := reached(module, key)).calls:
            yield key_finding(module, section, key, found)


def _method_name(call: ast.Call) -> ast.Attribute | None:
    """Return the ``value.keep_warm`` of a call with one argument, also where ``.aio`` follows."""
    name = call.func
    if isinstance(name, ast.Attribute) and name.attr == "aio":
        name = name.value
    return name if isinstance(name, ast.Attribute) and len(call.args) + len(call.keywords) == 1 else None
