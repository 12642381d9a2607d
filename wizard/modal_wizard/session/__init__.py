"""The log of decisions, and what is kept beside it."""

from __future__ import annotations
