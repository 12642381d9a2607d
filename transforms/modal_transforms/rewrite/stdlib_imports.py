"""Import a module of the standard library that the rewritten code uses."""

from __future__ import annotations

import ast
import sys

from modal_transforms.analysis.index import Index
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile


def import_modules(source: SourceFile, index: Index, modules: set[str]) -> list[Patch]:
    """Return the patches that import modules which the file does not import at its top yet."""
    top = [node for node in index.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    known = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names if not alias.asname}
    lines = "".join(f"import {module}{source.newline}" for module in sorted(modules - known))
    if not lines:
        return []
    others = [node for node in top if not _is_future(node)]
    first = next((node for node in others if _is_standard(node)), others[0] if others else None)
    if first is not None:
        at = source.line_span(first.lineno).start
        return [Patch(at, at, source.encode(lines))]
    return [_after_header(source, index, lines)]


def _after_header(source: SourceFile, index: Index, lines: str) -> Patch:
    body = index.tree.body
    header = [node for node in body if _is_future(node)] or [node for node in body[:1] if _is_text(node)]
    if header:
        at = source.line_span(header[-1].end_lineno or 1).end
        return Patch(at, at, source.encode(source.newline + lines))
    at = source.line_span(body[0].lineno).start if body else len(source.data)
    return Patch(at, at, source.encode(lines + source.newline))


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    name = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    return name.partition(".")[0] in sys.stdlib_module_names and not getattr(node, "level", 0)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
