"""Text for people: sanitised for a terminal, as diffs, with plurals."""

from __future__ import annotations
