"""The screen on which changes are decided."""

from __future__ import annotations
