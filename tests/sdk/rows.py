"""What each release of the SDK says of every old spelling that is known: found by running it under the real wheels.

    cd tests && python -m sdk.rows WHEELS [NAME...]   writes ``row_history.tsv`` anew: twenty minutes of one core;
                                                      with names, only those rows

``WHEELS`` is a folder that keeps the wheels; those that it lacks are downloaded. ``row_history.tsv`` has a line for
each row of ``known_changes.tsv``, in as many fields as its outcome changed, each ``OUTCOME VERSION``: ``takes``,
``warns``, the name of the error, or ``untold`` where what the row is about is not there yet. Between two versions that
say the same, those in between are not run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct
from sdk.make_surface import versions
from sdk.surface_wheels import wheel
from support.sdk import OLD, sdk_python
from support.wheels import own_libraries

from modal_wizard.verify.child import environment

HERE = Path(__file__).resolve().parent
HISTORY = HERE / "row_history.tsv"
CHILD = HERE / "row_child.py"
FIRST = "0.49.1995"
"""Older ones do not run under the Python of the tests."""


class Row(Struct, frozen=True):
    """One change of the SDK that is known."""

    era: str
    name: str
    section: str
    """What speaks of it, or why nothing does."""
    code: str


Outcomes = dict[str, str]
"""What a release says, by the name of the row."""


def rows() -> list[Row]:
    """Return the rows of ``known_changes.tsv``."""
    return [Row(*line.split("\t")) for line in (HERE / "known_changes.tsv").read_text("utf-8").splitlines()]


def history() -> dict[str, list[tuple[str, str]]]:
    """Return what the releases say of each row: outcomes, each with the first version that has it."""
    found = {}
    for line in HISTORY.read_text("utf-8").splitlines():
        name, *changes = line.split("\t")
        found[name] = [(outcome, since) for outcome, _, since in (each.partition(" ") for each in changes)]
    return found


def run(python: Path, places: dict[str, str], names: Sequence[str] = ()) -> Outcomes:
    """Run rows under the SDK of an interpreter: all, or those that are named. Raises subprocess.CalledProcessError."""
    wanted = [row for row in rows() if row.era != "unchanged" and (not names or row.name in names)]
    asked = json.dumps([(row.name, row.era, row.code) for row in wanted])
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-X", "utf8", str(CHILD)]
        env = environment(Path(folder)) | places
        done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=folder, env=env, check=True)
    outcomes: Outcomes = json.loads(done.stdout)
    return outcomes


def under(version: str, folder: Path, names: Sequence[str] = ()) -> Outcomes:
    """Run rows under a release. Raises subprocess.CalledProcessError."""
    return run(sdk_python(OLD), places_of(version, folder), names)


def places_of(version: str, folder: Path) -> dict[str, str]:
    """Unpack a release, and the libraries that have to fit it, below a folder; return where Python is told of them."""
    place = folder / f"release-{version}"
    if not place.exists():
        with zipfile.ZipFile(wheel(version, folder)) as archive:
            archive.extractall(place)
    needed = own_libraries(next(place.glob("modal*.dist-info/METADATA")).read_text("utf-8"))
    beside = folder / re.sub(r"\W+", "-", f"libraries {' '.join(sorted(needed))}")
    if not beside.exists():
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(beside)]
        subprocess.run([*install, *needed], check=True)
    return {"PYTHONPATH": f"{place}:{beside}", "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}


def measured(folder: Path, names: Sequence[str] = ()) -> list[tuple[str, Outcomes]]:
    """Return what releases say, oldest first: enough of them that each change is between two that follow each other."""
    known = versions()[versions().index(FIRST) :]
    minors = [version.rpartition(".")[0] for version in known]
    asked = {at for at, minor in enumerate(minors) if at in {0, len(known) - 1} or minors[at - 1] != minor}
    found: dict[int, Outcomes] = {}
    with ThreadPoolExecutor(2) as pool:
        while asked:
            order = sorted(asked)
            for at, outcomes in zip(order, pool.map(lambda at: _or_none(known[at], folder, names), order), strict=True):
                found[at] = outcomes
                print(known[at], len(outcomes), file=sys.stderr, flush=True)
            asked = set(_between({at: each for at, each in found.items() if each}, found))
    return [(known[at], found[at]) for at in sorted(found) if found[at]]


def _between(told: dict[int, Outcomes], tried: dict[int, Outcomes]) -> Iterator[int]:
    """Yield the middle of each stretch of releases, not yet tried, whose ends say otherwise."""
    order = sorted(told)
    for one, other in zip(order, order[1:], strict=False):
        untried = [at for at in range(one + 1, other) if at not in tried]
        if untried and told[one] != told[other]:
            yield untried[len(untried) // 2]


def _or_none(version: str, folder: Path, names: Sequence[str]) -> Outcomes:
    """Return what a release says; nothing where it does not start under this Python."""
    try:
        return under(version, folder, names)
    except subprocess.CalledProcessError as error:
        print(version, (error.stderr or "").strip().splitlines()[-1:], file=sys.stderr)
        return {}


def as_line(name: str, found: Sequence[tuple[str, Outcomes]]) -> str:
    """Return a line of ``row_history.tsv``."""
    changes: list[str] = []
    last = ""
    for version, outcomes in found:
        if outcomes[name] != last:
            last = outcomes[name]
            changes.append(f"{last} {version}")
    return "\t".join([name, *changes])


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    found = measured(folder, names)
    kept = HISTORY.read_text("utf-8").splitlines() if names else []
    known = {line.partition("\t")[0]: line for line in kept}
    known |= {name: as_line(name, found) for name in found[0][1]}
    lines = [known[row.name] for row in rows() if row.name in known]
    HISTORY.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
