"""Decisions of a file in the wizard: proposals that the person takes or leaves, on the screen and line by line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.lines import Lines
from support.pilot import LEGACY, NARROW, WIDE, git, make_repository, open_section, wizard

from modal_transforms.core.model import Finding
from modal_wizard.cli.main import main
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.decisions.read import DecisionsRefused, parse
from modal_wizard.migration.migration import Migration
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import Status
from modal_wizard.tui.screens.overview import Overview

GPU = 'import modal\n\napp = modal.App("gpu")\n\n\n@app.function(gpu=modal.gpu.T4())\ndef f(): ...\n'
FILES = {**LEGACY, "gpu.py": GPU}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three findings of section 5 in shop.py, one of section 8 in desk.py, one of section 11 in gpu.py."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-02T00:00:00Z")
    return make_repository(tmp_path / "repository", FILES)


def found(root: Path) -> dict[str, list[Finding]]:
    migration = Migration(scope_of(root))
    list(migration.scan())
    return {section.slug: migration.findings(section.slug) for section in migration.sections}


def proposals(root: Path) -> list[dict[str, Any]]:
    """A rename, a skip with a reason, a choice that is not the first, an edit."""
    there = found(root)
    start = GPU.index("modal.gpu.T4()")
    (gpu,) = there["gpu"]
    edit = {"path": "gpu.py", "sha256": sha256(root / "gpu.py"), "start": start, "end": start + 14, "text": '"L4"'}
    return [
        {"rule": "autoscaler-rename", "choice": "rename", "note": "as the guide says"},
        {"id": there["autoscaler"][1].id, "skip": "the limit goes away"},
        {"rule": "lookup", "choice": "hydrate", "note": "it must fail at once"},
        {"id": gpu.id, "edits": [edit], "note": "L4 is cheaper"},
    ]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def as_bytes(entries: list[dict[str, Any]]) -> bytes:
    return json.dumps({"version": 1, "decisions": entries}).encode()


def decisions(entries: list[dict[str, Any]]) -> DecisionSet:
    return DecisionSet("d.json", parse("d.json", as_bytes(entries)))


def commits(root: Path) -> str:
    return git(root, "log", "--format=%T%n%B")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
async def test_what_is_proposed_is_shown_and_taken_only_by_the_person(
    repository: Path, size: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    async with wizard(repository, size, decisions=decisions(proposals(repository))) as opened:
        assert set(opened.statuses("autoscaler")) == {Status.PENDING}
        await open_section(opened, "autoscaler")
        assert opened.text.count("? ") >= 3
        assert "rename - as the guide says (a takes it)" in " ".join(opened.text.split())
        await opened.press("a")
        assert "skip - the limit goes away (s takes it)" in " ".join(opened.text.split())
        await opened.press("s", "s")
        assert opened.statuses("autoscaler") == [Status.ACCEPTED, Status.SKIPPED, Status.SKIPPED]
        made = [opened.app.migration.decision(finding) for finding in opened.app.migration.findings("autoscaler")]
        assert [(each.reason, each.note) for each in made] == [
            ("", "as the guide says"),
            ("the limit goes away", ""),
            ("", ""),
        ]
        await opened.press("u")
        await opened.press("escape")
        await open_section(opened, "lookup")
        assert ".hydrate()" in opened.text
        await opened.press("a")
        assert opened.app.migration.decision(opened.app.migration.findings("lookup")[0]).choice == "hydrate"
        await opened.press("escape")
        await open_section(opened, "gpu")
        assert 'gpu="L4"' in opened.text
        await opened.press("a")
        assert opened.statuses("gpu") == [Status.EDITED]
    assert main(["decisions", str(repository)]) == 0
    out = json.loads(capsys.readouterr().out)["decisions"]
    assert [each.get("note") for each in out] == ["as the guide says", None, "it must fail at once", "L4 is cheaper"]
    assert out[1]["skip"] == "the limit goes away"
    assert out[2]["choice"] == "hydrate"
    assert out[3]["edits"][0]["text"] == '"L4"'


async def test_only_what_is_proposed_can_be_shown_and_all_of_it_taken(repository: Path) -> None:
    there = found(repository)["autoscaler"]
    entries: list[dict[str, Any]] = [{"id": there[0].id, "choice": "rename"}, {"id": there[2].id, "skip": "stays"}]
    async with wizard(repository, decisions=decisions(entries)) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("A")
        assert opened.statuses("autoscaler") == [Status.PENDING, Status.ACCEPTED, Status.PENDING]
        await opened.press("A")
        assert "What is left has proposals; R takes them all." in {each.text for each in opened.app.telling.told}
        await opened.press("u", "F")
        assert "proposed (2)" in opened.text
        await opened.press("enter")
        assert "proposed" in opened.text
        assert "2 of 3 shown" in opened.text
        await opened.press("R")
        assert "decide 2 as is proposed" in opened.text
        await opened.press("enter")
        assert opened.statuses("autoscaler") == [Status.ACCEPTED, Status.PENDING, Status.SKIPPED]
        await opened.press("u")
        assert set(opened.statuses("autoscaler")) == {Status.PENDING}


async def test_decisions_that_do_not_fit_end_the_wizard_with_their_lines(repository: Path) -> None:
    wrong = decisions([{"id": "0123456789ab", "skip": ""}])
    async with wizard(repository, decisions=wrong, scanned=False) as opened:
        await opened.settle()
        assert opened.app.return_value == 2
        assert isinstance(opened.app.refusal, DecisionsRefused)
        assert "d.json:1: no finding has the id '0123456789ab'" in str(opened.app.refusal)
    assert not (repository / ".git" / "modal-wizard" / "session.jsonl").exists()


async def test_the_commits_are_those_of_the_keys(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same migration three times: by keys, by a file of the rules, and by what the wizard gave out."""
    root = repository.parent
    git(root, "clone", "-q", "repository", "by-file")
    git(root, "clone", "-q", "repository", "by-export")
    for name in ("by-file", "by-export"):
        git(root / name, "config", "user.name", "Ada")
        git(root / name, "config", "user.email", "ada@example.com")
    there = found(repository)["autoscaler"]
    async with wizard(repository) as opened:
        for slug, keys in (("autoscaler", ["a", "s", "a"]), ("lookup", ["2", "a"]), ("gpu", ["a"])):
            await open_section(opened, slug)
            await opened.press(*keys, "c", "c")
            if not opened.shows(Overview):
                opened.app.navigation.to_overview()
                await opened.settle()
    entries: list[Mapping[str, Any]] = [
        {"rule": "autoscaler-rename", "choice": "rename"},
        {"id": there[1].id, "skip": ""},
        {"rule": "lookup", "choice": "hydrate"},
        {"section": "gpu", "choice": "string"},
    ]
    (root / "d.json").write_text(json.dumps({"version": 1, "decisions": entries}))
    assert main(["apply", str(root / "by-file"), "--decisions", str(root / "d.json"), "--commit"]) == 1
    capsys.readouterr()
    assert main(["decisions", str(repository)]) == 0
    (root / "out.json").write_text(capsys.readouterr().out)
    assert main(["apply", str(root / "by-export"), "--decisions", str(root / "out.json"), "--commit"]) == 1
    assert commits(repository).count("Modal 1.0") == 3
    assert commits(root / "by-file") == commits(repository)
    assert commits(root / "by-export") == commits(repository)


