"""The screen on which a section is written and committed."""

from __future__ import annotations
