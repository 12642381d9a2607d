"""allow_concurrent_inputs → @modal.concurrent.

The decorator exists from 0.73.132 on, the keyword warns from 0.74.0 on and raises from 1.4.0 on, even when it is
``None``. ``max_inputs`` alone is what the keyword did on functions and classes; ``with_options`` set the target too.
Guide: https://modal.com/docs/guide/modal-1-0-migration#replacing-allow_concurrent_inputs-with-modalconcurrent

    @app.function(allow_concurrent_inputs=10)        ->    @app.function()
    def f(x): ...                                          @modal.concurrent(max_inputs=10)
                                                           def f(x): ...
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.modal_api.option_keys import keys, reached
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import OldName, find_in_texts
from modal_transforms.sections.concurrent.argument import KEYWORD, Keyword
from modal_transforms.sections.concurrent.findings import (
    decorator_finding,
    dict_finding,
    options_finding,
    wrapper_finding,
)

SECTION = Section(
    number=7,
    slug="concurrent",
    title="allow_concurrent_inputs → @modal.concurrent",
    anchor="replacing-allow_concurrent_inputs-with-modalconcurrent",
    since="0.73.148",
    breaks_in="1.4.0",
    subject="replace allow_concurrent_inputs by @modal.concurrent",
    what=(
        "How many inputs a container takes at once is set by a decorator of its own, directly under "
        "@app.function or @app.cls."
    ),
    why=(
        "From 1.4.0 the old keyword raises DeprecationError, even when it is None. max_inputs alone is "
        "what the keyword did."
    ),
    before=("@app.function(allow_concurrent_inputs=10)\ndef f(x): ..."),
    after=("@app.function()\n@modal.concurrent(max_inputs=10)\ndef f(x): ..."),
)

SPELLINGS = Spellings((spelled(How.KEYWORD, KEYWORD, now="it is @modal.concurrent(max_inputs=…) now, a decorator"),))

NAMES = (
    OldName(
        rf"(?:(?<=[`>])|\A){KEYWORD}(?:=(?P<number>\d+))?(?=[`<]|\Z)",
        lambda match: f"@modal.concurrent(max_inputs={match['number']})" if match["number"] else "@modal.concurrent",
        KEYWORD,
        "modal.concurrent",
    ),
)
"""The keyword where a text shows it alone; anything else cannot be written in its place."""

_MADE = frozenset({"modal.App().function()", "modal.App().cls()", "modal.Function()", "modal.Cls()"})


def find(module: Module) -> Iterator[Finding]:
    """Yield where the old keyword is given: to decorators, to ``with_options``, in dicts that reach them."""
    if KEYWORD.encode() in module.source.data:
        yield from _find_keywords(module)
        yield from _find_in_dicts(module)
    yield from find_in_texts(module, SECTION, NAMES)


def _find_keywords(module: Module) -> Iterator[Finding]:
    """Yield where the old keyword is given in a call."""
    for call in module.index.calls:
        item = keyword(call, KEYWORD)
        if item is None:
            continue
        callee = module.symbol(call.func)
        given = Keyword(module, call, item)
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


def _find_in_dicts(module: Module) -> Iterator[Finding]:
    """Yield the keys of dicts whose entries reach Modal."""
    for key in keys(module, {KEYWORD}):
        found = reached(key)
        if found.calls and key.taker is None:
            yield dict_finding(module, key, found)
