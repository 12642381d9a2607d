"""``create_package_mounts(["a"])`` becomes ``[Mount.from_local_python_packages("a")]``, of which the guide goes on."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, DropImport, Finding, Replace
from modal_transforms.modal_api.naming import modal_name

RULE, GONE = "package-mounts", "0.55.3849"
_OLD = "modal.create_package_mounts"
_EFFECT = "The same files; the section about mounts adds them to an image."


def package_mounts(module: Module) -> Finding | None:
    """Return the finding of the mounts of packages of a file, if all name their packages where they are made."""
    uses = [node for node in (*module.index.names, *module.index.attributes) if module.symbol(node) == _OLD]
    calls = [call for use in uses if isinstance(call := module.index.parents[use], ast.Call) and call.func is use]
    names = [_packages(module, call) for call in calls]
    if not calls or len(calls) < len(uses) or not all(names):
        return None
    changes: list[Change] = []
    for call, packages in zip(calls, names, strict=True):
        changes += _replaced(module, call, packages)
    changes += [DropImport(module.source.path, name) for name in {u.id for u in uses if isinstance(u, ast.Name)}]
    return module.finding(
        RULE,
        [module.source.span(call.func) for call in calls],
        "create_package_mounts is Mount.from_local_python_packages, which the guide goes on from",
        Applicability.REVIEW,
        (Choice("packages", "write Mount.from_local_python_packages", _EFFECT, tuple(dict.fromkeys(changes))),),
        explain(module, calls[0].func),
        breaks_in=GONE,
    )


def _packages(module: Module, call: ast.Call) -> str:
    """Return the names of packages as they are written; empty where they are not."""
    given = argument(call, 0, "module_names")
    listed = given.elts if isinstance(given, (ast.List, ast.Tuple)) and len(call.args) + len(call.keywords) == 1 else []
    plain = all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in listed)
    return ", ".join(module.source.written(each) for each in listed) if plain else ""


def _replaced(module: Module, call: ast.Call, packages: str) -> list[Change]:
    name, needed = modal_name(module, call, "Mount")
    text = f"{name}.from_local_python_packages({packages})"
    around = module.index.parents[call]
    place, text = module.source.span(call), f"[{text}]"
    if isinstance(around, ast.Starred) and isinstance(module.index.parents[around], (ast.List, ast.Tuple)):
        place, text = module.source.span(around), text[1:-1]
    return [Replace(module.source.path, place, text), *needed]
