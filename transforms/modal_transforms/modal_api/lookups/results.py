"""What becomes of the object that a lookup gives: whether anything depends on Modal being asked at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from modal_transforms.analysis.definitions import Definition, uses
from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.lookups.travels import REMOTE, travels

EAGER_READS = frozenset({"object_id", "client", "app", "is_hydrated", "local_uuid"})
"""Attributes that raise, or say something else, on an object that Modal was not asked about yet."""

_CARRIERS = (ast.IfExp, ast.BoolOp, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Starred, ast.keyword)
_STORES = frozenset({"modal.Volume", "modal.Dict", "modal.Queue", "modal.NetworkFileSystem"})
_SUPPRESSORS = frozenset({"contextlib.suppress", "pytest.raises", "unittest.TestCase.assertRaises"})


class Result(Struct):
    """How the object of one lookup is used."""

    eager: list[str] = field(default_factory=list)
    """Why it matters that Modal is asked at once."""
    doubts: list[str] = field(default_factory=list)
    """Why a person should look."""
    urls: list[tuple[Module, ast.Attribute]] = field(default_factory=list)
    """Reads of ``.web_url``."""
    is_hydrated: bool = False
    """Whether ``.hydrate()`` or ``.resolve()`` follows already."""
    does_travel: bool = False
    """Whether the object leaves the process, serialized."""


def result(module: Module, whole: ast.expr, owner: str) -> Result:
    """Return what becomes of the object of a lookup; ``whole`` is the call with its ``await``."""
    found = Result()
    guard = _guard(module, whole)
    if guard is not None:
        line, what = guard
        if _works_at_once(module, whole, owner):
            found.doubts.append(f"it is inside the {what} at line {line}, and used there at once")
        else:
            found.eager.append(f"it is inside the {what} at line {line}")
    journeys = travels(module, whole)
    if journeys:
        found.does_travel = True
        found.eager += [f"{journey}: Modal serializes only what is hydrated" for journey in journeys]
    node, parent = _carried(module, whole)
    if isinstance(parent, ast.Attribute):
        _note_read(module, parent, found)
    elif isinstance(parent, ast.Expr):
        found.eager.append("its result is not used: the call is there for what it does")
    elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        _note_assigned(module, parent, whole, found)
    elif journeys:
        pass
    elif isinstance(parent, (ast.If, ast.While, ast.Assert, ast.Compare, ast.UnaryOp)):
        found.eager.append(f"its result is only tested, at line {parent.lineno}")
    elif isinstance(parent, ast.Call) and node is not parent.func:
        if not module.symbol(parent.func).startswith("modal."):
            found.doubts.append(f"the object is passed on at line {parent.lineno}: there it is not looked up yet")
    elif not isinstance(parent, ast.Call):
        found.doubts.append("the object leaves this place: elsewhere it is not looked up yet")
    return found


def _carried(module: Module, node: ast.AST) -> tuple[ast.AST, ast.AST]:
    """Return the expression that hands an object on unchanged, and what it hands it to."""
    parent = module.index.parents[node]
    while isinstance(parent, _CARRIERS) and not (isinstance(parent, ast.IfExp) and node is parent.test):
        node, parent = parent, module.index.parents[parent]
    return node, parent


def _guard(module: Module, node: ast.AST) -> tuple[int, str] | None:
    """Return the line of the ``try`` (or ``with suppress``) that would catch what a lookup raises."""
    previous = node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(around, ast.Try) and around.handlers and previous in around.body:
            return around.lineno, "try"
        if isinstance(around, (ast.With, ast.AsyncWith)) and _suppresses(module, around):
            return around.lineno, "with"
        previous = around
    return None


def _suppresses(module: Module, node: ast.With | ast.AsyncWith) -> bool:
    managers = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(qualified_name(module, manager.func) in _SUPPRESSORS for manager in managers)


def _works_at_once(module: Module, node: ast.AST, owner: str) -> bool:
    """Tell whether the expression goes on to a method that asks Modal."""
    parent = module.index.parents[node]
    while isinstance(parent, (ast.Attribute, ast.Call)) and node in {
        getattr(parent, "value", None),
        getattr(parent, "func", None),
    }:
        if isinstance(parent, ast.Attribute) and (parent.attr in REMOTE or owner in _STORES):
            return parent.attr not in EAGER_READS
        node, parent = parent, module.index.parents[parent]
    return False


def _note_read(module: Module, node: ast.Attribute, found: Result) -> None:
    line = module.source.line_of(module.source.span(node).end)
    if node.attr == "web_url":
        found.urls.append((module, node))
    elif node.attr in EAGER_READS:
        found.eager.append(f".{node.attr} is read at line {line} and is not there before Modal is asked")
    elif node.attr in {"hydrate", "resolve"}:
        found.is_hydrated = True


def _note_assigned(
    module: Module, statement: ast.Assign | ast.AnnAssign | ast.NamedExpr, given: ast.expr, found: Result
) -> None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for whole in targets:
        target = _counterpart(whole, statement.value, given)
        if isinstance(target, ast.Name):
            _note_name(module, target, statement, found)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            for node in _reads_of_attribute(module, {target.value.id}, target.attr):
                _note_read(module, node, found)


def _counterpart(target: ast.expr, value: ast.expr | None, given: ast.expr) -> ast.expr:
    """Return what one of several values is assigned to in ``a, b = x, y``; the whole target otherwise."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return next((own for own, each in zip(target.elts, value.elts, strict=True) if each is given), target)
    return target


def _note_name(module: Module, target: ast.Name, statement: ast.AST, found: Result) -> None:
    scope = module.index.scopes[target]
    if scope.is_class:
        for node in _reads_of_attribute(module, {"self", "cls", getattr(scope.node, "name", "")}, target.id):
            _note_read(module, node, found)
        return
    bindings = [b for around in scope.enclosing() for b in around.bindings.get(target.id, []) if b.node is statement]
    read = [use for binding in bindings for use in uses(Definition(module, binding))]
    for use in read:
        parent = use.module.index.parents[use.node]
        if isinstance(parent, ast.Attribute):
            _note_read(use.module, parent, found)
    at_module_level = any(binding.scope is module.index.module for binding in bindings)
    borrowed = any(binding.kind is BindingKind.PARAMETER for binding in bindings)
    if not read and bindings and not borrowed and (target.id == "_" or not at_module_level):
        found.eager.append(f"`{target.id}` is never read: the call is there for what it does")


def _reads_of_attribute(module: Module, owners: set[str], name: str) -> Iterator[ast.Attribute]:
    """Yield what a file reads off ``owner.name``."""
    for node in module.index.attributes:
        owner = node.value
        if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name):
            same = owner.attr == name and owner.value.id in owners
            yield from [node] if same else []
