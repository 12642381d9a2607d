"""The application service: what was found and decided, what it would write, and writing it."""

from __future__ import annotations
