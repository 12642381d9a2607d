"""The classes that a program gives to Modal: where they are defined, looked up and called."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of

LOOKUPS = frozenset({"modal.Cls.from_name", "modal.Cls.lookup"})
_PASSING = frozenset(f"modal.Cls().{name}" for name in "with_options with_concurrency with_batching hydrate".split())
_DEEPEST = 12


class ModalClass(Struct, frozen=True):
    """A class under ``@app.cls(...)`` or given to ``app.cls(...)(Model)``."""

    home: Module
    """The file that the class is written in."""
    node: ast.ClassDef
    user: Module
    """The file that gives the class to Modal."""
    call: ast.Call
    """The call of ``app.cls``."""

    @property
    def is_decorated(self) -> bool:
        """Tell whether it is decorated where it is defined."""
        return self.call in self.node.decorator_list


def modal_classes(module: Module) -> tuple[ModalClass, ...]:
    """Return the classes that a file gives to Modal, in source order."""
    return module.once(_modal_classes)


def _modal_classes(module: Module) -> tuple[ModalClass, ...]:
    return tuple(_each(module))


def _each(module: Module) -> Iterator[ModalClass]:
    for call in module.index.calls:
        if module.symbol(call.func) != "modal.App().cls":
            continue
        around = module.index.parents.get(call)
        if isinstance(around, ast.ClassDef) and call in around.decorator_list:
            yield ModalClass(module, around, module, call)
        elif isinstance(around, ast.Call) and around.func is call and around.args:
            home, node = _plain_class(module, around.args[0])
            if node is not None:
                yield ModalClass(home, node, module, call)


def _plain_class(module: Module, node: ast.expr) -> tuple[Module, ast.ClassDef | None]:
    """Return the class that an expression is, decorators that are called directly seen through."""
    value = module.resolve(node)
    if value is not None and value.symbol == "local.class" and isinstance(value.node, ast.ClassDef):
        return value.module, value.node
    if isinstance(node, ast.Call) and node.args:
        return _plain_class(module, node.args[0])
    if isinstance(node, ast.Name):
        for binding in module.reaching(node):
            if isinstance(binding.node, ast.ClassDef):
                return module, binding.node
    return module, None


def app_name(module: Module, node: ast.expr) -> str | None:
    """Return the name of the app that an expression is, when it is written out."""
    home, made = origin(module, node)
    if not isinstance(made, ast.Call) or home.symbol(made.func) != "modal.App":
        return None
    name = argument(made, 0, "name")
    return text_of(name)


def app_name_of(found: ModalClass) -> str | None:
    """Return the name of a class's app, when it is written out."""
    function = found.call.func
    return app_name(found.user, function.value) if isinstance(function, ast.Attribute) else None


class Source(Struct, frozen=True):
    """What a class object comes from: its definition in this program, or a look-up by name."""

    module: Module
    definition: ast.ClassDef | None = None
    lookup: ast.Call | None = None

    @property
    def names(self) -> tuple[str | None, str | None]:
        """The names of app and class in a look-up, as far as they are literals."""
        if self.lookup is None:
            return None, None
        name = argument(self.lookup, 1, "name") or argument(self.lookup, 1, "tag")
        return text_of(argument(self.lookup, 0, "app_name")), text_of(name)


def source_of(module: Module, node: ast.expr) -> Source | None:
    """Return what a class object comes from, variables and ``with_options`` seen through."""
    for _ in range(_DEEPEST):
        module, node = origin(module, node)
        if isinstance(node, ast.Await):
            node = node.value
            continue
        if not isinstance(node, ast.Call):
            break
        function = node.func
        symbol = module.symbol(function)
        if symbol.removesuffix(".aio") in LOOKUPS:
            return Source(module, lookup=node)
        if symbol.removesuffix(".aio") not in _PASSING or not isinstance(function, ast.Attribute):
            break
        node = function.value
        if symbol.endswith(".aio") and isinstance(node, ast.Attribute):
            node = node.value
    value = module.resolve(node)
    if value is not None and value.symbol == "modal.Cls()" and isinstance(value.node, ast.ClassDef):
        return Source(value.module, definition=value.node)
    return None


