"""The bytes of a method's name, and of the ``.aio`` and ``await`` around it."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Replace, Span


class Method(Struct, frozen=True):
    """A call of ``owner.name`` or ``owner.name.aio``."""

    module: Module
    call: ast.Call
    attribute: ast.Attribute
    """``owner.name``."""
    is_aio: bool

    @property
    def name(self) -> Span | None:
        """The bytes of the method's name."""
        return name_of(self.module, self.attribute)

    @property
    def awaited(self) -> ast.Await | None:
        """The ``await`` right before the call."""
        parent = self.module.index.parents[self.call]
        return parent if isinstance(parent, ast.Await) else None

    @property
    def whole(self) -> ast.expr:
        """The call with its ``await``."""
        return self.awaited or self.call


def method(module: Module, call: ast.Call, name: str) -> Method | None:
    """Return a call as one of the method ``name``; ``None`` when it is another call."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    inner = function.value
    if function.attr == "aio" and isinstance(inner, ast.Attribute) and inner.attr == name:
        return Method(module, call, inner, True)
    return Method(module, call, function, False) if function.attr == name else None


def name_of(module: Module, node: ast.Attribute) -> Span | None:
    """Return the bytes of an attribute's name; ``None`` where the parser's positions cannot be trusted."""
    span = module.source.attribute_word(node)
    return span if module.source.slice(span) == node.attr else None


def without_aio(found: Method) -> list[Replace]:
    """Return the changes that take ``.aio`` off."""
    if not found.is_aio:
        return []
    start, end = (found.module.source.span(node).end for node in (found.attribute, found.call.func))
    return [Replace(found.module.source.path, Span(start, end), "")]


def without_await(found: Method) -> list[Replace]:
    """Return the changes that take ``await`` off, and the brackets that only it needed."""
    awaited, source = found.awaited, found.module.source
    if awaited is None:
        return []
    whole = source.span(awaited)
    written = source.slice(whole)
    after = written.removeprefix("await")
    blank = len(after) - len(after.lstrip(" \t"))
    start, end = whole.start, whole.start + len("await") + blank
    if not isinstance(found.module.index.parents[awaited], ast.Attribute):
        return [Replace(source.path, Span(start, end), "")]
    before, behind = source.data[:start].rstrip(), source.data[whole.end :].lstrip()
    if not (before.endswith(b"(") and behind.startswith(b")")):
        return [Replace(source.path, Span(start, end), "")]
    closing = len(source.data) - len(behind) + 1
    return [Replace(source.path, Span(len(before) - 1, end), ""), Replace(source.path, Span(whole.end, closing), "")]


def new_url(module: Module, node: ast.Attribute) -> list[Replace]:
    """Return the changes that call ``get_web_url`` where ``.web_url`` is read, by ``.aio`` where that is awaited."""
    span = name_of(module, node)
    is_awaited = isinstance(module.index.parents[node], ast.Await)
    text = "get_web_url.aio()" if is_awaited else "get_web_url()"
    return [Replace(module.source.path, span, text)] if span is not None else []


def names_a_method(module: Module, call: ast.Call) -> bool:
    """Tell whether a function is looked up as ``Cls.method``."""
    names = [*call.args[1:2], *(item.value for item in call.keywords if item.arg in {"name", "tag"})]
    return any(_has_dot(origin(module, name)[1]) for name in names)


def _has_dot(name: ast.expr) -> bool:
    if isinstance(name, (ast.JoinedStr, ast.BinOp)):
        return any(isinstance(part, ast.Constant) and "." in str(part.value) for part in ast.walk(name))
    if isinstance(name, ast.Call) and isinstance(name.func, ast.Attribute) and name.func.attr in {"format", "join"}:
        return _has_dot(name.func.value)
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and "." in name.value
