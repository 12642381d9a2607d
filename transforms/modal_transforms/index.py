"""One walk over a syntax tree: its scopes, what each name is bound to, and the nodes that sections ask for."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from modal_transforms.source import Program

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = (
    ast.Module | FunctionNode | ast.ClassDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Kind(enum.Enum):
    """How a name came to be bound."""

    IMPORT = "import"
    ASSIGN = "assignment"
    PARAMETER = "parameter"
    FUNCTION = "function"
    CLASS = "class"
    OTHER = "other"


@dataclass(eq=False, slots=True)
class Binding:
    """One binding of a name: the statement that makes it and, where it has one, the value or annotation."""

    name: str
    kind: Kind
    node: ast.AST
    scope: Scope
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    module: str = ""
    """For an import: the dotted path it stands for (``modal.gpu``), with leading dots when relative."""
    attribute: str = ""
    """For a from-import: the name taken from the module."""


@dataclass(eq=False, slots=True)
class Scope:
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
        chain = list(self.enclosing())
        for scope in chain[:-1] if len(chain) > 1 and chain[-2].whole is chain[-1] else chain:
            found = scope.bindings.get(name, [])
            later = scope is self and self.is_class and line and all(_line(b) > line for b in found)
            if found and not later:
                return found
        return []


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


def _line(binding: Binding) -> int:
    return getattr(binding.node, "lineno", 0)


def build(tree: ast.Module, programs: Sequence[Program] = ()) -> Index:
    """Walk the tree once, without recursion, and return what was seen."""
    index = Index(tree, Scope(tree))
    stack = [(child, scope) for child, scope in reversed([*_parted(index, programs)])]
    index.parents.update((child, tree) for child in tree.body)
    while stack:
        node, scope = stack.pop()
        index.scopes[node] = scope
        _file(index, node)
        _bind(node, scope)
        inner, outside = _opened(index, node, scope)
        children = list(ast.iter_child_nodes(node))
        for child in reversed(children):
            index.parents[child] = node
            stack.append((child, scope if child in outside else inner))
    return index


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


def _file(index: Index, node: ast.AST) -> None:
    if isinstance(node, ast.Call):
        index.calls.append(node)
    elif isinstance(node, ast.Attribute):
        index.attributes.append(node)
    elif isinstance(node, ast.Name):
        index.names.append(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        index.functions.append(node)
    elif isinstance(node, ast.ClassDef):
        index.classes.append(node)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        index.imports.append(node)
        index.dotted.update(each.name for each in node.names if isinstance(node, ast.Import) and not each.asname)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        index.strings.append(node)


def _opened(index: Index, node: ast.AST, scope: Scope) -> tuple[Scope, set[ast.AST]]:
    """Return the scope for a node's children, and the children that still belong to the scope around it."""
    outside: set[ast.AST] = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        outside.update(node.decorator_list)
        outside.update([node.returns] if node.returns else [])
    elif isinstance(node, ast.ClassDef):
        outside.update([*node.decorator_list, *node.bases, *node.keywords])
    elif not isinstance(node, (*_COMPREHENSIONS, ast.Lambda)):
        return scope, outside
    inner = index.inner[node] = Scope(node, scope)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        _bind_parameters(node.args, inner)
    return inner, outside


def _add(scope: Scope, binding: Binding) -> None:
    if binding.name in scope.borrowed:
        root = scope
        while root.parent is not None:
            root = root.parent
        scope = root
    while isinstance(scope.node, _COMPREHENSIONS) and isinstance(binding.node, ast.NamedExpr) and scope.parent:
        scope = scope.parent
    scope.bindings.setdefault(binding.name, []).append(binding)
    if scope.whole is not None:
        binding.scope = scope.whole
        scope.whole.bindings.setdefault(binding.name, []).append(binding)


def _bind(node: ast.AST, scope: Scope) -> None:
    """Note the names that a node itself binds."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _bind_target(target, node.value, None, node, scope)
    elif isinstance(node, ast.AnnAssign):
        _bind_target(node.target, node.value, node.annotation, node, scope)
    elif isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor, ast.comprehension)):
        _bind_target(node.target, None, None, node, scope)
    elif isinstance(node, ast.NamedExpr):
        _bind_target(node.target, node.value, None, node, scope)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        _bind_target(node.optional_vars, node.context_expr, None, node, scope)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        _add(scope, Binding(node.name, Kind.FUNCTION, node, scope))
    elif isinstance(node, ast.ClassDef):
        _add(scope, Binding(node.name, Kind.CLASS, node, scope))
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        _bind_import(node, scope)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        scope.borrowed.update(node.names)
    elif (
        isinstance(node, ast.ExceptHandler)
        and node.name
        or isinstance(node, (ast.MatchAs, ast.MatchStar))
        and node.name
    ):
        _add(scope, Binding(node.name, Kind.OTHER, node, scope))


def _bind_target(
    target: ast.expr, value: ast.expr | None, annotation: ast.expr | None, node: ast.AST, scope: Scope
) -> None:
    if isinstance(target, ast.Name):
        kind = Kind.ASSIGN if value is not None or annotation is not None else Kind.OTHER
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
            binding = Binding(target.attr, Kind.ASSIGN, node, scope, value, annotation)
            owner.attributes.setdefault(target.attr, []).append(binding)


def _bind_parameters(arguments: ast.arguments, scope: Scope) -> None:
    named = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(named) - len(arguments.defaults))
    pairs = [*zip(named, [*defaults, *arguments.defaults], strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs += [(extra, None) for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    for argument, default in pairs:
        _add(scope, Binding(argument.arg, Kind.PARAMETER, argument, scope, default, argument.annotation))


def _bind_import(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
            _add(scope, Binding(name, Kind.IMPORT, node, scope, module=path))
        else:
            module = "." * node.level + (node.module or "")
            name = alias.asname or alias.name
            _add(scope, Binding(name, Kind.IMPORT, node, scope, module=module, attribute=alias.name))


def ends_before(statement: ast.stmt, use: ast.stmt) -> bool:
    """Tell whether a statement (its first line, for a block) ends before another begins."""
    end = statement.end_lineno or statement.lineno
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.With, ast.For)):
        end = statement.lineno
    return end < use.lineno or (end == use.lineno and statement.col_offset < use.col_offset)


def in_loop(lineage: set[ast.AST]) -> bool:
    """Tell whether one of the nodes is a loop."""
    return any(isinstance(node, (ast.For, ast.While, ast.AsyncFor)) for node in lineage)
