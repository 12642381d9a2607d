"""The command line that only looks: scan, explain, usage, and what is said where there is no terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.pilot import write

from modal_transforms.sections import every_section
from modal_wizard import __version__
from modal_wizard.cli.main import main

OLD = 'import modal\n\napp = modal.App("é")\n\n\n@app.function(keep_warm=1, concurrency_limit=2)\ndef f(): ...\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "app.py").write_text(OLD, encoding="utf-8")
    (tmp_path / "clean.py").write_text("print('modal')\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_scan_lists_places_that_a_terminal_can_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan"]) == 1
    out = capsys.readouterr().out
    assert "5. Autoscaler parameters  (warns since 0.73.76, breaks in 1.4.0)" in out
    assert "  pkg/app.py:6:15: safe: keep_warm is now min_containers" in out
    assert out.endswith("2 files looked at: 2 findings in 1 section (2 safe, 0 review, 0 manual).\n")


def test_scan_finds_nothing_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "clean.py"]) == 0
    assert capsys.readouterr().out == "1 file looked at: nothing to migrate.\n"


def test_scan_of_one_section_leaves_the_others_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--section", "gpu"]) == 0
    assert "nothing found in the asked sections" in capsys.readouterr().out


def test_an_unreadable_file_is_bit_two_and_named_on_standard_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.py").write_text("import modal\ndef (:\n")
    assert main(["scan"]) == 3
    said = capsys.readouterr()
    assert "bad.py: line 2: " in said.err
    assert "left untouched" in said.err
    assert "1 file could not be read" in said.out


def test_silenced_findings_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pkg" / "app.py").write_text(OLD.replace("=2)", "=2)  # modal-wizard: ignore"), encoding="utf-8")
    assert main(["scan"]) == 0
    assert "2 silenced by modal-wizard: ignore" in capsys.readouterr().out


def test_json_keeps_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--format", "json", "--edits"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1
    assert report["root"] == str(folder)
    assert report["summary"] == {"files": 2, "findings": 2, "safe": 2, "review": 0, "manual": 0}
    assert report["errors"] == []
    finding = report["findings"][0]
    assert set(finding) >= {"id", "section", "rule", "applicability", "message", "evidence", "sites", "choices"}
    assert finding["sites"] == [
        {"path": "pkg/app.py", "line": 6, "column": 15, "end_line": 6, "end_column": 24, "text": "keep_warm"}
    ]
    (choice,) = finding["choices"]
    assert set(choice) == {"key", "label", "effect", "edits"}
    (edit,) = choice["edits"]
    data = (folder / "pkg" / "app.py").read_bytes()
    assert data[edit["start"] : edit["end"]] == b"keep_warm"
    assert edit["text"] == "min_containers"


def test_edits_of_json_lead_to_a_clean_scan_one_choice_at_a_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "pkg" / "app.py"
    for _ in range(2):
        main(["scan", "--format", "json", "--edits"])
        edits = json.loads(capsys.readouterr().out)["findings"][0]["choices"][0]["edits"]
        data = file.read_bytes()
        for edit in sorted(edits, key=lambda edit: -int(edit["start"])):
            data = data[: edit["start"]] + edit["text"].encode() + data[edit["end"] :]
        file.write_bytes(data)
    assert main(["scan"]) == 0
    assert "min_containers=1, max_containers=2" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["scan", "--section", "autoscaller"], "did you mean autoscaler", id="section-misspelt"),
        pytest.param(["scan", "--format", "xml"], "invalid choice", id="unknown-format"),
        pytest.param(["scan", "--edits"], "--edits goes with --format json or sarif", id="edits-without-json"),
        pytest.param(["apply", "--safe", "--all"], "not allowed with", id="safe-and-all"),
        pytest.param(["apply", "--diff", "--commit"], "not allowed with", id="diff-and-commit"),
        pytest.param(["explain", "nothing"], "there is no section", id="explain-unknown"),
        pytest.param(["apply", "--commit", "--check", ""], "--check: it is empty", id="check-unset"),
        pytest.param(["apply", "--commit", "--branch", " "], "--branch: it is empty", id="branch-unset"),
        pytest.param(["apply", "--decisions", ""], "--decisions: it is empty", id="decisions-unset"),
        pytest.param(["apply", "--all", ""], "PATH: it is empty", id="path-unset"),
        pytest.param(["skill", "--install", ""], "--install: it is empty", id="folder-unset"),
        pytest.param(["apply", "--report", "-"], "--report: it takes a name, and - is none", id="report-to-a-stream"),
        pytest.param(["scan", "--write-baseline", "-"], "./- for what is called so", id="baseline-to-a-stream"),
        pytest.param(["--no-such-option"], "unrecognized arguments", id="unknown-option"),
    ],
)
def test_bad_usage_is_said_and_exits_with_two(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["scan", "missing"], ["apply", "missing"], ["missing"]], ids=" ".join)
def test_a_path_that_does_not_exist_is_one_clear_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert "There is no missing." in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_without_a_terminal_the_wizard_names_the_headless_commands(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pkg"]) == 2
    assert "modal-wizard apply --diff pkg" in capsys.readouterr().err


@pytest.mark.parametrize("section", every_section(), ids=lambda section: section.slug)
def test_every_section_explains_itself(section: object, capsys: pytest.CaptureFixture[str]) -> None:
    slug = str(getattr(section, "slug", ""))
    assert main(["explain", slug]) == 0
    out = capsys.readouterr().out
    assert "Before:" in out
    assert "After:" in out
    assert "https://modal.com/docs/guide/modal-1-0-migration" in out
    assert main(["explain"]) == 0
    assert slug in capsys.readouterr().out


def test_the_module_runs_as_the_command_does() -> None:
    command = [sys.executable, "-m", "modal_wizard", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"modal-wizard {__version__}\n"


def test_a_hostile_file_name_is_shown_not_obeyed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "\x1b[31m\n.py").write_text(OLD, encoding="utf-8")
    main(["scan"])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "␛[31m␊.py:6:15" in out


def test_leaving_at_once_loses_nothing_that_was_printed(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"service_{number}.py").write_text(OLD, encoding="utf-8")
    command = [sys.executable, "-m", "modal_wizard", "scan", "--format", "json", "--edits", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert len({finding["sites"][0]["path"] for finding in json.loads(done.stdout)["findings"]}) == 300


HALVED = """
import os, signal, sys
from modal_wizard.scan import analysis, halves
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all
from pathlib import Path

