"""allow_concurrent_inputs → @modal.concurrent.

Guide: https://modal.com/docs/guide/modal-1-0-migration#replacing-allow_concurrent_inputs-with-modalconcurrent
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

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

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
