"""The version of the SDK that a repository is to arrive at, and how much of the way there is asked for."""

from __future__ import annotations

from typing import NamedTuple

NEWEST = (1, 6, 4)
"""The version that rewritten code is proved with."""
TARGET = ".".join(map(str, NEWEST))


class Goal(NamedTuple):
    """What a migration is to come to."""

    target: str = TARGET
    """The version of the SDK to arrive at."""
    guide_only: bool = False
    """Whether only the sections of the guide are asked for, neither what comes before nor what comes after them."""


WHOLE_WAY = Goal()
"""Every section, up to the newest version."""
