"""The process that scans for the wizard: the same findings, nothing of the repository run, nothing left behind."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from benchmarks.trees import samples
from support.pilot import make_repository

from modal_transforms.core.model import Applicability
from modal_wizard.demo import write_demo
from modal_wizard.migration.migration import Migration
from modal_wizard.scan import background
from modal_wizard.scan.background import BackgroundScan
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.protocol import GREETING, ScanBatch, decode_stream, encode_stream, scan_batches
from modal_wizard.scan.result import Progress, Scan
from modal_wizard.scan.scanner import scan

OLD = "import modal\n\napp = modal.App()\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n"
NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["import modal\\n", "modal.Function.lookup(\\"a\\", \\"f\\")"], \
"metadata": {}, "outputs": [], "execution_count": null}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a scan in this process fail, so that only the other one can have done it."""

    def refused(found: Scan) -> Iterator[Progress]:
        raise AssertionError("scanned in this process")

    monkeypatch.setattr("modal_wizard.scan.scanner.scan", refused)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of test cases, with files that cannot be read and others that are skipped."""
    root = tmp_path_factory.mktemp("every")
    for number, files in enumerate(islice(samples(), 0, None, 9)):
        for path, text in files.items():
            target = root / f"sample_{number:03}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        if number == 60:
            break
    (root / "broken.py").write_text("import modal\n\ndef (\n")
    (root / "silenced.py").write_text(OLD.replace("1)", "1)  # modal-wizard: ignore"))
    (root / "book.ipynb").write_text(NOTEBOOK)
    (root / "README.md").write_text(f"# Notes\n\n```python\n{OLD}```\n")
    (root / "Makefile").write_text("run:\n\tmodal run --detach app.py\n\tmodal run pkg.app\n")
    (root / "link.py").symlink_to(root / "broken.py")
    return make_repository(root, {"app.py": OLD})


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree whose findings are more than a pipe holds."""
    text = "import modal\n\napp = modal.App()\n" + "".join(
        f"\n\n@app.function(keep_warm={number + 1})\ndef f_{number}(): ...\n" for number in range(10)
    )
    return make_repository(tmp_path_factory.mktemp("busy"), {f"app_{number:03}.py": text for number in range(90)})


@cache
def here(root: Path) -> tuple[Scan, list[Progress]]:
    """What a scan in this process finds."""
    found = Scan(scope_of(root))
    return found, list(scan(found))


def reported(steps: list[Progress]) -> list[str]:
    return [progress.report.path for progress in steps if progress.report is not None]


def same(one: Scan, other: Scan) -> None:
    """Whether two scans found the same, in the same order."""
    for name in (
        "scope",
        "files",
        "python",
        "paths",
        "pins",
        "reports",
        "findings",
        "problems",
        "ignored",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.skipped.items()) == list(other.skipped.items())
    sources = [[(path, type(each), each.raw, each.data) for path, each in of.sources.items()] for of in (one, other)]
    assert sources[0] == sources[1]


# --- the same findings -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nowhere_else")
@pytest.mark.parametrize("where", ["every", "demo", "folder", "one file"])
def test_it_finds_the_same_in_the_same_order(where: str, every: Path, tmp_path: Path) -> None:
    root = every
    if where == "demo":
        root = write_demo(tmp_path / "demo")
    elif where == "folder":
        root = every / "sample_000"
    elif where == "one file":
        shutil.copy(every / "app.py", tmp_path / "app.py")
        root = tmp_path / "app.py"
    wanted, steps = here(root)
    assert wanted.findings
    with BackgroundScan(scope_of(root)) as apart:
        found = Scan(scope_of(root))
        got = list(apart(found))
    assert reported(got) == reported(steps)
    assert (got[-1].done, got[-1].total) == (steps[-1].done, steps[-1].total)
    same(found, wanted)
    if where == "every":
        assert wanted.problems
        assert wanted.skipped
        assert {type(each).__name__ for each in wanted.sources.values()} >= {"Notebook", "Document"}


@pytest.mark.usefixtures("nowhere_else")
def test_what_it_found_can_be_decided_and_written(every: Path) -> None:
    previews = []
    with BackgroundScan(scope_of(every)) as apart:
        for migration in (Migration(scope_of(every)), Migration(scope_of(every), looking=apart)):
            for _ in migration.scan():
                pass
            migration.accept_all(migration.findings())
            previews.append(migration.preview_all(migration.sections))
    assert previews[0] == previews[1]
    assert previews[0][0]


@pytest.mark.usefixtures("nowhere_else")
def test_what_several_files_have_in_common_is_held_once(busy: Path) -> None:
    found = Scan(scope_of(busy))
    with BackgroundScan(found.scope) as apart:
        assert all(apart(found))
    first, *others = [finding.choices[0] for finding in found.findings]
    assert all(choice.effect is first.effect and choice.key is first.key for choice in others)
    assert all(finding.applicability is Applicability.SAFE for finding in found.findings)


def test_it_is_sent_in_small_batches(busy: Path) -> None:
    found = Scan(scope_of(busy))
    sent = list(scan_batches(found, scan(found)))
    assert max(sum(len(report.findings) for report in batch.reports) for batch in sent) < 60
    assert [batch.last for batch in sent] == [False] * (len(sent) - 1) + [True]


# --- what may go wrong -----------------------------------------------------------------------------------------------


def scanned(root: Path, steps: list[Progress] | None = None) -> Scan:
    """Scan aside, whatever comes of it."""
    found = Scan(scope_of(root))
    with BackgroundScan(found.scope) as apart:
        got = list(apart(found))
    if steps is not None:
        steps += got
    return found


