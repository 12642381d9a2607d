"""One walk over a syntax tree: its scopes, what each name is bound to, and the nodes that sections ask for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from modal_transforms.parsing import MAX_DEPTH, too_deep
from modal_transforms.records import dataclass, field
from modal_transforms.scopes import (
    BINDING,
    COMPREHENSIONS,
    Binding,
    FunctionNode,
    Kind,
    Scope,
    ScopeNode,
    bind,
    bind_parameters,
)
from modal_transforms.source import Program

__all__ = ["Binding", "FunctionNode", "Index", "Kind", "Scope", "ScopeNode", "build", "ends_before", "in_loop"]


_FUNCTIONS = {ast.FunctionDef, ast.AsyncFunctionDef}
_OPENING = {ast.ClassDef, ast.Lambda, *COMPREHENSIONS} | _FUNCTIONS
_LEAVES = frozenset("id attr arg asname ctx op ops level module kind type_comment conversion simple is_async".split())
"""Fields that hold no part of a program that is walked through: names, operators, ``Load`` and ``Store``."""
_PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Constant: (),
    ast.alias: (),
    ast.Global: (),
    ast.Nonlocal: (),
    ast.MatchSingleton: (),
}
"""The fields of a kind of nodes that may hold others."""
_NONE: set[ast.AST] = set()


@dataclass(eq=False, slots=True)
class Index:
    """The nodes of one tree by kind, in source order, and where each stands."""

    tree: ast.Module
    module: Scope
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    """The scope in which each indexed node is evaluated."""
    inner: dict[ast.AST, Scope] = field(default_factory=dict)
    """The scope that a function, class, lambda or comprehension opens."""
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    calls: list[ast.Call] = field(default_factory=list)
    attributes: list[ast.Attribute] = field(default_factory=list)
    names: list[ast.Name] = field(default_factory=list)
    functions: list[FunctionNode] = field(default_factory=list)
    classes: list[ast.ClassDef] = field(default_factory=list)
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    dotted: set[str] = field(default_factory=set)
    """The modules of ``import a.b`` without ``as``."""
    strings: list[ast.Constant] = field(default_factory=list)

    def program(self, node: ast.AST) -> Scope:
        """Return the namespace of the program that a node is part of: one for a whole file, as a rule."""
        scope = self.scopes.get(node, self.module)
        while scope.parent is not None and not isinstance(scope.node, ast.Module):
            scope = scope.parent
        return scope

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node


def build(tree: ast.Module, programs: Sequence[Program] = ()) -> Index:
    """Walk the tree once, without recursion, and return what was seen; raises `ParseFailure` when it is too deep."""
    index = Index(tree, Scope(tree))
    filed = _filed(index)
    stack = [(child, scope, 1) for child, scope in reversed([*_parted(index, programs)])]
    index.parents.update((child, tree) for child in tree.body)
    while stack:
        node, scope, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise too_deep()
        index.scopes[node] = scope
        kind = type(node)
        if kind in filed:
            filed[kind](node)
        if kind in BINDING:
            bind(node, scope)
        inner, outside = _opened(index, node, scope) if kind in _OPENING else (scope, _NONE)
        for child in reversed(_children(node)):
            index.parents[child] = node
            stack.append((child, scope if child in outside else inner, depth + 1))
    return index


def _children(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node in source order, but for operators, ``Load`` and ``Store``."""
    kind = type(node)
    fields = _PARTS.get(kind)
    if fields is None:
        fields = _PARTS[kind] = tuple(name for name in node._fields if name not in _LEAVES)
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _parted(index: Index, programs: Sequence[Program]) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield the statements of the file with the namespaces that they are in."""
    alone = any(program.alone for program in programs)
    rest = before = Scope(index.tree, whole=index.module) if alone else index.module
    scopes: list[tuple[Program, Scope]] = []
    for program in programs:
        before = scope = Scope(index.tree, None if alone or before is rest else before, whole=index.module)
        scopes.append((program, scope))
    for child in index.tree.body:
        own = (scope for program, scope in scopes if program.first <= child.lineno <= program.last)
        yield child, next(own, rest)


def _filed(index: Index) -> dict[type[ast.AST], Callable[[Any], None]]:
    """Return what files the nodes of each kind that sections ask for."""

    def imported(node: ast.Import | ast.ImportFrom) -> None:
        index.imports.append(node)
        index.dotted.update(each.name for each in node.names if isinstance(node, ast.Import) and not each.asname)

    def constant(node: ast.Constant) -> None:
        if isinstance(node.value, str):
            index.strings.append(node)

    return {
        ast.Call: index.calls.append,
        ast.Attribute: index.attributes.append,
        ast.Name: index.names.append,
        ast.FunctionDef: index.functions.append,
        ast.AsyncFunctionDef: index.functions.append,
        ast.ClassDef: index.classes.append,
        ast.Import: imported,
        ast.ImportFrom: imported,
        ast.Constant: constant,
    }


def _opened(index: Index, node: ast.AST, scope: Scope) -> tuple[Scope, set[ast.AST]]:
    """Return the scope for a node's children, and the children that still belong to the scope around it."""
    outside: set[ast.AST] = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        outside.update(node.decorator_list)
        outside.update([node.returns] if node.returns else [])
    elif isinstance(node, ast.ClassDef):
        outside.update([*node.decorator_list, *node.bases, *node.keywords])
    elif not isinstance(node, (*COMPREHENSIONS, ast.Lambda)):
        return scope, outside
    inner = index.inner[node] = Scope(node, scope)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        bind_parameters(node.args, inner)
    return inner, outside


def ends_before(statement: ast.stmt, use: ast.stmt) -> bool:
    """Tell whether a statement (its first line, for a block) ends before another begins."""
    end = statement.end_lineno or statement.lineno
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.With, ast.For)):
        end = statement.lineno
    return end < use.lineno or (end == use.lineno and statement.col_offset < use.col_offset)


def in_loop(lineage: set[ast.AST]) -> bool:
    """Tell whether one of the nodes is a loop."""
    return any(isinstance(node, (ast.For, ast.While, ast.AsyncFor)) for node in lineage)
