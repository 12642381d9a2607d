"""The environments of the real SDKs: made once, remade when a run was killed half-way, and missing with a reason."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support import outcomes

from modal_wizard.verify import environments as sdk


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that would have been run; ``venv`` leaves an interpreter behind."""
    commands: list[list[str]] = []

    def run(command: list[str], version: str) -> None:
        commands.append(command)
        if "venv" in command:
            python = Path(command[-1]) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(sdk, "_run", run)
    monkeypatch.setenv("MODAL_WIZARD_SDK_CACHE", str(tmp_path))
    return commands


def test_an_environment_is_made_once(made: list[list[str]]) -> None:
    first = sdk.sdk_python("1.2.3")
    count = len(made)
    assert count
    assert sdk.sdk_python("1.2.3") == first
    assert len(made) == count
    assert "modal==1.2.3" in made[1]


def test_what_a_killed_run_left_is_made_again(made: list[list[str]]) -> None:
    python = sdk.sdk_python("1.2.3")
    environment = python.parent.parent
    (environment / sdk.MARKER).unlink()
    (environment / "half").touch()
    made.clear()
    assert sdk.sdk_python("1.2.3") == python
    assert made
    assert not (environment / "half").exists()


def test_runs_at_the_same_time_wait_for_one_another(made: list[list[str]]) -> None:
    with ThreadPoolExecutor(4) as pool:
        pythons = set(pool.map(sdk.sdk_python, ["1.2.3"] * 4))
    assert len(pythons) == 1
    assert len([command for command in made if "venv" in command]) == 1


def test_an_sdk_that_cannot_be_installed_is_missing_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODAL_WIZARD_SDK_CACHE", str(tmp_path))
    with pytest.raises(sdk.SdkMissing, match=r"modal 1\.2\.3 could not be installed into .*(?s:.*)no-such-module"):
        sdk._run([sys.executable, "-m", "no-such-module"], "1.2.3")


# --- what an SDK was asked -------------------------------------------------------------------------------------------

PROGRAM = """
import json, pathlib, sys
for job in json.loads(pathlib.Path(sys.argv[1]).read_text()):
    with open(pathlib.Path(__file__).with_name("asked"), "a") as asked:
        asked.write(job["key"] + "\\n")
    if not job["ends"]:
        said = {"error": None, "text": (pathlib.Path(job["root"]) / "a.py").read_text()}
        pathlib.Path(job["answer"]).write_text(json.dumps(said))
    print(9)
"""


class Asking:
    """An SDK that says of each job what its file holds, and what it was asked about."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.program = folder, monkeypatch, folder / "program" / "asking.py"
        python = folder / "cache" / "modal-1.2.3" / "bin" / "python"
        for place in (self.program, python):
            place.parent.mkdir(parents=True)
        self.program.write_text(PROGRAM)
        python.symlink_to(sys.executable)
        self.asked_before = 0
        monkeypatch.setattr(outcomes, "sdk_python", lambda _: python)
        self.run_of_its_own()

    def run_of_its_own(self, ci: str = "") -> None:
        """Go on as another run of the tests."""
        self.monkeypatch.setenv("CI", ci)
        self.monkeypatch.setattr(outcomes, "RUN", object().__repr__() + ci)

    def ask(self, *, ends: bool = False, **files: str) -> list[str]:
        """Ask about programs, and return which of them the SDK had not been asked about before."""
        folder = self.folder / f"run-{len(list(self.folder.iterdir()))}"
        jobs: list[dict[str, Any]] = []
        for key, text in files.items():
            (folder / key).mkdir(parents=True)
            (folder / key / "a.py").write_text(text)
            jobs.append({"key": key, "root": str(folder / key), "ends": ends, "seconds": 60})
        said = outcomes.ask("1.2.3", self.program, jobs, folder)
        assert {key: each.get("text", "Ended: 9") for key, each in said.items()} == files
        record = self.program.with_name("asked")
        asked = record.read_text().split() if record.exists() else []
        new, self.asked_before = asked[self.asked_before :], len(asked)
        return new


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asking:
    return Asking(tmp_path, monkeypatch)


def test_what_an_sdk_was_asked_before_is_known(asking: Asking) -> None:
    assert asking.ask(one="x = 1", two="x = 2") == ["one", "two"]
    asking.run_of_its_own()
    assert asking.ask(one="x = 1", two="x = 3", three="x = 2") == ["two"]


def test_another_program_that_asks_asks_anew(asking: Asking) -> None:
    assert asking.ask(one="x = 1") == ["one"]
    asking.program.write_text(f"{PROGRAM}# changed")
    assert asking.ask(one="x = 1") == ["one"]
    asking.program.with_name("sibling.py").write_text("")
    assert asking.ask(one="x = 1") == ["one"]


def test_another_library_beside_the_sdk_asks_anew(asking: Asking) -> None:
    assert asking.ask(one="x = 1") == ["one"]
    (asking.folder / "cache" / "modal-1.2.3" / "lib" / "grpclib-9.dist-info").mkdir(parents=True)
    assert asking.ask(one="x = 1") == ["one"]
    assert asking.ask(one="x = 1") == []


def test_continuous_integration_asks_afresh_once_a_run(asking: Asking) -> None:
    assert asking.ask(one="x = 1") == ["one"]
    asking.run_of_its_own(ci="1")
    assert asking.ask(one="x = 1") == ["one"]
    assert asking.ask(one="x = 1") == []


def test_what_ended_the_process_is_asked_again(asking: Asking) -> None:
    assert asking.ask(ends=True, one="Ended: 9") == ["one"]
    assert asking.ask(ends=True, one="Ended: 9") == ["one"]
