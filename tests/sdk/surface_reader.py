"""Read what one version of the SDK offers from its sources. Nothing of it is imported or run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sdk.surface_entries import (
    KEYWORD,
    KEYWORDS,
    POSITIONAL,
    POSITIONAL_ONLY,
    RENAMED,
    VARIADIC,
    Entry,
    Parameter,
    Surface,
)
from sdk.surface_modules import Class, Function, Module, Sdk, is_public
from sdk.surface_types import result
from sdk.surface_wheels import Source

_SPECIAL = frozenset({"__init__", "__call__", "__enter__", "__aenter__"})
"""Special methods that are told: what constructs, calls and enters an object."""
_PLAIN_BASES = frozenset({"object", "ABC", "Generic", "Protocol", ""})
_RETURN_CLASSES = frozenset({"modal.app.App.cls", "modal.stub.Stub.cls"})
"""Decorators that are typed as giving back the person's own class; when they run, they give a ``Cls``."""
Methods = list[Function]


def read(sources: dict[str, Source]) -> Surface:
    """Return everything public that the sources define, and what its types refer to."""
    sdk = Sdk(sources)
    surface: Surface = {}
    for module in sdk.modules.values():
        if is_public(module.name):
            surface[module.name] = Entry("module")
            surface |= _names(sdk, module)
    waiting = _referred(surface.values())
    while waiting:
        home = waiting.pop()
        if home not in surface:
            found = dict(_define(sdk, home))
            surface |= found
            waiting |= _referred(found.values()) - surface.keys()
    return surface


def _referred(entries: Iterable[Entry]) -> set[str]:
    homes = {each.lstrip("()*~") for entry in entries for each in entry.result.split()}
    return {home for home in homes if home.startswith("modal.")}


def _names(sdk: Sdk, module: Module) -> Surface:
    found: Surface = {}
    for name in sorted({*module.imports, *module.code, *module.stub, *module.wraps}):
        path = f"{module.name}.{name}"
        if not is_public(name) or path in sdk.modules:
            continue
        home = sdk.home(path)
        if module.name.split(".")[1:2] == ["cli"]:
            found |= {path: Entry("attribute")} if _is_told_of_commands(module, name) else {}
        elif home == path:
            found |= dict(_define(sdk, home))
        elif home and (is_public(home) or home in sdk.exported):
            found[path] = Entry("alias", home)
    made_up = (each for each in module.code.get("__getattr__", []) if isinstance(each, Function))
    for name in [name for each in made_up for name in _answered(each)]:
        found.setdefault(f"{module.name}.{name}", Entry("attribute"))
    return found


def _answered(function: Function) -> Iterator[str]:
    """Yield the names that a ``__getattr__`` answers: ``if name == "old": warn; return ...``, and does not refuse."""
    for node in ast.walk(function):
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(), ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))])):
                if not any(map(_refuses, node.body)):
                    yield name


def _refuses(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) or "deprecation_error(" in ast.unparse(statement)


def _names_all(function: Function) -> bool:
    """Tell whether a ``__getattr__`` speaks of the names that it compares with, and refuses all others."""
    compares = any(isinstance(node, ast.Compare) for node in ast.walk(function))
    return compares and isinstance(function.body[-1], ast.Raise)


def _is_told_of_commands(module: Module, name: str) -> bool:
    """Tell whether a name of the command line is more than the wiring of its commands."""
    return name not in module.imports and not name.isupper() and not name.endswith("_cli")


def _define(sdk: Sdk, home: str) -> Iterator[tuple[str, Entry]]:
    """Yield a definition and its members."""
    if home in sdk.modules:
        yield home, Entry("module")
        return
    module, statements, is_stub = sdk.definition(home)
    made = sdk.home_of_private(home) != home
    classes = [each for each in statements if isinstance(each, Class)]
    functions = [each for each in statements if isinstance(each, Function)]
    if classes:
        yield from _ClassReader(sdk, module, home, is_stub, made).read(classes[0])
    elif functions:
        aio = made or any(_decorators(each) & {"synchronize_api", "create_blocking"} for each in functions)
        yield home, _callable("function", sdk, module, functions, has_aio=aio)
    elif statements:
        yield home, Entry("attribute", _of_value(sdk, module, statements[-1]))


