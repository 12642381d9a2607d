"""A method as a function of the module: its text, without ``self``, or why it cannot be one."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import Binding, BindingKind, FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Replace, Span
from modal_transforms.core.patches import Patch, apply
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.sections.build_decorator.methods import BUILD, BuildMethod, build_methods

_NAME = pattern(r"def\s+(\w+)\s*\(")


class Extracted(Struct, frozen=True):
    """A function made of a method, where it goes, and what takes the method out."""

    name: str
    text: str
    """The whole function, with its comments, lines ended as in the file."""
    place: int
    """Where it goes: before the class, its decorators and comments."""


class NotExtractable(Exception):
    """The method cannot be a function; the message says why."""


def extract(method: BuildMethod) -> Extracted:
    """Return a build method as a function; raises `NotExtractable`."""
    module, owner, node = method.module, method.owner, method.node
    if module.index.parents.get(owner) is not module.tree:
        raise NotExtractable("its class is not at the top level of the file")
    if method.others:
        raise NotExtractable("it has other decorators")
    parameters = node.args
    if (
        len(parameters.args) != 1
        or parameters.posonlyargs
        or parameters.kwonlyargs
        or parameters.vararg
        or parameters.kwarg
    ):
        raise NotExtractable("it takes parameters")
    name = _free_name(method)
    edits, lines = _without_self(method)
    text = _rewritten(method, name, edits, lines)
    return Extracted(name, text, top(module.source, owner))


def _free_name(method: BuildMethod) -> str:
    """Return a name that is not Python's, and that nothing at the top of the file has or may get."""
    module, name = method.module, method.node.name
    taken = {*module.index.module.bindings, *dir(builtins)}
    taken |= {each.node.name for each in build_methods(module) if each.node is not method.node}
    for candidate in (name, f"{name}_for_{_snake(method.owner.name)}", f"{name}_at_build"):
        if candidate not in taken:
            return candidate
    raise NotExtractable(f"{name} is the name of something else in the file")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _without_self(method: BuildMethod) -> tuple[list[Patch], list[str]]:
    """Return what is put in place of ``self.x``, and the lines that give constants their names."""
    module, node = method.module, method.node
    me = node.args.args[0].arg
    stored = _stored(node, me)
    names = {each.id for each in walk(node) if isinstance(each, ast.Name) and each.id != me}
    edits: list[Patch] = []
    lines: dict[str, None] = {}
    for each in _uses(module, node, me):
        attribute = module.index.parents.get(each)
        if not isinstance(attribute, ast.Attribute) or attribute.lineno != attribute.end_lineno:
            raise NotExtractable(f"it hands {me} on (line {each.lineno})")
        new = attribute.attr
        if new not in stored:
            value = constant(method, attribute)
            if value.isidentifier() and value not in {"None", "True", "False"}:
                new = value
            else:
                lines[f"{new} = {value}"] = None
        if new == attribute.attr and new in names:
            raise NotExtractable(f"it uses the name {new} beside {me}.{new}")
        span = module.source.span(attribute)
        edits.append(Patch(span.start, span.end, module.source.encode(new)))
    return edits, list(lines)


def _stored(node: FunctionNode, me: str) -> set[str]:
    """Return the attributes of ``self`` that a method sets before it reads them."""
    first: dict[str, ast.Attribute] = {}
    for each in walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == me:
            known = first.get(each.attr)
            if known is None or (each.lineno, each.col_offset) < (known.lineno, known.col_offset):
                first[each.attr] = each
    return {name for name, each in first.items() if isinstance(each.ctx, ast.Store)}


def _uses(module: Module, node: FunctionNode, me: str) -> Iterator[ast.Name]:
    for each in walk(node):
        if isinstance(each, ast.Name) and each.id in {"super", "__class__"}:
            raise NotExtractable(f"it uses {each.id} (line {each.lineno})")
        if isinstance(each, ast.Name) and each.id == me:
            yield each


def constant(method: BuildMethod, attribute: ast.Attribute) -> str:
    """Return the text of the constant that ``self.x`` is; raises `NotExtractable`."""
    module, name = method.module, attribute.attr
    scope = module.index.inner[method.owner]
    own, later = scope.bindings.get(name, []), scope.attributes.get(name, [])
    said = f"it uses self.{name} (line {attribute.lineno})"
    if any(binding.kind is BindingKind.FUNCTION for binding in own):
        raise NotExtractable(f"{said}, a method")
    if len(own) + len(later) != 1:
        raise NotExtractable(f"{said}, which is not a constant of the class")
    binding = (own or later)[0]
    if later and not _set_by_constructor(module, binding):
        raise NotExtractable(f"{said}, which another method sets")
    value = binding.value
    if value is None or not _is_constant(module, value):
        raise NotExtractable(f"{said}, which is not a constant: while an image is built there is no instance")
    return module.source.written(value)


def _set_by_constructor(module: Module, binding: Binding) -> bool:
    around = module.function_around(binding.node)
    return around is not None and around.name == "__init__" and module.index.parents.get(binding.node) is around


