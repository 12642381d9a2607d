"""Counts in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an ``s`` unless the number is 1: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def either(words: Sequence[str]) -> str:
    """Return words of which one is meant: ``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def decided(accepted: int, edited: int, skipped: int, followed: int = 0) -> str:
    """Return how many findings were decided which way, without what none was: ``4 accepted, 1 skipped``.

    ``followed`` of the accepted were decided by nobody, and are told apart: ``3 accepted, 1 more follows from them``.
    """
    counts = (accepted - followed, "accepted"), (edited, "edited"), (skipped, "skipped")
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing decided"
    return f"{said}, {followed} more {'follows' if followed == 1 else 'follow'} from them" if followed else said


def in_one_step(done: int, verb: str, left: int = 0) -> str:
    """Return that something was done with findings in one step of undo, and how many are left; with none, nothing."""
    if not done:
        return f"Nothing was {verb}."
    stays = f" {counted(left, 'finding')} left." if left else ""
    return f"{counted(done, 'finding')} {verb} in one step; u takes it back.{stays}"
