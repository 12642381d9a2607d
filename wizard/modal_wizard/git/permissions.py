"""What the person allowed to be written over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person allowed."""

    dirty: bool = False
    staged: bool = False
    no_vcs: bool = False
