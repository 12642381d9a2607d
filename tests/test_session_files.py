"""What earlier versions left in people's git directories is read, and is written in the same form today.

`kept_sessions` holds a session, snapshots and drafts as the version before `msgspec` read them wrote them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from modal_wizard.session import snapshots
from modal_wizard.session.decisions import Decision, ManualEdit, SectionWritten, Status
from modal_wizard.session.drafts import Drafts
from modal_wizard.session.log import Session, load
from modal_wizard.session.snapshots import FileSnapshot, SeenFinding

KEPT = Path(__file__).parent / "kept_sessions"
ODD = "caf\udce9.py"
ACCEPTED = Decision(Status.ACCEPTED, "rename")
EDITED = Decision(
    Status.EDITED, "rename", (("volume", "weights"), ("name", "é")), ManualEdit(ODD, 3, 9, "é\n")
)  # a path that is not UTF-8
SKIPPED = Decision(Status.SKIPPED, reason="not now", bulk=True)
MUTED = Decision(Status.SKIPPED, reason="rule muted", bulk=True)
WRITTEN = SectionWritten(
    "gpu", ("gpu:one",), "b" * 40, (("gpu:new", "gpu:one"),), 1, 2, 3, (f"{ODD}:3",), (("a.py:7", "look at it"),)
)
SNAPSHOT = FileSnapshot(ODD, b"import modal\n\xff\n" * 3, (SeenFinding("autoscaler:two", "rename", 3, 1),))


def decide_all(session: Session) -> None:
    """Do what was done when the kept session was written: every kind of event."""
    session.set_head("main", "a" * 40)
    session.decide({"autoscaler:one": ACCEPTED, "autoscaler:two": EDITED}, "accept both")
    session.decide({"gpu:one": SKIPPED})
    session.undo()
    session.redo()
    session.decide({}, "mute rule gpu-string", (("gpu-string", True),))
    session.mute_also("gpu-string", {"gpu:late": MUTED})
    session.decide({"mount:one": Decision(Status.ACCEPTED, "copy", (("path", "/x"),))})
    session.amend({"autoscaler:one": Decision(Status.ACCEPTED, "other")})
    session.land(WRITTEN)
    session.decide({"gpu:last": ACCEPTED})
    session.decide({"gpu:gone": ACCEPTED})
    session.undo()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy of the kept session."""
    return Path(shutil.copy(KEPT / "session.jsonl", tmp_path))


def test_an_old_session_is_read_with_all_its_decisions(kept: Path) -> None:
    session = load(kept)
    assert session.decisions() == {
        "autoscaler:one": Decision(Status.ACCEPTED, "other"),
        "autoscaler:two": EDITED,
        "gpu:one": SKIPPED,
        "gpu:late": MUTED,
        "mount:one": Decision(Status.ACCEPTED, "copy", (("path", "/x"),)),
        "gpu:last": ACCEPTED,
    }
    assert session.muted == {"gpu-string"}
    assert (session.branch, session.head, session.landings) == ("main", "a" * 40, [WRITTEN])
    assert [step.label for step in session.steps] == ["accept both", "", "mute rule gpu-string", "", ""]
    assert [key for step in session.undone for key, _ in step.decisions] == ["gpu:gone"]


def test_a_session_is_written_as_it_always_was(kept: Path, tmp_path: Path) -> None:
    again = load(tmp_path / "again.jsonl")
    decide_all(again)
    lines = (tmp_path / "again.jsonl").read_bytes().splitlines(keepends=True)
    assert json.loads(lines[1])["event"] == "signed"
    assert b"".join([lines[0], *lines[2:]]) == kept.read_bytes()


def test_reading_an_old_session_does_not_write_to_it(kept: Path) -> None:
    before = kept.read_bytes()
    session = load(kept)
    assert kept.read_bytes() == before
    session.redo()
    assert kept.read_bytes() == before + b'{"event": "redo"}\n'
    assert load(kept).decision("gpu:gone") == ACCEPTED


@pytest.mark.parametrize("line", range(1, len((KEPT / "session.jsonl").read_bytes().splitlines())))
def test_what_a_later_version_adds_to_an_event_is_no_obstacle(kept: Path, line: int) -> None:
    expected = load(kept)
    lines = kept.read_text().splitlines()
    lines[line] = json.dumps({**json.loads(lines[line]), "added": {"by": ["a later version"]}})
    kept.write_text("\n".join(lines) + "\n")
    read = load(kept)
    assert (read.steps, read.undone, read.landings) == (expected.steps, expected.undone, expected.landings)


@pytest.mark.parametrize(
    "foreign",
    [
        '{"event": "no such", "decisions": []}',
        '{"event": "\\udce9"}',
        '{"\\udce9": "undo"}',
        '{"event": 7}',
        '["undo"]',
        "7",
        "null",
        '{"event": "decide", "decisions": [{"finding": "gpu:one", "status": "no such"}]}',
        '{"event": "at", "branch": "main"}',
        '{"event": "land"}',
        '{"event": "undo"',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_event_is_left_out(kept: Path, foreign: str) -> None:
    expected = load(kept)
    lines = kept.read_text().splitlines()
    kept.write_text("\n".join([*lines[:4], foreign, *lines[4:]]) + "\n")
    read = load(kept)
    assert (read.steps, read.undone, read.landings) == (expected.steps, expected.undone, expected.landings)


def test_old_snapshots_are_read_and_written_as_they_always_were(tmp_path: Path) -> None:
    assert snapshots.load(KEPT / "seen.jsonl") == {ODD: SNAPSHOT}
    file = tmp_path / "seen.jsonl"
    snapshots.save(file, {ODD: SNAPSHOT})
    assert list(snapshots.load(file).values()) == [SNAPSHOT]
    plain, before = json.loads(file.read_text()), json.loads((KEPT / "seen.jsonl").read_text())
    assert {**plain, "data": ""} == {**before, "data": ""}  # zlib may deflate otherwise elsewhere


@pytest.mark.parametrize(
    "line",
    [
        '{"path": "a.py", "data": "AAAA", "findings": []}',
        '{"path": "a.py", "data": "no base64", "findings": []}',
        '{"path": "a.py", "data": "eAEDAAAAAAE=", "findings": [{"id": "a"}]}',
        '{"path": 7, "data": "eAEDAAAAAAE=", "findings": []}',
        '{"data": "eAEDAAAAAAE=", "findings": []}',
        "[]",
        "{",
        "[" * 100_000,
    ],
)
def test_a_damaged_snapshot_is_left_out(tmp_path: Path, line: str) -> None:
    file = tmp_path / "seen.jsonl"
    file.write_text(f"{line}\n{(KEPT / 'seen.jsonl').read_text()}")
    assert snapshots.load(file) == {ODD: SNAPSHOT}


def test_old_drafts_are_read_and_written_as_they_always_were(tmp_path: Path) -> None:
    file = Path(shutil.copy(KEPT / "drafts.jsonl", tmp_path))
    drafts = Drafts(file)
    assert drafts.find("autoscaler:two", "lines before") == "half\udce9 a text\n"
    drafts.keep("autoscaler:two", "half\udce9 a text\n", "lines before")
    drafts.save()
    assert file.read_bytes() == (KEPT / "drafts.jsonl").read_bytes()
