"""Where a name gets its value, imports between local files followed, and everywhere that the value is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module

_DEEPEST = 12


class Definition(Struct, frozen=True):
    """One binding of a name in one file."""

    module: Module
    binding: Binding

    @property
    def name(self) -> str:
        """The bound name."""
        return self.binding.name

    @property
    def value(self) -> ast.expr | None:
        """The expression that is bound, when the binding is an assignment."""
        return self.binding.value if self.binding.kind is BindingKind.ASSIGN else None

    @property
    def statement(self) -> ast.stmt:
        """The statement that binds the name."""
        return self.module.index.statement(self.binding.node)

    @property
    def is_plain(self) -> bool:
        """Tell whether it is ``name = value``, the only binding of its name in its scope, run once."""
        node = self.binding.node
        simple = isinstance(node, ast.AnnAssign) or (isinstance(node, ast.Assign) and len(node.targets) == 1)
        others = self.binding.scope.bindings.get(self.name, [])
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        return simple and isinstance(target, ast.Name) and len(others) == 1 and not is_conditional(self.module, node)


def is_conditional(module: Module, node: ast.AST) -> bool:
    """Tell whether a node is in a branch or a loop of the scope it is in."""
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            return False
        if isinstance(around, (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.IfExp, ast.ExceptHandler)):
            return not _is_main_guard(around)
    return False


def _is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def definitions(module: Module, node: ast.expr) -> tuple[Definition, ...]:
    """Return the bindings that may give a name (or ``module.name``) its value, imports of local files followed."""
    return tuple(_definitions(module, node, 0))


def _definitions(module: Module, node: ast.expr, depth: int) -> Iterator[Definition]:
    if isinstance(node, ast.Name):
        bindings = module.reaching(node)
        for binding in bindings:
            yield from _followed(module, binding, depth)
        home = starred_home(module, node.id) if not bindings and "*" in module.index.module.bindings else None
        for binding in left_at_the_end(home, node.id) if home is not None else ():
            yield from _followed(home or module, binding, depth)
    elif isinstance(node, ast.Attribute):
        owner = module.resolve(node.value)
        if owner is None:
            return
        if owner.symbol == "local.module":
            for binding in left_at_the_end(owner.module, node.attr):
                yield from _followed(owner.module, binding, depth)
        elif owner.symbol == "local.class" and isinstance(owner.node, ast.ClassDef):
            for binding in owner.module.index.inner[owner.node].bindings.get(node.attr, []):
                yield from _followed(owner.module, binding, depth)


def starred_home(module: Module, name: str) -> Module | None:
    """Return the local file that binds a name which a file has by ``from ... import *``."""
    found = module.project.star_home(module, name) if module.project is not None else None
    return found[0] if found is not None else None


def _followed(module: Module, binding: Binding, depth: int) -> Iterator[Definition]:
    if binding.kind is not BindingKind.IMPORT:
        yield Definition(module, binding)
        return
    if module.project is None or not binding.attribute or depth > _DEEPEST:
        return
    home = module.project.imported(module.source.path, binding.module, "")
    if home is not None and home.symbol == "local.module" and home.module is not module:
        is_bound = binding.attribute in home.module.index.module.bindings
        other = home.module if is_bound else starred_home(home.module, binding.attribute) or home.module
        for found in left_at_the_end(other, binding.attribute):
            yield from _followed(other, found, depth + 1)


def left_at_the_end(module: Module, name: str) -> list[Binding]:
    """Return the bindings of a file's global name that may hold once the file has run: what an import of it gets."""
    bindings = module.index.module.bindings.get(name, [])
    sure = [number for number, each in enumerate(bindings) if not is_conditional(module, each.node)]
    return bindings[sure[-1] :] if sure else bindings


def named(module: Module, name: str) -> tuple[Definition, ...]:
    """Return the bindings that a file's global name stands for, imports of local files followed."""
    bindings = module.index.module.bindings.get(name, [])
    return tuple(found for binding in bindings for found in _followed(module, binding, 0))


def definition(module: Module, node: ast.expr) -> Definition | None:
    """Return the one binding that gives a name its value; ``None`` when there is none or more than one."""
    found = definitions(module, node)
    return found[0] if len(found) == 1 else None