def _of_value(sdk: Sdk, module: Module, statement: ast.stmt) -> str:
    annotation = getattr(statement, "annotation", None)
    value = getattr(statement, "value", None)
    if annotation is None and isinstance(value, ast.Call):
        annotation = value.func
    return _result(sdk, module, annotation)


class _ClassReader:
    """Reads the members of one class."""

    def __init__(self, sdk: Sdk, module: Module, home: str, is_stub: bool, made: bool) -> None:
        self.sdk, self.module, self.home, self.is_stub, self.made = sdk, module, home, is_stub, made
        self.code: dict[str, Methods] = {}
        for node in sdk.code_of(home):
            if isinstance(node, Class):
                self.code = _methods(node.body)

    def read(self, node: Class) -> Iterator[tuple[str, Entry]]:
        """Yield the class and its members."""
        bases = [ast.unparse(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases]
        homes = [self.sdk.resolve(self.module, base) for base in bases]
        foreign = {base.rpartition(".")[2] for base, home in zip(bases, homes, strict=True) if not home} - _PLAIN_BASES
        methods = _methods(node.body)
        made_up = self.code.get("__getattr__") or methods.get("__getattr__", [])
        is_open = bool(foreign) or any(not _names_all(each) for each in made_up)
        yield self.home, Entry("class", " ".join(home for home in homes if home), is_open=is_open)
        specs = {each.name: each for each in node.body if isinstance(each, Class) and "__call__" in _methods(each.body)}
        for each in [each for each in node.body if isinstance(each, Class) and is_public(each.name)]:
            yield from _ClassReader(self.sdk, self.module, f"{self.home}.{each.name}", self.is_stub, False).read(each)
        for name, found in methods.items():
            if _is_told(name):
                yield f"{self.home}.{name}", self._method(name, found)
        for name in [name for each in made_up for name in _answered(each)]:
            yield f"{self.home}.{name}", Entry("attribute")
        for statement in node.body:
            yield from self._attribute(statement, specs)
        if "__init__" not in methods and "dataclass" in _decorators(node):
            yield f"{self.home}.__init__", Entry("method", "", tuple(_fields(node)))
        if "__init__" in methods and not self.is_stub:
            yield from self._set_in_constructor(methods)

    def _method(self, name: str, found: Methods, spec: Methods | None = None, is_class_level: bool = False) -> Entry:
        marks = {mark for each in [*found, *self.code.get(name, [])] for mark in _decorators(each)}
        if marks & {"property", "classproperty", "cached_property"}:
            return Entry("property", _result(self.sdk, self.module, found[0].returns, self.home))
        static = "staticmethod" in marks
        kind = "static" if static or "classmethod" in marks or is_class_level else "method"
        made_blocking = self.made and not self.is_stub and any(isinstance(each, ast.AsyncFunctionDef) for each in found)
        aio = made_blocking if spec is None else True
        drop = spec is not None or not static
        renamed = [old for each in self.code.get(name, []) for old in _renamed(each)]
        entry = _callable(kind, self.sdk, self.module, spec or found, aio, drop, self.home, renamed)
        if f"{self.home}.{name}" in _RETURN_CLASSES and self.sdk.home("modal.cls.Cls"):
            return replace(entry, result="()modal.cls.Cls")
        return entry

    def _attribute(self, statement: ast.stmt, specs: dict[str, Class]) -> Iterator[tuple[str, Entry]]:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if _is_told(name):
                spelled = ast.unparse(annotation)
                for spec in [each for each in specs.values() if re.search(rf"\b{each.name}\b", spelled)]:
                    calls = _methods(spec.body)
                    entry = self._method(name, self.code.get(name, []), calls["__call__"], "ClassVar" in spelled)
                    yield f"{self.home}.{name}", entry
                    return
                yield f"{self.home}.{name}", Entry("attribute", _result(self.sdk, self.module, annotation, self.home))
            case ast.Assign(targets=[ast.Name(id=name)]) if _is_told(name):
                yield f"{self.home}.{name}", Entry("attribute")

    def _set_in_constructor(self, methods: dict[str, Methods]) -> Iterator[tuple[str, Entry]]:
        for node in ast.walk(methods["__init__"][0]):
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()) if _is_told(name):
                    if name not in methods:
                        yield f"{self.home}.{name}", Entry("attribute")


