"""What a file was and what it is to become."""

from __future__ import annotations

from dataclasses import dataclass

from modal_transforms.core.patches import Patch


@dataclass(frozen=True, slots=True)
class FileChange:
    """The old and new bytes of one file; the patches turn the one into the other."""

    path: str
    """Relative to the root, with ``/``."""
    before: bytes
    after: bytes
    patches: tuple[Patch, ...]
