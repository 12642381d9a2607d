"""Plain data: model, changes, patches, source."""

from __future__ import annotations
