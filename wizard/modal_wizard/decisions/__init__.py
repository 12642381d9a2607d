"""Decisions as a file: read, checked against what was found, taken or proposed, and written again."""

from __future__ import annotations
