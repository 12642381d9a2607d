"""What can be told of an expression that is a path: its text, its last name, whether it is absolute, or an object."""

from __future__ import annotations

import ast
import posixpath
from pathlib import PurePosixPath

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module

_CLASSES = frozenset(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath"))
_JOINS = frozenset({"os.path.join", "posixpath.join"})
_SAME_PATH = frozenset({"resolve", "absolute", "expanduser", "joinpath", "with_name", "with_suffix"})


def known_path(module: Module, node: ast.expr) -> str | None:
    """Return the text of a path that is written out, names followed; ``None`` when it is made at run time."""
    module, node = origin(module, node)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return _filled_in(module, node)
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call) and not node.keywords and _joins(module, node):
        parts = list(node.args)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_method_of_path(module, node):
        parts = [node.func.value, *node.args]
    texts = [known_path(module, part) for part in parts]
    if not texts or None in texts:
        return None
    joined = posixpath.join(*(text for text in texts if text is not None))
    return joined if _makes_text(module, node) else str(PurePosixPath(joined))


def _filled_in(module: Module, node: ast.JoinedStr) -> str | None:
    """Return the text of an f-string of which every part is written out."""
    parts: list[str | None] = []
    for part in node.values:
        plain = isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion == -1
        parts.append(known_path(module, part.value if isinstance(part, ast.FormattedValue) and plain else part))
    return None if None in parts else "".join(part for part in parts if part is not None)


def _is_method_of_path(module: Module, node: ast.Call) -> bool:
    """Tell whether a call is a method of a ``pathlib`` object that gives the same path, or one below it."""
    assert isinstance(node.func, ast.Attribute)
    takes = {"as_posix": not node.args, "joinpath": not any(isinstance(arg, ast.Starred) for arg in node.args)}
    return takes.get(node.func.attr, False) and not node.keywords and is_path_object(module, node.func.value)


def _joins(module: Module, node: ast.Call) -> bool:
    """Tell whether a call puts its arguments together to a path."""
    return bool(node.args) and (qualified_name(module, node.func) in _CLASSES | _JOINS or _is_str(node))


def _is_str(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1


def _makes_text(module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and qualified_name(module, node.func) in _JOINS


def is_path_object(module: Module, node: ast.expr) -> bool:
    """Tell whether an expression is surely a ``pathlib`` object."""
    module, node = origin(module, node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return is_path_object(module, node.left) or is_path_object(module, node.right)
    if isinstance(node, ast.Attribute):
        return node.attr == "parent" and is_path_object(module, node.value)
    if isinstance(node, ast.Subscript):
        inner = node.value
        return isinstance(inner, ast.Attribute) and inner.attr == "parents" and is_path_object(module, inner.value)
    if isinstance(node, ast.Call):
        method = isinstance(node.func, ast.Attribute) and node.func.attr in _SAME_PATH
        if method and isinstance(node.func, ast.Attribute) and is_path_object(module, node.func.value):
            return True
        path = qualified_name(module, node.func)
        return path in _CLASSES or path in {"pathlib.Path.cwd", "pathlib.Path.home"}
    return False


def is_text(module: Module, node: ast.expr) -> bool:
    """Tell whether an expression is surely a ``str``."""
    module, node = origin(module, node)
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Call):
        return _is_str(node) or (qualified_name(module, node.func) in _JOINS)
    return isinstance(node, ast.BinOp) and (is_text(module, node.left) or is_text(module, node.right))


def is_absolute(module: Module, node: ast.expr) -> bool | None:
    """Tell whether a remote path is absolute; ``None`` when that shows only at run time."""
    text = known_path(module, node)
    if text is not None:
        return text.startswith("/")
    module, node = origin(module, node)
    first: ast.expr | None = None
    if isinstance(node, ast.JoinedStr) and node.values:
        first = node.values[0]
        if isinstance(first, ast.FormattedValue):
            plain = first.format_spec is None and first.conversion == -1
            first = first.value if plain else None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        first = node.left
    elif isinstance(node, ast.Call) and _joins(module, node):
        first = node.args[0]
    elif isinstance(node, ast.Attribute) and node.attr == "parent":
        first = node.value
    return is_absolute(module, first) if first is not None else None


def last_name(module: Module, node: ast.expr) -> str | None:
    """Return the last component of a path (empty for ``.`` and ``/``); ``None`` when it shows only at run time."""
    text = known_path(module, node)
    if text is not None:
        return PurePosixPath(text).name
    module, node = origin(module, node)
    last: ast.expr | None = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        last = node.right
        text = known_path(module, last)
        if isinstance(node.op, ast.Add) and (text is None or "/" not in text.rstrip("/")):
            return None
    elif isinstance(node, ast.JoinedStr) and node.values:
        last = node.values[-1]
        if not (isinstance(last, ast.Constant) and "/" in str(last.value).rstrip("/")):
            return None
    elif isinstance(node, ast.Call) and _joins(module, node):
        last = node.args[-1]
    if last is None:
        return None
    name = last_name(module, last)
    return name if name not in {"", ".."} else None
