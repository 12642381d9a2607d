"""``image.extend(dockerfile_commands=["FROM base", ...])``: a Dockerfile of its own, on top of the image."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span

_OLD = "modal.Image().extend"
_TAKEN = frozenset({"dockerfile_commands", "context_mount", "secrets", "force_build"})
"""What ``dockerfile_commands`` takes as well, or what the section about mounts sees to."""


def find_extended(module: Module) -> Iterator[Finding]:
    """Yield the images that commands of a Dockerfile extend; what else ``extend`` took is not said here."""
    for call in module.index.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "extend" or module.symbol(call.func) != _OLD:
            continue
        choice = _choice(module, call, call.func)
        if choice is not None:
            yield module.finding(
                "extend",
                module.source.attribute_word(call.func),
                "Image.extend has gone: dockerfile_commands goes on from an image by itself",
                Applicability.REVIEW,
                (choice,),
                explain(module, call.func),
                breaks_in="0.64.34",
            )


def _choice(module: Module, call: ast.Call, name: ast.Attribute) -> Choice | None:
    first = call.keywords[0] if call.keywords and not call.args else None
    if first is None or first.arg != "dockerfile_commands" or {item.arg for item in call.keywords} - _TAKEN:
        return None
    path, source, given = module.source.path, module.source, first.value
    lines = given.elts if isinstance(given, ast.List) else []
    if len(lines) < 2 or (text_of(lines[0]) or "").split() != ["FROM", "base"]:
        return None
    changes = (
        Replace(path, source.attribute_word(name), "dockerfile_commands"),
        Replace(path, Span(source.span(first).start, source.span(given).start), ""),
        Replace(path, Span(source.span(lines[0]).start, source.span(lines[1]).start), ""),
    )
    return Choice("commands", "write dockerfile_commands, without FROM base", "The same layers, built anew.", changes)
