"""How a call is laid out in bytes, found losslessly with LibCST: its arguments, commas and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from modal_transforms.analysis.deep_stack import levels, run_with_stack
from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import Span
from modal_transforms.core.source import SourceFile

if TYPE_CHECKING:
    import libcst as cst


class Item(Struct, frozen=True):
    """An argument of a call or an entry of a dict, with the comma after it."""

    span: Span
    comma: Span | None

    @property
    def end(self) -> int:
        """Where the item ends, its comma included."""
        return self.comma.end if self.comma else self.span.end


class Layout(Struct, frozen=True):
    """The items between a pair of brackets. ``inside`` is what lies between the brackets."""

    inside: Span
    items: tuple[Item, ...]


class _Locator:
    """Positions of LibCST nodes of a snippet as byte spans of the file it was cut from."""

    def __init__(self, source: SourceFile, span: Span) -> None:
        import libcst as cst
        from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

        text = source.slice(span)
        depth = levels(text)
        if depth is None:
            raise CannotRewrite("it is too long to be rewritten")
        self._source = source
        self._start = span.start
        plain = "(" + text.replace("\f", " ").replace("\r\n", "\0").replace("\r", "\n").replace("\0", "\r\n")
        try:
            module = run_with_stack(depth, lambda: cst.parse_module(plain + "\n)\n"))
            self._positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
        except (cst.ParserSyntaxError, cst.CSTLogicError, cst.CSTValidationError) as error:
            raise CannotRewrite(f"it cannot be read again: {error}") from None
        except RecursionError:
            raise CannotRewrite("it is nested too deeply to be rewritten") from None
        self._raw = plain.encode()
        statement = module.body[0]
        assert isinstance(statement, cst.SimpleStatementLine)
        assert isinstance(statement.body[0], cst.Expr)
        self.expression = statement.body[0].value

    def span(self, node: cst.CSTNode) -> Span:
        place = self._positions[node]
        start = self._start + self._length(1, place.start)
        return Span(start, start + self._length(place.start, place.start + place.length))

    def _length(self, start: int, end: int) -> int:
        return len(self._source.encode(self._raw[start:end].decode()))


def call_layout(source: SourceFile, call: Span) -> Layout:
    """Return the layout of the call (or the dict or list display) at a span; raises `CannotRewrite`."""
    locator = _Locator(source, call)
    expression = locator.expression
    import libcst as cst

    nodes: list[cst.Arg | cst.BaseDictElement | cst.BaseElement]
    if isinstance(expression, cst.Call):
        opening = locator.span(expression.func).end
        opening += source.data[opening : call.end].index(b"(") + 1
        nodes = list(expression.args)
    elif isinstance(expression, (cst.Dict, cst.List)):
        opening = call.start + 1
        nodes = [*expression.elements]
    else:
        raise CannotRewrite("it is not a call")
    return Layout(Span(opening, call.end - 1), tuple(_item(locator, node) for node in nodes))


def _item(locator: _Locator, node: cst.Arg | cst.BaseDictElement | cst.BaseElement) -> Item:
    from libcst import Comma

    comma = locator.span(node.comma) if isinstance(node.comma, Comma) else None
    return Item(locator.span(node), comma)
