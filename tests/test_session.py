"""Decisions are a log: kept at once, undone and redone without limit, replayed after a crash."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from modal_wizard.session.decisions import Decision, ManualEdit, SectionWritten, Status
from modal_wizard.session.log import Session, UnknownSession, load

ACCEPTED = Decision(Status.ACCEPTED, "rename")
SKIPPED = Decision(Status.SKIPPED, reason="not now", bulk=True)
EDITED = Decision(Status.EDITED, "rename", (("volume", "weights"),), ManualEdit("a.py", 3, 9, "é\n"))


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
    session.land(SectionWritten("gpu", ("x",), "abc", (("new", "old"),), accepted=1))
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


# --- what goes wrong with the file -----------------------------------------------------------------------------------


def test_a_kill_at_any_byte_loses_the_last_line_at_most(tmp_path: Path) -> None:
    file = tmp_path / "session.jsonl"
    session = load(file)
    for name in "xyz":
        session.decide({name: ACCEPTED})
    whole = file.read_bytes()
    ends = [end for end in range(len(whole) + 1) if whole[:end].endswith(b"\n")]
    for cut in range(len(whole) + 1):
        file.write_bytes(whole[:cut])
        again = load(file)
        complete = [cut >= end - (number > 0) for number, end in enumerate(ends)]  # the line end itself may be missing
        events = max(sum(complete) - 2, 0)  # without the first lines: the format, the signature
        assert list(again.decisions()) == list("xyz")[:events], cut
        again.decide({"after": SKIPPED})
        assert list(load(file).decisions()) == [*"xyz"[:events], "after"], cut


def test_a_second_wizard_does_not_mix_its_decisions_in(tmp_path: Path) -> None:
    file = tmp_path / "session.jsonl"
    first, second = load(file), load(file)
    first.decide({"x": ACCEPTED})
    second.decide({"x": SKIPPED})
    second.undo()
    first.decide({"y": ACCEPTED})
    assert "another modal-wizard" in second.unkept
    assert first.unkept == ""
    assert load(file).decisions() == {"x": ACCEPTED, "y": ACCEPTED}


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "decide", "decisions": [{"finding": "a", "status": "no such"}]}',
        '{"event": "decide", "decisions": [{"status": "accepted"}]}',
        '{"event": "decide", "decisions": [7]}',
        '{"event": "decide", "decisions": [{"finding": "a", "status": "edited", "typed": {"odd": 1}}]}',
        '{"event": "land", "renamed": [[1, 2, 3]]}',
        '{"event": "undo"}',
        '{"event": ["undo"]}',
        '"text"',
        "[" * 100_000,
    ],
)
def test_an_event_that_makes_no_sense_is_left_out(tmp_path: Path, line: str) -> None:
    file = tmp_path / "session.jsonl"
    file.write_text(json.dumps({"format": "modal-wizard session", "version": 1}) + f"\n{line}\n")
    session = load(file)
    session.decide({"x": ACCEPTED})
    assert load(file).decisions() == {"x": ACCEPTED}


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = load(tmp_path / "session.jsonl")
    session.decide({"x": ACCEPTED})
    before = session.file.read_bytes() if session.file else b""
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return real(handle, data[:-19])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        session.decide({"y": ACCEPTED})
    assert "No space left" in session.unkept
    assert session.decision("y") == ACCEPTED
    assert session.file is not None
    assert session.file.read_bytes() == before
