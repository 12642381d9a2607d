"""An agent in front of the terminal: what the bare command says to it, and instructions that are true."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support.gitbox import new_box
from support.pilot import SHOP
from support.terminal import Terminal, environment

from modal_wizard.cli.every import every_parser
from modal_wizard.cli.main import command_of, main, parser_of
from modal_wizard.cli.skill_text import is_ours, skill_text
from modal_wizard.demo import write_demo
from modal_wizard.process.agent import CONVENTIONS, OWN, agent_variable

WIZARD = [sys.executable, "-m", "modal_wizard"]
SKILL = skill_text()
READS = {"scan", "explain", "schema", "restore", "decisions"}
"""Commands that run nothing and write nothing."""


def run(folder: Path, *words: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, without a terminal."""
    around = {**environment(folder.parent), **variables}
    return subprocess.run([*WIZARD, *words], cwd=folder, input=given, capture_output=True, text=True, env=around)


# --- who is in front -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CONVENTIONS, *OWN])
def test_a_variable_that_agents_set_tells_of_one(name: str) -> None:
    assert agent_variable({name: "some-agent@1.2", "HOME": "/"}) == name
    assert agent_variable({name: "1"}) == name
    assert {agent_variable({name: value}) for value in ("", "0", "false", " Off ")} == {""}


def test_what_an_editor_or_a_person_sets_tells_of_none() -> None:
    assert not agent_variable({"CURSOR_TRACE_ID": "1", "REPL_ID": "1", "CODEX_HOME": "/x", "SSH_AGENT_PID": "7"})


# --- the bare command ------------------------------------------------------------------------------------------------


def test_the_bare_command_tells_state_and_commands_and_opens_nothing(repository: Path) -> None:
    (repository / "shop.py").write_text(f"{SHOP}\n# mine\n")
    done = run(repository, AI_AGENT="someone")
    assert done.returncode == 0
    assert "AI_AGENT says that an agent runs this" in done.stderr
    lines = done.stdout.splitlines()
    assert f"repository: {repository}" in lines
    assert "branch: main  1 changed file" in lines
    assert "files with findings and uncommitted changes: shop.py (modified)" in lines
    assert "findings: 4 (4 safe, 0 review, 0 manual); 0 decided in the wizard and not written" in lines
    assert "  autoscaler: 3 (3 safe, 0 review, 0 manual); 0 decided" in lines
    for line in lines[lines.index("run:") + 1 :]:
        words = shlex.split(line.partition("  ")[2].partition("  ")[0])
        assert words[0] == "modal-wizard"
        parser_of(command_of(words[1]), words[1]).parse_args(words[2:])


def test_what_was_decided_in_the_wizard_is_counted(repository: Path) -> None:
    typed = run(repository, "--plain", given="A\nq\n", AI_AGENT="someone")
    assert "findings" in typed.stdout, "--plain is what it says, also for an agent"
    assert "3 decided in the wizard and not written" in run(repository, CLAUDECODE="1").stdout


def test_a_terminal_of_an_agent_gets_no_screen_unless_it_is_asked_for(tmp_path: Path) -> None:
    demo = write_demo(tmp_path / "demo")
    around = environment(tmp_path, AI_AGENT="someone")
    with Terminal([*WIZARD, str(demo)], around) as terminal:
        assert terminal.ended() == 0
        assert "modal-wizard scan --format json" in terminal.text
    with Terminal([*WIZARD, "--tui", str(demo)], around) as terminal:
        terminal.wait("0 of 34 decided")
        terminal.press("q")
        assert terminal.ended() == 0


def test_outside_of_git_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import modal\n\nstub = modal.Stub()\n")
    done = run(tmp_path, AGENT="goose")
    assert done.returncode == 0
    assert "branch: none, this is no git repository" in done.stdout


# --- the instructions ------------------------------------------------------------------------------------------------


