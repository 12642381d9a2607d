"""What a constructor does: the parameters that it stores, and the rest."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_constant
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern

_MASKED = pattern(r"[rR]?[fF][rR]?[\"']")


class Parameter(Struct, frozen=True):
    """One parameter of a constructor."""

    node: ast.arg
    default: ast.expr | None
    by_position: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.arg


class Constructor(Struct, frozen=True, dict=True):
    """An ``__init__`` of a class."""

    home: Module
    owner: ast.ClassDef
    node: FunctionNode

    @property
    def this(self) -> str:
        """What it calls the instance."""
        return self.named[0].arg if self.named else "self"

    @property
    def named(self) -> list[ast.arg]:
        """All arguments that may be given by position, the instance first."""
        return [*self.node.args.posonlyargs, *self.node.args.args]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in order."""
        arguments = self.node.args
        missing: list[ast.expr | None] = [None] * (len(self.named) - len(arguments.defaults))
        pairs = zip(self.named, [*missing, *arguments.defaults], strict=True)
        by_position = [Parameter(node, default, True) for node, default in pairs][1:]
        keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        return (*by_position, *(Parameter(node, default, False) for node, default in keywords))

    @property
    def docstring(self) -> ast.stmt | None:
        """The statement that is its docstring."""
        first = self.node.body[0]
        is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        return first if is_text and isinstance(first.value.value, str) else None  # type: ignore[attr-defined]

    def stored(self, statement: ast.stmt) -> tuple[str, ...]:
        """Return the parameters that a statement stores under their own names and does nothing else."""
        pairs = list(_pairs(statement))
        names = {parameter.name for parameter in self.parameters}
        if not pairs or not all(self._is_store(target, value) for target, value in pairs):
            return ()
        stored = tuple(value.id for _, value in pairs if isinstance(value, ast.Name))
        return stored if names.issuperset(stored) else ()

    def _is_store(self, target: ast.expr, value: ast.expr | None) -> bool:
        return isinstance(value, ast.Name) and self.attribute(target) == value.id

    def attribute(self, node: ast.AST) -> str:
        """Return ``name`` for ``self.name``, else an empty text."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.this:
            return node.attr
        return ""

    def names(self, name: str) -> list[ast.Name]:
        """Return the places of the body that mean a parameter by its name."""
        index = self.home.index
        own = index.inner[self.node]
        last = self.node.end_lineno or 0
        written = self.home.once(_names_by_line).get(name, [])
        first = bisect_left(written, (self.node.lineno, 0))
        numbers = sorted(number for _, number in written[first : bisect_left(written, (last + 1, 0))])
        return [
            node
            for node in map(index.names.__getitem__, numbers)
            if self._in_body(node) and any(binding.scope is own for binding in index.scopes[node].find(name))
        ]

    def _in_body(self, node: ast.AST) -> bool:
        inside = node
        for around in self.home.index.ancestors(node):
            if around is self.node:
                return inside in self.node.body
            inside = around
        return False

    def is_rebound(self, name: str) -> bool:
        """Tell whether a parameter, or the attribute of its name, gets another value in the body."""
        if any(not isinstance(node.ctx, ast.Load) for node in self.names(name)):
            return True
        for item in walk(self.node):
            if isinstance(item, ast.Attribute) and not isinstance(item.ctx, ast.Load) and self.attribute(item) == name:
                statement = self.home.index.statement(item)
                stores = [value for target, value in _pairs(statement) if target is item]
                if not (stores and isinstance(stores[0], ast.Name) and stores[0].id == name):
                    return True
        return False

    def reads(self, name: str) -> list[Span] | None:
        """Return the bytes of each read of a parameter; ``None`` where they cannot be told for sure."""
        if self._has_masked_text():
            return None
        index, source = self.home.index, self.home.source
        spans: list[Span] = []
        texts: dict[ast.JoinedStr, int] = {}
        for node in self.names(name):
            around = [outer for outer in index.ancestors(node) if isinstance(outer, ast.JoinedStr)]
            if around:
                texts[around[-1]] = texts.get(around[-1], 0) + 1
            elif source.written(node) == name:
                spans.append(source.span(node))
            else:
                return None
        for text, count in texts.items():
            inside = list(self._in_text(text, name))
            if len(inside) != count:
                return None
            spans += inside
        return spans

    def _in_text(self, node: ast.JoinedStr, name: str) -> Iterator[Span]:
        """Yield where a name is read in an f-string; older Pythons report wrong positions inside of it."""
        source = self.home.source
        whole = source.span(node)
        written = source.slice(whole)
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*=\s*[!:}}]", written):
            return
        for match in re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w)", written):
            start = whole.start + len(source.encode(written[: match.start()]))
            yield Span(start, start + len(source.encode(name)))

    def _has_masked_text(self) -> bool:
        """Tell whether the body has an f-string that this Python cannot read, so that names in it are not seen."""
        index, source = self.home.index, self.home.source
        return any(
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and not isinstance(index.parents.get(node), ast.JoinedStr)
            and _MASKED.match(source.written(node))
            for node in walk(self.node)
        )


def _pairs(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield the targets of a plain assignment with what each is given."""
    if isinstance(statement, ast.AnnAssign):
        yield statement.target, statement.value
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            many = isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple)
            if many and len(target.elts) == len(statement.value.elts):  # type: ignore[attr-defined]
                yield from zip(target.elts, statement.value.elts, strict=True)  # type: ignore[attr-defined]
            else:
                yield target, statement.value


def is_idle(statement: ast.stmt) -> bool:
    """Tell whether a statement does nothing: ``pass``, ``...``, a text, ``super().__init__()`` of ``object``."""
    return is_constant(statement) or isinstance(statement, ast.Pass) or is_super(statement)


def is_super(statement: ast.stmt) -> bool:
    """Tell whether a statement is ``super().__init__()`` without arguments."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.args or call.keywords or not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value
    is_parent = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"
    return is_parent and call.func.attr == "__init__"


def _names_by_line(module: Module) -> dict[str, list[tuple[int, int]]]:
    """Return, for each name of a file, the lines that it is on, and where it stands in the index of names."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, node in enumerate(module.index.names):
        found.setdefault(node.id, []).append((node.lineno, number))
    for places in found.values():
        places.sort()
    return found