def test_line_by_line_it_is_the_same(repository: Path, lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    file = repository.parent / "d.json"
    file.write_bytes(as_bytes(proposals(repository)))
    said = lines(repository, "y", "s", "s", "n", "y", "n", "y", "q", options=("--plain", "--decisions", str(file)))
    assert "Proposed: rename - as the guide says (a takes it)" in said
    assert "Proposed: skip - the limit goes away (s takes it)" in said
    assert "+price = modal.Function.from_name" in said
    assert ".hydrate()" in said
    assert '+@app.function(gpu="L4")' in said
    main(["decisions", str(repository)])
    out = json.loads(capsys.readouterr().out)["decisions"]
    assert [each.get("skip") for each in out] == [None, "the limit goes away", "", None, None]
    assert [each.get("note") for each in out][3:] == ["it must fail at once", "L4 is cheaper"]


def test_a_file_that_does_not_fit_opens_nothing(repository: Path, lines: Lines) -> None:
    file = repository.parent / "d.json"
    file.write_text('{"version": 1, "decisions": [\n{"rule": "lookups", "skip": ""}]}')
    said = lines(repository, options=("--plain", "--decisions", str(file)), code=2)
    assert "d.json:2: there is no rule 'lookups'; did you mean lookup?" in said
    assert "Finding" not in said


def test_line_by_line_all_that_is_proposed_is_taken_in_one_step(repository: Path, lines: Lines) -> None:
    file = repository.parent / "d.json"
    file.write_bytes(as_bytes(proposals(repository)))
    said = lines(repository, "R", "1", "u", "R", "1", "c", "y", "q", options=("--plain", "--decisions", str(file)))
    assert "1. decide 3 as is proposed" in said
    assert "3 findings decided as proposed in one step; u takes it back." in said
    assert "Undone: decide 3 as is proposed." in said
    assert "Changes: 2 accepted, 1 skipped." in said
