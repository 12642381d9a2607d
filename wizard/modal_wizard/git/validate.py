"""Whether a commit holds a sound program of a file of which it takes only our lines, and not the person's."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from modal_transforms.analysis.parse import ParseFailure, parse
from modal_transforms.core.source import Unreadable
from modal_transforms.formats import open_source

_KNOWN = frozenset(dir(builtins)) | {"__file__", "__path__"}


class Unsound(Exception):
    """A file that cannot be committed without the person's own lines; the message says why."""


def check_sound(path: str, base: bytes, held: bytes, what: str) -> None:
    """Raise `Unsound` when ``base`` (such as HEAD's version) is a program and ``held``, with our changes, is none."""
    before, fault = _tree(path, base)
    if before is None:
        return
    after, fault = _tree(path, held)
    if after is None:
        raise Unsound(f"without your own uncommitted lines {what} would not be Python any more ({fault})")
    missing = sorted(_unbound(after) - _unbound(before))
    if missing:
        raise Unsound(f"our change needs {', '.join(missing)}, which only your own uncommitted lines give {what}")


def _tree(path: str, data: bytes) -> tuple[ast.Module | None, str]:
    try:
        return parse(open_source(path, data)).tree, ""
    except (ParseFailure, Unreadable) as error:
        return None, str(error)


def _unbound(tree: ast.Module) -> set[str]:
    """Return the names that a program reads and nothing in it binds; none where it imports everything of a module."""
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in nodes):
        return set()
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - _KNOWN - {name for node in nodes for name in _bound(node)}


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