def origin(module: Module, node: ast.expr) -> tuple[Module, ast.expr]:
    """Follow plain names to the expression that makes their value; return it and the file that it is in."""
    for _ in range(_DEEPEST):
        found = definition(module, node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        if found is None or found.value is None or found.value is node:
            break
        module, node = found.module, found.value
    return module, node


class Use(Struct, frozen=True):
    """One place that reads a definition: the name, or ``module.name``."""

    module: Module
    node: ast.Name | ast.Attribute


def uses(found: Definition) -> tuple[Use, ...]:
    """Return every place of the project that may read a definition, those of its own file first."""
    known = found.module.once(_uses_by_binding)
    if found.binding not in known:
        known[found.binding] = tuple(_uses(found))
    return known[found.binding]


def _uses_by_binding(module: Module) -> dict[Binding, tuple[Use, ...]]:
    return {}


def _uses(found: Definition) -> Iterator[Use]:
    yield from _reads(found.module, found)
    if found.binding.scope is found.module.index.module or found.binding.scope.is_class:
        for module in knowing(found.module, found.name):
            yield from _reads(module, found)


def knowing(module: Module, name: str) -> tuple[Module, ...]:
    """Return the other files that depend on a file and may know what it calls ``name``, by that name or another."""
    return dependents(module, *_names(module, name))


def _names(module: Module, name: str) -> set[str]:
    texts = [text for text in module.once(_dependent_texts).values() if b" as " in text]
    names, waiting = {name}, [name] if texts else []
    while waiting:
        rename = re.compile(rb"\b" + waiting.pop().encode() + rb"[ \t]+as[ \t]+(\w+)")
        given = {word.decode("utf-8", "replace") for text in texts for word in rename.findall(text)}
        waiting += given - names
        names |= given
    return names


def has_dependents(module: Module) -> bool:
    """Tell whether other files of the project import a file."""
    return module.project is not None and module.project.is_imported(module.source.path)


def dependents(module: Module, *words: str) -> tuple[Module, ...]:
    """Return the other files that import a file, directly or through others; only those that hold one of the words."""
    if module.project is None:
        return ()
    wanted = [word.encode() for word in words]
    known = module.once(_dependent_texts).items()
    paths = [path for path, data in known if not words or any(word in data for word in wanted)]
    found = (module.project.module(path) for path in paths)
    return tuple(each for each in found if each is not None)


def _dependent_texts(module: Module) -> dict[str, bytes]:
    project = module.project
    paths = project.dependents(module.source.path) if project is not None else ()
    return {path: project.data(path) or b"" for path in paths} if project is not None else {}


def _reads(module: Module, found: Definition) -> Iterator[Use]:
    spelled = [_read_by(module, name, ast.Name) for name in _spellings(module, found)]
    yield from sorted((each for readers in spelled for each in readers.get(found.binding, ())), key=_place)
    yield from _read_by(module, found.name, ast.Attribute).get(found.binding, ())


def _place(use: Use) -> tuple[int, int]:
    return use.node.lineno, use.node.col_offset


_Readers = dict[Binding, list[Use]]
"""Who reads each of the bindings, in the order of the file's names or attributes."""


def _read_by(module: Module, name: str, kind: type[ast.Name | ast.Attribute]) -> _Readers:
    """Return who reads what is called ``name`` in a file; all are followed once, however many bindings there are."""
    known = module.once(_readers)
    if (name, kind) not in known:
        readers: _Readers = {}
        index = module.index
        nodes = index.names_called(name) if kind is ast.Name else index.attributes_called(name)
        for node in (each for each in nodes if isinstance(each.ctx, ast.Load)):
            for binding in dict.fromkeys(each.binding for each in definitions(module, node)):
                readers.setdefault(binding, []).append(Use(module, node))
        known[name, kind] = readers
    return known[name, kind]


def _readers(module: Module) -> dict[tuple[str, type], _Readers]:
    return {}


def _spellings(module: Module, found: Definition) -> set[str]:
    """Return the names under which a file may know a definition."""
    if module is found.module:
        return {found.name}
    starred = {found.name} if "*" in module.index.module.bindings else set()
    return starred | {
        alias.asname or alias.name
        for node in module.index.imports
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
