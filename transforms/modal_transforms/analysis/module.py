"""One parsed file as sections see it: what its names resolve to, and how to state a finding in it.

A value knows the file that it was found in: the two types are defined together.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias, TypeVar

from modal_transforms.analysis.elements import items
from modal_transforms.analysis.index import Binding, BindingKind, FunctionNode, Scope, indexed, reaching, walk
from modal_transforms.analysis.parse import but_none, dotted_path, quoted_annotation
from modal_transforms.analysis.project_view import RepositoryView
from modal_transforms.analysis.receivers import METHODS, Receiver, over_markers, receiver
from modal_transforms.core import modal_names
from modal_transforms.core.model import Applicability, Choice, Finding, Span
from modal_transforms.core.source import SourceFile

T = TypeVar("T")
_LONGEST = 1_000
"""Characters of a way; a longer one, as of an image that is bound anew and anew, begins at its symbol again."""


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
        ways = self.written if max(map(len, self.written), default=0) <= _LONGEST else (self.symbol,)
        return tuple([way + step for way in ways])


def from_modal(module: Module, name: str) -> Value:
    """Return what ``from modal import *`` gives for a public name."""
    return Value(modal_names.canonical(f"modal.{name}"), module, written=(f"modal.{name}",))


def merged(first: Value, others: Iterable[Value]) -> Value:
    """Return a value with the ways to all others that are the same thing."""
    ways = dict.fromkeys([*first.written, *(way for other in others for way in other.written)])
    several = tuple(ways) if len(ways) <= _MOST_WAYS else ()
    return first if several == first.written else first._replace(written=several)


_MOST_WAYS = 8
"""Ways to a value that are told apart; each condition in a chain of assignments may double them."""


ProjectView: TypeAlias = "RepositoryView[Module, Value]"


class Module:
    """A parsed file. Resolution is lazy and remembered."""

    def __init__(self, source: SourceFile, project: ProjectView | None = None) -> None:
        """Parse a file; raises `ParseFailure` or `Unreadable`."""
        self.source = source
        self.index = indexed(source)
        self.tree = self.index.tree
        if not source.is_utf8:
            source.text  # noqa: B018  raises Unreadable when offsets could not be trusted
        self.project = project
        self._values: dict[Binding, Value | None] = {}
        self._resolved: dict[ast.expr, Value | None] = {}
        self._busy: set[Binding | ast.AST] = set()
        self._made: dict[object, object] = {}
        self.unseen: dict[ast.expr, str] = {}
        """The methods of apps that are known as such only by what they stand over, with what is to say of them."""

    def once(self, make: Callable[[Module], T]) -> T:
        """Return what ``make`` gives for this file; it is asked only the first time."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[return-value]  # stored two lines above, under the same key

    def forget(self) -> None:
        """Forget what was told: it leads back to the file, which would wait for the collector."""
        self._values.clear()
        self._resolved.clear()
        self._made.clear()

    def symbol(self, node: ast.expr) -> str:
        """Return the Modal symbol that an expression surely is, or an empty text."""
        value = self.resolve(node)
        return value.symbol if value is not None and value.sure else ""

    def resolve(self, node: ast.expr, scope: Scope | None = None) -> Value | None:
        """Return what an expression is, as far as it can be told; ``None`` when it cannot."""
        if scope is None and node in self._resolved:
            return self._resolved[node]
        own = self.index.scopes.get(node)
        if scope is not None and scope is not own:
            return self._resolve(node, scope)
        value = self._resolved[node] if node in self._resolved else self._resolve(node, own or self.index.module)
        if not self._busy:
            self._resolved[node] = value
        return value

    def _resolve(self, node: ast.expr, scope: Scope) -> Value | None:
        if isinstance(node, ast.Name):
            return self._resolve_name(node, scope)
        if isinstance(node, ast.Attribute):
            return self._resolve_attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._resolve_call(node, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self.resolve(node.value, scope)
        if isinstance(node, ast.IfExp):
            return self._agree([self.resolve(node.body, scope), self.resolve(node.orelse, scope)])
        if isinstance(node, ast.BoolOp):
            return self._agree([self.resolve(value, scope) for value in node.values])
        return None

    def _resolve_attribute(self, node: ast.Attribute, scope: Scope) -> Value | None:
        base = self.resolve(node.value, scope)
        if base is None:
            return self._resolve_self(node, scope) or self._resolve_dotted(node) or self._taken(node)
        if base.symbol == "modal.App()" and (own := base.module.inherited(base.node, node.attr)) is not None:
            return own
        if base.symbol == "local.class" and isinstance(base.node, ast.ClassDef):
            return base.module.member(base.node, node.attr)
        if base.symbol == "local.module":
            found = self.project.imported(base.module.source.path, "", node.attr) if self.project else None
            return found or self._resolve_dotted(node)
        if base.symbol.startswith("local."):
            return None
        symbol = modal_names.read(base.symbol, node.attr)
        return Value(symbol, base.module, None, base.sure, base.then(f".{node.attr}"))

    def _taken(self, node: ast.Attribute) -> Value | None:
        """Return the method of an app that is known as one by what it stands over."""
        if node.attr not in METHODS or self.tree in self._busy or receiver(self.index, node.value) not in self._apps:
            return None
        if isinstance(node.value, ast.Name) and any(map(self._is_made_here, self.reaching(node.value))):
            return None
        name, path = ast.unparse(node.value), f"modal.App().{node.attr}"
        self.unseen[node] = f"where `{name}` comes from cannot be seen; it stands over Modal's own decorators"
        return Value(path, self, written=(path,))

    @cached_property
    def _apps(self) -> frozenset[Receiver]:
        self._busy.add(self.tree)
        try:
            return over_markers(self.index, self.symbol)
        finally:
            self._busy.discard(self.tree)

    def _is_made_here(self, binding: Binding) -> bool:
        """Tell whether a name gets an object of a class of this program."""
        made = self.resolve(binding.value.func, binding.scope) if isinstance(binding.value, ast.Call) else None
        return made is not None and made.symbol == "local.class"

    def _resolve_dotted(self, node: ast.Attribute) -> Value | None:
        """Return the local module that ``import a.b`` makes of ``a.b``."""
        if self.project is None or not self.index.dotted or (path := dotted_path(node)) not in self.index.dotted:
            return None
        return self.project.imported(self.source.path, path, "")

    def _resolve_self(self, node: ast.Attribute, scope: Scope) -> Value | None:
        name = node.value.func if isinstance(node.value, ast.Call) else node.value
        if not isinstance(name, ast.Name) or name.id not in ({"super"} if name is not node.value else {"self", "cls"}):
            return None
        for around in scope.enclosing():
            owner = around.parent
            if owner is not None and owner.is_class and isinstance(owner.node, ast.ClassDef):
                own = self.member(owner.node, node.attr) if name is node.value else None
                app = self.instance(owner.node) if own is None else None
                symbol = modal_names.read("modal.App()", node.attr)
                return own if app is None else Value(symbol, self, None, app.sure, app.then(f".{node.attr}"))
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
        if callee.symbol == "local.class" and isinstance(callee.node, ast.ClassDef):
            return callee.module.instance(callee.node)
        if callee.symbol.startswith("local."):
            return None
        result = modal_names.called(callee.symbol)
        if callee.symbol in {"modal.App().function()", "modal.App().cls()"} and node.args:
            wrapped = self.resolve(node.args[0], scope) or callee
            return Value(result, wrapped.module, wrapped.node, callee.sure, callee.then("()"))
        return Value(result, callee.module, callee.node, callee.sure, callee.then("()"))

    def instance(self, node: ast.ClassDef) -> Value | None:
        """Return what an instance of a class of this file is: an app, where the class derives from Modal's."""
        for home, base in self._bases(node):
            if (value := home.resolve(base)) and value.symbol == "modal.App":
                return Value("modal.App()", self, node, value.sure, value.then("()"))
        return None

    def inherited(self, node: ast.AST | None, name: str) -> Value | None:
        """Return what a class of this file, or one of this program that it derives from, has by a name."""
        if not isinstance(node, ast.ClassDef):
            return None
        values = [value for home, base in self._bases(node) if (value := home.resolve(base)) is not None]
        members = (each.module.member(each.node, name) for each in values if isinstance(each.node, ast.ClassDef))
        return next(filter(None, (self.member(node, name), *members)), None)

    def _bases(self, node: ast.ClassDef) -> Iterator[tuple[Module, ast.expr]]:
        """Yield the bases of a class, those of its bases included, with the files that they are written in."""
        waiting, seen = [(self, base) for base in node.bases], {node}
        while waiting:
            home, base = waiting.pop(0)
            yield home, base
            if (value := home.resolve(base)) and isinstance(value.node, ast.ClassDef) and value.node not in seen:
                seen.add(value.node)
                waiting += [(value.module, inner) for inner in value.node.bases]

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
        inside_out = self.index.ancestors(node)
        return next((each for each in inside_out if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))), None)

    def _resolve_name(self, node: ast.Name, scope: Scope) -> Value | None:
        bindings = self.reaching(node, scope)
        if not bindings:
            return self.from_star(node.id) or self._implied(node)
        if len(bindings) == 1:
            return self.resolve_binding(bindings[0])
        return self._agree(list(self._told(bindings)))

    def _told(self, bindings: Iterable[Binding]) -> Iterator[Value | None]:
        """Yield what bindings give, but for ``None`` where nothing says what else the name is for."""
        for binding in bindings:
            value = self.resolve_binding(binding)
            if value is not None or not binding.is_none:
                yield value

    def reaching(self, node: ast.Name, scope: Scope | None = None) -> list[Binding]:
        """Return the bindings that may give a name its value at a node."""
        scope = scope or self.index.scopes.get(node, self.index.module)
        bindings = scope.find(node.id, node.lineno)
        return reaching(self.index, node, scope, bindings) if len(bindings) > 1 else bindings

    def from_star(self, name: str) -> Value | None:
        """Return what ``from ... import *`` gives for a name that the file does not bind."""
        starred = self.index.module.bindings.get("*", [])
        if starred and self.project is not None:
            return self.project.starred(self, name)
        whole = any(binding.module == "modal" for binding in starred)
        return from_modal(self, name) if whole and name in modal_names.PUBLIC else None

    def _implied(self, node: ast.Name) -> Value | None:
        """Return what a name stands for that a document uses without saying where it comes from."""
        known = modal_names.IMPLIED.get(node.id) if self.source.shown else None
        if known is None or node.id == "modal" or self._says_modal:
            return Value(known, self) if known is not None else None
        decorates = getattr(self.index.parents.get(node), "attr", "") in METHODS
        return Value(known, self) if b"odal" in self.source.data and (decorates or node.id == "stub") else None

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
        if binding.kind is BindingKind.FUNCTION or binding.kind is BindingKind.CLASS:
            return self._defined(binding.node)
        if binding.annotation is not None:
            annotated = self._annotated(binding.annotation, binding.scope)
            if annotated is not None:
                return annotated
        if binding.value is not None:
            value = self.resolve(binding.value, binding.scope)
            entered = value is not None and isinstance(binding.node, ast.withitem)
            return value._replace(written=value.then("~")) if value is not None and entered else value
        return self._agree([self.resolve(each, scope) for each, scope in items(self.index, binding)])

    def _imported(self, binding: Binding) -> Value | None:
        if binding.module.split(".")[0] == "modal":
            path = f"{binding.module}.{binding.attribute}" if binding.attribute else binding.module
            return Value(modal_names.canonical(path), self, written=(path,))
        if self.project is None:
            return None
        return self.project.imported(self.source.path, binding.module, binding.attribute)

    def _defined(self, node: ast.AST) -> Value | None:
        assert isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        for decorator in node.decorator_list:
            value = self.resolve(decorator)
            made = modal_names.REGISTERED.get(value.symbol.removesuffix("()")) if value and value.sure else None
            if value is not None and made is not None:
                steps = "()" if value.symbol.endswith("()") else "()()"
                return Value(made, self, node, written=value.then(steps))
        return Value("local.class" if isinstance(node, ast.ClassDef) else "local.function", self, node)

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
        """State a finding of this file, with its own versions where its section's are others; the rule adds that."""
        spans = places if isinstance(places, list) else [places]
        if applicability is Applicability.SAFE and not set(evidence).isdisjoint(self.unseen.values()):
            applicability = Applicability.REVIEW
        identity = f"{self.source.sha256}:{self.source.path}:{rule}:{spans[0].start}:{spans[0].end}"
        return Finding(
            id=hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:12],
            section="",
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
