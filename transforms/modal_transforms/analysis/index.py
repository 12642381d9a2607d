"""One walk over a syntax tree: its scopes, what each name is bound to, and the nodes that sections ask for."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from msgspec import Struct, field

from modal_transforms.analysis.parse import MAX_DEPTH, parse, too_deep
from modal_transforms.analysis.scopes import (
    BINDERS,
    COMPREHENSIONS,
    Binding,
    BindingKind,
    FunctionNode,
    Scope,
    ScopeNode,
    bind_parameters,
)
from modal_transforms.core.source import Program, SourceFile

__all__ = [
    "Binding",
    "BindingKind",
    "FunctionNode",
    "Index",
    "Scope",
    "ScopeNode",
    "build",
    "indexed",
    "reaching",
    "walk",
]


_CALLED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_OPENING = {ast.ClassDef, *_CALLED, *COMPREHENSIONS}
_NO_PARTS = frozenset(
    "id attr arg asname ctx op ops level module kind type_comment conversion simple is_async "
    "name rest kwd_attrs".split()
)
"""Fields that hold no part of a program that is walked through: names, operators, ``Load`` and ``Store``."""
_PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Constant: (),
    ast.alias: (),
    ast.Global: (),
    ast.Nonlocal: (),
    ast.MatchSingleton: (),
}
"""The fields of a kind of nodes that hold others."""
_WITH_HOLES = {ast.Dict, ast.arguments}
"""Kinds of nodes whose lists have ``None`` in some places."""


class Index(Struct, eq=False, weakref=True):
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
    assignments: list[ast.Assign | ast.AnnAssign] = field(default_factory=list)
    named: dict[str, list[ast.Name]] = field(default_factory=dict)
    called: dict[str, list[ast.Attribute]] = field(default_factory=dict)
    begun: dict[int, list[int]] = field(default_factory=dict)
    """The lines on which the bindings of a name begin, by the list's identity; none where they are not in order."""

    def __del__(self) -> None:
        """Undo the circles of the scopes, so that the tree goes with its index and waits for no collector."""
        for scope in (self.module, *self.inner.values()):
            scope.bindings.clear()
            scope.attributes.clear()

    def names_called(self, name: str) -> Sequence[ast.Name]:
        """Return where a name is written, read or bound."""
        if not self.named:
            for node in self.names:
                self.named.setdefault(node.id, []).append(node)
        return self.named.get(name, ())

    def attributes_called(self, name: str) -> Sequence[ast.Attribute]:
        """Return the attributes of a name."""
        if not self.called:
            for node in self.attributes:
                self.called.setdefault(node.attr, []).append(node)
        return self.called.get(name, ())

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


_known: WeakValueDictionary[tuple[str, bytes, tuple[Program, ...]], Index] = WeakValueDictionary()
"""The indexes that somebody holds, by path, text and programs."""
_HELD = 256 * 1024
"""So many bytes of text have their index held, the one asked for last whatever its size."""


class _Latest:
    """The indexes that were asked for last: what a rewrite makes of a file is what is looked at next."""

    def __init__(self) -> None:
        self._held: dict[Index, int] = {}
        self._size = 0
        self._lock = Lock()

    def hold(self, index: Index, size: int) -> None:
        """Hold an index of a text of ``size`` bytes, and let go those that were asked for longest ago."""
        with self._lock:
            self._size += size - self._held.pop(index, 0)
            self._held[index] = size
            while self._size > _HELD and len(self._held) > 1:
                self._size -= self._held.pop(next(iter(self._held)))

    def let_go(self, index: Index) -> None:
        """Hold an index no longer."""
        with self._lock:
            self._size -= self._held.pop(index, 0)


_latest = _Latest()
let_go = _latest.let_go


def indexed(source: SourceFile) -> Index:
    """Parse a file and walk its tree; raises `ParseFailure` or `Unreadable`.

    While an index is held somewhere, whoever asks for the same text of the same file gets that one.
    """
    programs = tuple(source.programs)
    key = source.path, source.program, programs
    index = _known.get(key)
    if index is None:
        index = _known[key] = build(parse(source).tree, programs)
    _latest.hold(index, len(key[1]))
    return index


