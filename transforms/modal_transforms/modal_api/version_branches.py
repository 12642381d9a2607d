"""Code that runs only with some versions of the SDK, because the program asks first or catches what is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import msgspec

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Span
from modal_transforms.modal_api.guards import asks, uses_modal

_TELLING = (b"hasattr", b"__version__", b"except", b"version(")
"""Words without which a file tells no versions apart."""
_MISSING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"})
"""What is raised where the SDK lacks a name or an argument."""
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Branches(msgspec.Struct, frozen=True):
    """Code of which some versions of the SDK run one part and others another."""

    span: Span
    line: int
    """Where the program tells them apart, 1-based."""


def lowered(module: Module, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return a file's findings; those in such code are for review, as the old form may be meant for the old SDK."""
    is_safe = any(each.applicability is Applicability.SAFE for each in findings)
    if not is_safe or not any(word in module.source.data for word in _TELLING):
        return findings
    return [_lowered(module, each) for each in findings]


def _lowered(module: Module, finding: Finding) -> Finding:
    if finding.applicability is not Applicability.SAFE:
        return finding
    spans = [site.span for site in finding.sites if site.path == module.source.path]
    for branches in module.once(_all_branches):
        if any(branches.span.contains(span) for span in spans):
            said = f"line {branches.line} tells versions of the SDK apart: the old form may be meant for the old one"
            evidence = (*finding.evidence, said)
            return msgspec.structs.replace(finding, applicability=Applicability.REVIEW, evidence=evidence)
    return finding


def _all_branches(module: Module) -> list[Branches]:
    parents = dict.fromkeys(module.index.parents.values())
    caught = [node for node in parents if isinstance(node, ast.Try) and _catches(node)]
    tried = {name for node in caught for name in _names_tried(node)}
    found = [_branches(module, node) for node in caught if uses_modal(module, node.body) and _falls_back(module, node)]
    for node in parents:
        if isinstance(node, (ast.If, ast.IfExp)) and _tells_apart(module, node.test, tried):
            found.append(_branches(module, node))
    return found


def _branches(module: Module, node: ast.If | ast.IfExp | ast.Try) -> Branches:
    """Return what a statement or expression parts, with what stands after it where one of its parts leaves."""
    span, last = module.source.span(node), node
    if isinstance(node, ast.If) and isinstance(node.body[-1], _LEAVING):
        around = module.index.parents[node]
        blocks = [getattr(around, name, None) for name in ("body", "orelse", "finalbody")]
        last = next(block[-1] for block in blocks if isinstance(block, list) and node in block)
    return Branches(Span(span.start, module.source.span(last).end), node.lineno)


def _catches(statement: ast.Try) -> bool:
    caught = [node for handler in statement.handlers if handler.type is not None for node in ast.walk(handler.type)]
    return any(isinstance(node, ast.Name) and node.id in _MISSING for node in caught)


def _names_tried(statement: ast.Try) -> Iterator[str]:
    """Yield the names that are imported from Modal, or given by it, where it has them."""
    for node in statement.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "modal":
            yield from (alias.asname or alias.name for alias in node.names)


def _falls_back(module: Module, statement: ast.Try) -> bool:
    return any(uses_modal(module, handler.body) for handler in statement.handlers)


def _tells_apart(module: Module, test: ast.expr, tried: set[str]) -> bool:
    """Tell whether a condition asks what the SDK has or which version it is, itself or by a name given before."""
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            values = (binding.value for binding in module.reaching(node) if binding.value is not None)
            if node.id in tried or any(asks(module, value) for value in values):
                return True
    return asks(module, test)
