"""The change of one file: its bytes before and after."""

from __future__ import annotations

from dataclasses import dataclass

from modal_transforms.core.patches import Patch


@dataclass(frozen=True, slots=True)
class FileChange:
    """The old and new bytes of one file; ``patches`` turn the old ones into the new ones."""

    path: str
    """Relative to the root, with ``/``."""
    before: bytes
    after: bytes
    patches: tuple[Patch, ...]
