"""How a parameter travels: Modal carries only ``str``, ``int``, ``bool`` and ``bytes``; others go as a string."""

from __future__ import annotations

import ast
import builtins
import enum
import json

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.index import Scope, walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.analysis.parse import quoted_annotation
from modal_transforms.analysis.paths import is_path_object, is_text
from modal_transforms.core.model import Ask
from modal_transforms.sections.cls_parameters.constructor import Constructor, Parameter

Given = tuple[Module, ast.expr]
"""What a caller passes, and the file that it is in."""

PRIMITIVES = ("str", "int", "bool", "bytes")
_NAMES = {f"typing.{name.title()}": name for name in ("list", "dict", "tuple")}

_PATH_GIVEN = "callers give `{}` a pathlib.Path, which Modal does not carry: they pass a string"


class Send(enum.Enum):
    """What callers do to the value."""

    AS_IS = "as it is"
    EMPTY_FOR_NONE = "an empty string for None"
    TEXT = "as str()"
    JSON = "as json.dumps()"


class Wire(Struct, frozen=True):
    """The declaration of one parameter, and what happens to its value on the way."""

    type: str
    default: str | None = None
    send: Send = Send.AS_IS
    restore: str = "{}"
    """The expression that makes the constructor's value of the attribute again."""
    note: str = ""
    """What a person should look at; empty when the type is simply carried."""
    ask: Ask | None = None


class Shape(Struct, frozen=True):
    """An annotation, taken apart: the path of its head and what is in its brackets."""

    head: str
    parts: tuple[Shape, ...] = ()
    node: ast.expr | None = None


def wire(constructor: Constructor, parameter: Parameter, given: list[Given]) -> Wire | str:
    """Return how a parameter travels, or why it cannot. ``given`` is what callers in sight pass for it."""
    home = constructor.home
    annotation = parameter.node.annotation
    if annotation is None:
        return _inferred(constructor, parameter, given)
    scope = home.index.scopes[constructor.node]
    shape = _shape(home, annotation, scope)
    written = home.source.written(annotation)
    found = _by_shape(home, shape, parameter, written)
    if found is not None and found.type == "str" and any(is_path_object(*each) for each in given):
        found = replace(found, send=Send.TEXT, note=found.note or _PATH_GIVEN.format(parameter.name))
    return found or f"`{parameter.name}` is annotated as {written}: Modal carries only {', '.join(PRIMITIVES)}"


def _by_shape(home: Module, shape: Shape, parameter: Parameter, written: str) -> Wire | None:
    name = parameter.name
    default = _text(home, parameter.default)
    is_optional, inner = _without_none(shape)
    if is_optional or is_none(parameter.default):
        return _optional(home, inner, parameter)
    if shape.head in PRIMITIVES:
        kind = _kind(*origin(home, parameter.default)) if parameter.default is not None else shape.head
        wrong = f"the default of `{name}` is of type {kind}, not {shape.head}: Modal does not convert it"
        return Wire(shape.head, default, note="" if kind in {shape.head, ""} else wrong)
    if shape.head == "float":
        note = f"`{name}` is a float, which Modal does not carry: callers pass a string"
        return Wire("str", _as_text(home, parameter.default), Send.TEXT, "float({})", note)
    if shape.head == "pathlib.Path" and shape.node is not None:
        maker = ast.unparse(shape.node)
        note = f"`{name}` is a {maker}, which Modal does not carry: callers pass a string"
        return Wire("str", _path(home, parameter.default), Send.TEXT, f"{maker}({{}})", note)
    if shape.head == "typing.Literal":
        return _literal(shape, default, name)
    if _is_json(shape) and shape.head in {"list", "dict", "tuple"}:
        return _json(home, shape, parameter, written)
    return None


def _optional(home: Module, shape: Shape, parameter: Parameter) -> Wire | None:
    name, gives_none = parameter.name, is_none(parameter.default)
    if shape.head == "str":
        note = f"`{name}` may be None, which Modal does not carry: the empty string stands for None"
        default = '""' if gives_none else _text(home, parameter.default)
        return Wire("str", default, Send.EMPTY_FOR_NONE, "{} or None", note)
    return _json(home, shape, parameter, f"{shape.head} or None") if _is_json(shape) else None


def _json(home: Module, shape: Shape, parameter: Parameter, written: str) -> Wire:
    restore = "json.loads({})"
    if shape.head == "tuple" and not is_none(parameter.default):
        restore = f"tuple({restore})"
    note = f"`{parameter.name}` is {written}, which Modal does not carry: callers pass it as JSON text"
    return Wire("str", _as_json(home, parameter.default), Send.JSON, restore, note)


def _literal(shape: Shape, default: str | None, name: str) -> Wire | None:
    kinds = {type(part.node.value).__name__ for part in shape.parts if isinstance(part.node, ast.Constant)}
    if len(kinds) != 1 or not kinds <= set(PRIMITIVES) or not all(part.node for part in shape.parts):
        return None
    kind = kinds.pop()
    return Wire(kind, default, note=f"`{name}` is a Literal, which Modal does not know: it becomes a plain {kind}")


