"""What is known of one ``allow_concurrent_inputs``: its value, its comments, and the text that says the same now."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import RemoveArgument, Span
from modal_transforms.core.patterns import pattern

KEYWORD = "allow_concurrent_inputs"
MESSAGE = f"{KEYWORD} is now the decorator @modal.concurrent"
IGNORED = f"{KEYWORD} is gone"
NONE = "None at run time: the value None was no setting."
ONE = "None at run time: a container takes one input at a time unless told otherwise."
_COMMENT_AFTER = pattern(r"[ \t\f]*,?[ \t\f]*(#[^\r\n]*)")


class Keyword(Struct, frozen=True):
    """The keyword argument of one call."""

    module: Module
    call: ast.Call
    item: ast.keyword

    @property
    def path(self) -> str:
        """The file's path."""
        return self.module.source.path

    @property
    def place(self) -> Span:
        """The keyword's name."""
        return keyword_name(self.module, self.item)

    @property
    def argument(self) -> Span:
        """The whole argument."""
        return self.module.source.span(self.item)

    @property
    def value(self) -> str:
        """The value as it is written, brackets included."""
        return value_text(self.module, Span(self.place.end, self.argument.end))

    @property
    def is_none(self) -> bool:
        """Tell whether it is given as ``None``."""
        return isinstance(self.item.value, ast.Constant) and self.item.value.value is None

    @property
    def is_one(self) -> bool:
        """Tell whether it is given as 1, or as ``True``, which counts as 1."""
        return is_one(self.item.value)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Why the call is Modal's."""
        return explain(self.module, self.call.func)

    def removal(self, comments: tuple[Span, ...] = ()) -> RemoveArgument:
        """Return the change that takes the argument out; comments inside it go with its value."""
        return RemoveArgument(self.path, self.module.source.span(self.call), self.argument, (self.argument, *comments))


def value_text(module: Module, span: Span) -> str:
    """Return the text after a name, without its ``=`` and as lines that can be indented anew."""
    text = module.source.slice(span).strip().removeprefix("=").strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    indent = module.source.indent_at(span.start)
    return "\n".join([lines[0], *(line.removeprefix(indent) for line in lines[1:])])


def indented(module: Module, at: int, text: str) -> str:
    """Return a value's lines as they go into the line of an offset."""
    source = module.source
    return text.replace("\n", source.newline + source.indent_at(at))


def is_one(value: ast.expr) -> bool:
    """Tell whether a value is written as 1, or as ``True``, which counts as 1."""
    return isinstance(value, ast.Constant) and type(value.value) in {int, bool} and value.value == 1


def is_number(module: Module, value: ast.expr) -> bool:
    """Tell whether a value is surely a whole number: written out, arithmetic of such, or ``int(...)``."""
    module, value = origin(module, value)
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "int" and len(value.args) == 1
    if isinstance(value, ast.Constant):
        return type(value.value) is int and value.value >= 1
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Mult)):
        return is_number(module, value.left) and is_number(module, value.right)
    return False


def written(given: Keyword) -> tuple[str, str]:
    """Return the text of ``max_inputs``, and what a person should look at; the second is empty for plain numbers."""
    value = given.item.value
    if isinstance(value, ast.Constant) and isinstance(value.value, bool):
        return str(int(value.value)), f"{value.value} was {int(value.value)}: check how many inputs are meant."
    if is_number(given.module, value):
        return given.value, ""
    return given.value, "max_inputs has to be a whole number: on 1.x None is refused."


def shown(text: str) -> str:
    """Return a value for a label: shortened where it has several lines."""
    return text if len(text.splitlines()) == 1 else "…"


class Remarks(Struct, frozen=True):
    """The comments that belong to an argument and go where its value goes."""

    above: tuple[str, ...] = ()
    beside: str = ""
    spans: tuple[Span, ...] = ()
    """Where they are; the one beside it last."""

    def around(self, line: str) -> str:
        """Return a line with the comments above it and beside it."""
        return "\n".join([*self.above, line + (f"  {self.beside}" if self.beside else "")])


def remarks(given: Keyword) -> Remarks:
    """Return the comments that are surely about the argument alone.

    The one beside it is, where nothing else is on its line. Those above it are, where what follows it has comments
    of its own or nothing follows.
    """
    source, argument = given.module.source, given.argument
    first = source.line_at(argument.start)
    last = source.line_at(argument.end)
    if source.data[first.start : argument.start].strip():
        return Remarks()
    match = _COMMENT_AFTER.match(source.slice(Span(argument.end, last.end)))
    beside, spans = "", []
    if match:
        start = argument.end + len(source.encode(match[0][: match.start(1)]))
        beside = match[1].rstrip()
        spans.append(Span(start, start + len(source.encode(match[1]))))
    above = _above(given, first.start)
    if not (match or _is_blank_after(given)) or not _next_is_told_apart(given):
        above = []
    texts = tuple(source.slice(span).strip() for span in above)
    return Remarks(texts, beside, (*above, *spans))


def _above(given: Keyword, start: int) -> list[Span]:
    """Return the lines of comments directly above the argument."""
    source = given.module.source
    ends = [source.span(item).end for item in given.call.args] + [source.span(item).end for item in given.call.keywords]
    floor = max([source.span(given.call.func).end, *(end for end in ends if end <= start)])
    found: list[Span] = []
    line = source.line_of(start) - 1
    while line > source.line_of(floor):
        span = source.line_span(line)
        text = source.slice(span)
        if not text.lstrip().startswith("#"):
            break
        begin = span.start + len(source.encode(text)) - len(source.encode(text.lstrip()))
        found.insert(0, Span(begin, begin + len(source.encode(text.strip()))))
        line -= 1
    return found


def _is_blank_after(given: Keyword) -> bool:
    source = given.module.source
    end = source.line_at(given.argument.end).end
    return source.slice(Span(given.argument.end, end)).strip() in {"", ","}


def _next_is_told_apart(given: Keyword) -> bool:
    """Tell whether the line after the argument is a comment, is blank or ends the call."""
    source = given.module.source
    number = source.line_of(given.argument.end) + 1
    if number > len(source.line_starts):
        return False
    text = source.slice(source.line_span(number)).strip()
    return not text or text.startswith(("#", ")"))
