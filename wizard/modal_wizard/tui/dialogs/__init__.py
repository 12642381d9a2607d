"""Modal screens with typed answers."""

from __future__ import annotations
