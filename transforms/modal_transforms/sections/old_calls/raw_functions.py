"""``f.get_raw_f()(x)`` becomes ``f.local(x)``, which runs the same function here."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Site, Span

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
