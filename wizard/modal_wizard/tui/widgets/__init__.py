"""The parts that the screens are made of."""

from __future__ import annotations
