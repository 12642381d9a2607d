"""What becomes of the file that ``sb.open`` gives: whether it is read or written once, as a whole."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, RemoveStatement, Replace, Span
from modal_transforms.modal_api.lookups.tokens import Method

_USES = ("read", "readlines", "write")
_ENDING = ("close", "flush")
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)
_MAYBE = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_READS = {"r": "read_text", "rt": "read_text", "rb": "read_bytes"}
_WRITES = {"w": "write_text", "wt": "write_text", "wb": "write_bytes"}


class Work(Struct, frozen=True):
    """The one thing that is done with an open file."""

    call: ast.Call
    """``f.write(data)``."""
    what: str
    """``read``, ``readlines`` or ``write``."""
    is_aio: bool
    rest: tuple[Change, ...]
    """What goes with the open file: its ``with``, its assignment, its ``close``."""

    @property
    def data(self) -> ast.expr | None:
        """What is written."""
        return self.call.args[0] if self.call.args else None


def new_method(found: Method, work: Work) -> str | None:
    """Return the method of ``filesystem`` that does the same; ``None`` for a mode that it has none for."""
    mode = argument(found.call, 1, "mode")
    written = "r" if mode is None else mode.value if isinstance(mode, ast.Constant) else None
    if work.what == "write":
        return _WRITES.get(str(written)) if len(work.call.args) == 1 and not work.call.keywords else None
    return _READS.get(str(written)) if not (work.call.args or work.call.keywords) else None


def work(found: Method) -> Work | None:
    """Return what is done with the file that a call of ``open`` gives; ``None`` where that is not one thing."""
    if found.is_aio and found.awaited is None:
        return None
    module, parent = found.module, found.module.index.parents[found.whole]
    if isinstance(parent, ast.Attribute):
        return _use(module, parent, ())
    if isinstance(parent, ast.withitem):
        return _inside(found, parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return _next_to(module, parent, parent.targets[0].id)
    return None


def _use(module: Module, node: ast.Attribute, rest: tuple[Change, ...]) -> Work | None:
    """Return the call that reads or writes by the method ``node``."""
    callee: ast.expr = node
    parent = module.index.parents[node]
    is_aio = isinstance(parent, ast.Attribute) and parent.attr == "aio"
    if is_aio:
        assert isinstance(parent, ast.Attribute)
        callee, parent = parent, module.index.parents[parent]
    if node.attr not in _USES or not isinstance(parent, ast.Call) or parent.func is not callee:
        return None
    if is_aio and not isinstance(module.index.parents[parent], ast.Await):
        return None
    return Work(parent, node.attr, is_aio, rest)


def _inside(found: Method, item: ast.withitem) -> Work | None:
    """Return what the body of ``with sb.open(...) as f`` does with ``f``."""
    module = found.module
    block = module.index.parents[item]
    assert isinstance(block, (ast.With, ast.AsyncWith))
    if len(block.items) != 1 or not isinstance(item.optional_vars, ast.Name):
        return None
    reads = _reads(module, item.optional_vars.id, block)
    if len(reads) != 1:
        return None
    node = module.index.parents[reads[0]]
    statement = module.index.statement(reads[0])
    if not isinstance(node, ast.Attribute) or statement not in block.body or not _surely(module, node, statement):
        return None
    header = _header(module, block, item.optional_vars)
    return _use(module, node, header) if header is not None else None


def _next_to(module: Module, statement: ast.Assign, name: str) -> Work | None:
    """Return what the statement after ``f = sb.open(...)`` does with ``f``, when nothing else does more than close."""
    block = _block(module, statement)
    at = block.index(statement)
    scope = module.index.scopes[statement]
    if at + 1 == len(block) or len(scope.bindings.get(name, [])) != 1:
        return None
    rest: list[Change] = [RemoveStatement(module.source.path, module.source.span(statement))]
    used: list[ast.Attribute] = []
    for read in _reads(module, name, scope.node):
        node = module.index.parents[read]
        outer = module.index.statement(read)
        if not isinstance(node, ast.Attribute) or outer not in block:
            return None
        if node.attr in _ENDING and isinstance(outer, ast.Expr):
            rest.append(RemoveStatement(module.source.path, module.source.span(outer)))
        elif outer is block[at + 1] and _surely(module, node, outer):
            used.append(node)
        else:
            return None
    return _use(module, used[0], tuple(rest)) if len(used) == 1 else None


def _reads(module: Module, name: str, inside: ast.AST) -> list[ast.Name]:
    first, last = getattr(inside, "lineno", 0), getattr(inside, "end_lineno", sys.maxsize)
    near = (node for node in module.index.names_called(name) if first <= node.lineno <= last)
    return [node for node in near if isinstance(node.ctx, ast.Load) and inside in module.index.ancestors(node)]


def _surely(module: Module, node: ast.AST, statement: ast.stmt) -> bool:
    """Tell whether a simple statement always does, just once, what a part of it does."""
    if not isinstance(statement, _SIMPLE):
        return False
    for around in module.index.ancestors(node):
        if around is statement:
            return True
        if isinstance(around, _MAYBE):
            return False
    return False


def _block(module: Module, statement: ast.stmt) -> list[ast.stmt]:
    parent = module.index.parents[statement]
    fields = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
    return next(block for block in fields if isinstance(block, list) and statement in block)


def _header(module: Module, block: ast.With | ast.AsyncWith, variable: ast.expr) -> tuple[Change, ...] | None:
    """Return the changes that take a ``with`` off its body, which moves to the left; ``None`` beside a comment."""
    source, first = module.source, block.body[0]
    start, body = source.span(block).start, source.span(first).start
    item = source.span(variable).end
    if any(start <= at < body for at, _ in comments(source)):
        return None
    if source.line_of(body) == source.line_of(item):
        return (Replace(source.path, Span(start, body), ""),) if len(block.body) == 1 else None
    outer, inner = source.indent_at(start), source.indent_at(body)
    if not inner.startswith(outer) or source.line_at(start).start + len(outer) != start:
        return None
    extra = len(inner) - len(outer)
    moved = (Span(at, at + extra) for at in _starts(module, block) if at > body)
    return (
        Replace(source.path, Span(start, body), ""),
        *(Replace(source.path, span, "") for span in moved if source.slice(span) == inner[:extra]),
    )


def _starts(module: Module, block: ast.With | ast.AsyncWith) -> Iterator[int]:
    """Yield where the lines of a block begin, but for those within strings."""
    source = module.source
    texts = [source.span(node) for node in ast.walk(block) if isinstance(node, (ast.Constant, ast.JoinedStr))]
    whole = source.span(block)
    for line in range(source.line_of(whole.start) + 1, source.line_of(whole.end) + 1):
        start = source.line_span(line).start
        if not any(text.start < start < text.end for text in texts):
            yield start
