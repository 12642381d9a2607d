"""``scan --format sarif`` and ``--format github``: what other tools read, with the exit codes of a scan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from support.pilot import make_repository

from modal_wizard import __version__
from modal_wizard.cli.main import main

APP = 'import modal\n\napp = modal.App("é")\n\n\n@app.function(keep_warm=1, concurrency_limit=2)\ndef f(): ...\n'
GPU = """\
import modal

GPU = modal.gpu.A100(count=2)
app = modal.App()


@app.function(gpu=GPU)
def f():
    print(GPU.count)
"""
BUILT = """\
import modal

app = modal.App("a")


def make():
    return [modal.Mount.from_local_dir(x) for x in open("list")]


@app.function(mounts=make())
def f(): ...
"""
"""Only advice can be given on this one."""
BAD = "import modal\ndef (:\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# é\n"]},
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": ["import modal\n", "app = modal.App('x')\n", "@app.function(keep_warm=1)\n", "def f(): ...\n"],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}

# What the standard asks for, by kind of object: properties that must be there, and others that may.
SHAPES: dict[str, tuple[str, str]] = {
    "log": ("version runs", "$schema"),
    "run": ("tool", "columnKind originalUriBaseIds invocations results artifacts"),
    "driver": ("name", "version informationUri rules"),
    "rule": ("id", "name shortDescription fullDescription help helpUri properties"),
    "result": ("message", "ruleId ruleIndex level locations relatedLocations partialFingerprints properties fixes"),
    "location": ("", "id physicalLocation message"),
    "physicalLocation": ("artifactLocation", "region"),
    "region": ("startLine", "startColumn endLine endColumn"),
    "artifactLocation": ("uri", "uriBaseId"),
    "invocation": ("executionSuccessful", "toolExecutionNotifications"),
    "notification": ("message", "level locations"),
    "fix": ("artifactChanges", "description"),
    "artifactChange": ("artifactLocation replacements", ""),
    "replacement": ("deletedRegion", "insertedContent"),
    "deletedRegion": ("byteOffset", "byteLength"),
}


def conforms(kind: str, plain: Mapping[str, Any]) -> None:
    needed, possible = SHAPES[kind]
    assert set(needed.split()) <= set(plain) <= {*needed.split(), *possible.split()}, kind


def conforms_throughout(log: Mapping[str, Any]) -> None:
    """Assert what SARIF 2.1.0 asks for of everything that we write."""
    conforms("log", log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    conforms("run", run)
    conforms("driver", run["tool"]["driver"])
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        conforms("rule", rule)
        assert rule["shortDescription"]["text"]
    for result in run["results"]:
        conforms("result", result)
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        for location in (*result["locations"], *result.get("relatedLocations", [])):
            is_location(location)
        for fix in result.get("fixes", []):
            is_fix(fix)
    for invocation in run["invocations"]:
        conforms("invocation", invocation)
        for notification in invocation["toolExecutionNotifications"]:
            conforms("notification", notification)
            assert notification["message"]["text"]


def is_location(location: Mapping[str, Any]) -> None:
    conforms("location", location)
    physical = location["physicalLocation"]
    conforms("physicalLocation", physical)
    is_artifact(physical["artifactLocation"])
    if "region" in physical:
        conforms("region", physical["region"])
        assert all(number >= 1 for number in physical["region"].values())


def is_artifact(location: Mapping[str, Any]) -> None:
    conforms("artifactLocation", location)
    assert location["uri"].isascii()
    assert not set(location["uri"]) & set(' \\<>"{}|^`:\n\x1b')


def is_fix(fix: Mapping[str, Any]) -> None:
    conforms("fix", fix)
    assert fix["artifactChanges"]
    for change in fix["artifactChanges"]:
        conforms("artifactChange", change)
        is_artifact(change["artifactLocation"])
        assert change["replacements"]
        for replacement in change["replacements"]:
            conforms("replacement", replacement)
            conforms("deletedRegion", replacement["deletedRegion"])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    root = make_repository(tmp_path / "shop", {"pkg/app.py": APP, "gpus.py": GPU, "built.py": BUILT, "bad.py": BAD})
    monkeypatch.chdir(root)
    return root


def sarif(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 3) -> Any:
    assert main(["scan", "--format", "sarif", *arguments]) == code
    said = capsys.readouterr()
    log = json.loads(said.out)
    conforms_throughout(log)
    return log["runs"][0]


def github(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 3) -> list[str]:
    assert main(["scan", "--format", "github", *arguments]) == code
    return capsys.readouterr().out.splitlines()


def test_sarif_names_the_tool_the_rules_and_the_root(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = sarif(capsys)
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("modal-wizard", __version__)
    assert driver["informationUri"].startswith("https://")
    rule = next(rule for rule in driver["rules"] if rule["id"] == "autoscaler-rename")
    assert rule["name"] == "AutoscalerRename"
    assert rule["helpUri"].endswith("#renaming-autoscaler-parameters")
    assert rule["fullDescription"]["text"].startswith("keep_warm is now min_containers")
    assert "min_containers=1" in rule["help"]["text"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": f"{repository.resolve().as_uri()}/"}}


def test_sarif_says_where_in_characters_and_keeps_the_identity(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = sarif(capsys, "pkg", code=1)
    main(["scan", "--format", "json", "pkg"])
    ids = [finding["id"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    first, second = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "pkg/app.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 6, "startColumn": 15, "endLine": 6, "endColumn": 24},
            }
        }
    ]
    assert [each["partialFingerprints"]["modalWizardFinding/v1"] for each in (first, second)] == ids
    assert "fixes" not in first


def test_sarif_levels_follow_who_decides(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levels = {(each["properties"]["applicability"], each["level"]) for each in sarif(capsys)["results"]}
    assert levels == {("safe", "warning"), ("review", "warning"), ("manual", "note")}


def test_sarif_relates_the_other_places_of_a_finding(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = next(
        each for each in sarif(capsys)["results"] if each["ruleId"].startswith("gpu") and "relatedLocations" in each
    )
    (other,) = found["relatedLocations"]
    assert other["id"] == 1
    assert other["physicalLocation"]["region"]["startLine"] == 9


def test_sarif_tells_of_files_that_could_not_be_read(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (invocation,) = sarif(capsys)["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert told["level"] == "error"
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad.py"
    assert sarif(capsys, "pkg", code=1)["invocations"][0] == {
        "executionSuccessful": True,
        "toolExecutionNotifications": [],
    }


def test_fixes_of_sarif_are_bytes_of_the_files_with_the_given_digest(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hashlib import sha256

    file = repository / "pkg" / "app.py"
    for _ in range(2):
        run = sarif(capsys, "--edits", "pkg", code=1)
        (artifact,) = run["artifacts"]
        assert artifact["hashes"]["sha-256"] == sha256(file.read_bytes()).hexdigest()
        (change,) = run["results"][0]["fixes"][0]["artifactChanges"]
        data = file.read_bytes()
        for each in sorted(change["replacements"], key=lambda each: -int(each["deletedRegion"]["byteOffset"])):
            start = each["deletedRegion"]["byteOffset"]
            end = start + each["deletedRegion"]["byteLength"]
            data = data[:start] + each.get("insertedContent", {}).get("text", "").encode() + data[end:]
        file.write_bytes(data)
    assert main(["scan", "pkg"]) == 0
    assert "min_containers=1, max_containers=2" in file.read_text(encoding="utf-8")


ODD_NAMES = ["a b.py", "100%.py", "x:y,z.py", "é#?.py", "new\nline.py", "\x1b[31m.py", "‮gpj.py"]


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_uris_lead_to_the_file_whatever_it_is_called(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (repository / name).write_text(APP, encoding="utf-8")
    uri = sarif(capsys, name, code=1)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert os.fsdecode(unquote_to_bytes(uri)) == name


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_one_line_a_finding_whatever_the_file_is_called(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (repository / name).write_text(APP, encoding="utf-8")
    lines = github(capsys, name, code=1)
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("::warning file=")
        assert line.isprintable()
        assert "‮" not in line
        named = line.removeprefix("::warning file=").partition(",line=")[0]
        for char, code in {"\n": "%0A", ",": "%2C", ":": "%3A", "%": "%25"}.items():
            assert (code in named) == (char in name)
            assert char == "%" or char not in named


def test_github_says_where_and_what_in_one_line(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = github(capsys, "pkg", code=1)
    assert first == (
        "::warning file=pkg/app.py,line=6,endLine=6,col=15,endColumn=24,"
        "title=Autoscaler parameters (breaks in 1.4.0)::safe: keep_warm is now min_containers"
    )
    assert "col=28" in second


def test_github_tells_advice_as_a_notice_and_unreadable_files_as_errors(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = github(capsys)
    assert [line for line in lines if line.startswith("::notice file=built.py,")]
    (error,) = [line for line in lines if line.startswith("::error ")]
    assert error.startswith("::error file=bad.py,title=")
    assert error.endswith("left untouched")
    kinds = {line.split(" ")[0] for line in lines}
    assert kinds == {"::warning", "::notice", "::error"}
    assert "%0Aalso gpus.py:9" in "\n".join(lines)


def test_paths_of_github_begin_at_the_root_of_the_repository(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository))
    monkeypatch.chdir(repository / "pkg")
    for asked in (".", "app.py", str(repository / "pkg")):
        assert all("file=pkg/app.py," in line for line in github(capsys, asked, code=1))


def test_paths_of_github_begin_at_the_workspace_where_there_is_no_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work" / "src").mkdir(parents=True)
    (tmp_path / "work" / "src" / "app.py").write_text(APP, encoding="utf-8")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "work"))
    assert "file=src/app.py," in github(capsys, str(tmp_path / "work" / "src"), code=1)[0]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert "file=app.py," in github(capsys, str(tmp_path / "work" / "src"), code=1)[0]


def test_a_place_in_a_notebook_is_where_its_json_is(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = json.dumps(NOTEBOOK, indent=1, ensure_ascii=False)
    (repository / "n.ipynb").write_text(written, encoding="utf-8")
    line = next(number for number, text in enumerate(written.splitlines(), start=1) if "keep_warm" in text)
    column = written.splitlines()[line - 1].index("keep_warm") + 1
    (found,) = sarif(capsys, "n.ipynb", "--edits", code=1)["results"]
    assert found["locations"][0]["physicalLocation"]["region"]["startLine"] == line
    assert found["locations"][0]["physicalLocation"]["region"]["startColumn"] == column
    assert found["message"]["text"].startswith("cell 2, line 3: keep_warm")
    (said,) = github(capsys, "n.ipynb", code=1)
    assert f"line={line},endLine={line},col={column}," in said
    assert "::cell 2, line 3: safe: keep_warm" in said


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_nothing_found_is_no_result_and_exit_code_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    (tmp_path / "a.py").write_text("print('modal')\n")
    assert main(["scan", "--format", form, str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out == "" if form == "github" else json.loads(out)["runs"][0]["results"] == []


def test_only_the_asked_sections_are_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {each["ruleId"] for each in sarif(capsys, "--section", "autoscaler")["results"]} == {"autoscaler-rename"}
    assert all("Autoscaler" in line or line.startswith("::error") for line in github(capsys, "--section", "autoscaler"))


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_reader_that_goes_away_is_no_error_of_ours(tmp_path: Path, form: str) -> None:
    for number in range(300):
        (tmp_path / f"{number}.py").write_text(APP, encoding="utf-8")
    command = f"{sys.executable} -m modal_wizard scan --format {form} . | head -c 1 > /dev/null"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("form", ["github", "text"])
def test_edits_go_with_no_other_format(repository: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["scan", "--format", form, "--edits"])
    assert left.value.code == 2
    assert "--edits goes with --format json or sarif" in capsys.readouterr().err
