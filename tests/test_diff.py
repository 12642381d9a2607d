"""Diffs as data: what is shown is what changes, with the lines around it."""

from __future__ import annotations

import random

from modal_wizard.text.diff import Mark, hunks, rows, unified

BEFORE = "".join(f"line {number}\n" for number in range(1, 31))


def test_changes_near_each_other_share_a_hunk_and_others_do_not() -> None:
    after = BEFORE.replace("line 3\n", "LINE 3\n").replace("line 6\n", "").replace("line 25\n", "line 25\nnew\n")
    first, second = hunks("a.py", BEFORE, after)
    assert [row.text for row in first.rows if row.mark is not Mark.SAME] == ["line 3", "LINE 3", "line 6"]
    assert first.header == "@@ -1,9 +1,8 @@"
    assert [(row.mark, row.old, row.new) for row in second.rows if row.mark is Mark.NEW] == [(Mark.NEW, 0, 25)]


def test_rows_hold_both_texts_whole() -> None:
    chance = random.Random(3)
    for _ in range(200):
        before = "".join(chance.choices(["a\n", "b\n", "c\r\n", "d\n"], k=chance.randrange(12)))
        after = "".join(chance.choices(["a\n", "b\n", "c\r\n", "d\n"], k=chance.randrange(12)))
        made = rows(before, after)
        assert [row.text for row in made if row.mark is not Mark.NEW] == before.replace("\r", "").splitlines()
        assert [row.text for row in made if row.mark is not Mark.OLD] == after.replace("\r", "").splitlines()
        assert [row.old for row in made if row.old] == list(range(1, before.count("\n") + 1))
        assert [row.new for row in made if row.new] == list(range(1, after.count("\n") + 1))


def test_the_unified_format_names_only_files_that_change() -> None:
    lines = list(unified([("same.py", "x\n", "x\n"), ("a.py", "x\ny\n", "x\nz\n")]))
    assert lines == ["--- a/a.py", "+++ b/a.py", "@@ -1,2 +1,2 @@", " x", "-y", "+z"]
