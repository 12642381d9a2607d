"""The table of features names tests that exist, and a reason for everything else."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
ROWS = _ROW.findall((HERE / "feature_table.md").read_text(encoding="utf-8"))


def test_every_row_is_there() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 112))


def test_every_cell_names_a_test_that_exists_or_a_reason() -> None:
    for number, _, cell in ROWS:
        if cell.startswith("no: "):
            assert len(cell) > 20, number
            continue
        file, name = cell.strip("`").split("::")
        assert re.search(rf"^(async )?def {name}\(", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE), cell