halves.MANY, halves._processors = int(sys.argv[2]), lambda: 2
own, classify, taken = os.getpid(), analysis.Prefilter.classify, []

def told(self, path):
    if os.getpid() == own:
        taken.append(path)
    elif sys.argv[3] == "fails":
        raise ValueError(path)
    elif sys.argv[3] == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    return classify(self, path)

analysis.Prefilter.classify = told
scope = scope_of(Path(sys.argv[1]))
known = analysis.Analysis(scope)
found = scan_all(scope, looking=known)
pins = [pin.text for pin in found.pins]
print([(f.id, f.message) for f in found.findings], found.problems, found.skipped, pins, known.is_outdated())
print(len(taken))
"""


def test_halves_tell_what_one_process_does(tmp_path: Path) -> None:
    """What another process has not told, because it failed or was killed, is looked at again."""
    files = {
        **{f"plain{n}.py": "import json\n" for n in range(6)},
        **{f"app{n}.py": f"import modal\nfrom options import O{n}\nmodal.Stub().function(**O{n})\n" for n in range(5)},
        "options.py": "".join(f"O{n} = {{'keep_warm': {n}}}\n" for n in range(5)),
        "requirements.txt": "modal==0.62.1\n",
        "run.sh": "modal run app1.py::stub\n",
    }
    write(tmp_path, files)
    (tmp_path / "odd.py").write_bytes(b"\xff\xfei\0m\0p\0o\0r\0t\0 \0m\0o\0d\0a\0l\0")
    (tmp_path / "link.py").symlink_to(tmp_path / "gone.py")

    def scanned(many: int, fate: str = "") -> list[str]:
        command = [sys.executable, "-c", HALVED, str(tmp_path), str(many), fate]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    whole, every = scanned(100)
    assert all(word in whole for word in ("keep_warm", "UTF-16", "modal==0.62.1"))
    assert scanned(2) == [whole, str(int(every) - len(files) // 2)]
    assert scanned(2, "fails") == scanned(2, "is killed") == [whole, every]
