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

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import OldName, find_in_texts
from modal_transforms.sections.concurrent.argument import KEYWORD
from modal_transforms.sections.concurrent.detect import find_in_dicts, find_keywords

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


def find(module: Module) -> Iterator[Finding]:
    """Yield where the old keyword is given: to decorators, to ``with_options``, in dicts that reach them."""
    if KEYWORD.encode() in module.source.data:
        yield from find_keywords(module, SECTION)
        yield from find_in_dicts(module, SECTION)
    yield from find_in_texts(module, SECTION, NAMES)
