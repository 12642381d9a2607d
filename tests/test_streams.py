"""Odd surroundings: closed streams, small encodings, no working directory or temporary folder: a sentence, no fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.pilot import git, make_repository

WIZARD = (sys.executable, "-m", "modal_wizard")


def run(
    *arguments: str, closing: str = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line with streams closed as a shell does."""
    command = ["/bin/sh", "-c", f'exec "$@" {closing}', "sh", *WIZARD, *arguments]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="latin-1",
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
    )


COMMANDS = {
    "scan": ["scan", "{root}"],
    "json": ["scan", "--format", "json", "{root}"],
    "diff": ["apply", "--diff", "{root}"],
    "commit": ["apply", "--commit", "{root}"],
    "list": ["restore", "--list", "{root}"],
    "line by line": ["--plain", "{root}"],
    "wizard": ["{root}"],
    "explain": ["explain", "gpu"],
    "demo": ["demo"],
    "help": ["--help"],
}
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


Usual = Callable[[list[str]], int]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Usual:
    """The exit code of a command on the repository of these tests, with nothing odd around it: run once, then known."""
    folder = tmp_path_factory.mktemp("usual")
    known: dict[tuple[str, ...], int] = {}

    def code(command: list[str]) -> int:
        if (key := tuple(command)) not in known:
            root = make_repository(folder / str(len(known)))
            known[key] = run(*(word.format(root=root) for word in command), TMPDIR=str(folder)).returncode
        return known[key]

    return code


@every_command
@pytest.mark.parametrize("closing", [">&-", "<&- >&- 2>&-"])
def test_closed_streams_end_as_open_ones_do(
    repository: Path, tmp_path: Path, usual: Usual, command: list[str], closing: str
) -> None:
    words = [word.format(root=repository) for word in command]
    closed = run(*words, closing=closing, TMPDIR=str(tmp_path))
    made = int(git(repository, "rev-list", "--count", "HEAD"))
    assert git(repository, "status", "--porcelain") == ""
    assert closed.returncode == usual(command)
    assert made == (3 if "--commit" in command else 1)
    assert "fault of ours" not in closed.stderr
    assert "Traceback" not in closed.stderr
    assert list(tmp_path.glob("*.log")) == []


def test_a_closed_output_is_said(repository: Path) -> None:
    done = run("apply", "--commit", str(repository), closing=">&-")
    assert done.returncode == 0
    assert done.stderr == "modal-wizard: standard output is closed; what is printed there is lost.\n"
    assert git(repository, "log", "-1", "--format=%s") != "Legacy\n"


def test_a_file_of_the_person_never_gets_the_number_of_a_closed_stream(repository: Path, tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom modal_wizard.cli.main import main\n"
        f"main(['scan', {str(repository)!r}])\n"
        f"with open({str(tmp_path / 'mine')!r}, 'w') as mine:\n    number = mine.fileno()\n"
        f"with open({str(tmp_path / 'number')!r}, 'w') as told:\n    told.write(str(number))\n"
    )
    command = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", script]
    subprocess.run(command, check=True)
    assert int((tmp_path / "number").read_text()) > 2


# --- encodings -------------------------------------------------------------------------------------------------------


@every_command
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_no_encoding_is_a_fault(
    repository: Path, tmp_path: Path, usual: Usual, command: list[str], encoding: str
) -> None:
    (repository / "extra.py").write_text(
        "# caf\u00e9 \u2192 \U0001f600\nimport modal\nd = modal.Dict.lookup('\u20ac')\n"
    )
    words = [word.format(root=repository) for word in command]
    done = run(*words, PYTHONIOENCODING=encoding, TMPDIR=str(tmp_path))
    assert done.returncode == usual(command)
    assert "fault of ours" not in done.stderr
    assert list(tmp_path.glob("*.log")) == []


