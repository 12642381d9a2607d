"""Fixtures that several test files share, and what the run says at its end."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from support.lines import Lines
from support.pilot import know_idle, make_repository, parse_styles_once
from support.proof import Outcomes, ProofCase, proof_cases, prove
from support.sdk import NEW, OLD, SdkMissing

from modal_transforms.sections import every_section
from modal_wizard.process.agent import CONVENTIONS, OWN

for name in (*CONVENTIONS, *OWN):  # whoever runs the tests: they are about what a person gets
    os.environ.pop(name, None)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would each compile all of the program anew
sys.dont_write_bytecode = False
os.environ["EDITOR"] = "true"  # ends at once where a test names none: the system's own would wait for a person
NUMBERS = count()
gc.set_threshold(20_000, 20, 20)  # to look for garbage after each 700 objects took a twentieth of all the time

PROVED = pytest.StashKey[list[str]]()
"""What the run says at its end of the cases that the SDKs were asked about."""


def pytest_xdist_auto_num_workers() -> int:
    """Run one more at a time than there are processors: those that type at a terminal wait most of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def screens_are_quick_to_test() -> Iterator[None]:
    """Have Textual's pilot wait for the messages themselves, where it would watch how busy the processor is.

    And have it parse no style sheet twice.
    """
    with pytest.MonkeyPatch.context() as patch:
        know_idle(patch.setattr)
        parse_styles_once(patch.setattr)
        yield


@pytest.fixture(autouse=True)
def state_is_kept_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have what is kept where there is no repository in a folder of the test's own, made by whoever keeps something.

    Not ``mktemp``, which reads the names of all folders that the tests before this have made.
    """
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.getbasetemp() / "state" / str(next(NUMBERS)))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository of one commit, with three safe findings of section 5 and one of section 8."""
    return make_repository(tmp_path / "shop")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    """The wizard without a screen, typed at and read line by line."""
    return Lines(monkeypatch, capsys)


@pytest.fixture(scope="session")
def sdk_outcomes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Outcomes:
    """What the real SDKs do with every case. A missing SDK fails: what cannot be proved is not claimed."""
    cases = proof_cases()
    try:
        outcomes = prove(cases, tmp_path_factory.mktemp("proof"))
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    request.config.stash[PROVED] = list(_proved(cases, outcomes))
    return outcomes


def _proved(cases: list[ProofCase], outcomes: Outcomes) -> Iterator[str]:
    """Say, section by section, how many cases the SDKs were asked about."""
    for section in every_section():
        own = [case for case in cases if case.slug == section.slug]
        silent = sum(None in (case.expected(v, s) for v in (OLD, NEW) for s in ("before", "after")) for case in own)
        if own:
            note = f", {silent} with a side on which the SDK is silent" if silent else ""
            yield f"{section.slug}: {len(own)}{note}"
    deployed = [key for key, outcome in outcomes.items() if key.startswith(OLD) and outcome.registered]
    both = sum(key.endswith("/before") for key in deployed)
    yield f"all: {len(cases)}, of which {both} deploy functions that can be compared"


def pytest_collection_finish() -> None:
    """Have what was collected out of the way of the search for garbage."""
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was proved from a worker to the process that tells it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["proved"] = session.config.stash.get(PROVED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker proved."""
    if proved := getattr(node, "workeroutput", {}).get("proved"):
        node.config.stash[PROVED] = proved


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many cases the SDKs were asked about."""
    if proved := config.stash.get(PROVED, []):
        terminalreporter.section(f"cases imported under modal {OLD} and {NEW}")
        for line in proved:
            terminalreporter.write_line(line)
