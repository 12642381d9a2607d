"""Command lines in Python: lists of words and strings, what they stand for, and what starts a process with them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.index import Binding, BindingKind, FunctionNode
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import CommandLine, Word
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.config import list_lines
from modal_transforms.formats.mapped_text import mentioned, text_of
from modal_transforms.modal_api.command_values import FUNCTION, argument_for, is_path, values_of

TAKES_A_REFERENCE = re.compile(r"\b(?:run|deploy|serve|shell)\b")
"""The commands that take an app."""
_MENTIONED = re.compile(rb"#[^\r\n#]*modal")
_RUNNERS = re.compile(
    r"subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(?:system|popen|exec\w+|spawn\w+)"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_(?:exec|shell)|shlex\.split|pty\.spawn|commands\.getoutput"
)


def lists(module: Module) -> Iterator[list[ast.expr]]:
    """Yield the elements of lists, tuples and argument lists that have ``"modal"`` as an element."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        if node.value != "modal" and not str(node.value).endswith("/modal"):
            continue
        around: ast.AST = module.index.parents[node]
        while isinstance(module.index.parents.get(around), ast.BinOp):
            around = module.index.parents[around]
        if around not in seen:
            seen.add(around)
            yield _elements(around)


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_elements(node.left), *_elements(node.right)]
    return [node] if isinstance(node, ast.expr) else []


def word_of(module: Module, node: ast.expr) -> Word:
    """Return an element of an argument list as a word of the command line."""
    span = module.source.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Word(node.value, span)
    if isinstance(node, ast.JoinedStr):
        written = literal(module.source, node)
        return Word(written.text if written else "", span, known=False, values=values_of(module, node))
    if not _is_one_word(module, node):
        return Word("", span, known=False, many=True)
    return Word(ast.unparse(node) if is_path(node) else "", span, known=False, values=values_of(module, node))


def _is_one_word(module: Module, node: ast.expr) -> bool:
    """Tell whether an element stands for exactly one word: not for a starred list, nor for a list that is added."""
    parent = module.index.parents.get(node)
    return not isinstance(node, ast.Starred) and not isinstance(parent, ast.BinOp)


def list_flag(module: Module, at: ast.expr) -> str:
    """Return ``"-m"`` as an element before another, on a line of its own where the elements have theirs."""
    source = module.source
    span = source.span(at)
    written = source.slice(span)
    quote = "'" if written.lstrip("rRbBuUfF").startswith("'") else '"'
    start = source.line_span(source.line_of(span.start)).start
    own_line = not source.data[start : span.start].strip()
    gap = source.newline + source.indent_at(span.start) if own_line else " "
    return f"{quote}-m{quote},{gap}"


def runner_of(module: Module, node: ast.AST) -> str:
    """Return the function that starts a process with what a node is part of, directly or by a variable."""
    within = node
    for around in module.index.ancestors(node):
        if isinstance(around, ast.Call):
            path = qualified_name(module, around.func)
            return path if _RUNNERS.fullmatch(path) else _own_runner(module, around, within)
        within = within if isinstance(around, ast.keyword) else around
        target = around.targets[0] if isinstance(around, ast.Assign) else getattr(around, "target", None)
        if isinstance(around, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and isinstance(target, ast.Name):
            return _given_to(module, target)
        if isinstance(around, ast.stmt):
            break
    return ""


def _own_runner(module: Module, call: ast.Call, argument: ast.AST) -> str:
    """Return what starts the process when a function of the repository is called that hands its parameter to it."""
    function = module.resolve(call.func)
    if function is None or not isinstance(function.node, FUNCTION):
        return ""
    for handed in function.module.once(_handing_on).get(function.node, ()):
        if _is_given(module, call, handed, argument):
            return f"{handed.path} in {function.node.name}()"
    return ""


class _Handed(NamedTuple):
    """A parameter that a function gives to what starts a process."""

    name: str
    positional: list[str]
    """The parameters that go by position, without the object of a method."""
    path: str
    """What starts the process."""
    many: bool
    """It takes all arguments that are left."""


def _is_given(module: Module, call: ast.Call, handed: _Handed, argument: ast.AST) -> bool:
    if handed.many:
        return module.once(_positions).get(argument, -1) >= len(handed.positional)
    return argument_for(call, handed.positional, handed.name) is argument


def _positions(module: Module) -> dict[ast.AST, int]:
    """Return the place of each argument that a call gives by position."""
    return {argument: at for call in module.index.calls for at, argument in enumerate(call.args)}


def _handing_on(module: Module) -> dict[ast.AST, list[_Handed]]:
    """Return, by function, the parameters that it gives to what starts a process."""
    found: dict[ast.AST, list[_Handed]] = {}
    seen: set[tuple[ast.AST, str]] = set()
    for name, runs in module.once(_runs).items():
        for call, path in runs:
            bindings = module.index.scopes[call].find(name)
            function = bindings[0].scope.node if len(bindings) == 1 else None
            if isinstance(function, FUNCTION) and (function, name) not in seen and _is_parameter(bindings):
                seen.add((function, name))
                found.setdefault(function, []).append(_handed(module, function, name, path))
    return found


def _handed(module: Module, function: FunctionNode, name: str, path: str) -> _Handed:
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    if isinstance(module.index.parents[function], ast.ClassDef) and not static:
        names = names[1:]
    many = arguments.vararg is not None and arguments.vararg.arg == name
    return _Handed(name, names, path, many)


def _is_parameter(bindings: list[Binding]) -> bool:
    return bindings[0].kind is BindingKind.PARAMETER


def _given_to(module: Module, name: ast.Name) -> str:
    """Return the function that starts a process with a variable."""
    scope = module.index.scopes[name]
    for call, path in module.once(_runs).get(name.id, ()):
        if scope in module.index.scopes[call].enclosing():
            return path
    return ""


def _runs(module: Module) -> dict[str, list[tuple[ast.Call, str]]]:
    """Return the calls that start a process with a variable, and what they call, by the variable's name."""
    found: dict[str, list[tuple[ast.Call, str]]] = {}
    for call in module.index.calls:
        path = qualified_name(module, call.func)
        if _RUNNERS.fullmatch(path):
            given = [item.value if isinstance(item, ast.Starred) else item for item in call.args]
            given += [item.value for item in call.keywords if item.arg in {"args", "cmd"}]
            for name in dict.fromkeys(item.id for item in given if isinstance(item, ast.Name)):
                found.setdefault(name, []).append((call, path))
    return found


def strings(module: Module, said: re.Pattern[str] = TAKES_A_REFERENCE) -> Iterator[ast.expr]:
    """Yield the strings and f-strings that may hold a command line with words of a pattern."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        text = str(node.value)
        parent = module.index.parents[node]
        whole = parent if isinstance(parent, ast.JoinedStr) else node
        if "modal" in text and said.search(text) and whole not in seen:
            seen.add(whole)
            yield whole


def commented(source: SourceFile) -> Iterator[CommandLine]:
    """Yield the commands that comments of a file's Python show."""
    if _MENTIONED.search(source.program):
        for start, text in comments(source):
            if "modal" in text:
                shown = text_of(text.encode(), start)
                yield from mentioned(shown, "a comment")
                yield from (replace(line, where="a comment", runs=False) for line in list_lines(shown, "a comment"))
