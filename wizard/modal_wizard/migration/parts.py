"""The parts of a finding that a person may write by hand: whole statements or functions, one after another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from modal_transforms.core.model import Finding
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile
from modal_wizard.migration.rewrites import as_typed, core_patches
from modal_wizard.session.log import Decision, ManualEdit

MOST = 40
"""Lines of a statement or function that are shown whole."""
AROUND = 3
"""Lines around a change where no statement is short enough, or none is known."""


def parts_of(source: SourceFile, finding: Finding, decision: Decision) -> list[ManualEdit]:
    """Return the parts of a file that a decision changes, each as its text after the change."""
    patches = core_patches(source, finding, decision)
    touched = [_lines(source, patch) for patch in patches]
    touched += [site.text_lines for site in finding.sites if site.path == source.path and not patches]
    return [as_typed(source, patches, lines) for lines in _apart(_whole(source, lines) for lines in touched)]


def _lines(source: SourceFile, patch: Patch) -> range:
    return range(source.line_of(patch.start), source.line_of(max(patch.start, patch.end - 1)) + 1)


def _apart(several: Iterable[range]) -> Iterator[range]:
    """Yield ranges of lines in order, those that touch each other as one."""
    here: range | None = None
    for lines in sorted(several, key=lambda each: (each.start, each.stop)):
        if here is not None and lines.start <= here.stop:
            here = range(here.start, max(here.stop, lines.stop))
            continue
        if here is not None:
            yield here
        here = lines
    if here is not None:
        yield here


def _whole(source: SourceFile, lines: range) -> range:
    """Return the lines of the largest statement or function around some lines that can be shown whole."""
    last = len(source.line_starts)
    around = range(max(1, lines.start - AROUND), min(last, lines.stop - 1 + AROUND) + 1)
    fitting = [each for each in _statements(source) if each.start <= lines.start and lines.stop <= each.stop]
    short = [each for each in fitting if len(each) <= MOST]
    return max(short, key=len) if short else around if len(lines) <= MOST else lines


def _statements(source: SourceFile) -> list[range]:
    """Return the lines of every statement, decorators included; none where Python cannot read the file."""
    if not source.path.endswith(".py"):
        return []
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [_range(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _range(node: ast.stmt) -> range:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (node.end_lineno or node.lineno) + 1)
