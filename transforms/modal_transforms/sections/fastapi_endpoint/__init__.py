"""web_endpoint → fastapi_endpoint.

The new name exists from 0.73.82 on, the old one warns from 0.73.89 on and raises when it is called from 1.4.0 on,
although importing it still works. Parameters and behaviour are the same.
Guide: https://modal.com/docs/guide/modal-1-0-migration#renaming-modalweb_endpoint-to-modalfastapi_endpoint

    @modal.web_endpoint(method="POST")        ->    @modal.fastapi_endpoint(method="POST")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import find_in_texts, renamed
from modal_transforms.sections.fastapi_endpoint.detect import find_imports, find_uses, find_waits

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

SPELLINGS = Spellings((spelled(How.NAME, "web_endpoint"), spelled(How.KEYWORD, "wait_for_response")))

NAMES = (renamed("web_endpoint", "fastapi_endpoint"),)
"""What comments, docstrings and prose call by its old name."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the old decorator's uses and imports, and what else of web endpoints 1.x does not take."""
    yield from find_uses(module)
    yield from find_imports(module)
    yield from find_waits(module)
    yield from find_in_texts(module, SECTION, NAMES)
