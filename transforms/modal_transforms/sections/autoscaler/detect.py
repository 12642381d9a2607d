"""Where the old names are given: to decorators, to ``with_options``, in dicts that reach them, to methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.option_flow import DictFlow
from modal_transforms.modal_api.option_keys import Key, keys, reached, together
from modal_transforms.sections.autoscaler.choices import NEW_NAMES
from modal_transforms.sections.autoscaler.findings import (
    OPTIONS,
    call_finding,
    key_finding,
    keyword_finding,
    method_finding,
)

_TAKERS = frozenset({"modal.App().function", "modal.App().cls", OPTIONS})
_KEEP_WARM = frozenset({"modal.Function().keep_warm", "modal.Obj().keep_warm"})


def find_old_names(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the renamed keywords, the ``.keep_warm()`` calls, and the keys of dicts that carry old names to Modal."""
    for call in module.index.calls:
        callee = module.symbol(call.func)
        if callee in _TAKERS:
            for item in call.keywords:
                if item.arg in NEW_NAMES:
                    yield keyword_finding(module, section, call, item, callee)
        elif callee == "modal.method" and (ignored := keyword(call, "keep_warm")) is not None:
            yield method_finding(module, section, call, ignored)
        elif callee.removesuffix(".aio") in _KEEP_WARM and (name := _method_name(call)) is not None:
            yield call_finding(module, section, call, name)
    for group in together(module, _entries):
        yield key_finding(module, section, group)


def _entries(module: Module) -> tuple[tuple[Key, DictFlow], ...]:
    """Return the keys of a file whose entries reach Modal, with where they go."""
    followed = ((key, reached(key)) for key in keys(module, NEW_NAMES))
    return tuple((key, found) for key, found in followed if found.calls)


def _method_name(call: ast.Call) -> ast.Attribute | None:
    """Return the ``value.keep_warm`` of a call with one argument, also where ``.aio`` follows."""
    name = call.func
    if isinstance(name, ast.Attribute) and name.attr == "aio":
        name = name.value
    return name if isinstance(name, ast.Attribute) and len(call.args) + len(call.keywords) == 1 else None
