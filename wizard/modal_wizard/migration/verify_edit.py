"""Check text that a person typed: it parses, and the old spelling is gone from it."""

from __future__ import annotations

import io
import tokenize

from modal_transforms.core.model import Finding, Span
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten
from modal_wizard.migration.rewrites import file_change
from modal_wizard.scan.result import AsIf, Scan
from modal_wizard.session.decisions import ManualEdit

_SPACE = frozenset({tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE})


def recheck(before: Scan, as_if: AsIf, finding: Finding, typed: ManualEdit, result: Rewritten) -> None:
    """Raise `CannotRewrite`, with the line, when typed text still holds what the finding is about.

    ``before`` is what was found before it was typed, and ``as_if`` tells what would be.
    """
    after = result.after
    earlier = [patch for patch in result.patches if patch.start < typed.start and patch.end <= typed.start]
    start = typed.start + sum(len(patch.data) - (patch.end - patch.start) for patch in earlier)
    end = start + len(after.encode(typed.text))
    _check_indentation(typed, result, after.line_of(start))
    old = [found for found in before.findings if _within(found, finding, typed.path, typed.start, typed.end)]
    now = as_if({after.path: file_change(result).after}).findings
    left = [found for found in now if _within(found, finding, typed.path, start, end)]
    same, were = ([found for found in several if found.site.text == finding.site.text] for several in (left, old))
    stays = bool(same) and len(same) >= len(were)
    if stays or (left and len(left) >= len(old)):
        still = (same if stays else left)[-1]
        line = after.line_of(still.site.span.start) - after.line_of(start) + 1
        raise CannotRewrite(f"line {line} of the text: {still.message}; change it, or skip the finding")


def _within(found: Finding, like: Finding, path: str, start: int, end: int) -> bool:
    """Tell whether a finding is of the same rule as another, and between two offsets of a file."""
    return found.rule == like.rule and found.site.path == path and start <= found.site.span.start < end


def _check_indentation(typed: ManualEdit, result: Rewritten, line: int) -> None:
    """Raise `CannotRewrite` when a statement begins further in or out than it did: it would belong to another block."""
    old, new = (_indentation(text) for text in (result.before.slice(Span(typed.start, typed.end)), typed.text))
    if old != new and typed.path.endswith(".py") and _begins_statement(result.after.text, line):
        raise CannotRewrite(f"line 1 of the text: it is indented by {len(new)} characters, and was by {len(old)}")


def _indentation(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


def _begins_statement(text: str, line: int) -> bool:
    """Tell whether the first code from a line on is not inside brackets."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.start[0] >= line and token.type not in _SPACE:
            return depth == 0
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
    return False
