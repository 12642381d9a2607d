"""The log of decisions, with the snapshots and drafts that are kept beside it."""

from __future__ import annotations
