"""``f.get_raw_f()(x)`` becomes ``f.local(x)``, which runs the same function here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Site, Span

RULE = "raw-function"


def with_local(module: Module, finding: Finding) -> Finding:
    """Return the finding of the ``get_raw_f`` of a file, with the choice to run them, if all are called at once."""
    spans = [module.once(_called).get(site) for site in finding.sites]
    changes = tuple(Replace(module.source.path, span, "local") for span in spans if span is not None)
    if len(changes) < len(spans):
        return finding
    effect = "None: the function runs here, in this process, as it did."
    choice = Choice("local", "write .local(...)", effect, changes)
    return replace(finding, applicability=Applicability.REVIEW, choices=(choice,), advice="")


def _called(module: Module) -> dict[Site, Span]:
    """Return what ``local`` takes the place of, by where the name ``get_raw_f`` is, for results that are called."""
    found: dict[Site, Span] = {}
    for node in module.index.attributes:
        call = module.index.parents[node]
        if node.attr != "get_raw_f" or not (isinstance(call, ast.Call) and call.func is node and not call.args):
            continue
        outer = module.index.parents[call]
        if isinstance(outer, ast.Call) and outer.func is call and not call.keywords:
            word = module.source.attribute_word(node)
            found[module.source.site(word)] = Span(word.start, module.source.span(call).end)
    return found


def find_tested(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the ``get_raw_f`` of names that ``isinstance`` tells to be functions of Modal."""
    for node in module.index.attributes:
        if node.attr == "get_raw_f" and isinstance(node.value, ast.Name) and not module.symbol(node.value):
            tests = [each.test for each in module.index.ancestors(node) if isinstance(each, ast.If)]
            if any(_tells(module, test, node.value.id) for test in tests):
                yield module.finding(
                    section,
                    RULE,
                    module.source.attribute_word(node),
                    "modal.Function.get_raw_f went in 1.6.0",
                    Applicability.MANUAL,
                    evidence=(f"{node.value.id} is tested to be a modal.Function",),
                    advice="Call .local(...), or keep the work in a plain function that this one calls.",
                    breaks_in="1.6.0",
                )


def _tells(module: Module, test: ast.expr, name: str) -> bool:
    if not isinstance(test, ast.Call) or ast.unparse(test.func) != "isinstance" or len(test.args) != 2:
        return False
    return ast.unparse(test.args[0]) == name and module.symbol(test.args[1]) == "modal.Function"
