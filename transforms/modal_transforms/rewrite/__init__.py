"""From declarative changes to byte patches."""

from __future__ import annotations
