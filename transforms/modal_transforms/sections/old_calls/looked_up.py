"""``modal.lookup("app", "f")`` becomes ``modal.Function.from_name("app", "f")``: with two names it gave a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, DropImport, Finding, Replace
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.modal_api.rows import calls_of

LOOKED_UP = "module-lookup"
_EFFECT = "The same function, looked up when it is first used. Calls of it say .remote(...)."


def as_functions(module: Module, finding: Finding) -> Finding:
    """Return the finding of ``modal.lookup``, with the choice to look functions up by their class, if all are."""
    calls = calls_of(module, finding)
    if calls is None or not all(map(_names_two, calls)):
        return finding
    changes = tuple(dict.fromkeys(change for call in calls for change in _changes(module, call)))
    choice = Choice("from-name", "write Function.from_name", _EFFECT, changes)
    return replace(finding, applicability=Applicability.REVIEW, choices=(choice,))


def _names_two(call: ast.Call) -> bool:
    plain = not call.keywords and not any(isinstance(each, ast.Starred) for each in call.args)
    return plain and len(call.args) == 2 and not (isinstance(call.args[1], ast.Constant) and call.args[1].value is None)


def _changes(module: Module, call: ast.Call) -> Iterator[Change]:
    path = module.source.path
    text, needed = modal_name(module, call, "Function")
    yield Replace(path, module.source.span(call.func), f"{text}.from_name")
    yield from needed
    if isinstance(call.func, ast.Name):
        yield DropImport(path, call.func.id)
