"""Cases of the section ``gpu``."""

from __future__ import annotations

from support.cases import Case, NearMiss

CASES: list[Case] = []

NEAR_MISSES: list[NearMiss] = []
