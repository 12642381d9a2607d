"""Which attributes are the makers of persistent objects that have gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.sections.persisted.findings import constructed_finding, new_finding, persisted_finding

_TODAY = {"SharedVolume": "NetworkFileSystem"}
_NAMES = frozenset({"persist", "persisted", "new"})
_KINDS = ("Volume", "NetworkFileSystem", "SharedVolume", "Dict", "Queue")
_CLASS = pattern(rf"modal\.({'|'.join(_KINDS)})")
_MAKER = pattern(_CLASS.pattern + r"(\(\))?\.(persist|persisted|new)")


def find_makers(module: Module, section: Section) -> Iterator[Finding]:
    """Yield what becomes of the makers that a file reads."""
    for node in module.index.attributes:
        made = _MAKER.fullmatch(module.symbol(node)) if node.attr in _NAMES else None
        if made is None or is_guarded(module, node) or is_made_persistent(module, node):
            continue
        finding = new_finding if node.attr == "new" else persisted_finding
        yield finding(module, section, _TODAY.get(made[1], made[1]), node)
    for call in module.index.calls:
        if getattr(call.func, "attr", getattr(call.func, "id", "")) not in _KINDS:
            continue
        made = _CLASS.fullmatch(module.symbol(call.func))
        if made is not None and not is_guarded(module, call) and not is_made_persistent(module, call.func):
            yield constructed_finding(module, section, _TODAY.get(made[1], made[1]), call)


def is_made_persistent(module: Module, node: ast.expr) -> bool:
    """Tell whether it is only the beginning of ``.new().persisted(...)``, which is one finding."""
    call = module.index.parents.get(node)
    around = module.index.parents.get(call) if isinstance(call, ast.Call) and call.func is node else None
    return isinstance(around, ast.Attribute) and around.attr in {"persist", "persisted"}
