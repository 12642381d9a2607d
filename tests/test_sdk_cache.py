"""The environments of the real SDKs: made once, remade when a run was killed half-way, and missing with a reason."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import sdk


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
