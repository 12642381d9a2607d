"""Work grows no faster than what is read: nasty inputs of every reader, eight times as long, and the ratio of work.

Python's own steps are counted. A regular expression takes its time out of sight of that: the readers are measured by
the ratio of processor time of two sizes, against a bound far from both a line (8) and a square (64).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from support.nasty import INPUTS, Make, seconds

from modal_transforms.core.alignment import changed, common
from modal_transforms.core.patches import apply, line_patches
from modal_transforms.formats.notebook_cell import Cell
from modal_transforms.formats.shell import mentions
from modal_wizard.files import reader
from modal_wizard.files.reader import Reader
from modal_wizard.git.merge import rebase_patches
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all
from modal_wizard.text.diff import hunks, unified
from modal_wizard.text.word_diff import changed_words
from modal_wizard.tui.widgets.diff_layout import DiffText, blocks

CASES = [
    pytest.param(path, make, id=f"{path}: {name}") for path, kinds in INPUTS.items() for name, make in kinds.items()
]


ENOUGH = 0.004
"""So many seconds can be told from the clock's grain; what takes less at any size is fast enough."""
TIMES = 8
BOUND = 24


@pytest.mark.parametrize(("path", "make"), CASES)
def test_a_file_takes_no_more_than_its_length(path: str, make: Make) -> None:
    size = 16
    while seconds(path, make(size).encode()) < ENOUGH and size < 1 << 15:
        size *= 2
    short, long = make(size).encode(), make(size * TIMES).encode()
    assert len(long) < len(short) * TIMES * 1.5
    ratios: list[float] = []
    while len(ratios) < 5 and (not ratios or min(ratios) > BOUND):
        ratios.append(seconds(path, long) / max(seconds(path, short), ENOUGH))
    assert min(ratios) <= BOUND


def test_a_scan_ends_whatever_it_is_given(tmp_path: Path) -> None:
    for path, kinds in INPUTS.items():
        for number, make in enumerate(kinds.values()):
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            (folder / path).write_text(make(300), encoding="utf-8", newline="")
    (tmp_path / "requirements.txt").write_text(
        "modal" + " ==1" * 24 + "@\nmodal==" + "1" * 5000 + "\n", encoding="utf-8"
    )
    found = scan_all(scope_of(tmp_path))
    assert "failed here" not in str([report.problems for report in found.reports.values()])
    assert sum(bool(report.findings) for report in found.reports.values()) > 20


# --- diffs -----------------------------------------------------------------------------------------------------------


def steps(action: Callable[[], object]) -> int:
    """Return how many lines of Python an action executes."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


PAIRS: dict[str, Callable[[int], tuple[str, str]]] = {
    "blank lines between": lambda n: ("a\n\n\n" * n, "b\n\n\n" * n),
    "equal lines between": lambda n: ("f(keep_warm=1)\nx = 1\n\n" * n, "f(min_containers=1)\nx = 1\n\n" * n),
    "equal lines and new ones": lambda n: ("f(keep_warm=1)\nx\n\n" * n, "f(min_containers=1)\ny\nx\n\n" * n),
    "lines of their own between": lambda n: (
        "".join(f"a\nb{i}\n\n" for i in range(n)),
        "".join(f"c\nb{i}\n\n" for i in range(n)),
    ),
    "nothing in common": lambda n: ("".join(f"a{i}\n" for i in range(n)), "".join(f"b{i}\n" for i in range(n))),
    "the other way round": lambda n: ("".join(f"a{i}\n" for i in range(n)), "".join(f"a{n - i}\n" for i in range(n))),
    "shifted": lambda n: ("a\nb\n" * n + "x\n", "b\nc\n" * n + "y\n"),
    "one long line": lambda n: ("x = [" + "f(a=1), " * n + "]\n", "x = [" + "f(b=1), " * n + "]\n"),
    "long lines": lambda n: (("x " * 100 + "\n") * n, ("y " * 99 + "\n") * n),
}
DIFFS: dict[str, Callable[[str, str], object]] = {
    "diff": lambda old, new: list(unified([("a.txt", old, new)])),
    "patches": lambda old, new: line_patches(old.encode(), new.encode()),
    "rebased patches": lambda old, new: rebase_patches(old.encode(), new.encode(), ()),
    "words": lambda old, new: changed_words([row for hunk in hunks("a.txt", old, new) for row in hunk.rows]),
    "screen": lambda old, new: DiffText(blocks(hunks("a.txt", old, new))).line(3, 80),
}


@pytest.mark.parametrize("kind", DIFFS)
@pytest.mark.parametrize("name", PAIRS)
def test_a_diff_takes_no_more_than_the_length_of_both_texts(kind: str, name: str) -> None:
    few, many = PAIRS[name](1000), PAIRS[name](2000)
    assert steps(lambda: DIFFS[kind](*many)) < 2.6 * steps(lambda: DIFFS[kind](*few))


@pytest.mark.parametrize("name", PAIRS)
def test_a_diff_of_long_texts_is_one(name: str) -> None:
    old, new = PAIRS[name](3000)
    assert apply(old.encode(), line_patches(old.encode(), new.encode())) == new.encode()


def test_long_texts_that_differ_here_and_there_have_only_that_changed() -> None:
    old = ["f(keep_warm=1)", "x = 1", ""] * 1000
    new = ["f(min_containers=1)" if line.startswith("f") else line for line in old]
    assert list(changed(old, new)) == [(i, i + 1, i, i + 1) for i in range(0, 3000, 3)]
    longer = [each for line in new for each in ([line, "added"] if line.startswith("f") else [line])]
    assert sum(size for _, _, size in common(old, longer)) == 2000


# --- what is counted otherwise ---------------------------------------------------------------------------------------


def test_many_commands_of_one_line_end_where_the_next_begins() -> None:
    few = list(mentions("modal run a.b and " * 5))
    many = list(mentions("modal run a.b and " * 1000))
    assert [len(words) for words in few][:2] == [4 * 5, 4 * 4]
    assert [len(words) for words in many][-1:] == [4]
    assert len(many) == 1000


def test_many_magics_are_masked_as_few_are() -> None:
    text = "import modal\n" + "x = (1\n%y)\n!modal run a.b\nz = '''\n%y\n'''\nq = !ls\nq?\n" * 200
    cell = Cell(text.encode())
    assert cell.program.count(b"%y") == 400
    assert len(cell.shell) == 400
    assert b"!" not in cell.program


def test_a_sparse_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"import modal\n")
    os.truncate(tmp_path / "a.ipynb", 1 << 40)
    read: list[int] = []

    def note(descriptor: int, size: int) -> bytes:
        read.append(size)
        return b""

    files = Reader(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", note)
        said = files.read("a.ipynb"), files.is_large("a.ipynb")
    assert said == (None, False)
    assert not read
    found = scan_all(scope_of(tmp_path))
    assert found.skipped == {"a.ipynb": "larger than 8 MB"}


def test_of_a_large_file_only_the_beginning_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    monkeypatch.setattr(reader, "_LOOKED_THROUGH", 4000)
    files = Reader(tmp_path)
    for at, expected in ((995, True), (3500, True), (4500, False)):
        (tmp_path / "a.ipynb").write_bytes(b"x" * at + b" import modal\n" + b"x" * 9000)
        assert files.is_large("a.ipynb") is expected


def test_a_file_that_grows_while_it_is_read_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_bytes(b"import modal\n")
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", lambda descriptor, size: b"x" * size)
        data = Reader(tmp_path).read("a.py")
    assert data is None