def is_same(one: ast.AST | None, other: ast.ClassDef) -> bool:
    """Tell whether two nodes are one class, be its file parsed once or twice."""
    if one is other:
        return True
    return isinstance(one, ast.ClassDef) and (one.name, one.lineno, one.end_lineno) == (
        other.name,
        other.lineno,
        other.end_lineno,
    )


def defined(module: Module, app: str | None, name: str) -> list[ModalClass]:
    """Return the classes of the project that go by a name, those of another app left out."""
    modules = [module]
    if module.project is not None:
        modules += module.project.mentioning(name.encode(), b".cls")
    found: dict[tuple[str, int], ModalClass] = {}
    for other in modules:
        for known in modal_classes(other):
            if known.node.name == name and (app is None or app_name_of(known) in {None, app}):
                found.setdefault((known.home.source.path, known.node.lineno), known)
    return list(found.values())


def method(node: ast.ClassDef, name: str) -> FunctionNode | None:
    """Return the last method of a name that a class's own body defines."""
    found: FunctionNode | None = None
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name:
            found = item
    return found


def bases(home: Module, node: ast.ClassDef) -> Iterator[tuple[Module, ast.ClassDef | None, ast.expr]]:
    """Yield the base classes of a class, theirs included; ``None`` for one that this program does not define."""
    waiting = [(home, base) for base in node.bases]
    seen: set[ast.AST] = {node}
    while waiting:
        module, base = waiting.pop(0)
        plain = base.value if isinstance(base, ast.Subscript) else base
        value = module.resolve(plain)
        known = value.node if value is not None and isinstance(value.node, ast.ClassDef) else None
        if known is None or value is None:
            yield module, None, plain
        elif known not in seen:
            seen.add(known)
            yield value.module, known, plain
            waiting += [(value.module, inner) for inner in known.bases]


class Declared(Struct, frozen=True):
    """A parameter that a class declares with ``modal.parameter()``."""

    name: str
    required: bool
    statement: ast.AnnAssign


def declared(home: Module, node: ast.ClassDef) -> list[Declared]:
    """Return the parameters that a class's own body declares, in order."""
    found = []
    for item in node.body:
        if not (isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)):
            continue
        if isinstance(item.value, ast.Call) and home.symbol(item.value.func) == "modal.parameter":
            found.append(Declared(item.target.id, keyword(item.value, "default") is None, item))
    return found


def required_parameters(home: Module, node: ast.ClassDef) -> list[str] | None:
    """Return the parameters that an instance cannot do without; ``None`` when that cannot be told."""
    known = {name.name: name.required for name in declared(home, node)}
    constructors = [method(node, "__init__")]
    for module, base, plain in bases(home, node):
        if base is None:
            if not is_harmless(module, plain):
                return None
            continue
        constructors.append(method(base, "__init__"))
    constructor = next((found for found in constructors if found is not None), None)
    required = [name for name, needed in known.items() if needed]
    if constructor is not None:
        required += _required_arguments(constructor)
    return required


def is_harmless(module: Module, base: ast.expr) -> bool:
    """Tell whether a base class from elsewhere is known to have no constructor."""
    if isinstance(base, ast.Name) and base.id == "object":
        return True
    return qualified_name(module, base) in {"abc.ABC", "typing.Generic"}


def _required_arguments(constructor: FunctionNode) -> list[str]:
    arguments = constructor.args
    named = [*arguments.posonlyargs, *arguments.args][1:]
    required = named[: max(0, len(named) - len(arguments.defaults))]
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [*(item.arg for item in required), *(item.arg for item, default in keywords if default is None)]
