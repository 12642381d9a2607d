"""Text as it is shown: sanitising, diffs, plurals."""

from __future__ import annotations
