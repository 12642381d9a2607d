""".lookup → .from_name.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-the-lookup-method-on-modal-objects
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=8,
    slug="lookup",
    title=".lookup → .from_name",
    anchor="deprecating-the-lookup-method-on-modal-objects",
    since="0.72.56",
    breaks_in="1.2.0",
    subject="replace .lookup by .from_name",
    what=(
        "Objects are found with from_name, which does not talk to Modal until the object is used. "
        ".hydrate() asks at once, as lookup did. App.lookup stays."
    ),
    why=(
        "From 1.2.0 lookup does not exist. A missing object is reported at first use instead of here, "
        "unless the code hydrates."
    ),
    before='f = modal.Function.lookup("my-app", "f")',
    after='f = modal.Function.from_name("my-app", "f")',
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
