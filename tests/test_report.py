"""The account as Markdown: what was done and how, what is left, what to see to when deploying."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, make_repository, open_section, wizard

from modal_wizard.cli.main import main
from modal_wizard.session.decisions import SectionWritten
from modal_wizard.session.log import load

SHARED = """\
import modal

app = modal.App("shop")
options = {"keep_warm": 1}
print(options)


@app.function(**options)
def price(item):
    return item
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.md"


def test_apply_tells_commits_counts_and_that_it_was_done_in_bulk(repository: Path, report: Path) -> None:
    assert main(["apply", "--commit", "--section", "autoscaler", "--report", str(report), str(repository)]) == 0
    text = report.read_text()
    commit = git(repository, "log", "-1", "--format=%h").strip()[:7]
    assert "3 findings migrated in 1 commit: 3 accepted (3 in bulk); 0 skipped, 1 undecided." in text
    assert f"- `{commit}" in text
    assert "Accepted in bulk, not looked at one by one: `shop.py:6`, `shop.py:6`, `shop.py:11`." in text
    assert "- `desk.py:3` undecided · Function.lookup was removed in 1.2.0 (broken now)" in text
    assert "- [ ] Install modal 1.6.4 and run your tests." in text


def test_apply_without_commits_says_so(repository: Path, report: Path) -> None:
    assert main(["apply", "--report", str(report), str(repository)]) == 0
    assert "- not committed: Autoscaler parameters: 3 accepted" in report.read_text()
    assert "in 0 commits" in report.read_text()


def test_a_report_is_written_also_when_a_commit_fails(repository: Path, report: Path) -> None:
    hook = repository / ".git" / "hooks" / "commit-msg"
    hook.write_text("#!/bin/sh\n! grep -q lookup $1\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--report", str(report), str(repository)]) == 2
    assert "3 findings migrated in 1 commit" in report.read_text()


def test_what_is_looked_at_one_by_one_is_not_called_bulk(repository: Path, report: Path, lines: Lines) -> None:
    options = ("--plain", "--report", str(report))
    lines(repository, "y", "s the old name is in our docs", "y", "c", "y", "q", options=options)
    text = report.read_text()
    assert "bulk" not in text
    assert "2 findings migrated in 1 commit: 2 accepted; 1 skipped, 1 undecided." in text
    assert "skipped: the old name is in our docs · concurrency_limit is now max_containers (broken now)" in text


def test_advice_becomes_a_list_to_check_when_deploying_also_after_coming_back(
    tmp_path: Path, report: Path, lines: Lines
) -> None:
    root = make_repository(tmp_path / "shared", {"shop.py": SHARED})
    lines(root, "y", "c", "y", "q")
    lines(root, "q", options=("--plain", "--report", str(report)))
    text = report.read_text()
    assert "### Check before you deploy\n\n- [ ] " in text
    assert "(`shop.py:" in text[text.index("### Check before you deploy") :]


def test_nothing_done_is_an_account_as_well(tmp_path: Path, report: Path, lines: Lines) -> None:
    root = make_repository(tmp_path / "new", {"app.py": "import modal\n"})
    lines(root, "q", options=("--plain", "--report", str(report)))
    assert report.read_text().startswith("## Migration to Modal 1.x\n\nNothing is written yet; 0 skipped")


def test_a_report_that_cannot_be_written_is_said(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", "--report", str(tmp_path / "no" / "where.md"), str(repository)]) == 2
    assert "where.md was not written" in capsys.readouterr().err


@pytest.mark.parametrize("front", [["apply"], ["--plain"]], ids=["apply", "line by line"])
@pytest.mark.parametrize("name", ["shop.py", "notes.md"])
def test_nothing_but_a_report_is_written_over(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str, front: list[str]
) -> None:
    theirs = SHOP if name == "shop.py" else "# work of hours\n"
    (repository / name).write_text(theirs)
    assert main([*front, "--report", str(repository / name), str(repository)]) == 2
    assert f"{name} was not written: what is there is no report" in capsys.readouterr().err
    assert (repository / name).read_text() == theirs
    assert (repository / "shop.py").read_text() == SHOP


def test_a_report_of_a_dry_run_is_a_usage_error(repository: Path, report: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["apply", "--diff", "--report", str(report), str(repository)])
    assert left.value.code == 2


async def test_what_is_copied_on_the_screen_is_what_the_report_says(
    repository: Path, report: Path, lines: Lines
) -> None:
    async with wizard(repository) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("a", "A", "c", "c", "m", "m")
        copied = opened.app.clipboard
    lines(repository, "q", options=("--plain", "--report", str(report)))
    assert copied == report.read_text()
    assert "3 accepted (2 in bulk)" in copied


def test_a_landing_keeps_what_the_account_needs(tmp_path: Path) -> None:
    session = load(tmp_path / "session.jsonl")
    landing = SectionWritten("gpu", ("x",), "", bulk=("a.py:3",), advice=(("a.py:3", "Look."),))
    session.land(landing)
    assert load(tmp_path / "session.jsonl").landings == [landing]