@pytest.mark.parametrize(
    "surroundings",
    [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["latin-1", "C"],
)
def test_screens_that_cannot_be_drawn_are_asked_line_by_line(
    repository: Path, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from support.terminal import Terminal, environment

    with Terminal([*WIZARD, str(repository)], environment(tmp_path, **surroundings), size=(120, 100)) as terminal:
        terminal.wait("section 5, 1 of 3>")
        assert "lacks what the screens are drawn with" in terminal.text
        terminal.press("y\rq\r")
        assert terminal.ended() == 0


# --- folders that are not there --------------------------------------------------------------------------------------

GONE = "The folder that this was started in is not there any more."
IN_NO_FOLDER = (
    "import os, sys, tempfile\nos.chdir(tempfile.mkdtemp())\nos.rmdir(os.getcwd())\n"
    "from modal_wizard.__main__ import main\nmain()\n"
)


@pytest.mark.parametrize(
    "words", [["scan", "."], ["apply", "."], ["restore", "x.py"], ["--plain"], [], ["verify"], ["apply", "--diff"]]
)
def test_a_working_directory_that_is_gone_is_said(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", IN_NO_FOLDER, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"modal-wizard: {GONE} Change to a folder that is there")


@every_command
def test_from_a_working_directory_that_is_gone_a_whole_path_leads_on(
    repository: Path, usual: Usual, command: list[str]
) -> None:
    words = [word.format(root=repository) for word in command]
    done = subprocess.run([sys.executable, "-c", IN_NO_FOLDER, *words], capture_output=True, text=True, check=False)
    assert done.returncode == usual(command)
    assert "fault of ours" not in done.stderr


NO_TEMPORARY = (
    "import tempfile\n"
    "def none(*_):\n    raise FileNotFoundError(2, 'No usable temporary directory found')\n"
    "tempfile.gettempdir = tempfile._get_default_tempdir = none\n"
    "from modal_wizard.__main__ import main\nmain()\n"
)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["scan", "{root}"], 1, ""),
        (["apply", "--commit", "{root}"], 0, ""),
        (["--plain", "{root}"], 0, ""),
        (["verify", "{root}"], 2, "There is no temporary folder to copy the repository to (No usable temporary"),
        (["demo"], 2, "The demo could not be written to a temporary folder: No usable temporary directory found"),
    ],
    ids=["scan", "commit", "line by line", "verify", "demo"],
)
def test_without_a_temporary_folder_it_works_or_is_said(
    repository: Path, words: list[str], code: int, said: str
) -> None:
    command = [sys.executable, "-c", NO_TEMPORARY, *(word.format(root=repository) for word in words)]
    done = subprocess.run(command, input="e\nq\n", capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stderr
    assert "fault of ours" not in done.stderr


@pytest.mark.parametrize("folder", [None, "missing"])
def test_an_editor_without_a_place_for_its_file_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str | None
) -> None:
    from modal_wizard.process.editor import NoEditor, edited

    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(NoEditor, match="There is no place for the editor's file"):
        edited("text", place=tmp_path / folder / "draft.py" if folder else None)


FAULT = (
    "import modal_wizard.cli.scan as scan\n"
    "def run(options):\n    raise ZeroDivisionError('of ours\\x1b[2J')\nscan.run = run\n"
)


@pytest.mark.parametrize("state", [True, False], ids=["a state folder", "none either"])
def test_a_fault_of_ours_without_a_temporary_folder_is_a_sentence(
    repository: Path, tmp_path: Path, state: bool
) -> None:
    place = tmp_path / "state"
    if not state:
        place.write_text("no folder")
    done = subprocess.run(
        [sys.executable, "-c", FAULT + NO_TEMPORARY, "scan", str(repository)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_STATE_HOME": str(place)},
    )
    assert done.returncode == 2
    assert "this is a fault of ours (ZeroDivisionError)" in done.stderr
    assert "Traceback" not in done.stderr
    if state:
        (report,) = place.glob("modal-wizard-*.log")
        assert f"A report is in {report}" in done.stderr
        assert "Traceback" in report.read_text()
    else:
        assert "No report could be written" in done.stderr
        assert "ZeroDivisionError: of ours␛[2J (<string>, line 3, run), modal-wizard" in done.stderr
