"""The headless review model, shared by the screens and plain mode."""

from __future__ import annotations
