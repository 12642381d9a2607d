"""A kill while deciding: whatever was decided before the last key is there again, typed text included."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.killing import stopped_at
from support.pilot import LEGACY, SHOP, make_repository

from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.session.log import Decision

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
def test_a_kill_between_or_in_the_middle_of_keys_loses_no_decision(tmp_path: Path) -> None:
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
        for number, key in enumerate(KEYS, 1):
            key(again)
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
        assert decisions(now) in after[done : done + 2], (step, done)
        seen.add(done)
        now.accept(now.findings()[0])  # and it goes on
        assert decisions(opened(root)) == decisions(now), step
        step += EVERY
    print(f"killed at {step // EVERY} of {step - EVERY} touches of {len(KEYS)} keys")
    assert len(seen) > 4
    assert EVERY > 1 or seen == set(range(len(KEYS)))


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
