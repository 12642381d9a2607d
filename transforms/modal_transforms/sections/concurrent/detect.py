"""Where the old keyword is given: to decorators, to ``with_options``, by way of wrappers and of dicts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.modal_api.option_keys import keys, reached
from modal_transforms.sections.concurrent.argument import KEYWORD, Keyword
from modal_transforms.sections.concurrent.findings import (
    decorator_finding,
    dict_finding,
    options_finding,
    wrapper_finding,
)

_MADE = frozenset({"modal.App().function()", "modal.App().cls()", "modal.Function()", "modal.Cls()"})


def find_keywords(module: Module, section: Section) -> Iterator[Finding]:
    """Yield where the old keyword is given in a call."""
    for call in module.index.calls:
        item = keyword(call, KEYWORD)
        if item is None:
            continue
        callee = module.symbol(call.func)
        given = Keyword(section, module, call, item)
        if callee in DECORATORS:
            yield decorator_finding(given)
        elif callee == "modal.Cls().with_options":
            yield options_finding(given)
        else:
            yield from _on_wrapper(given)


def _on_wrapper(given: Keyword) -> Iterator[Finding]:
    """Yield a finding where the keyword reaches Modal through something that takes any keyword."""
    module, call = given.module, given.call
    callee = module.resolve(call.func)
    node = callee.node if callee is not None and callee.symbol == "local.function" else None
    hands_on = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _takes_any(node)
    if hands_on and module.symbol(call) in _MADE:
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        yield wrapper_finding(given, f"Give {node.name} a parameter of its own for the limit, and let it put ")
    elif call.args and qualified_name(module, call.func) == "functools.partial":
        handed = module.symbol(call.args[0])
        if handed in DECORATORS:
            yield wrapper_finding(given, "Take it out of the partial, and put ")


def _takes_any(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return node.args.kwarg is not None and all(argument.arg != KEYWORD for argument in named)


def find_in_dicts(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the keys of dicts whose entries reach Modal."""
    for key in keys(module, {KEYWORD}):
        found = reached(key)
        if found.calls and key.taker is None:
            yield dict_finding(module, section, key, found)
