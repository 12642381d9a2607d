"""Annotations that are no types: ``values: [float]`` on methods and functions that Modal runs.

Between 1.2.6 and 1.3.5 the SDK began to look annotations up, and a list or a dict cannot be.

    def run(self, values: [float]): ...    ->    def run(self, values: list[float]): ...
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span

SECTION = Section(
    slug="annotations",
    title="Annotations that are no types",
    breaks_in="1.1.0",
    subject="annotate with types",
    what="A list or dict that is written out as an annotation, as in values: [float], is not taken for a type.",
    why="TypeError: unhashable type, when the class is defined, or the function is run or deployed.",
    before="@modal.method()\ndef run(self, values: [float]): ...",
    after="@modal.method()\ndef run(self, values: list[float]): ...",
)

_RUN = frozenset({"modal.App().function()", "modal.method()", "modal.batched()"})
_TAKE_LISTS = ("Callable", "Literal", "Annotated", "Concatenate")
"""Types in whose brackets a list is no type, or may be any value."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the lists and dicts that annotate what Modal runs in a file."""
    for function in module.index.functions:
        found = [part for each in _annotations(function) if each is not None for part in _no_types(each)]
        if found and any(symbol in _RUN for _, symbol in module.decorators(function)):
            yield from (_finding(module, function, each) for each in found)


def _annotations(function: FunctionNode) -> list[ast.expr | None]:
    given = function.args
    rest = [each for each in (given.vararg, given.kwarg) if each is not None]
    return [each.annotation for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, *rest)] + [
        function.returns
    ]


def _no_types(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the lists, dicts and sets that stand for types: the whole annotation, or within the brackets of types."""
    if isinstance(node, (ast.List, ast.Dict, ast.Set)):
        yield node
    elif isinstance(node, ast.Subscript) and not ast.unparse(node.value).endswith(_TAKE_LISTS):
        for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            yield from _no_types(part)
    elif isinstance(node, ast.BinOp):
        yield from _no_types(node.left)
        yield from _no_types(node.right)


def _finding(module: Module, function: FunctionNode, node: ast.expr) -> Finding:
    span = module.source.span(node)
    lists = list(_lists(node))
    fits = None not in lists and not module.index.scopes[function].find("list", function.lineno)
    starts = [module.source.span(each).start for each in lists if each is not None]
    changes = tuple(Replace(module.source.path, Span(start, start), "list") for start in starts)
    kind = "dict" if isinstance(node, ast.Dict) else "set" if isinstance(node, ast.Set) else "list"
    return module.finding(
        "annotation",
        span,
        f"{function.name} is annotated with a {kind}, which is no type",
        Applicability.SAFE if fits else Applicability.MANUAL,
        (Choice("list", "write list[...]", "None at run time: it says what was meant.", changes),) if fits else (),
        advice="" if fits else "Write a type: dict[str, int], tuple[int, str], or a class.",
    )


def _lists(node: ast.expr) -> Iterator[ast.List | None]:
    """Yield the lists of one element that stand for types, one inside another; ``None`` for what is no type."""
    if isinstance(node, ast.List) and len(node.elts) == 1:
        yield node
        yield from _lists(node.elts[0])
    elif isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple)):
        yield None
