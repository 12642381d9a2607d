"""The change of one file: its bytes before and after."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.patches import Patch


class FileChange(Struct, frozen=True):
    """The old and new bytes of one file; ``patches`` turn the old ones into the new ones."""

    path: str
    """Relative to the root, with ``/``."""
    before: bytes
    after: bytes
    patches: tuple[Patch, ...]
