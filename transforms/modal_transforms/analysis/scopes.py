"""What the names of a file are bound to: its scopes, and the bindings that its nodes make."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = (
    ast.Module | FunctionNode | ast.ClassDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class BindingKind(enum.Enum):
    """How a name came to be bound."""

    IMPORT = "import"
    ASSIGN = "assignment"
    PARAMETER = "parameter"
    FUNCTION = "function"
    CLASS = "class"
    OTHER = "other"


class Binding(Struct, eq=False):
    """One binding of a name: the statement that makes it and, where it has one, the value or annotation."""

    name: str
    kind: BindingKind
    node: ast.AST
    scope: Scope
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    module: str = ""
    """For an import: the dotted path it stands for (``modal.gpu``), with leading dots when relative."""
    attribute: str = ""
    """For a from-import: the name taken from the module."""

    @property
    def is_none(self) -> bool:
        """Tell whether it gives ``None``."""
        return isinstance(self.value, ast.Constant) and self.value.value is None


class Scope(Struct, eq=False):
    """A namespace of the program."""

    node: ScopeNode
    parent: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    borrowed: set[str] = field(default_factory=set)
    """Names declared ``global`` or ``nonlocal``."""
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    """For a class: what its methods assign to ``self.name``."""
    whole: Scope | None = None
    """For one of several programs of a file: the namespace of the file, which has what all of them bind."""

    @property
    def is_class(self) -> bool:
        """Tell whether this is a class body, which functions inside it do not see."""
        return isinstance(self.node, ast.ClassDef)

    def enclosing(self) -> Iterator[Scope]:
        """Yield this scope and those that a name in it is looked up in, inside out."""
        scope: Scope | None = self
        while scope is not None:
            if scope is self or not scope.is_class:
                yield scope
            scope = scope.parent or scope.whole

    def find(self, name: str, line: int = 0) -> list[Binding]:
        """Return all bindings of a name in the nearest scope that binds it.

        A class body that binds it only below ``line`` does not hide it yet: ``@enter()`` over ``def enter``.
        """
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found and not scope.is_class:
                return found
            if found and scope is self and not (line and all(_line(b) > line for b in found)):
                return found
            scope = scope.parent
        return []


def _line(binding: Binding) -> int:
    return getattr(binding.node, "lineno", 0)


def _add(scope: Scope, binding: Binding) -> None:
    if binding.name in scope.borrowed:
        root = scope
        while root.parent is not None:
            root = root.parent
        scope = root
    while isinstance(scope.node, COMPREHENSIONS) and isinstance(binding.node, ast.NamedExpr) and scope.parent:
        scope = scope.parent
    known = scope.bindings.setdefault(binding.name, [])
    again = known and known[-1].node is binding.node and known[-1].value is binding.value
    if again and binding.kind is not BindingKind.IMPORT:
        return  # `a = a = x` binds one name, and once
    known.append(binding)
    if scope.whole is not None:
        binding.scope = scope.whole
        scope.whole.bindings.setdefault(binding.name, []).append(binding)


def _bind_target(
    target: ast.expr, value: ast.expr | None, annotation: ast.expr | None, node: ast.AST, scope: Scope
) -> None:
    if isinstance(target, ast.Name):
        kind = BindingKind.ASSIGN if value is not None or annotation is not None else BindingKind.OTHER
        _add(scope, Binding(target.id, kind, node, scope, value, annotation))
    elif isinstance(target, (ast.Tuple, ast.List)):
        values: list[ast.expr | None] = [None] * len(target.elts)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            values = list(value.elts)
        for element, part in zip(target.elts, values, strict=True):
            _bind_target(element, part, None, node, scope)
    elif isinstance(target, ast.Starred):
        _bind_target(target.value, None, None, node, scope)
    elif (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in {"self", "cls"}
    ):
        owner = scope.parent
        if owner is not None and owner.is_class:
            binding = Binding(target.attr, BindingKind.ASSIGN, node, scope, value, annotation)
            owner.attributes.setdefault(target.attr, []).append(binding)


def bind_parameters(arguments: ast.arguments, scope: Scope) -> None:
    """Note the parameters of a function, in the scope of its body."""
    named = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(named) - len(arguments.defaults)), *arguments.defaults, *arguments.kw_defaults]
    for argument, default in zip([*named, *arguments.kwonlyargs], defaults, strict=True):
        _add(scope, Binding(argument.arg, BindingKind.PARAMETER, argument, scope, default, argument.annotation))
    for extra in (arguments.vararg, arguments.kwarg):
        if extra is not None:
            _add(scope, Binding(extra.arg, BindingKind.PARAMETER, extra, scope, None, extra.annotation))


def _bind_assigned(node: ast.Assign, scope: Scope) -> None:
    for target in node.targets:
        _bind_target(target, node.value, None, node, scope)


def _bind_annotated(node: ast.AnnAssign, scope: Scope) -> None:
    _bind_target(node.target, node.value, node.annotation, node, scope)


def _bind_each(node: ast.AugAssign | ast.For | ast.AsyncFor | ast.comprehension, scope: Scope) -> None:
    _bind_target(node.target, None, None, node, scope)


def _bind_walrus(node: ast.NamedExpr, scope: Scope) -> None:
    _bind_target(node.target, node.value, None, node, scope)


def _bind_entered(node: ast.withitem, scope: Scope) -> None:
    if node.optional_vars is not None:
        _bind_target(node.optional_vars, node.context_expr, None, node, scope)


def _bind_function(node: FunctionNode, scope: Scope) -> None:
    _add(scope, Binding(node.name, BindingKind.FUNCTION, node, scope))


def _bind_class(node: ast.ClassDef, scope: Scope) -> None:
    _add(scope, Binding(node.name, BindingKind.CLASS, node, scope))


def _bind_caught(node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
    if node.name:
        _add(scope, Binding(node.name, BindingKind.OTHER, node, scope))


def _borrow(node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
    scope.borrowed.update(node.names)


def _bind_import(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
            _add(scope, Binding(name, BindingKind.IMPORT, node, scope, module=path))
        else:
            module = "." * node.level + (node.module or "")
            name = alias.asname or alias.name
            _add(scope, Binding(name, BindingKind.IMPORT, node, scope, module=module, attribute=alias.name))


BINDERS: dict[type[ast.AST], Callable[[Any, Scope], None]] = {
    ast.Assign: _bind_assigned,
    ast.AnnAssign: _bind_annotated,
    ast.AugAssign: _bind_each,
    ast.For: _bind_each,
    ast.AsyncFor: _bind_each,
    ast.comprehension: _bind_each,
    ast.NamedExpr: _bind_walrus,
    ast.withitem: _bind_entered,
    ast.FunctionDef: _bind_function,
    ast.AsyncFunctionDef: _bind_function,
    ast.ClassDef: _bind_class,
    ast.Import: _bind_import,
    ast.ImportFrom: _bind_import,
    ast.Global: _borrow,
    ast.Nonlocal: _borrow,
    ast.ExceptHandler: _bind_caught,
    ast.MatchAs: _bind_caught,
    ast.MatchStar: _bind_caught,
}
"""What notes, in a scope, the names that a node of each kind binds itself."""
