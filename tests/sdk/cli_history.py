"""Which releases of the SDK had which commands and options: from the command trees of the real wheels.

    cd tests && python -m sdk.cli_history WHEELS      writes ``cli_history.txt`` anew: ten minutes of one core

``WHEELS`` is a folder that keeps the wheels; those that it lacks are downloaded. The first line of ``cli_history.txt``
lists the releases, oldest first; elsewhere they are numbers, and ``3-7`` means from number 3 up to, not including,
number 7, ``9-`` until the newest. Every other line is about one command, or one option of one, in three fields with
tabs between: the words behind ``modal``, the option, in which releases.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from sdk.rows import places_of
from support.sdk import OLD, sdk_python

from modal_wizard.verify.child import environment

HERE = Path(__file__).resolve().parent
HISTORY = HERE / "cli_history.txt"
TREE = HERE / "cli_tree.py"

Tree = Mapping[str, list[str]]
"""The options of each command."""


@cache
def history() -> tuple[list[str], dict[tuple[str, str], set[int]]]:
    """Return the releases, and the numbers of those that had a command, or an option of it (empty for itself)."""
    head, *lines = HISTORY.read_text("utf-8").splitlines()
    releases = head.split()
    found = {}
    for line in lines:
        command, option, spans = line.split("\t")
        ends = [span.split("-") for span in spans.split()]
        found[command, option] = {at for start, end in ends for at in range(int(start), int(end or len(releases)))}
    return releases, found


def first(command: str, *options: str) -> str:
    """Return the first release that has a command, or one of several spellings of an option; empty if none has."""
    alive = _alive(command, options)
    return history()[0][min(alive)] if alive else ""


def gone(command: str, *options: str) -> str:
    """Return the first release that has lost it for good; empty where the newest has it, or none ever had."""
    releases, alive = history()[0], _alive(command, options)
    end = max(alive, default=len(releases)) + 1
    return releases[end] if end < len(releases) else ""


def _alive(command: str, options: tuple[str, ...]) -> set[int]:
    return set().union(*(history()[1].get((command, option), set()) for option in options or ("",)))


def tree(version: str, folder: Path) -> Tree:
    """Return the commands of a release. Raises subprocess.CalledProcessError."""
    with tempfile.TemporaryDirectory() as home:
        env = environment(Path(home)) | places_of(version, folder)
        done = subprocess.run([str(sdk_python(OLD)), str(TREE)], capture_output=True, check=True, env=env)
    found: Tree = json.loads(done.stdout)
    return found


def as_lines(trees: Mapping[str, Tree]) -> Iterator[str]:
    """Yield the lines of ``cli_history.txt``, from the trees of releases, oldest first."""
    yield " ".join(trees)
    numbered = list(trees.values())
    names = {(command, option) for each in numbered for command in each for option in ("", *each[command])}
    for command, option in sorted(names):
        alive = [at for at, each in enumerate(numbered) if command in each and (not option or option in each[command])]
        starts = [at for at in alive if at - 1 not in alive]
        ends = [at + 1 for at in alive if at + 1 not in alive]
        spans = (f"{a}-{b if b < len(numbered) else ''}" for a, b in zip(starts, ends, strict=True))
        yield f"{command}\t{option}\t{' '.join(spans)}"


def main() -> None:
    releases = HISTORY.read_text("utf-8").partition("\n")[0].split()
    text = "\n".join(as_lines({version: tree(version, Path(sys.argv[1])) for version in releases})) + "\n"
    HISTORY.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
