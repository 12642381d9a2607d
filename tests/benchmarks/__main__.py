"""``python -m benchmarks``: measure everything, print figures and ratios beside the goals."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import scanning, screen


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--peer", type=Path, help="a folder with the source of transformers, instead of asking pip")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run; the median counts (5)")
    parser.add_argument(
        "only", nargs="*", metavar="WHAT", help="big, dense, tiny, growth, apply, after, frame, keys, limit"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="modal-wizard-benchmarks-") as folder:
        work, number = Path(folder), given.rounds
        every: dict[str, Callable[[], None]] = {
            "tiny": lambda: scanning.tiny(work, number),
            "big": lambda: scanning.big(work, given.peer, number),
            "dense": lambda: scanning.dense(work, number),
            "growth": lambda: scanning.growth(work, number),
            "apply": lambda: scanning.apply_all(work, number),
            "after": lambda: scanning.after_commit(work, number),
            "frame": lambda: screen.first_frame(work, number),
            "keys": lambda: screen.keys(work, number),
            "limit": lambda: screen.limit(work, number),
        }
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load before: {load}")
        for name in given.only or every:
            every[name]()
        print(f"\nload after: {' '.join(f'{value:.1f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