def _callable(
    kind: str,
    sdk: Sdk,
    module: Module,
    functions: Methods,
    has_aio: bool = False,
    drops_first: bool = False,
    owner: str = "",
    renamed: Iterable[str] = (),
) -> Entry:
    """Describe a function; what several overloads disagree about is left out."""
    results = {_result(sdk, module, each.returns, owner) for each in functions}
    gives = results.pop() if len(results) == 1 else ""
    marks = {mark for each in functions for mark in _decorators(each)}
    if gives.startswith("*") and marks & {"contextmanager", "asynccontextmanager"}:
        gives = "~" + gives[1:]
    lists = [list(_parameters(each.args, drops_first)) for each in functions]
    merged = {parameter.name: parameter for each in reversed(lists) for parameter in each}
    for each in lists:
        missing = merged.keys() - {parameter.name for parameter in each}
        merged |= {name: _optional(merged[name]) for name in missing}
    old = [Parameter(name, RENAMED, True) for name in renamed if name not in merged]
    return Entry(kind, gives, (*merged.values(), *old), has_aio)


def _optional(parameter: Parameter) -> Parameter:
    return Parameter(parameter.name, parameter.kind, True, parameter.place)


def _parameters(arguments: ast.arguments, drops_first: bool) -> Iterator[Parameter]:
    by_position = [*arguments.posonlyargs, *arguments.args]
    required = len(by_position) - len(arguments.defaults)
    first = 1 if drops_first and by_position else 0
    for place, each in enumerate(by_position[first:]):
        kind = POSITIONAL_ONLY if place + first < len(arguments.posonlyargs) else POSITIONAL
        yield Parameter(each.arg, kind, place + first >= required, place)
    if arguments.vararg:
        yield Parameter(arguments.vararg.arg, VARIADIC, True)
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(each.arg, KEYWORD, default is not None)
    if arguments.kwarg:
        yield Parameter(arguments.kwarg.arg, KEYWORDS, True)


def _fields(node: Class) -> Iterator[Parameter]:
    """Yield what the constructor of a dataclass takes."""
    place = 0
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and "ClassVar" not in (spelled := ast.unparse(each.annotation)):
            value = ast.unparse(each.value) if each.value else ""
            if "init=False" in value:
                continue
            has_default = bool(value) and ("field(" not in value or "default" in value)
            keyword = "kw_only=True" in value or "KW_ONLY" in spelled
            yield Parameter(
                ast.unparse(each.target), KEYWORD if keyword else POSITIONAL, has_default, -1 if keyword else place
            )
            place += not keyword


def _renamed(function: Function) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=called, args=[_, ast.Constant(value=str(old)), *_]):
                if ast.unparse(called).endswith("renamed_parameter"):
                    yield old


def _methods(body: list[ast.stmt]) -> dict[str, Methods]:
    found: dict[str, Methods] = {}
    for each in body:
        if isinstance(each, Function) and not _decorators(each) & {"setter", "deleter"}:
            found.setdefault(each.name, []).append(each)
    return found


def _decorators(node: Class | Function) -> set[str]:
    spelled = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return {ast.unparse(each).rpartition(".")[2] for each in spelled}


def _is_told(name: str) -> bool:
    return name in _SPECIAL or is_public(name)


def _result(sdk: Sdk, module: Module, annotation: ast.expr | None, owner: str = "") -> str:
    """Return what an annotation promises; a private class that can be called is what its calls give."""
    found = result(annotation, lambda name: sdk.resolve(module, name))
    home = found.lstrip("()*~")
    sign = found[: len(found) - len(home)]
    if home == "Self":
        return f"{sign}Self" if owner else ""
    if not home.rpartition(".")[2].startswith("_"):
        return "" if home in sdk.modules else found
    where, statements, _ = sdk.definition(home)
    calls = [each for node in statements if isinstance(node, Class) for each in _methods(node.body).get("__call__", [])]
    results = {_result(sdk, where, each.returns, owner) for each in calls}
    inner = results.pop() if len(results) == 1 else ""
    return f"{sign}(){inner}" if inner else ""
