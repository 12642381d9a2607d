"""Nothing of the scanned repository reaches the terminal as a command to it."""

from __future__ import annotations

import pytest

from modal_wizard.text.sanitize import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇", id="escape-sequences"),
        pytest.param("a\rb\x00\x7f", "a␍b␀␡", id="controls"),
        pytest.param("\x9b31m\x85", "\\x9b31m\\x85", id="c1-controls"),
        pytest.param("x\u202e\u2066y\u200b", "x\\u202e\\u2066y\\u200b", id="bidi-and-zero-width"),
        pytest.param("\u2028\ufeff\U000e0041", "\\u2028\\ufeff\\U000e0041", id="separators-and-tags"),
        pytest.param("é 漢字 😀 עברית [bold]", "é 漢字 😀 עברית [bold]", id="ordinary-text"),
        pytest.param("\ud800", "\\ud800", id="lone-surrogate"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_tab_is_what_the_caller_wants() -> None:
    assert visible("a\tb", tab="→   ") == "a→   b"


def test_no_control_character_survives() -> None:
    everything = "".join(map(chr, range(0x3000)))
    import unicodedata

    left = {char for char in visible(everything) if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}}
    assert left <= {"\t", "\u200c", "\u200d"}
