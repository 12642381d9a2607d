"""Image.copy_* → add_local_*.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-imagecopy_-methods
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=1,
    slug="image-copy",
    title="Image.copy_* → add_local_*",
    anchor="deprecating-imagecopy_-methods",
    since="0.72.11",
    breaks_in="1.1.0",
    subject="replace Image.copy_local_* by add_local_*",
    what=(
        "Image.copy_local_file and Image.copy_local_dir are now add_local_file and add_local_dir. The "
        "new methods want an absolute remote path, and add files when a container starts unless "
        "copy=True makes an image layer, as before."
    ),
    why=(
        "From 1.1.0 the old methods do not exist. copy=True keeps what runs: later build steps need the "
        "files in a layer."
    ),
    before='image = modal.Image.debian_slim().copy_local_dir("data", "/data")',
    after='image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)',
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
