"""Which other files take a name from a file, and where they say it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modal_transforms.analysis.definitions import dependents, starred_home
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.model import Span
from modal_transforms.sections.stub_app.surfaces import notebooks_and_documents

_ATTRIBUTE_CALLS = frozenset({"getattr", "setattr", "hasattr", "delattr"})


def exported(module: Module, name: str) -> list[Span]:
    """Return the entries of ``__all__`` for a name, without their quotes."""
    if b"__all__" not in module.source.data:
        return []
    found: list[Span] = []
    for node in module.index.strings:
        statement = module.index.statement(node) if node.value == name else None
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in _changed(statement)):
            found += _inside(module, node)
    return found


def _changed(statement: ast.stmt | None) -> list[ast.expr | None]:
    """Return what a statement assigns to, or calls a method of."""
    if isinstance(statement, ast.Assign):
        return list(statement.targets)
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        return [call.func.value]
    return [getattr(statement, "target", None)]


def _inside(module: Module, node: ast.expr) -> Iterator[Span]:
    """Yield the bytes of all that a string says; nothing where they cannot be told."""
    written = literal(module.source, node)
    if written is not None and written.text:
        yield written.span(0, len(written.text))


def takes_from(module: Module, name: str) -> bool:
    """Tell whether another file takes a name from this one."""
    return any(any(taken(other, module, name)) or any(read(other, module, name)) for other in knowing(module, name))


def knowing(module: Module, name: str) -> Iterator[Module]:
    """Yield the files that import a file, directly or through others, and hold a name."""
    yield from dependents(module, name)
    if module.project is not None:
        for other in notebooks_and_documents(module.project):
            if other.source.path != module.source.path and name.encode() in other.source.data:
                yield other


def taken(importer: Module, home: Module, name: str) -> Iterator[tuple[ast.ImportFrom, ast.alias]]:
    """Yield the imports of a name, or of all names, from one file in another."""
    for statement in importer.index.imports:
        if isinstance(statement, ast.ImportFrom):
            aliases = [alias for alias in statement.names if alias.name in {name, "*"}]
            yield from ((statement, alias) for alias in aliases if is_from(importer, statement, home, name))


def unlocated(home: Module, name: str) -> list[str]:
    """Say which files import a name from a module that is called like a file, and is not found."""
    if home.project is None:
        return []
    folder, _, file = home.source.path.rpartition("/")
    called = folder.rpartition("/")[2] if file == "__init__.py" else file.removesuffix(".py")
    return [
        f"{other.source.path}:{statement.lineno} imports {name} from {statement.module}, which is not found here"
        for other in home.project.mentioning(name.encode())
        for statement in other.index.imports
        if isinstance(statement, ast.ImportFrom)
        and any(alias.name == name for alias in statement.names)
        and (statement.module or "").rpartition(".")[2] == called
        and home.project.locate(other.source.path, "." * statement.level + (statement.module or "")) is None
    ]


def in_settings(home: Module, name: str) -> list[str]:
    """Say which settings name a variable by the module that it is in: ``main = "pkg.mod:stub"``."""
    if home.project is None:
        return []
    dotted = home.source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    named = re.compile(rf"(?<![\w/]){re.escape(dotted.rpartition('.')[2])}:{name}\b".encode())
    return [
        f"{path} names {name} of a module called like this one"
        for path in home.project.holding(f":{name}".encode(), _is_settings)
        if named.search(home.project.data(path) or b"")
    ]


def _is_settings(path: str) -> bool:
    return path.endswith((".toml", ".cfg", ".ini", ".yaml", ".yml", ".json"))


def is_from(importer: Module, statement: ast.ImportFrom, home: Module, name: str) -> bool:
    """Tell whether a statement imports a name from a file, or from one that has it from there by ``import *``."""
    dotted = "." * statement.level + (statement.module or "")
    path = importer.project.locate(importer.source.path, dotted) if importer.project is not None else None
    if path is None or path == home.source.path:
        return path is not None
    between = importer.project.module(path) if importer.project is not None else None
    if between is None or name in between.index.module.bindings or "*" not in between.index.module.bindings:
        return False
    found = starred_home(between, name)
    return found is not None and found.source.path == home.source.path


def read(importer: Module, home: Module, name: str) -> Iterator[Span]:
    """Yield where a file says the name as an attribute of the module that another one is."""
    for node in importer.index.attributes:
        if node.attr == name and _is_module(importer, node.value, home):
            yield importer.source.attribute_word(node)
    for call in importer.index.calls:
        function = getattr(call.func, "id", getattr(call.func, "attr", ""))
        asked = call.args[1] if function in _ATTRIBUTE_CALLS and len(call.args) > 1 else None
        if isinstance(asked, ast.Constant) and asked.value == name and _is_module(importer, call.args[0], home):
            yield from _inside(importer, asked)
    yield from _patched(importer, home, name)


def _patched(importer: Module, home: Module, name: str) -> Iterator[Span]:
    """Yield where a string says it with the whole way: ``patch("pkg.mod.stub")``."""
    if importer.project is None:
        return
    for node in importer.index.strings:
        match = re.fullmatch(rf"([\w.]+)\.{name}(?:\.[\w.]+)?", str(node.value)) if name in str(node.value) else None
        if match and importer.project.locate(importer.source.path, match[1]) == home.source.path:
            written = literal(importer.source, node)
            if written is not None:
                start = match.end(1) + 1
                yield written.span(start, start + len(name))


def _is_module(module: Module, node: ast.expr, home: Module) -> bool:
    value = module.resolve(node)
    return value is not None and value.symbol == "local.module" and value.module.source.path == home.source.path
