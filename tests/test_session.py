"""Decisions are a log: kept at once, undone and redone without limit, replayed after a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modal_wizard.session import Decision, Landing, Session, Status, Typed, UnknownSession, load

ACCEPTED = Decision(Status.ACCEPTED, "rename")
SKIPPED = Decision(Status.SKIPPED, reason="not now", bulk=True)
EDITED = Decision(Status.EDITED, "rename", (("volume", "weights"),), Typed("a.py", 3, 9, "é\n"))


def test_what_was_never_decided_is_pending() -> None:
    assert Session().decision("x").status is Status.PENDING


def test_a_step_of_several_decisions_is_undone_and_redone_as_one() -> None:
    session = Session()
    session.decide({"x": ACCEPTED})
    session.decide({"x": SKIPPED, "y": SKIPPED})
    session.undo()
    assert (session.decision("x"), session.decision("y").status) == (ACCEPTED, Status.PENDING)
    session.redo()
    assert session.decision("y") == SKIPPED
    assert session.redo() is None


def test_undo_has_no_limit_but_the_beginning() -> None:
    session = Session()
    for number in range(50):
        session.decide({str(number): ACCEPTED})
    assert [session.undo() is not None for _ in range(51)] == [True] * 50 + [False]


def test_a_new_decision_forgets_what_was_undone() -> None:
    session = Session()
    session.decide({"x": ACCEPTED})
    session.undo()
    session.decide({"y": ACCEPTED})
    assert session.redo() is None


def test_a_session_comes_back_from_its_file(tmp_path: Path) -> None:
    session = load(tmp_path / "deep" / "session.jsonl")
    session.decide({"x": ACCEPTED, "y": EDITED}, "both")
    session.decide({"z": SKIPPED})
    session.undo()
    session.land(Landing("gpu", ("x",), "abc", (("new", "old"),), accepted=1))
    again = load(tmp_path / "deep" / "session.jsonl")
    assert again.decisions() == {"x": ACCEPTED, "y": EDITED}
    assert again.landings == session.landings
    assert again.redo() is not None
    assert load(tmp_path / "deep" / "session.jsonl").decision("z") == SKIPPED


def test_a_line_cut_short_by_a_crash_loses_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "session.jsonl"
    session = load(file)
    session.decide({"x": ACCEPTED})
    session.decide({"y": ACCEPTED})
    file.write_bytes(file.read_bytes()[:-20])
    again = load(file)
    assert again.decisions() == {"x": ACCEPTED}
    again.decide({"z": SKIPPED})
    assert load(file).decisions() == {"x": ACCEPTED, "z": SKIPPED}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(json.dumps({"format": "modal-wizard session", "version": 99}), id="newer"),
        pytest.param("not a session", id="foreign"),
    ],
)
def test_a_session_of_another_version_is_not_trampled(tmp_path: Path, first: str) -> None:
    file = tmp_path / "session.jsonl"
    file.write_text(first + "\n")
    with pytest.raises(UnknownSession, match="another version"):
        load(file)
    assert file.read_text() == first + "\n"
