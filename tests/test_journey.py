"""One long journey in a real terminal: the demo through all twelve sections, with second thoughts and a pause."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.pilot import git

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.terminal import Terminal, environment

from modal_transforms.sections import REGISTRY, Group

GUIDE = [rule.section for rule in REGISTRY if rule.group is Group.GUIDE]
KIND = re.compile(r"(?:^|│)\s*(safe|review|manual)\b", re.MULTILINE)
ONWARD = re.compile(r"(?:n goes on: \d+ findings? left in other sections|o goes back to the sections)\.")
NOTHING_LEFT = "Nothing of this section is left."
DECIDED = re.compile(r"(\d+) of (\d+) decided")
ESCAPE, ENTER, CTRL_S = "\x1b", "\r", "\x13"


def wizard(home: Path, *arguments: str) -> Terminal:
    return Terminal([sys.executable, "-m", "modal_wizard", *arguments], environment(home))


def decided(text: str) -> tuple[int, int]:
    """How many findings of the section are decided, of how many."""
    found = DECIDED.search(text)
    return (int(found[1]), int(found[2])) if found else (-1, -1)


def decide(terminal: Terminal, key: str) -> None:
    """Press a key that decides the finding under the cursor, and wait until it counts."""
    before = decided(terminal.text)
    terminal.press(key)
    text = terminal.wait(lambda text: decided(text) not in {before, (-1, -1)} or "asks" in text or "esc back" in text)
    if decided(text) in {before, (-1, -1)} or "⏎ take" in text.splitlines()[-1]:
        terminal.press(ENTER)
        terminal.wait(lambda text: decided(text) not in {before, (-1, -1)})


def decide_all(terminal: Terminal) -> None:
    """Accept whatever can be accepted and skip the rest."""
    text = terminal.wait(lambda text: decided(text) != (-1, -1) and "s skip" in text)
    while decided(text)[0] < decided(text)[1]:
        text = terminal.wait(lambda text: KIND.search(text) is not None)
        kind = KIND.search(text)
        decide(terminal, "s" if kind and kind[1] == "manual" else "a")
        text = terminal.text


def commit(terminal: Terminal) -> None:
    terminal.press("c")
    terminal.wait("exactly what will be written")
    terminal.press("c")
    terminal.wait("looked at")


def open_next(terminal: Terminal) -> int:
    """Open the section under the cursor and return its number."""
    terminal.press(ENTER)
    text = terminal.wait(lambda text: decided(text) != (-1, -1) and "undecided" in text and "looked at" not in text)
    return int(text.split()[0])


def test_the_demo_from_the_first_finding_to_the_last_commit(tmp_path: Path) -> None:
    demo = tmp_path / "docsearch"
    seen: list[int] = []
    with wizard(tmp_path, "demo", str(demo)) as terminal:
        overview = terminal.wait("looked at")
        for section in GUIDE:
            assert re.search(rf"^\s+{section.number}  ", overview, re.MULTILINE), section.slug
        seen.append(open_next(terminal))
        decide(terminal, "a")  # second thoughts
        terminal.press("u")
        terminal.wait(lambda text: decided(text)[0] == 0)
        terminal.wait("Undone: accept")
        decide_all(terminal)
        commit(terminal)
        terminal.press("q")
        assert terminal.ended() == 0
    first = git(demo, "log", "-1", "--format=%s").strip()
    assert first.startswith("Modal 1.0: ")
    assert git(demo, "status", "--porcelain") == ""

    with wizard(tmp_path, str(demo)) as terminal:  # where it was left
        terminal.wait("looked at")
        assert "committed" in terminal.text
        seen.append(open_next(terminal))
        decide(terminal, "a")
        terminal.press("q")  # in the middle of a section
        assert terminal.ended() == 0

    with wizard(tmp_path, str(demo)) as terminal:
        terminal.wait("looked at")
        assert "◐ 1 of" in terminal.text or "◉ ready" in terminal.text
        edited = bulk = False
        for _ in range(30):
            number = open_next(terminal)
            seen.append(number)
            text = terminal.wait(lambda text: "s skip" in text or NOTHING_LEFT in text)
            if NOTHING_LEFT in text:
                terminal.press("o")
                terminal.wait("looked at")
                terminal.press("j")
                continue
            if "A all safe" in text and not bulk:
                terminal.press("A")
                terminal.wait("accepted in one step")
                bulk = True
            elif not edited and decided(text)[0] < decided(text)[1]:
                edited = edit(terminal)
            decide_all(terminal)
            text = terminal.wait(lambda text: ONWARD.search(text) is not None)
            if "c shows the commit," in text:
                commit(terminal)
            else:
                terminal.press("o")
                terminal.wait("looked at")
                terminal.press("j")
            text = terminal.wait(lambda text: "looked at" in text)
            if not any(mark in text for mark in ("○ not started", "◐ ", "◉ ")):
                break
        assert edited
        assert bulk
        assert set(seen) == {section.number for section in GUIDE}
        terminal.press("m")
        terminal.wait("Summary")
        terminal.press("q")
        assert terminal.ended() == 0

    subjects = git(demo, "log", "--format=%s").splitlines()
    assert len({subject for subject in subjects if subject.startswith("Modal 1.0: ")}) == len(GUIDE)
    assert git(demo, "status", "--porcelain") == ""
    again = [sys.executable, "-m", "modal_wizard", "scan", str(demo)]
    assert subprocess.run(again, capture_output=True, check=False).returncode in {0, 1}


def edit(terminal: Terminal) -> bool:
    """Write a comment above the change by hand, and take it."""
    before = decided(terminal.text)
    terminal.press("e")
    terminal.wait(lambda text: "^s" in text or "check" in text.splitlines()[-1])
    terminal.press("# by hand" + ENTER)
    terminal.wait("# by hand")
    terminal.press(CTRL_S)
    terminal.wait(lambda text: decided(text) not in {before, (-1, -1)})
    return True
