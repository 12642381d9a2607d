"""The names of the SDK's modules, and where each is at home.

The SDK writes a private class in code (``_Image``) and makes the public one from it
(``Image = synchronize_api(_Image)``); type stubs describe the public one. The two are one definition here, at home
where the public one is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdk.surface_wheels import Source

Class = ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
_WRAPPERS = frozenset({"synchronize_api", "create_blocking"})


@dataclass
class Module:
    """What a module defines and imports. A stub's definition of a name wins over the code's."""

    name: str
    is_package: bool
    code: dict[str, list[ast.stmt]] = field(default_factory=dict)
    stub: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    wraps: dict[str, str] = field(default_factory=dict)
    """Public names and what they were made from."""


class Sdk:
    """All modules of one version."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.modules = {name: _module(source) for name, source in sources.items()}
        self.public_twins: dict[str, str] = {}
        twins: dict[str, str] = {}
        for module in self.modules.values():
            for public, private in module.wraps.items():
                twins.setdefault(self.home(f"{module.name}.{private}"), f"{module.name}.{public}")
        twins.pop("", None)
        self.public_twins = twins
        self.private_twins = {public: private for private, public in self.public_twins.items()}
        self.exported = self._exported()
        """What packages hand on, wherever it is at home."""

    def _exported(self) -> set[str]:
        packages = [each for each in self.modules.values() if each.is_package and is_public(each.name)]
        homes = {self.home(f"{each.name}.{name}") for each in packages for name in each.imports if is_public(name)}
        return {home for home in homes if not home.startswith("modal._utils.")}

    def home(self, path: str, hops: int = 9) -> str:
        """Return where a dotted name is defined: itself for a module, the empty string for what is not Modal's."""
        if path in self.modules:
            return path
        owner, _, name = path.rpartition(".")
        module = self.modules.get(owner)
        if module is None or not hops:
            return ""
        if name in module.stub or name in module.code or name in module.wraps:
            return self.public_twins.get(path, path)
        return self.home(module.imports[name], hops - 1) if name in module.imports else ""

    def resolve(self, module: Module, name: str) -> str:
        """Return the home of a name as a module spells it."""
        if name.startswith("modal."):
            return self.home(name)
        first, _, rest = name.partition(".")
        if not rest and (first in module.stub or first in module.code or first in module.wraps):
            return self.home(f"{module.name}.{first}")
        target = module.imports.get(first, "")
        return self.home(f"{target}.{rest}" if rest else target) if target else ""

    def definition(self, home: str) -> tuple[Module, list[ast.stmt], bool]:
        """Return the module of a definition, its statements, and whether they are a stub's."""
        owner, _, name = home.rpartition(".")
        module = self.modules[owner]
        if name in module.stub:
            return module, module.stub[name], True
        if name not in module.wraps:
            return module, module.code[name], False
        private = self.home_of_private(home)
        if private == home:
            return module, module.code.get(name, []), False
        owner, _, name = private.rpartition(".")
        return self.modules[owner], self.modules[owner].code.get(name, []), False

    def home_of_private(self, home: str) -> str:
        """Return what a public name was made from, or the name itself."""
        return self.private_twins.get(home, home)

    def code_of(self, home: str) -> list[ast.stmt]:
        """Return the code behind a definition, for what a stub does not tell."""
        owner, _, name = self.home_of_private(home).rpartition(".")
        return self.modules[owner].code.get(name, []) if owner in self.modules else []


def is_public(path: str) -> bool:
    """Tell whether no part of a dotted name is private; names of experiments count as public."""
    return not any(part.startswith("_") and not part.startswith("_experimental") for part in path.split("."))


def _module(source: Source) -> Module:
    module = Module(source.name, source.is_package)
    for tree, names in ((source.code, module.code), (source.stub, module.stub)):
        for statement in _statements(tree.body if tree else []):
            _enter(module, names, statement)
    if source.code and source.stub:
        _drop_what_only_stubs_have(module)
    return module


def _drop_what_only_stubs_have(module: Module) -> None:
    """Old stubs write the methods of classes a second time, as functions of the module."""
    real = {*module.code, *module.wraps, *module.imports}
    for name in [name for name, found in module.stub.items() if name not in real]:
        if all(isinstance(each, Function) for each in module.stub[name]):
            del module.stub[name]


def _enter(module: Module, names: dict[str, list[ast.stmt]], statement: ast.stmt) -> None:
    match statement:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            names.setdefault(statement.name, []).append(statement)
        case ast.ImportFrom():
            target = _target(module, statement)
            module.imports.update((alias.asname or alias.name, f"{target}.{alias.name}") for alias in statement.names)
        case ast.Import():
            module.imports.update((alias.asname, alias.name) for alias in statement.names if alias.asname)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
            module.imports[name] = f"{module.name}.{other}"
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            if made_from := _made_from(value):
                module.wraps[name] = made_from
            elif not _is_type_variable(value):
                names.setdefault(name, []).append(statement)
        case ast.Assign(targets=[ast.Tuple(elts=[*made])], value=value) if made_from := _made_from(value):
            module.wraps.update((ast.unparse(name), made_from) for name in made)


def _made_from(value: ast.expr | None) -> str:
    """Return the private name that a public one is made from."""
    match value:
        case ast.Call(func=called, args=[ast.Name(id=name), *_]) if _last(called).rstrip("s") in _WRAPPERS:
            return name
    return ""


def _is_type_variable(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and _last(value.func) in {"TypeVar", "ParamSpec"}


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _target(module: Module, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - statement.level + (1 if module.is_package else 0)]
    return ".".join([*kept, statement.module] if statement.module else kept)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what runs when a module is imported, whichever way its conditions go."""
    for statement in body:
        match statement:
            case ast.Try():
                yield from _statements([*statement.body, *statement.orelse])
            case ast.If(test=test):
                if _last(test) != "TYPE_CHECKING":
                    yield from _statements(statement.body)
                yield from _statements(statement.orelse)
            case ast.With():
                yield from _statements(statement.body)
            case _:
                yield statement
