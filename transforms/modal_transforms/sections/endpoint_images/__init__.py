"""Web endpoints in images that do not install fastapi, which the SDK no longer brings.

modal.Image.debian_slim()    ->    modal.Image.debian_slim().pip_install("fastapi[standard]")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.endpoint_images.findings import find_endpoints

SECTION = Section(
    number=0,
    slug="endpoint-images",
    title="Images of web endpoints",
    anchor="",
    since="",
    breaks_in="0.74.39",
    subject="install fastapi in the images of web endpoints",
    what="A web endpoint needs fastapi in its image; images of builder version 2024.10 or later do not hold it.",
    why="The container of the endpoint fails as soon as it starts.",
    before="modal.Image.debian_slim()",
    after='modal.Image.debian_slim().pip_install("fastapi[standard]")',
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the web endpoints of a file whose image does not install fastapi."""
    yield from find_endpoints(module, SECTION)