def typed(text: str) -> list[list[str]]:
    """Return the commands in the shell blocks of a text."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def without_redirection(words: list[str]) -> list[str]:
    return words[: words.index(">")] if ">" in words else words


def test_every_command_of_the_instructions_can_be_typed() -> None:
    commands = [without_redirection(words) for words in typed(SKILL)]
    assert len(commands) > 10
    for program, name, *rest in commands:
        assert program == "modal-wizard"
        parser_of(command_of(name), name).parse_args(rest)


def test_every_command_and_option_is_named_once() -> None:
    named = re.findall(r"^- `(--[\w-]+)", SKILL, re.MULTILINE)
    there = [
        string
        for _, parser in every_parser()
        for action in parser._actions
        for string in action.option_strings[:1]
        if string != "-h"
    ]
    assert named == there
    assert len(re.findall(r"^### `modal-wizard", SKILL, re.MULTILINE)) == len(list(every_parser()))


def test_the_commands_that_only_read_run_on_the_demo(tmp_path: Path) -> None:
    demo = write_demo(tmp_path / "demo")
    findings = json.loads(run(demo, "scan", "--format", "json").stdout)["findings"]
    decisions = re.search(r"```json\n(.*?)```", SKILL, re.DOTALL)
    assert decisions
    (tmp_path / "home").mkdir()
    (demo / "decisions.json").write_text(decisions[1].replace("0123456789ab", findings[0]["id"]))
    before = run_git(demo, "rev-parse", "HEAD")
    ran = 0
    for _, name, *rest in map(without_redirection, typed(SKILL)):
        if name in READS or "--diff" in rest:
            done = run(demo, name, *rest)
            expected = {0, 1} if (name, *rest) != ("restore", "--diff") else {2}  # nothing was written yet
            assert done.returncode in expected, (name, rest, done.stderr)
            assert done.stdout or name == "restore"
            ran += 1
    assert ran > 6
    assert run_git(demo, "rev-parse", "HEAD") == before
    assert run_git(demo, "status", "--porcelain") == "?? decisions.json\n"


def run_git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True).stdout


def test_they_are_installed_brought_up_to_date_and_never_over_anothers_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    box = new_box(tmp_path / "box")
    monkeypatch.chdir(box.root)
    place = box.root / ".agents" / "skills" / "modal-wizard" / "SKILL.md"
    assert main(["skill", "--install", ".agents/skills"]) == 0
    assert place.read_text("utf-8") == SKILL
    assert main(["skill", "--install", ".agents/skills"]) == 0
    assert "Up to date" in capsys.readouterr().err

    older = SKILL.replace("decide in a file", "decide")
    body = older.rpartition("<!-- modal-wizard ")[0]
    assert not is_ours(older.encode())
    place.write_text(signed(body), "utf-8")
    assert main(["skill", "--install", ".agents/skills"]) == 0
    assert place.read_text("utf-8") == SKILL

    for foreign in (SKILL + "Mine.\n", "Mine.\n", ""):
        place.write_text(foreign, "utf-8")
        assert main(["skill", "--install", ".agents/skills"]) == 2
        assert place.read_text("utf-8") == foreign
        assert "was left as it is" in capsys.readouterr().err


def signed(body: str) -> str:
    """Return a text as another version of the program would have written it."""
    import hashlib

    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"{body}<!-- modal-wizard 0.0.9 made this; sha256 of all above: {digest} -->\n"


def test_no_link_of_the_repository_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    box = new_box(tmp_path / "box")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(box.root)
    (box.root / ".agents").symlink_to(tmp_path / "elsewhere")
    assert main(["skill", "--install", ".agents/skills"]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (box.root / ".agents").unlink()
    (box.root / ".agents" / "skills" / "modal-wizard").mkdir(parents=True)
    (tmp_path / "elsewhere" / "mine").write_text(SKILL)
    (box.root / ".agents" / "skills" / "modal-wizard" / "SKILL.md").symlink_to(tmp_path / "elsewhere" / "mine")
    assert main(["skill", "--install", ".agents/skills"]) == 2
    assert main(["skill", "--install", str(tmp_path / "new" / "skills")]) == 0
    assert (tmp_path / "new" / "skills" / "modal-wizard" / "SKILL.md").read_text("utf-8") == SKILL
    assert "link" in capsys.readouterr().err
    assert main(["skill", "--install", str(tmp_path / "elsewhere" / "mine" / "skills")]) == 2
    assert "SKILL.md was not written: Not a directory. Nothing was changed." in capsys.readouterr().err


# --- a whole migration -----------------------------------------------------------------------------------------------


def test_an_agent_migrates_the_demo_by_its_own_means(tmp_path: Path) -> None:
    demo = Path(run(tmp_path, "demo", str(tmp_path / "demo"), AI_AGENT="someone").stdout.strip())
    told = run(demo, AI_AGENT="someone")
    assert told.returncode == 0
    plan = json.loads(run(demo, "scan", "--format", "json", AI_AGENT="someone").stdout)
    review = [finding for finding in plan["findings"] if finding["applicability"] == "review" and finding["choices"]]
    skipped = review[0]
    entries = [
        {"rule": finding["rule"], "choice": finding["choices"][0]["key"]} for finding in review if finding != skipped
    ]
    entries += [{"id": finding["id"], "choice": finding["choices"][-1]["key"]} for finding in review[-1:]]
    entries += [{"id": skipped["id"], "skip": "asked the person"}]
    given = json.dumps({"version": 1, "decisions": entries})
    shown = run(demo, "apply", "--safe", "--decisions", "-", "--diff", given=given, AI_AGENT="someone")
    assert shown.stdout.startswith("--- a/")
    done = run(
        demo,
        *("apply", "--safe", "--decisions", "-", "--commit", "--format", "json"),
        given=given,
        AI_AGENT="someone",
    )
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert {outcome["outcome"] for outcome in outcomes} == {"applied", "skipped"}
    assert [each["hint"] for each in outcomes if each["id"] == skipped["id"]] == ["asked the person"]
    left = json.loads(run(demo, "scan", "--format", "json", AI_AGENT="someone").stdout)["findings"]
    assert {finding["applicability"] for finding in left} <= {"review", "manual"}
    assert len(left) <= 3
    commits = run_git(demo, "log", "--format=%s", "--grep=^Modal ").splitlines()
    assert len(commits) >= 12
    assert run_git(demo, "status", "--porcelain") == ""
