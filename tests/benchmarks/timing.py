"""Run commands in turn and tell what each took: pairs in one run, so that a busy machine slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONUNBUFFERED", "PYTHONPATH"}
}
"""What all are run with: Python may keep what it compiled, as it does where a person installs a program."""


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
    proof: bytes = b""
    """What it writes to standard error when it has done its work, where its exit code does not tell."""


def measure(contestant: Contestant) -> Run:
    """Run a command once; raises when it fails."""
    if contestant.prepare is not None:
        contestant.prepare()
    start = time.perf_counter()
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as said:
        errors = said if contestant.proof else nowhere
        process = subprocess.Popen(
            contestant.command, cwd=contestant.cwd, env=ENVIRONMENT, stdout=nowhere, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        said.seek(0)
        done = contestant.proof in said.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in contestant.ok or not done:
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
    """How one contestant's time compares with another's: the median over the rounds."""

    wall: float
    cpu: float


def ratio(runs: Mapping[str, Sequence[Run]], one: str, other: str) -> Ratio:
    """Compare two contestants round by round."""
    pairs = [*zip(_stretched(runs[one], runs[other]), _stretched(runs[other], runs[one]), strict=True)]
    return Ratio(
        statistics.median(a.wall / b.wall for a, b in pairs),
        statistics.median(a.cpu / b.cpu for a, b in pairs),
    )


def more(runs: Mapping[str, Sequence[Run]], one: str, other: str) -> Ratio:
    """Return by how many seconds one contestant took longer than another: the median over the rounds."""
    pairs = [*zip(runs[one], runs[other], strict=True)]
    return Ratio(
        statistics.median(a.wall - b.wall for a, b in pairs), statistics.median(a.cpu - b.cpu for a, b in pairs)
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


def median_of(values: Sequence[float]) -> float:
    """Return the median of some figures."""
    return statistics.median(values)


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
