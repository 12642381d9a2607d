"""What the README says of commands can be typed: each row of its tables is run as written, and its options exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from support.pilot import make_repository

from modal_wizard.cli.every import every_parser
from modal_wizard.cli.main import main
from modal_wizard.demo import write_demo

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
TOPIC = README.partition("## Without a terminal")[2].partition("\n## ")[0]
ROWS = [line for line in README.splitlines() if line.startswith("| `modal-wizard ")]
OPTIONS = dict(re.findall(r"^\| `(--[\w-]+)(?: [A-Z]+)?` \| (.*) \|$", TOPIC, re.MULTILINE))
PARSERS = dict(every_parser())
KNOWN = {
    name: {word for action in parser._actions for word in action.option_strings} for name, parser in PARSERS.items()
}
VALUES = {"[SLUG]": "gpu", "[DIR]": "{new}", "[PATH]": "{demo}", "[PATH ...]": "{demo}"}
ENDS = {"": {2}, "scan": {1}, "apply": {1}}
"""Exit codes that are none of failure: without a terminal the wizard names what works there."""


def commands() -> list[str]:
    """Return the commands of the first cells, one for each of the words that they leave to choose from."""
    found = []
    for row in ROWS:
        typed = re.match(r"\| `([^`]+)`", row)
        assert typed, row
        choices = re.search(r"[\w]+(?:\\\|\w+)+", typed[1])
        words = choices[0].split("\\|") if choices else [""]
        found += [typed[1].replace(choices[0], word) if choices else typed[1] for word in words]
    return found


def test_there_is_a_row_for_every_command() -> None:
    named = {command.split()[1] if command.split()[1][0] != "[" else "" for command in commands()}
    assert named == PARSERS.keys()


@pytest.mark.parametrize("command", [each for each in commands() if " verify" not in each])
def test_each_row_runs_as_written(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = write_demo(tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    for placeholder, value in VALUES.items():
        command = command.replace(placeholder, value.format(demo=demo, new=tmp_path / "new"))
    _, *words = shlex.split(command)
    name = words[0] if words[0] in PARSERS else ""
    if name == "restore":
        assert main(["apply", str(demo)]) == 1
    try:
        code = main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code in ENDS.get(name, {0})


def test_verify_runs_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(make_repository(tmp_path / "shop", {"a.py": "import modal\n\nmodal.App('a')\n"}))]) == 0
    assert "a.py" in capsys.readouterr().out


@pytest.mark.parametrize("row", ROWS)
def test_the_options_of_a_row_are_those_of_its_command(row: str) -> None:
    word = row.split("`")[1].split()[1]
    said = re.findall(r"`(--[\w-]+)[^`]*`", row)
    foreign = {"--decisions"} if word in {"decisions", "schema"} else set()
    foreign |= {"--format"} if word == "schema" else set()
    assert set(said) - foreign <= KNOWN[word if word in PARSERS else ""]


def test_the_options_of_the_second_table_are_taken_where_it_says() -> None:
    assert len(OPTIONS) > 9
    for option, about in OPTIONS.items():
        assert option in KNOWN["apply" if about.startswith("(`apply`)") else ""], option
        if not about.startswith("(wizard)"):
            assert option in KNOWN["apply"], option


def test_the_options_named_in_the_text_exist() -> None:
    every = set().union(*KNOWN.values()) | {"--dry-run"}  # all-repos has that one
    assert set(re.findall(r"`(?:[a-z-]+ )*(--[\w-]+)", TOPIC)) <= every
