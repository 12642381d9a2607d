"""The matrix of faults names tests that exist, and a reason for every row without one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TEXT = (HERE / "fault_matrix.md").read_text(encoding="utf-8")
ROWS = [row for row in re.findall(r"^\| (.+?) \| (.+) \| (.+?) \|$", TEXT, re.MULTILINE) if row[0] != "Fault"]
OUTCOMES = {"survived", "not applicable", "not showable"}
PROMISED = 26
"""So many rows of faults are known from other tools."""


def exists(named: str) -> bool:
    """Whether a test is where the matrix says."""
    file, _, name = named.partition("::")
    path = HERE / file
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    return re.search(rf"^(async )?def {name}\(", written, re.MULTILINE) is not None


@pytest.mark.parametrize(("fault", "tests", "outcome"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_row_has_tests_that_exist_or_a_reason(fault: str, tests: str, outcome: str) -> None:
    assert outcome in OUTCOMES
    named = re.findall(r"`([^`]+\.py::[^`]+)`", tests)
    if outcome == "survived":
        assert named
        assert ", ".join(f"`{each}`" for each in named) == tests
        assert [each for each in named if not exists(each)] == []
    else:
        assert not named
        assert len(tests) > 30


def test_no_row_is_missing_or_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    counted = {part.partition("\n")[0]: len(re.findall(r"^\| (?!Fault)[^-]", part, re.MULTILINE)) for part in sections}
    assert sum(counted.values()) == len(ROWS)
    assert len(set(ROWS)) == len(ROWS)
    assert next(iter(counted.values())) == PROMISED
    outcomes = Counter(outcome for _, _, outcome in ROWS)
    cited = {each for _, tests, _ in ROWS for each in re.findall(r"`([^`]+\.py::[^`]+)`", tests)}
    with capsys.disabled():
        words = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        print(f"\nfault matrix: {len(ROWS)} rows: {words}; {len(cited)} tests")
