"""allow_concurrent_inputs → @modal.concurrent.

The decorator exists from 0.73.132 on, the keyword warns from 0.74.0 on and raises from 1.4.0 on, even when it is
``None``. ``max_inputs`` alone is what the keyword did on functions and classes; ``with_options`` set the target too.
Guide: https://modal.com/docs/guide/modal-1-0-migration#replacing-allow_concurrent_inputs-with-modalconcurrent

    @app.function(allow_concurrent_inputs=10)        ->    @app.function()
    def f(x): ...                                          @modal.concurrent(max_inputs=10)
                                                           def f(x): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.concurrent.argument import KEYWORD, Keyword
from modal_transforms.sections.concurrent.decorators import on_decorator
from modal_transforms.sections.concurrent.detect_dicts import find_in_dicts
from modal_transforms.sections.concurrent.detect_with_options import on_options
from modal_transforms.sections.concurrent.detect_wrappers import on_wrapper

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

SPELLINGS = Spellings((spelled(How.KEYWORD, KEYWORD),))


def find(module: Module) -> Iterator[Finding]:
    """Yield where the old keyword is given: to decorators, to ``with_options``, in dicts that reach them."""
    if KEYWORD.encode() not in module.source.data:
        return
    for call in module.index.calls:
        item = keyword(call, KEYWORD)
        if item is None:
            continue
        callee = module.symbol(call.func)
        given = Keyword(SECTION, module, call, item)
        if callee in DECORATORS:
            yield on_decorator(given)
        elif callee == "modal.Cls().with_options":
            yield on_options(given)
        else:
            yield from on_wrapper(given)
    yield from find_in_dicts(SECTION, module)
