"""Which version of modal a repository asks for: reading it, holding rewrites against it, raising it."""

from __future__ import annotations

from modal_transforms.requirements.pin import Pin, raised
from modal_transforms.requirements.reading import pins_of
from modal_transforms.requirements.too_old import reaching, too_old, weighed
from modal_transforms.requirements.versions import Version, bounds, version

__all__ = ["Pin", "Version", "bounds", "pins_of", "raised", "reaching", "too_old", "version", "weighed"]
