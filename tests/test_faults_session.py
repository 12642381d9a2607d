"""A kill while deciding: whatever was decided before the last key is there again, typed text included."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.killing import stopped_at
from support.pilot import LEGACY, SHOP, make_repository

from modal_wizard.cli.front_end import Unattended
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration, repository_of
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.write import SectionWriter
from modal_wizard.session.decisions import Decision
from modal_wizard.session.log import FEW, load

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

EVERY = 1 if os.environ.get("MODAL_WIZARD_KILL_EVERY") == "1" else 5
"""Which touches of the disk are killed at."""


def opened(root: Path) -> Migration:
    migration = open_migration(root)
    for _ in migration.scan():
        pass
    return migration


def typed(migration: Migration, number: int, text: str) -> None:
    finding = migration.findings()[number]
    lines, _ = migration.editable(finding)
    migration.edit(finding, replace(lines, text=lines.text + text))


KEYS: list[Callable[[Migration], object]] = [
    lambda m: m.accept(m.findings()[0]),
    lambda m: m.skip([m.findings()[1]], "not now ünï"),
    lambda m: typed(m, 2, "    # by hand\n"),
    lambda m: m.session.undo(),
    lambda m: m.session.redo(),
    lambda m: m.accept_all(m.findings("autoscaler")),
    lambda m: m.session.undo(),
    lambda m: typed(m, 2, "    # by hand, again\n"),
    lambda m: m.forget(m.findings()[0]),
    lambda m: m.accept(m.findings()[3]),
]


def decisions(migration: Migration) -> dict[str, Decision]:
    made = {finding.id: migration.decision(finding) for finding in migration.findings()}
    return {key: decision for key, decision in made.items() if decision != Decision()}


@pytest.mark.campaign
@pytest.mark.parametrize("behind", [False, True], ids=["at once", "behind the answer"])
def test_a_kill_between_or_in_the_middle_of_keys_loses_no_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    monkeypatch.setattr("modal_wizard.session.log.FEW", 0 if behind else FEW)
    every = min(EVERY, 3) if behind else EVERY
    root = make_repository(tmp_path / "shop", {**LEGACY, "more.py": SHOP})
    kept = tmp_path / "kept"
    shutil.copytree(root, kept, symlinks=True)
    migration = opened(root)
    after = [decisions(migration)]
    for key in KEYS:
        key(migration)
        after.append(decisions(migration))
    assert decisions(opened(root)) == after[-1]
    acknowledged = tmp_path / "acknowledged"

    def journey() -> None:
        told = os.open(acknowledged, os.O_RDWR)
        again = opened(root)
        if behind:
            again.session.write_behind(again.session.go_on, lambda: None)
        for number, key in enumerate(KEYS, 1):
            key(again)
            if behind and number % 4:
                continue
            again.session.settle()
            os.pwrite(told, b"%3d" % number, 0)

    step, seen = 1, set()
    while True:
        shutil.rmtree(root)
        shutil.copytree(kept, root, symlinks=True)
        acknowledged.write_bytes(b"  0")
        if stopped_at(step, journey) is None:
            break
        done = int(acknowledged.read_bytes())
        now = opened(root)
        assert decisions(now) in after[done : done + (5 if behind else 2)], (step, done)
        seen.add(done)
        now.accept(now.findings()[0])  # and it goes on
        assert decisions(opened(root)) == decisions(now), step
        step += every
    print(f"killed at {step // every} of {step - every} touches of {len(KEYS)} keys")
    assert len(seen) > 1 if behind else len(seen) > 4
    assert behind or EVERY > 1 or seen == set(range(len(KEYS)))


def test_few_decisions_are_on_the_disk_before_the_answer(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    migration = opened(root)
    migration.session.write_behind(lambda: None, lambda: None)
    for key in (*KEYS[:2], KEYS[3]):
        key(migration)
        assert load(root / ".git/modal-wizard/session.jsonl").decisions() == migration.session.decisions()


def test_many_decisions_are_written_behind_the_answer_and_others_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modal_wizard.session.log.FEW", 0)
    root = make_repository(tmp_path / "shop")
    log, paused = root / ".git/modal-wizard/session.jsonl", list[float]()
    migration = opened(root)
    migration.session.write_behind(lambda: None, lambda: None)
    for key in (*KEYS[:2], KEYS[3]):
        key(migration)
    assert b"decide" not in log.read_bytes()
    assert len(decisions(migration)) == 1

    def pause(seconds: float) -> None:
        paused.append(seconds)
        migration.session.settle()

    with monkeypatch.context() as patch:
        patch.setattr("modal_wizard.process.platform.time.sleep", pause)
        assert load(log).decisions() == migration.session.decisions()
    assert len(paused) == 1
    events = [json.loads(line).get("event") for line in log.read_text().splitlines()[2:]]
    assert events == ["at", "decide", "decide", "undo"]


def test_a_commit_waits_for_the_log(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    hook = root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nset -e\ncp .git/modal-wizard/session.jsonl .git/as-the-hook-found-it\n")
    hook.chmod(0o755)
    migration = opened(root)
    migration.session.write_behind(lambda: None, lambda: None)
    migration.accept_all(migration.findings("autoscaler"))
    writer = SectionWriter(migration, repository_of(migration.scope), RunOptions(), Unattended())
    writer.commit(migration.preview(migration.ready_sections()[0]))
    assert load(root / ".git/as-the-hook-found-it").decisions() == migration.session.decisions()
    assert load(root / ".git/modal-wizard/session.jsonl").landings == migration.session.landings


def test_what_cannot_be_written_behind_the_answer_is_said(tmp_path: Path) -> None:
    migration, told = opened(make_repository(tmp_path / "shop")), list[str]()
    session, log = migration.session, tmp_path / "shop/.git/modal-wizard/session.jsonl"
    session.write_behind(lambda: None, lambda: told.append(session.unkept))
    migration.accept(migration.findings()[0])
    session.settle()
    log.rename(log.with_name("before"))
    log.mkdir()
    for finding in migration.findings()[1:3]:
        migration.accept(finding)
    session.settle()
    assert len(told) == 1
    assert "session.jsonl cannot be written (Is a directory)" in told[0]
    assert len(decisions(migration)) == 3


@pytest.mark.parametrize("cut", [1, 2, 19])
def test_a_log_that_a_kill_cut_short_loses_its_last_line_only(tmp_path: Path, cut: int) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "more.py": SHOP})
    migration = opened(root)
    after = []
    for key in KEYS[:3]:
        key(migration)
        after.append(decisions(migration))
    log = root / ".git/modal-wizard/session.jsonl"
    log.write_bytes(log.read_bytes()[:-cut])
    assert decisions(opened(root)) in (after[-1], after[-2])