@pytest.mark.parametrize("program", [None, "/nowhere/python", "false", "echo", "cat", "sleep"])
def test_without_the_process_it_is_done_here(
    every: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, tmp_path: Path
) -> None:
    name = program
    if program and "/" not in program:  # one that ends, says something else, takes its time
        name = str(tmp_path / program)
        Path(name).write_text(
            f"#!/bin/sh\n{'exec sleep 1000' if program == 'sleep' else f'{program} 1 2 </dev/null'}\n"
        )
        Path(name).chmod(0o755)
    monkeypatch.setattr(background, "FIRST_REPLY_TIMEOUT", 0.5)
    monkeypatch.setattr(sys, "executable", name)
    same(scanned(every), here(every)[0])


def test_a_process_that_is_killed_half_way_is_made_up_for(busy: Path) -> None:
    found, steps = Scan(scope_of(busy)), []
    with BackgroundScan(found.scope) as apart:
        for progress in apart(found):
            steps.append(progress)
            if len(found.reports) == 12 and apart._child is not None:
                os.kill(apart._child.pid, signal.SIGKILL)
    same(found, here(busy)[0])
    assert 12 <= max(number for number, progress in enumerate(steps) if progress == Progress(0, 0)) < 90
    assert Counter(reported(steps)) == Counter(f"app_{number:03}.py" for number in range(90))


def one(value: object) -> bytes:
    """Return the bytes of a stream of one value."""
    return next(encode_stream([value]))


def said(root: Path) -> bytes:
    """All that the process says about a tree."""
    found = Scan(scope_of(root))
    return b"".join(encode_stream((GREETING, *scan_batches(found, scan(found)))))


@pytest.mark.parametrize("harm", ["cut", "other bytes", "another object", "another version"])
def test_whatever_it_says_nothing_is_lost_or_doubled(
    every: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harm: str
) -> None:
    whole, wanted = said(every), here(every)[0]
    story = tmp_path / "story"
    monkeypatch.setattr(background, "_spawn", lambda _scope: subprocess.Popen(["cat", story], stdout=subprocess.PIPE))
    for part in (0, 5) if harm == "cut" else (5,):
        at = len(whole) * part // 8
        data = whole[:at]
        if harm == "other bytes":
            data += bytes(range(256)) * 20
        elif harm == "another object":
            data = one(GREETING) + one(part)
        elif harm == "another version":
            data = one(("modal-wizard", "0")) + whole[len(one(GREETING)) :]
        story.write_bytes(data)
        steps: list[Progress] = []
        same(scanned(every, steps), wanted)
        found_in = Counter(reported(steps))
        assert all(found_in[path] == 1 for path, report in wanted.reports.items() if report.findings)


def test_what_is_no_batch_ends_it_quietly() -> None:
    assert list(decode_stream(BytesIO(b"\x80\x05\x8e\xff\xff\xff\xff\xff\xff\xff\x7f"))) == []
    assert list(decode_stream(BytesIO(one(1) + b"c__nowhere__\nthing\n."))) == [1]


def test_files_that_were_others_are_read_again(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"app.py": "import modal\n"})
    with BackgroundScan(scope_of(root)) as apart:
        assert apart._child is not None
        assert apart._child.stdout is not None
        assert select.select([apart._child.stdout], [], [], 30)[0]
        (root / "app.py").write_text(OLD)
        apart.restart()
        found = Scan(scope_of(root))
        assert all(apart(found))
    assert [finding.rule for finding in found.findings] == ["autoscaler-rename"]


@pytest.mark.usefixtures("nowhere_else")
def test_the_process_stays_and_looks_again_at_what_changed(tmp_path: Path) -> None:
    alike = "import modal\n\nstore = {}\nstore.lookup(1)\n"
    root = make_repository(tmp_path / "shop", {"app.py": OLD, "other.py": OLD, "store.py": alike})
    new = OLD.replace("keep_warm", "min_containers").encode()
    with BackgroundScan(scope_of(root)) as apart:
        found = [Scan(scope_of(root)) for _ in range(2)]
        assert list(apart(found[0]))
        child = apart._child
        assert list(apart.as_if({"app.py": new}).sources) == ["other.py"]
        assert [each.site.path for each in apart.look_alikes()] == ["store.py"]
        (root / "app.py").write_bytes(new)
        assert list(apart(found[1]))
        assert apart._child is child
    assert [list(each.sources) for each in found] == [["app.py", "other.py"], ["other.py"]]
    assert found[1].reports["other.py"] is found[0].reports["other.py"]
    assert child is not None
    assert child.returncode == -signal.SIGKILL


def test_what_would_be_is_told_without_a_process_too(busy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_spawn", lambda _scope: None)
    with BackgroundScan(scope_of(busy)) as apart:
        assert len(apart.as_if({"app_000.py": b""}).sources) == 89


def test_a_scan_that_is_given_up_leaves_no_process(busy: Path) -> None:
    with BackgroundScan(scope_of(busy)) as apart:
        steps = apart(Scan(scope_of(busy)))
        next(steps)
        child = apart._child
        assert child is not None
        assert isinstance(steps, Generator)
        steps.close()
        assert child.returncode == -signal.SIGKILL
        assert apart._child is None
        waiting = BackgroundScan(scope_of(busy))
    waiting.close()
    assert waiting._ready() is None


def test_a_batch_is_taken_in_as_the_scan_gave_it(every: Path) -> None:
    first, second = Scan(scope_of(every)), Scan(scope_of(every))
    for batch in scan_batches(first, scan(first)):
        assert isinstance(batch, ScanBatch)
        for _ in batch.unpack(second):
            pass
    same(first, second)
