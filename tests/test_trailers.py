"""``--trailers``: a commit says what the SDK says of exactly what it commits; what verifying came to is reported."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import git, make_repository, wizard
from support.sdk import NEW, OLD, sdk_python

from modal_wizard.cli.main import main
from modal_wizard.git.trailers import with_trailer
from modal_wizard.reports.account import account
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.tui.screens.verify import Verify
from modal_wizard.verify import commit_proof

FILES = {
    "one.py": 'import modal\n\napp = modal.App("a")\n\n\n@app.function(gpu=modal.gpu.H100())\ndef f(): ...\n',
    "two.py": 'import modal\n\nimage = modal.Image.debian_slim().copy_local_file("a")\n',
    "three.py": "import nothing_of_modal\n",
}


def trailers(root: Path) -> list[str]:
    said = git(root, "log", "--reverse", "--format=%(trailers:key=Modal-Verified,valueonly)%x00").split("\0")
    return [each.strip() for each in said if each.strip()]


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    """A repository of two modules, each of which today's SDK refuses, and the SDK to ask."""
    sdk_python(NEW)
    return make_repository(tmp_path / "legacy", FILES)


def test_each_commit_counts_the_modules_that_the_sdk_refuses_before_and_after_it(
    legacy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report, runs, real = tmp_path / "report.md", [0], commit_proof._imported
    check = 'import sys; sys.exit(0 if "gpu.H100" in open("one.py").read() else "H100 is gone")'

    def counted(folder: Path, sdk: str, say: Callable[[str], None]) -> commit_proof.Counts:
        runs[0] += 1
        return real(folder, sdk, say)

    monkeypatch.setattr(commit_proof, "_imported", counted)
    command = ["apply", "--all", "--commit", "--trailers", "--report", str(report), str(legacy), "--check"]
    assert main([*command, shlex.join([sys.executable, "-c", check])]) == 2
    said, told = capsys.readouterr().err, report.read_text("utf-8")
    assert trailers(legacy) == [f"2 modules, {NEW}: 2 errors -> 1"]
    assert "modal-wizard: gpu: The check " in said
    assert "status 1. Its files are as they were; 1 commit of this run stays. Fix what it reports" in said
    assert git(legacy, "status", "--porcelain") == ""
    assert f"- Verified with the commits: 2 modules, {NEW}: 2 errors -> 1.\n- Check failed (status 1, " in told
    assert main([*command, shlex.join([sys.executable, "-c", ""])]) == 0
    said, told = capsys.readouterr().err, report.read_text("utf-8")
    assert trailers(legacy) == [f"2 modules, {NEW}: 2 errors -> 1", f"2 modules, {NEW}: 1 error -> 0"]
    assert "This runs their code" in said
    assert said.count("importing what uses Modal") == 1
    assert runs == [4], "what one commit made is what the next begins with"
    assert f"- Verified with the commits: 2 modules, {NEW}: 1 error -> 0.\n- Check passed (" in told


def test_it_is_about_what_is_committed_and_not_about_the_persons_own_lines(legacy: Path) -> None:
    own = f"{FILES['one.py']}\n\nraise SystemExit('not committed')\n"
    (legacy / "one.py").write_text(own)
    main(["apply", "--all", "--commit", "--allow-dirty", "--trailers", "--section", "gpu", str(legacy)])
    assert trailers(legacy) == [f"2 modules, {NEW}: 2 errors -> 1"]
    assert "not committed" in (legacy / "one.py").read_text()


def test_line_by_line_it_is_said_before_and_what_is_written_by_hand_gets_it_too(legacy: Path, lines: Lines) -> None:
    said = lines(legacy, "A", "c", "y", "q", options=("--plain", "--trailers"))
    assert "imported under the SDK first, which runs your code (--trailers)" in said
    assert trailers(legacy) == [f"2 modules, {NEW}: 2 errors -> 1"]


def test_an_sdk_that_cannot_be_had_commits_nothing(
    legacy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("MODAL_WIZARD_SDK_CACHE", str(tmp_path / "no folder"))
    assert main(["apply", "--all", "--commit", "--trailers", str(legacy)]) == 2
    assert "could not be found out" in capsys.readouterr().err
    assert git(legacy, "rev-list", "--count", "HEAD") == "1\n"
    assert git(legacy, "status", "--porcelain") == ""


def test_ctrl_c_meanwhile_puts_the_files_back(legacy: Path) -> None:
    (legacy / "three.py").write_text("import modal\n\nmodal.App('c')\nwhile True: ...\n")
    git(legacy, "commit", "--quiet", "--all", "--message", "Endless")
    command = [sys.executable, "-m", "modal_wizard", "apply", "--all", "--commit", "--trailers", str(legacy)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        assert running.stderr is not None
        said = next(line for line in running.stderr if "importing what uses Modal" in line)
        running.send_signal(signal.SIGINT)
        said += running.stderr.read()
    assert running.returncode == 130
    assert "The files of the section under way were put back." in said
    assert git(legacy, "rev-list", "--count", "HEAD") == "2\n"
    assert git(legacy, "status", "--porcelain") == ""


def test_without_commits_it_is_bad_usage(legacy: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["apply", "--trailers", str(legacy)])
    assert left.value.code == 2


@pytest.mark.parametrize(
    "message", ["Subject\n", "Subject\n\nBody: text of two words\nand more\n", "Subject\n\nBody.\n\nGuide: https://a\n"]
)
def test_git_reads_it_as_a_trailer(message: str) -> None:
    given = with_trailer(message, "Modal-Verified: 1 module")
    parsed = subprocess.run(["git", "interpret-trailers", "--parse"], input=given, capture_output=True, text=True)
    assert parsed.stdout.splitlines()[-1] == "Modal-Verified: 1 module"
    assert given.startswith(message.rstrip())
    assert with_trailer(message, "") == message


async def test_what_v_found_is_in_the_report(legacy: Path) -> None:
    sdk_python(OLD)
    async with wizard(legacy) as opened:
        await opened.press("v", "enter")
        assert isinstance(opened.screen, Verify)
        assert f"modal {NEW} says now:" in opened.screen.lines
        report = as_markdown(account(opened.app.migration))
    assert "### Verified" in report
    assert f"- modal {NEW}: 2 modules, errors 2 -> 2, with warnings 0 -> 0." in report
