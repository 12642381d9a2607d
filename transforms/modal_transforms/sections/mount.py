"""Mount → image files.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-mount-as-part-of-the-public-api
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=2,
    slug="mount",
    title="Mount → image files",
    anchor="deprecating-mount-as-part-of-the-public-api",
    since="0.72.4",
    breaks_in="1.0.0",
    subject="add local files to images instead of mounts",
    what=(
        "modal.Mount and mounts= are gone; files are added to the image of the function that needs them. "
        'A mount\'s paths begin at /, so from_local_dir("data") was /data and stays there.'
    ),
    why="From 1.0.0 Mount cannot be imported and mounts= is a TypeError.",
    before=('@app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])'),
    after='@app.function(image=image.add_local_dir("data", "/data"))',
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