def build(tree: ast.Module, programs: Sequence[Program] = ()) -> Index:
    """Walk the tree once, without recursion, and return what was seen; raises `ParseFailure` when it is too deep."""
    index = Index(tree, Scope(tree))
    constants: list[ast.Constant] = []
    scopes, parents, filed = index.scopes, index.parents, _filed(index, constants)
    scopes.update(dict(_parted(index, programs)) if programs else dict.fromkeys(tree.body, index.module))
    parents.update(dict.fromkeys(tree.body, tree))
    levels: list[Iterator[Any]] = [iter(tree.body)]
    while levels:
        for node in levels[-1]:
            kind = node.__class__
            if kind in filed:
                filed[kind].append(node)
            if kind is ast.Name or kind is ast.Constant:
                continue
            inner = scope = scopes[node]
            if kind in BINDERS:
                BINDERS[kind](node, scope)
            children = _children(node, kind)
            if kind in _OPENING:
                inner = _opened(index, node, scope)
            if not children:
                continue
            if len(levels) == MAX_DEPTH:
                raise too_deep()
            for child in children:
                parents[child] = node
                scopes[child] = inner
            if inner is not scope:
                scopes.update(dict.fromkeys(_outside(node), scope))
            levels.append(iter(children))
            break
        else:
            levels.pop()
    index.strings += [node for node in constants if isinstance(node.value, str)]
    whole = [node for node in index.imports if isinstance(node, ast.Import)]
    index.dotted.update([each.name for node in whole for each in node.names if not each.asname])
    return index


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it in the order of `ast.walk`, but for operators, ``Load`` and ``Store``."""
    found = [node]
    for each in found:
        found += _children(each, each.__class__)
        yield each


def _children(node: Any, kind: type[ast.AST]) -> Sequence[ast.AST]:
    """Return the parts of a node in source order, but for operators, ``Load`` and ``Store``."""
    if kind is ast.Attribute or kind is ast.keyword or kind is ast.Expr:
        return (node.value,)
    if kind is ast.Call:
        return [node.func, *node.args, *node.keywords]
    fields = _PARTS.get(kind)
    if fields is None:
        fields = _PARTS[kind] = _parts(kind)
    found: list[Any] = []
    for name in fields:
        value = getattr(node, name)
        if value.__class__ is list:
            found += value
        elif isinstance(value, ast.AST):
            found.append(value)
    return [each for each in found if each is not None] if kind in _WITH_HOLES else found


def _parts(kind: type[ast.AST]) -> tuple[str, ...]:
    named = {"name"} if kind.__name__ == "TypeAlias" else set()
    return tuple(name for name in kind._fields if name not in _NO_PARTS or name in named)


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


def _filed(index: Index, constants: list[ast.Constant]) -> dict[type[ast.AST], list[Any]]:
    """Return where the nodes of each kind that sections ask for are filed."""
    return {
        ast.Name: index.names,
        ast.Constant: constants,
        ast.Call: index.calls,
        ast.Attribute: index.attributes,
        ast.FunctionDef: index.functions,
        ast.AsyncFunctionDef: index.functions,
        ast.ClassDef: index.classes,
        ast.Import: index.imports,
        ast.ImportFrom: index.imports,
        ast.Assign: index.assignments,
        ast.AnnAssign: index.assignments,
    }


def _opened(index: Index, node: ast.AST, scope: Scope) -> Scope:
    """Return the scope that a function, class, lambda or comprehension opens."""
    assert isinstance(node, (ast.ClassDef, *_CALLED, *COMPREHENSIONS))
    inner = index.inner[node] = Scope(node, scope)
    if isinstance(node, _CALLED):
        bind_parameters(node.args, inner)
    return inner


def _outside(node: ast.AST) -> Iterable[ast.AST]:
    """Return the children of what opens a scope that still belong to the scope around it: decorators, defaults."""
    if isinstance(node, ast.Lambda):
        return (node.args,)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, node.args, *([node.returns] if node.returns else ())]
    return [*node.decorator_list, *node.bases, *node.keywords] if isinstance(node, ast.ClassDef) else ()


def _ends_before(statement: ast.stmt, use: ast.stmt) -> bool:
    """Tell whether a statement (its first line, for a block) ends before another begins."""
    end = statement.end_lineno or statement.lineno
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.With, ast.For)):
        end = statement.lineno
    return end < use.lineno or (end == use.lineno and statement.col_offset < use.col_offset)


def _in_loop(lineage: set[ast.AST]) -> bool:
    """Tell whether one of the nodes is a loop."""
    return any(isinstance(node, (ast.For, ast.While, ast.AsyncFor)) for node in lineage)


def reaching(index: Index, node: ast.Name, scope: Scope, bindings: list[Binding]) -> list[Binding]:
    """Return the bindings of a name that may hold at a node, in straight-line code only the last one before it."""
    if bindings[0].scope is not (scope.whole or scope) or node not in index.parents:
        return bindings
    use = index.statement(node)
    lineage = {use, *index.ancestors(use)}
    later: list[Binding] = []
    for at in range(_begun_by(index, bindings, use.lineno) - 1, -1, -1):
        binding = bindings[at]
        if isinstance(binding.node, ast.stmt) and _ends_before(binding.node, use):
            later.append(binding)
            if index.parents[binding.node] in lineage:
                return later[::-1] if not _in_loop(lineage) else bindings
    return bindings


def _begun_by(index: Index, bindings: list[Binding], line: int) -> int:
    """Return how many bindings, of a list that stays, may begin before a line ends: a name may have thousands."""
    begun = index.begun.get(id(bindings))
    if begun is None:
        lines = [getattr(each.node, "lineno", 0) for each in bindings]
        begun = index.begun[id(bindings)] = lines if lines == sorted(lines) else []
    return bisect_right(begun, line) if len(begun) == len(bindings) else len(bindings)
