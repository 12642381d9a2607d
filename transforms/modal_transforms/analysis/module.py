"""One parsed file as sections see it: what its names resolve to, and how to state a finding in it.

A value knows the file that it was found in, and a file asks its repository for values of other files: the three types
are defined together.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from modal_transforms.analysis.index import (
    Binding,
    BindingKind,
    FunctionNode,
    Index,
    Scope,
    build,
    reaching,
    walk,
)
from modal_transforms.analysis.parse import but_none, quoted_annotation
from modal_transforms.core import modal_names
from modal_transforms.core.model import Applicability, Choice, Finding, Section, Span
from modal_transforms.core.source import SourceFile

T = TypeVar("T")


class Value(NamedTuple):
    """What an expression is: a symbol of Modal's, or a class or function of this program.

    ``symbol`` is as in `modal_transforms.core.modal_names`, or ``local.class``, ``local.function``, ``local.module``.
    ``sure`` is false where another binding of the name might be meant. ``written`` is the way to a value of Modal's as
    the code goes it, one for each way that it may have gone: ``modal.Stub().function()``, where ``symbol`` says what
    that is today. Empty where there are too many.
    """

    symbol: str
    module: Module
    node: ast.AST | None = None
    """The definition in this program, where there is one: a class, a function."""
    sure: bool = True
    written: tuple[str, ...] = ()

    def then(self, step: str) -> tuple[str, ...]:
        """Return the ways to what one step further gives: ``.name``, ``()``, or ``~`` for what ``with`` gives."""
        return tuple([way + step for way in self.written])


def merged(first: Value, others: Iterable[Value]) -> Value:
    """Return a value with the ways to all others that are the same thing."""
    ways = dict.fromkeys([*first.written, *(way for other in others for way in other.written)])
    several = tuple(ways) if len(ways) <= _MOST_WAYS else ()
    return first if several == first.written else first._replace(written=several)


_MOST_WAYS = 8
"""Ways to a value that are told apart; each condition in a chain of assignments may double them."""


class ProjectView(Protocol):
    """What a file needs to know of the other files."""

    def imported(self, importer: str, module: str, attribute: str) -> Value | None:
        """Return what ``from module import attribute`` (or ``import module``) gives in the file ``importer``."""

    def importers(self, path: str, word: bytes = b"") -> Iterable[Module]:
        """Return the parsed files that import the file at ``path`` and hold ``word``."""

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""

    def mentioning(self, name: bytes, beside: bytes = b"") -> Iterable[Module]:
        """Return the parsed files that hold a name as a word, and the text ``beside`` as well; Modal's only."""

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""

    def locate_on(self, bases: Sequence[str], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""

    def may_borrow(self, module: Module) -> bool:
        """Tell whether a file may import something from another file of the repository."""

    def is_imported(self, path: str) -> bool:
        """Tell whether another file imports the file at ``path``."""

    def reaches_modal(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""

    def module(self, path: str) -> Module | None:
        """Return a parsed file; ``None`` when it is not there or not readable."""

    def data(self, path: str) -> bytes | None:
        """Return the bytes of any file of the repository."""

    def once(self, make: Callable[[ProjectView], T]) -> T:
        """Return what ``make`` gives for this repository; it is asked only the first time."""

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files of the repository, not only of Python's."""


class Module:
    """A parsed file. Resolution is lazy and remembered."""

    def __init__(self, source: SourceFile, tree: ast.Module, project: ProjectView | None = None) -> None:
        self.source = source
        self.tree = tree
        self.project = project
        self._values: dict[Binding, Value | None] = {}
        self._resolved: dict[ast.expr, Value | None] = {}
        self._busy: set[Binding | ast.AST] = set()
        self._made: dict[object, object] = {}

    def once(self, make: Callable[[Module], T]) -> T:
        """Return what ``make`` gives for this file; it is asked only the first time."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[return-value]  # stored two lines above, under the same key

    @cached_property
    def index(self) -> Index:
        """The nodes and scopes of the file."""
        return build(self.tree, self.source.programs)

    def symbol(self, node: ast.expr) -> str:
        """Return the Modal symbol that an expression surely is, or an empty text."""
        value = self.resolve(node)
        return value.symbol if value is not None and value.sure else ""

    def resolve(self, node: ast.expr, scope: Scope | None = None) -> Value | None:
        """Return what an expression is, as far as it can be told; ``None`` when it cannot."""
        own = self.index.scopes.get(node)
        if scope is not None and scope is not own:
            return self._resolve(node, scope)
        if node not in self._resolved:
            value = self._resolve(node, own or self.index.module)
            if self._busy:
                return value
            self._resolved[node] = value
        return self._resolved[node]

    def _resolve(self, node: ast.expr, scope: Scope) -> Value | None:
        if isinstance(node, ast.Name):
            return self._resolve_name(node, scope)
        if isinstance(node, ast.Attribute):
            return self._resolve_attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._resolve_call(node, scope)
        if isinstance(node, ast.Await):
            return self.resolve(node.value, scope)
        if isinstance(node, ast.NamedExpr):
            return self.resolve(node.value, scope)
        if isinstance(node, ast.IfExp):
            return self._agree([self.resolve(node.body, scope), self.resolve(node.orelse, scope)])
        if isinstance(node, ast.BoolOp):
            return self._agree([self.resolve(value, scope) for value in node.values])
        return None

    def _resolve_attribute(self, node: ast.Attribute, scope: Scope) -> Value | None:
        base = self.resolve(node.value, scope)
        if base is None:
            return self._resolve_self(node, scope) or self._resolve_dotted(node)
        if base.symbol == "local.class" and isinstance(base.node, ast.ClassDef):
            return base.module.member(base.node, node.attr)
        if base.symbol == "local.module":
            found = self.project.imported(base.module.source.path, "", node.attr) if self.project else None
            return found or self._resolve_dotted(node)
        if base.symbol.startswith("local."):
            return None
        symbol = modal_names.read(base.symbol, node.attr)
        return Value(symbol, base.module, None, base.sure, base.then(f".{node.attr}"))

    def _resolve_dotted(self, node: ast.Attribute) -> Value | None:
        """Return the local module that ``import a.b`` makes of ``a.b``."""
        if self.project is None or not self.index.dotted or (path := _path(node)) not in self.index.dotted:
            return None
        return self.project.imported(self.source.path, path, "")

    def _resolve_self(self, node: ast.Attribute, scope: Scope) -> Value | None:
        if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
            return None
        for around in scope.enclosing():
            owner = around.parent
            if owner is not None and owner.is_class and isinstance(owner.node, ast.ClassDef):
                return self.member(owner.node, node.attr)
        return None

    def member(self, owner: ast.ClassDef, name: str) -> Value | None:
        """Return what a class attribute (of the class body, or set on ``self``) is."""
        scope = self.index.inner[owner]
        bindings = [*scope.bindings.get(name, []), *scope.attributes.get(name, [])]
        return self._agree(list(self._told(bindings)))

    def _resolve_call(self, node: ast.Call, scope: Scope) -> Value | None:
        callee = self.resolve(node.func, scope)
        if callee is None:
            return None
        if callee.symbol == "local.function" and callee.node is not None:
            return callee.module.returned(callee.node)
        if callee.symbol.startswith("local."):
            return None
        result = modal_names.called(callee.symbol)
        if callee.symbol in {"modal.App().function()", "modal.App().cls()"} and node.args:
            wrapped = self.resolve(node.args[0], scope) or callee
            return Value(result, wrapped.module, wrapped.node, callee.sure, callee.then("()"))
        return Value(result, callee.module, callee.node, callee.sure, callee.then("()"))

    def returned(self, function: ast.AST) -> Value | None:
        """Return what a function of this file returns, when all its returns agree."""
        if function in self._busy or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        self._busy.add(function)
        try:
            scope = self.index.inner[function]
            returns = [
                node.value
                for node in walk(function)
                if isinstance(node, ast.Return) and node.value is not None and self.function_around(node) is function
            ]
            return self._agree([self.resolve(value, scope) for value in returns])
        finally:
            self._busy.discard(function)

    def function_around(self, node: ast.AST) -> FunctionNode | None:
        """Return the function that a node is in the body of."""
        for around in self.index.ancestors(node):
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return around
        return None

    def _resolve_name(self, node: ast.Name, scope: Scope) -> Value | None:
        bindings = self.reaching(node, scope)
        if not bindings:
            return self._from_star(node.id) or self._implied(node.id)
        return self._agree(list(self._told(bindings)))

    def _told(self, bindings: Iterable[Binding]) -> Iterator[Value | None]:
        """Yield what bindings give, but for ``None`` where nothing says what else the name is for."""
        for binding in bindings:
            value = self.resolve_binding(binding)
            if value is not None or not _is_none(binding):
                yield value

    def reaching(self, node: ast.Name, scope: Scope | None = None) -> list[Binding]:
        """Return the bindings that may give a name its value at a node."""
        scope = scope or self.index.scopes.get(node, self.index.module)
        bindings = scope.find(node.id, node.lineno)
        return reaching(self.index, node, scope, bindings) if len(bindings) > 1 else bindings

    def _from_star(self, name: str) -> Value | None:
        starred = self.index.module.bindings.get("*", [])
        if any(binding.module == "modal" for binding in starred) and name in modal_names.PUBLIC:
            return Value(modal_names.canonical(f"modal.{name}"), self, written=(f"modal.{name}",))
        return None

    def _implied(self, name: str) -> Value | None:
        """Return what a name stands for that a document uses without saying where it comes from."""
        known = modal_names.IMPLIED.get(name) if self.source.shown else None
        return Value(known, self) if known is not None and (name == "modal" or self._says_modal) else None

    @cached_property
    def _says_modal(self) -> bool:
        named = any(node.id == "modal" for node in self.index.names)
        return named or any("modal" in ast.unparse(node) for node in self.index.imports)

    def resolve_binding(self, binding: Binding) -> Value | None:
        """Return what one binding of a name gives."""
        if binding in self._values:
            return self._values[binding]
        if binding in self._busy:
            return None
        self._busy.add(binding)
        try:
            value = self._values[binding] = self._bound(binding)
        finally:
            self._busy.discard(binding)
        return value

    def _bound(self, binding: Binding) -> Value | None:
        if binding.kind is BindingKind.IMPORT:
            return self._imported(binding)
        if binding.kind in {BindingKind.FUNCTION, BindingKind.CLASS}:
            return self._defined(binding.node)
        if binding.annotation is not None:
            annotated = self._annotated(binding.annotation, binding.scope)
            if annotated is not None:
                return annotated
        if binding.value is not None:
            value = self.resolve(binding.value, binding.scope)
            entered = value is not None and isinstance(binding.node, ast.withitem)
            return value._replace(written=value.then("~")) if value is not None and entered else value
        return None

    def _imported(self, binding: Binding) -> Value | None:
        root = binding.module.split(".")[0]
        if root == "modal" and not binding.module.startswith("."):
            path = f"{binding.module}.{binding.attribute}" if binding.attribute else binding.module
            return Value(modal_names.canonical(path), self, written=(path,))
        if self.project is None:
            return None
        return self.project.imported(self.source.path, binding.module, binding.attribute)

    def _defined(self, node: ast.AST) -> Value | None:
        kind = "local.class" if isinstance(node, ast.ClassDef) else "local.function"
        assert isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        for decorator in node.decorator_list:
            value = self.resolve(decorator)
            if value is not None and value.sure and value.symbol in {"modal.App().function()", "modal.App().cls()"}:
                return Value(modal_names.called(value.symbol), self, node, written=value.then("()"))
        return Value(kind, self, node)

    def _annotated(self, node: ast.expr, scope: Scope) -> Value | None:
        inside = (
            quoted_annotation(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        )
        value = self.resolve(but_none(node if inside is None else inside), scope)
        if value is None or not value.symbol.startswith("modal.") or value.symbol.endswith(")"):
            return None
        return Value(f"{value.symbol}()", self, None, value.sure, value.then("()"))

    def _agree(self, values: list[Value | None]) -> Value | None:
        """Return the one value that all agree on; a single Modal one among unknowns is returned as unsure."""
        known = [value for value in values if value is not None]
        if not known or len({value.symbol for value in known}) > 1:
            return None
        first = merged(known[0], known[1:])
        return first if len(known) == len(values) else first._replace(sure=False)

    def decorators(self, node: FunctionNode | ast.ClassDef) -> Iterator[tuple[ast.expr, str]]:
        """Yield the decorators of a definition, top down, with their symbols."""
        for decorator in node.decorator_list:
            yield decorator, self.symbol(decorator)

    def finding(
        self,
        section: Section,
        rule: str,
        places: list[Span] | Span,
        message: str,
        applicability: Applicability,
        choices: tuple[Choice, ...] = (),
        evidence: tuple[str, ...] = (),
        advice: str = "",
        *,
        since: str = "",
        breaks_in: str = "",
    ) -> Finding:
        """State a finding at one or several places of this file.

        ``since`` and ``breaks_in`` are the versions that warn of just this and in which it fails, where the section
        as a whole says others or none.
        """
        spans = places if isinstance(places, list) else [places]
        identity = f"{self.source.sha256}:{self.source.path}:{rule}:{spans[0].start}:{spans[0].end}"
        return Finding(
            id=hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:12],
            section=section.slug,
            rule=rule,
            applicability=applicability,
            message=message,
            evidence=evidence,
            sites=tuple(self.source.site(span) for span in spans),
            choices=choices,
            advice=advice,
            since=since,
            breaks_in=breaks_in,
        )


def _path(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join(reversed([*names, node.id])) if isinstance(node, ast.Name) else ""


def _is_none(binding: Binding) -> bool:
    return isinstance(binding.value, ast.Constant) and binding.value.value is None
