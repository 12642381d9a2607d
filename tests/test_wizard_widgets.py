"""Parts of the screens without a screen: words, lines of code, marks, paths."""

from __future__ import annotations

import pytest
from textual.content import Content

from modal_wizard.migration.preview import Tally
from modal_wizard.session.decisions import SectionWritten, Status
from modal_wizard.text.diff import hunks
from modal_wizard.text.word_diff import changed_words
from modal_wizard.tui.widgets.code import folded, highlighted, inert, shown_range
from modal_wizard.tui.widgets.diff_layout import DiffText, blocks
from modal_wizard.tui.widgets.fit import bar, fitted, shortened
from modal_wizard.tui.widgets.status_marks import group_state, section_state


def words_of(before: str, after: str) -> list[tuple[str, list[str]]]:
    """Return each changed row with its changed words."""
    rows = hunks("a.py", before, after)[0].rows
    found = changed_words(rows)
    return [(rows[i].text, [rows[i].text[a:b] for a, b in ranges]) for i, ranges in sorted(found.items())]


def test_only_the_words_that_changed_are_marked() -> None:
    assert words_of("f(keep_warm=1)\n", "f(min_containers=1)\n") == [
        ("f(keep_warm=1)", ["keep_warm"]),
        ("f(min_containers=1)", ["min_containers"]),
    ]


def test_a_line_is_compared_with_the_one_it_became() -> None:
    before = "a = one(1)\nb = two(2)\n"
    after = "a = one(1, new)\nfresh = 3\nb = second(2)\n"
    assert ("a = one(1, new)", [", new"]) in [
        (text, ["".join(words)]) for text, words in words_of(before, after) if words
    ]
    assert ("b = second(2)", ["second"]) in words_of(before, after)


def test_lines_with_nothing_in_common_are_not_compared() -> None:
    assert words_of("alpha\n", "f(1, 2, 3)\n") == []


def test_an_added_line_alone_has_no_partner() -> None:
    assert words_of("a\nb\n", "a\nnew\nb\n") == []


def test_code_is_coloured_line_by_line_and_keeps_its_text() -> None:
    lines = ['text = """', "  def not_code", '"""', "\tx = 1  # \x07"]
    assert [line.plain for line in highlighted(lines)] == ['text = """', "  def not_code", '"""', "→   x = 1  # ␇"]


@pytest.mark.parametrize("blank", ["", "    ", "\t"], ids=["empty", "spaces", "tab"])
def test_blank_lines_around_code_do_not_take_its_colours(blank: str) -> None:
    made = highlighted([blank, "x = 1", blank, "y = 2", blank, blank])
    assert [line.plain.replace("→   ", "\t") for line in made] == [blank, "x = 1", blank, "y = 2", blank, blank]
    assert made[1].spans
    assert made[3].spans
    assert [line.plain for line in highlighted(["", ""])] == ["", ""]


def test_a_range_of_characters_is_found_in_the_line_as_it_is_shown() -> None:
    line = "\tx\x07y"
    start, end = shown_range(line, 1, 3)
    assert inert(line)[start:end] == "x␇"


@pytest.mark.parametrize(
    "text", ["abcdef", "日本語日本語", "e\u0301" * 6, "a" * 50 + "日"], ids=["ascii", "wide", "marks", "long"]
)
@pytest.mark.parametrize("width", [4, 5, 80])
def test_folding_a_line_loses_nothing(text: str, width: int) -> None:
    parts = folded(Content(text), width)
    assert "".join(part.plain for part in parts) == text
    assert all(part.cell_length <= width for part in parts)


@pytest.mark.parametrize("beside", [False, True], ids=["unified", "side by side"])
@pytest.mark.parametrize("width", [20, 61, 120])
def test_every_line_of_a_diff_fills_the_width(beside: bool, width: int) -> None:
    made = DiffText(blocks(hunks("a.py", "a = 1\nb = 2\n", "a = 1\nb = 3\nc = '日本'\n")), beside)
    assert {line.cell_length for line in made.lines(width)} == {width}


def test_a_long_path_loses_its_first_folders() -> None:
    assert shortened("a/b/c.py", 20) == "a/b/c.py"
    assert shortened("some/very/deep/folder/file.py", 18) == "…/folder/file.py"
    assert len(shortened("averyveryverylongname.py", 10)) == 10


def test_a_text_fills_its_column() -> None:
    assert fitted("ab", 4) == "ab  "
    assert fitted("abcdef", 4) == "abc…"


def test_a_section_says_in_a_word_how_it_stands() -> None:
    landing = SectionWritten("gpu", ("1",), "abcdef0123")
    assert str(section_state(Tally(safe=2, pending=2), [])) == "○ not started"
    assert str(section_state(Tally(safe=2, pending=1, accepted=1), [])) == "◐ 1 of 2"
    assert str(section_state(Tally(safe=2, accepted=2), [])) == "◉ ready to commit"
    assert str(section_state(Tally(safe=2, skipped=2), [])) == "– skipped"
    assert str(section_state(Tally(landed=1), [landing])) == "● committed abcdef0"
    assert str(section_state(Tally(landed=1), [landing], brief=True)) == "● committed"


def test_a_file_says_whether_none_some_or_all_of_it_is_decided() -> None:
    pending, accepted, skipped = Status.PENDING, Status.ACCEPTED, Status.SKIPPED
    assert group_state([pending, pending]).mark == "○"
    assert group_state([accepted, pending]).mark == "◐"
    assert group_state([accepted, skipped]).mark == "✓"
    assert group_state([skipped]).mark == "–"


def test_a_bar_is_full_only_at_the_end() -> None:
    assert bar(0, 0, 4) == ("", "━━━━")
    assert bar(3, 4, 4) == ("━━━", "━")
    assert bar(4, 4, 4) == ("━━━━", "")
