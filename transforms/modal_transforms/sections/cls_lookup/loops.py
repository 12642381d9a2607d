"""Methods that are read from a class in a loop: one instance above it does for all its rounds."""

from __future__ import annotations

import ast
import re

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.scopes import COMPREHENSIONS
from modal_transforms.core.model import AddLine, Change, Replace, Span
from modal_transforms.modal_api.naming import is_free

_ABOVE = (ast.For, ast.AsyncFor, ast.While, ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)
"""Statements above which a line may be written."""


def above_the_loop(module: Module, node: ast.Attribute) -> tuple[str, tuple[Change, ...]] | None:
    """Return the name of an instance that is made above the outermost loop around a method, and what makes it.

    ``None`` where there is no loop, where the class is not the same in each round, or no line can go above.
    """
    owner = node.value
    loop = _outermost_loop(module, node)
    if loop is None or not isinstance(owner, ast.Name) or not _is_the_same(module, owner, loop):
        return None
    name = next((each for each in _names(owner.id) if is_free(module, each)), None)
    if name is None:
        return None
    path, source = module.source.path, module.source
    line = AddLine(path, source.span(loop), f"{name} = {owner.id}()", before=True)
    return name, (line, Replace(path, source.span(owner), name))


def _outermost_loop(module: Module, node: ast.expr) -> ast.stmt | None:
    """Return the outermost statement of the function around that runs a node more than once; ``None`` without one."""
    part: ast.AST = node
    found: ast.stmt | None = None
    looped = False
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.ClassDef, ast.Lambda)):
            return None
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            break
        looped = looped or _repeats(module, around, part)
        if isinstance(around, ast.stmt) and looped:
            found, looped = around, False
        part = around
    return found if isinstance(found, _ABOVE) and _begins_its_line(module, found) else None


def _repeats(module: Module, around: ast.AST, part: ast.AST) -> bool:
    """Tell whether a node runs one of its parts more than once."""
    if isinstance(around, (ast.For, ast.AsyncFor)):
        return part in around.body
    if isinstance(around, ast.While):
        return part not in around.orelse
    if isinstance(around, ast.comprehension):
        whole = module.index.parents[around]
        return part is not around.iter or getattr(whole, "generators", [around])[0] is not around
    return isinstance(around, COMPREHENSIONS) and not isinstance(part, ast.comprehension)


def _begins_its_line(module: Module, statement: ast.stmt) -> bool:
    source = module.source
    start = source.span(statement).start
    line = source.line_at(start).start
    return source.slice(Span(line, start)) == source.indent_at(start)


def _is_the_same(module: Module, owner: ast.Name, loop: ast.stmt) -> bool:
    """Tell whether a class is bound before a loop, and not in it."""
    bindings = module.index.scopes[owner].find(owner.id)
    own = module.index.scopes[owner].whole or module.index.scopes[owner]
    around = [{binding.node, *module.index.ancestors(binding.node)} for binding in bindings]
    later = [each for each in bindings if each.scope is own and getattr(each.node, "lineno", 0) >= loop.lineno]
    return bool(bindings) and not later and not any(loop in each for each in around)


def _names(owner: str) -> tuple[str, str]:
    """Return what an instance of a class may be called: ``TextModel`` gives ``text_model``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", owner).lower()
    return words, f"{words}_instance"
