"""Run commands in turn and tell what each took: pairs in one run, so that a busy machine slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What one run of a command took."""

    wall: float
    cpu: float
    """Seconds of processor time, those of its child processes included."""
    memory: float
    """MiB that its largest process held at most."""


@dataclass(frozen=True)
class Contestant:
    """A command to measure. ``prepare`` is done before each run and not counted."""

    name: str
    command: Sequence[str]
    cwd: Path
    prepare: Callable[[], None] | None = None
    ok: frozenset[int] = frozenset({0, 1})
    """The exit codes that say that it worked."""
    once: bool = False
    """Too slow to be run in every round."""


def measure(contestant: Contestant) -> Run:
    """Run a command once; raises when it fails."""
    if contestant.prepare is not None:
        contestant.prepare()
    start = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(contestant.command, cwd=contestant.cwd, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in contestant.ok:
        raise RuntimeError(f"{contestant.name} ended with {process.returncode}: {' '.join(contestant.command)}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def rounds(contestants: Sequence[Contestant], number: int) -> dict[str, list[Run]]:
    """Run all contestants in turn, so many times; the first round only warms the caches and is not kept."""
    runs: dict[str, list[Run]] = {each.name: [] for each in contestants}
    for done in range(number + 1):
        for each in contestants:
            if each.once and done != 1:
                continue
            run = measure(each)
            if done:
                runs[each.name].append(run)
    return runs


@dataclass(frozen=True)
class Ratio:
    """How much more one contestant took than another: the median over the rounds."""

    wall: float
    cpu: float


def ratio(runs: Mapping[str, Sequence[Run]], one: str, other: str) -> Ratio:
    """Compare two contestants round by round."""
    pairs = [*zip(_stretched(runs[one], runs[other]), _stretched(runs[other], runs[one]), strict=True)]
    return Ratio(
        statistics.median(a.wall / b.wall for a, b in pairs),
        statistics.median(a.cpu / b.cpu for a, b in pairs),
    )


def _stretched(runs: Sequence[Run], other: Sequence[Run]) -> Sequence[Run]:
    return [*runs] * len(other) if len(runs) == 1 else runs


def median(runs: Sequence[Run]) -> Run:
    """Return the median of each figure; of memory the highest."""
    return Run(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        max(run.memory for run in runs),
    )


def show(title: str, runs: Mapping[str, Sequence[Run]]) -> None:
    """Print what each contestant took."""
    print(f"\n{title}\n{'':32}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'runs':>6}")
    for name, several in runs.items():
        run = median(several)
        print(f"{name:32}{run.wall:9.3f}{run.cpu:9.3f}{run.memory:10.0f}{len(several):6}")


def verdict(what: str, value: float, goal: float, unit: str = "x") -> None:
    """Print a figure beside the goal that it should not exceed."""
    state = "reached" if value <= goal else "MISSED"
    print(f"  {what:58}{value:9.3f}{unit:<4} goal at most {goal:g}{unit:<4} {state}", flush=True)
