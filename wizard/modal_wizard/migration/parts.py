"""The parts of a finding that a person may write by hand: whole statements or functions, one after another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from modal_transforms.core.model import Finding, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import Rewritten
from modal_wizard.migration.rewrites import as_typed, core_patches, first_key, typed_patches, with_blanks
from modal_wizard.session.decisions import Decision, ManualEdit, Status

MOST = 40
"""Lines of a statement or function that are shown whole."""
AROUND = 3
"""Lines around a change where no statement is short enough, or none is known."""
_LINES = pattern(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Editable(Protocol):
    """What a finding's parts are asked of: its files, and what is decided of it."""

    def source(self, path: str) -> SourceFile:
        """Return a file as it was scanned; raises `CannotRewrite`."""

    def decision(self, finding: Finding) -> Decision:
        """Return where a finding stands."""

    def rewritten(self, finding: Finding, decision: Decision) -> dict[str, Rewritten]:
        """Return the files that a decision about one finding changes; raises `CannotRewrite`."""


def editable_parts(migration: Editable, finding: Finding, choice: str) -> list[tuple[ManualEdit, str]]:
    """Return the parts of a finding in the files that a choice changes.

    Each is a whole statement or function after the choice, or what was typed before, and its text as it is now.
    """
    decision = migration.decision(finding)
    if decision.status is not Status.EDITED:
        decision = Decision(Status.ACCEPTED, choice or first_key(finding))
    changed = migration.rewritten(finding, with_blanks(finding, decision)) if decision.choice or decision.typed else {}
    sources = [migration.source(path) for path in [*changed] or [finding.site.path]]
    parts = [(source, part) for source in sources for part in parts_of(source, finding, decision)]
    return [(part, source.slice(Span(part.start, part.end))) for source, part in parts]


def parts_of(source: SourceFile, finding: Finding, decision: Decision) -> list[ManualEdit]:
    """Return the parts of a file that a decision changes, each as its text after the change."""
    typed = [edit for edit in decision.edits if edit.path == source.path]
    patches = [patch for edit in typed for patch in typed_patches(source, edit)]
    patches = patches if typed else [*core_patches(source, finding, decision)]
    sites = [site.text_lines for site in finding.sites if site.path == source.path]
    statements = _statements(source)
    imports = [lines for lines, is_import in statements if is_import and not any(_meet(lines, one) for one in sites)]
    touched = [_lines(source, edit.start, edit.end) for edit in typed]
    changed = [_lines(source, patch.start, patch.end) for patch in patches]
    touched += [lines for lines in changed if not any(_meet(lines, one) for one in imports)]
    whole = [_whole(source, lines, [each for each, _ in statements]) for lines in touched or sites]
    return [as_typed(source, patches, lines) for lines in _apart(whole)]


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def trimmed(source: SourceFile, finding: Finding, typed: ManualEdit) -> ManualEdit:
    """Return typed text without the lines at both ends that are as they were, but for those of the finding.

    What else is decided of those lines does not get into its way then.
    """
    old, new = _LINES.findall(source.slice(Span(typed.start, typed.end))), _LINES.findall(typed.text)
    begin = source.line_of(typed.start)
    own = [line - begin for site in finding.sites if site.path == source.path for line in site.text_lines]
    own = [line for line in own if 0 <= line < len(old)]
    first = min([_common(old, new), *own])
    last = min([_common(old[first:][::-1], new[first:][::-1]), *(len(old) - 1 - line for line in own)])
    if first + last >= len(old):
        return typed
    start, end = (typed.start + len(source.encode("".join(old[:count]))) for count in (first, len(old) - last))
    return ManualEdit(typed.path, start, end, "".join(new[first : len(new) - last]))


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines at the beginning are the same."""
    return next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _lines(source: SourceFile, start: int, end: int) -> range:
    return range(source.line_of(start), source.line_of(max(start, end - 1)) + 1)


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


def _whole(source: SourceFile, lines: range, statements: Sequence[range]) -> range:
    """Return the lines of the largest statement or function around some lines that can be shown whole."""
    last = len(source.line_starts)
    around = range(max(1, lines.start - AROUND), min(last, lines.stop - 1 + AROUND) + 1)
    fitting = [each for each in statements if each.start <= lines.start and lines.stop <= each.stop]
    short = [each for each in fitting if len(each) <= MOST]
    return max(short, key=len) if short else around if len(lines) <= MOST else lines


def _statements(source: SourceFile) -> list[tuple[range, bool]]:
    """Return the lines of every statement, decorators included, and whether it imports something.

    There are none where Python cannot read the file.
    """
    if not source.path.endswith(".py"):
        return []
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return [(_range(node), isinstance(node, (ast.Import, ast.ImportFrom))) for node in found]


def _range(node: ast.stmt) -> range:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (node.end_lineno or node.lineno) + 1)
