"""web_endpoint → fastapi_endpoint.

Guide: https://modal.com/docs/guide/modal-1-0-migration#renaming-modalweb_endpoint-to-modalfastapi_endpoint
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=6,
    slug="fastapi-endpoint",
    title="web_endpoint → fastapi_endpoint",
    anchor="renaming-modalweb_endpoint-to-modalfastapi_endpoint",
    since="0.73.89",
    breaks_in="1.4.0",
    subject="rename web_endpoint to fastapi_endpoint",
    what=("modal.web_endpoint is called modal.fastapi_endpoint. Parameters and behaviour are the same."),
    why=("From 1.4.0 calling the old decorator raises DeprecationError, although importing it still works."),
    before=("@app.function()\n@modal.web_endpoint()\ndef hello(): ..."),
    after=("@app.function()\n@modal.fastapi_endpoint()\ndef hello(): ..."),
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
