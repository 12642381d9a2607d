"""The version of the SDK that a repository is to arrive at."""

from __future__ import annotations

NEWEST = (1, 6, 4)
"""The version that rewritten code is proved with."""
TARGET = ".".join(map(str, NEWEST))
