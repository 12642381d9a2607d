"""The functions and classes that a file gives to Modal, the apps they belong to, and the image each runs in."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import keyword, splatted
from modal_transforms.analysis.definitions import definitions, dependents, origin
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.core.model import Span

_DEEPEST = 4
DECORATORS = frozenset({"modal.App().function", "modal.App().cls"})


class App(Struct, frozen=True):
    """An ``App(...)`` or ``Stub(...)`` call, and the expression of the image that its functions run in by default."""

    module: Module
    call: ast.Call
    image: ast.expr | None
    image_module: Module
    """The file in which the image's expression is written."""


class ImageSource(enum.Enum):
    """Where a function or class has its image from."""

    OWN = "image= beside it"
    SPLAT = "a dict that is passed with ** to the call"
    APP = "the app's image"
    DEFAULT = "Modal's default image"
    UNKNOWN = "cannot be told"


class Deployed(Struct, frozen=True):
    """A function or class given to Modal: ``@app.function(...)``, ``app.cls(...)(Model)``."""

    module: Module
    call: ast.Call
    """The call of ``app.function`` or ``app.cls``."""
    definition: FunctionNode | ast.ClassDef | None
    source: ImageSource
    image: ast.expr | None
    """The expression of its image, its own or the app's; written in ``image_module``."""
    image_module: Module
    app: App | None

    @property
    def is_class(self) -> bool:
        """Tell whether it is a class."""
        return self.module.symbol(self.call.func) == "modal.App().cls"

    @property
    def name(self) -> str:
        """What it is called in the program."""
        if self.definition is not None:
            return self.definition.name
        return f"{self.module.source.written(self.call.func)}(…)"

    @property
    def span(self) -> Span:
        """The bytes of the call."""
        return self.module.source.span(self.call)


def deployed(module: Module) -> tuple[Deployed, ...]:
    """Return the functions and classes that a file gives to Modal, in source order."""
    return module.once(_deployed)


def _deployed(module: Module) -> tuple[Deployed, ...]:
    return tuple(_describe(module, call) for call in module.index.calls if module.symbol(call.func) in DECORATORS)


def _describe(module: Module, call: ast.Call) -> Deployed:
    app = app_of(module, call.func.value) if isinstance(call.func, ast.Attribute) else None
    source, image, home = _image(module, call, app)
    return Deployed(module, call, _definition(module, call), source, image, home, app)


def _definition(module: Module, call: ast.Call) -> FunctionNode | ast.ClassDef | None:
    around = module.index.parents.get(call)
    if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and call in around.decorator_list:
        return around
    if isinstance(around, ast.Call) and around.func is call and around.args:
        return _given(module, around.args[0])
    return None


def _given(module: Module, node: ast.expr) -> FunctionNode | ast.ClassDef | None:
    """Return the definition that is given to a decorator called directly, other decorators seen through."""
    value = module.resolve(node)
    if value is not None and isinstance(value.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return value.node
    return _given(module, node.args[0]) if isinstance(node, ast.Call) and node.args else None


def _image(module: Module, call: ast.Call, app: App | None) -> tuple[ImageSource, ast.expr | None, Module]:
    own = keyword(call, "image")
    if own is not None and not is_none(own.value):
        return ImageSource.OWN, own.value, module
    entry = next((entry for entry in splatted(module, call) if entry.name == "image"), None)
    if entry is not None and not is_none(entry.value):
        return ImageSource.SPLAT, entry.value, module
    if own is not None or entry is not None or _is_opaque(module, call) or app is None:
        return ImageSource.UNKNOWN, None, module
    if app.image is not None:
        return ImageSource.APP, app.image, app.image_module
    return (ImageSource.UNKNOWN if _is_opaque(app.module, app.call) else ImageSource.DEFAULT), None, module


def _is_opaque(module: Module, call: ast.Call) -> bool:
    """Tell whether a call may be given more than can be seen."""
    unpacking = [item for item in call.keywords if item.arg is None]
    return any(_is_made_elsewhere(module, item.value) for item in unpacking)


def _is_made_elsewhere(module: Module, node: ast.expr, depth: int = 0) -> bool:
    """Tell whether a dict has, besides what is written out, what a function or another file gives."""
    if isinstance(node, ast.Dict):
        merged = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    elif isinstance(node, ast.BinOp):
        merged = [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        merged = [*node.args, *(item.value for item in node.keywords if item.arg is None)]
    elif isinstance(node, (ast.Name, ast.Attribute)):
        found = definitions(module, node)
        merged = [each.value for each in found if each.value is not None]
        if not found or len(merged) < len(found) or any(each.module is not module for each in found):
            return True
    else:
        return True
    return depth > _DEEPEST or any(_is_made_elsewhere(module, each, depth + 1) for each in merged)


def app_of(module: Module, node: ast.expr) -> App | None:
    """Return the app that an expression is; ``None`` when its ``App(...)`` cannot be told."""
    home, made = origin(module, node)
    if not isinstance(made, ast.Call) or home.symbol(made.func) != "modal.App":
        return None
    image = keyword(made, "image")
    if image is not None and not is_none(image.value):
        return App(home, made, image.value, home)
    later = [value for app, value in home.once(_images_set) if app is made]
    return App(home, made, later[0] if len(later) == 1 else None, home)


def _images_set(module: Module) -> list[tuple[ast.expr, ast.expr]]:
    """Return each ``app.image = …`` of a file: the ``App(...)`` and the image."""
    found = []
    for target in module.index.attributes:
        statement = module.index.parents.get(target)
        is_set = target.attr == "image" and isinstance(statement, ast.Assign) and target in statement.targets
        if is_set and isinstance(statement, ast.Assign) and module.symbol(target.value) == "modal.App()":
            found.append((origin(module, target.value)[1], statement.value))
    return found


def functions_of(app: App) -> Iterator[Deployed]:
    """Yield the functions and classes of an app, those of other files that import it included."""
    for module in (app.module, *dependents(app.module, "function", "cls")):
        for found in deployed(module):
            if found.app is not None and found.app.call is app.call:
                yield found