def _is_constant(module: Module, value: ast.expr) -> bool:
    """Tell whether a value is written out on one line, or is a name at the top of the file, or an attribute of one."""
    if value.lineno != value.end_lineno:
        return False
    if isinstance(value, ast.Name):
        return module.index.scopes[value].find(value.id) == module.index.module.bindings.get(value.id)
    if isinstance(value, ast.Attribute):
        return _is_constant(module, value.value)
    if isinstance(value, (ast.Tuple, ast.List)):
        return all(_is_constant(module, each) for each in value.elts)
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.operand, ast.Constant)
    return isinstance(value, ast.Constant)


def _rewritten(method: BuildMethod, name: str, edits: list[Patch], lines: list[str]) -> str:
    """Return the function's text: comments and body as they are, one level further out."""
    source, node = method.module.source, method.node
    start = source.line_span(node.lineno).start
    span = Span(start, _line_end(source, node))
    me = node.args.args[0]
    given = source.span(me)
    found = _NAME.search(source.slice(Span(start, given.start)))
    assert found is not None
    named = start + len(source.encode(source.slice(Span(start, given.start))[: found.start(1)]))
    after = source.slice(Span(given.end, source.span(node.body[0]).start))
    comma = len(source.encode(after[: after.index(",") + 1])) if after.lstrip().startswith(",") else 0
    own = [
        Patch(named, named + len(source.encode(node.name)), source.encode(name)),
        Patch(given.start, given.end + comma, b""),
    ]
    shifted = [Patch(each.start - start, each.end - start, each.data) for each in [*own, *edits]]
    text = apply(source.data[span.start : span.end], shifted).decode(source.encoding.removesuffix("-sig"))
    indent = source.indent_at(source.span(node).start)
    body = _dedented(node, text, indent, source)
    comments = "".join(line.removeprefix(indent) for line in _comments_above(source, method))
    return comments + _with_lines(source, method, body, lines, indent)


def _line_end(source: SourceFile, node: FunctionNode) -> int:
    """Return the end of a function, a comment beside its last statement included."""
    end = source.span(node).end
    rest = source.slice(Span(end, source.line_at(end).end)).rstrip()
    return end + len(source.encode(rest)) if rest.lstrip().startswith("#") else end


def _dedented(node: FunctionNode, text: str, indent: str, source: SourceFile) -> str:
    """Take one level of indentation off, but for lines within strings."""
    inside = {
        line
        for each in walk(node)
        if isinstance(each, (ast.Constant, ast.JoinedStr)) and each.end_lineno is not None
        for line in range(each.lineno + 1, each.end_lineno + 1)
    }
    lines = text.splitlines(keepends=True)
    return "".join(
        line if node.lineno + number in inside else line.removeprefix(indent) for number, line in enumerate(lines)
    )


def _with_lines(source: SourceFile, method: BuildMethod, body: str, lines: list[str], indent: str) -> str:
    """Put lines in before the first statement of a function's body, below its docstring."""
    if not lines:
        return body
    statements = method.node.body
    first = statements[1] if len(statements) > 1 and ast.get_docstring(method.node) is not None else statements[0]
    number = first.lineno - method.node.lineno
    inner = source.indent_at(source.span(first).start).removeprefix(indent)
    parts = body.splitlines(keepends=True)
    if number == 0:
        raise NotExtractable("it is written on one line")
    return "".join([*parts[:number], *(f"{inner}{line}{source.newline}" for line in lines), *parts[number:]])


def _comments_above(source: SourceFile, method: BuildMethod) -> list[str]:
    first = min(each.lineno for each in method.node.decorator_list)
    return [source.slice(source.line_span(line)) for line in range(_comment_line(source, first), first)]


def _comment_line(source: SourceFile, line: int) -> int:
    """Return the first line of the comments right above a line; the line itself where there are none."""
    while line > 1 and source.slice(source.line_span(line - 1)).lstrip(" \t").startswith("#"):
        line -= 1
    return line


def top(source: SourceFile, owner: ast.ClassDef) -> int:
    """Return where a class begins, its decorators and the comments above them included."""
    return above(source, min([owner.lineno, *(each.lineno for each in owner.decorator_list)]))


def above(source: SourceFile, line: int) -> int:
    """Return where a line begins, the comments right above it included."""
    return source.line_span(_comment_line(source, line)).start


def removal(module: Module, owner: ast.ClassDef, node: FunctionNode) -> Replace:
    """Return the change that takes a method out of its class, with its decorators and the comments above them."""
    source = module.source
    first = _comment_line(source, min([node.lineno, *(each.lineno for each in node.decorator_list)]))
    last = source.line_of(source.span(node).end)
    if owner.body[0] is node and all(_is_removed_too(module, each) for each in owner.body[1:]):
        start, end = source.line_span(first).start, source.line_span(last).end
        return Replace(
            source.path, Span(start, end), f"{source.indent_at(source.span(node).start)}pass{source.newline}"
        )
    if owner.body[0] is not node:
        while _is_blank(source, first - 1):
            first -= 1
    elif not _is_removed_too(module, owner.body[1]):
        while _is_blank(source, last + 1):
            last += 1
    return Replace(source.path, Span(source.line_span(first).start, source.line_span(last).end), "")


def _is_blank(source: SourceFile, line: int) -> bool:
    return not source.slice(source.line_span(line)).strip()


def _is_removed_too(module: Module, statement: ast.stmt) -> bool:
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return any(symbol in BUILD for _, symbol in module.decorators(statement))