def _inferred(constructor: Constructor, parameter: Parameter, given: list[Given]) -> Wire | str:
    """Return how a parameter without annotation travels, by its default or by what callers pass."""
    home, name = constructor.home, parameter.name
    text = _text(home, parameter.default)
    if parameter.default is not None:
        kind = _kind(*origin(home, parameter.default))
        if kind in PRIMITIVES:
            return Wire(kind, text, note=f"`{name}` has no annotation: its default is of type {kind}")
        if kind == "float":
            found = _by_shape(home, Shape("float"), parameter, "float")
            return found or ""
        if kind in {"list", "dict", "tuple"}:
            return _json(home, Shape(kind), parameter, f"a {kind} by its default")
        return f"`{name}` has no annotation, and its default {text} does not tell its type"
    kinds = {_kind(home, node) for _, node in given}
    if any(is_path_object(*each) for each in given):
        return _of_paths(constructor, name, given)
    if len(kinds) == 1 and (kind := kinds.pop()) in PRIMITIVES:
        return Wire(kind, note=f"`{name}` has no annotation: callers in sight pass a value of type {kind}")
    ask = Ask(f"type-{name}", f"Type of {name}", "str", "|".join(PRIMITIVES))
    return Wire(ask.placeholder, note=f"`{name}` has neither annotation nor default: say its type", ask=ask)


def _of_paths(constructor: Constructor, name: str, given: list[Given]) -> Wire | str:
    """Return how a parameter travels that callers give a ``pathlib.Path``: as text, where text does for the class."""
    index = constructor.home.index
    reads = (node for node in walk(constructor.owner) if isinstance(node, ast.Attribute) and node.attr == name)
    around = (index.parents.get(node) for node in reads if isinstance(node.ctx, ast.Load))
    as_text = all(isinstance(each, (ast.Call, ast.keyword, ast.FormattedValue)) for each in around)
    if not as_text or not all(is_path_object(*each) or is_text(*each) for each in given):
        return f"callers give `{name}` a pathlib.Path, which Modal does not carry, and the class may need one"
    return Wire("str", None, Send.TEXT, note=_PATH_GIVEN.format(name))


def _kind(_: Module, node: ast.expr) -> str:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    if isinstance(node, ast.JoinedStr):
        return "str"
    if isinstance(node, (ast.List, ast.Dict, ast.Tuple)):
        try:
            json.dumps(ast.literal_eval(node))
        except (ValueError, TypeError):
            return ""
        return type(node).__name__.lower()
    return type(node.value).__name__ if isinstance(node, ast.Constant) else ""


def _shape(home: Module, node: ast.expr, scope: Scope) -> Shape:
    """Take an annotation apart, quoted ones too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        unquoted = quoted_annotation(node.value)
        return Shape("") if unquoted is None else _shape(home, unquoted, scope)
    if isinstance(node, ast.Constant):
        return Shape("None" if node.value is None else "constant", node=node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return Shape("typing.Union", (_shape(home, node.left, scope), _shape(home, node.right, scope)))
    if isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        head = _path_of(home, node.value, scope)
        if head == "typing.Literal":
            return Shape(head, tuple(Shape("constant", node=part) for part in inside))
        if head == "typing.Annotated":
            return _shape(home, inside[0], scope)
        return Shape(head, tuple(_shape(home, part, scope) for part in inside), node)
    return Shape(_path_of(home, node, scope), node=node)


def _path_of(home: Module, node: ast.expr, scope: Scope) -> str:
    """Return the full name of a type: ``str``, ``typing.Optional``, ``pathlib.Path``; an empty text if unknown."""
    if isinstance(node, ast.Name) and not scope.find(node.id) and hasattr(builtins, node.id):
        return node.id
    path = qualified_name(home, node, scope).replace("typing_extensions.", "typing.")
    return _NAMES.get(path, path)


def _without_none(shape: Shape) -> tuple[bool, Shape]:
    """Tell whether a type admits None, and return the rest of it."""
    if shape.head == "typing.Optional" and shape.parts:
        return True, shape.parts[0]
    if shape.head != "typing.Union":
        return False, shape
    flat: list[Shape] = []
    is_optional = False
    for part in shape.parts:
        inner_optional, inner = _without_none(part)
        is_optional = is_optional or inner_optional or part.head == "None"
        flat += [inner] if inner.head != "None" else []
    return is_optional, flat[0] if len(flat) == 1 else replace(shape, parts=tuple(flat))


def _is_json(shape: Shape) -> bool:
    if shape.head in {"str", "int", "bool", "float", "None"}:
        return True
    if shape.head in {"typing.Optional", "typing.Union", "list", "tuple"}:
        inner = [part for part in shape.parts if not (isinstance(part.node, ast.Constant) and part.node.value is ...)]
        return all(_is_json(part) and part.head != "tuple" for part in inner)
    return shape.head == "dict" and all(map(_is_json, shape.parts)) and _has_text_keys(shape)


def _has_text_keys(shape: Shape) -> bool:
    return not shape.parts or shape.parts[0].head == "str"


def literal_default(constructor: Constructor, parameter: Parameter) -> str | None:
    """Return a default as it is written, where it is a literal and so is the same wherever it is written."""
    try:
        ast.literal_eval(parameter.default or "")
    except (ValueError, TypeError, SyntaxError):
        return None
    return _text(constructor.home, parameter.default)


def _text(home: Module, node: ast.expr | None) -> str | None:
    """Return an expression as it is written, fit to stand in brackets."""
    return None if node is None else home.source.written(node).replace("\r\n", "\n").replace("\r", "\n")


def _as_text(home: Module, node: ast.expr | None) -> str | None:
    written = _text(home, node)
    if node is None or written is None:
        return None
    return f'"{written}"' if _kind(home, node) in {"float", "int"} else f"str({written})"


def _path(home: Module, node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and _kind(home, node.args[0]) == "str":
        return _text(home, node.args[0])
    return None if node is None else f"str({_text(home, node)})"


def _as_json(home: Module, node: ast.expr | None) -> str | None:
    if node is None:
        return None
    try:
        text = json.dumps(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError):
        return f"json.dumps({_text(home, node)})"
    return repr(text) if '"' in text or "\\" in text else f'"{text}"'
