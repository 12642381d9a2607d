"""A scan that a copy of the process helps with finds the same, whatever becomes of the copy; none is left behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport
from modal_wizard.scan import fork, prefilter, scanner
from modal_wizard.scan.discover import scope_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that copies processes")

APP = "import modal\n\napp = modal.App()\noptions = {'keep_warm': 1}\n"
USE = "from common import app, options\n\n\n@app.function(keep_warm=2, **options)\ndef f(): ...\n"
PATIENCE = 20


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a folder of which both halves hold findings, problems, what is skipped, and files that say versions."""
    root = tmp_path / "repository"
    for number in range(14):
        folder = root / f"team_{number:02}"
        folder.mkdir(parents=True)
        (folder / "common.py").write_text(APP)
        (folder / "use.py").write_text(USE)
        (folder / "plain.py").write_text("import os\n")
        (folder / "README.md").write_text("```python\nimport modal\n\nstub = modal.Stub()\n```\n")
        (folder / "requirements.txt").write_text("modal==0.72\n")
    for folder in (root / "team_00", root / "team_13"):
        (folder / "broken.py").write_text("import modal\n\nx = = 1\n")
        (folder / "wide.py").write_bytes("import modal\n".encode("utf-16"))
        (folder / "link.py").symlink_to("use.py")
    return root


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small repositories parted as well, and on one processor."""
    for module in (scanner, prefilter):
        monkeypatch.setattr(module, "_MANY", 10)
        monkeypatch.setattr(module, "may_help", lambda: True)


def told(found: scanner.Scan) -> list[object]:
    """Return all that a scan tells, to be compared."""
    sources = [(path, source.sha256, type(source)) for path, source in found.sources.items()]
    counted = (found.files, found.python, found.paths, [*found.skipped.items()], sorted(found.silent))
    return [*counted, [*found.reports.items()], sources]


def alone(root: Path) -> list[object]:
    """Return what a scan without help tells."""
    found = scanner.Scan(scope_of(root))
    for _ in scanner.scan(found):
        pass
    found.reports, found.sources = dict(sorted(found.reports.items())), dict(sorted(found.sources.items()))
    return told(found)


def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the copies that are made from now on."""
    numbers: list[int] = []
    fork = os.fork

    def noted() -> int:
        numbers.append(fork())
        return numbers[-1]

    monkeypatch.setattr(os, "fork", noted)
    return numbers


def childless() -> bool:
    """Tell whether this process has no copies, not even dead ones."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def gone(number: int) -> bool:
    """Tell whether a process has ended."""
    try:
        os.kill(number, 0)
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_a_helped_scan_finds_the_same(repository: Path, helped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = started(monkeypatch)
    found = scanner.scan_all(scope_of(repository))
    assert len(numbers) == 2
    assert all(numbers)
    assert told(found) == alone(repository)
    assert len(found.findings) >= 28
    assert len(found.problems) == 4
    assert childless()


def test_both_halves_are_at_work(repository: Path, helped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    look = scanner._look

    def noted(found: scanner.Scan, project: Project, path: str) -> FileReport | None:
        looked.append(path)
        return look(found, project, path)

    monkeypatch.setattr(scanner, "_look", noted)
    found = scanner.scan_all(scope_of(repository))
    assert 0 < len(looked) < len(found.reports) * 0.75


def test_progress_counts_every_file_once(repository: Path, helped: None) -> None:
    steps = list(scanner.scan(scanner.Scan(scope_of(repository)), helped=True))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total
    told_of = [step.report.path for step in steps if step.report is not None]
    assert len(told_of) == len(set(told_of))


@pytest.mark.parametrize("work", ["sift", "look"])
@pytest.mark.parametrize("end", ["killed", "failing", "leaving"])
def test_what_a_helper_does_not_deliver_is_done_without_it(
    repository: Path, helped: None, monkeypatch: pytest.MonkeyPatch, work: str, end: str
) -> None:
    expected = alone(repository)
    parent = os.getpid()
    look, sift = scanner._look, prefilter.Prefilter.sift

    def dying() -> None:
        if os.getpid() != parent:
            if end == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if end == "leaving":
                os._exit(0)
            raise MemoryError

    def looked(found: scanner.Scan, project: Project, path: str) -> FileReport | None:
        if work == "look" and path > "team_10":
            dying()
        return look(found, project, path)

    def sifted(self: prefilter.Prefilter, path: str) -> FileReport | None:
        if work == "sift" and path > "team_10":
            dying()
        return sift(self, path)

    monkeypatch.setattr(scanner, "_look", looked)
    monkeypatch.setattr(prefilter.Prefilter, "sift", sifted)
    assert told(scanner.scan_all(scope_of(repository))) == expected
    assert childless()


@pytest.mark.parametrize("what", ["fork", "pipe"])
def test_a_system_that_refuses_a_copy_costs_nothing_but_time(
    repository: Path, helped: None, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    expected = alone(repository)

    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(os, what, refused)
    assert told(scanner.scan_all(scope_of(repository))) == expected
    if descriptors:
        assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_scan_that_is_given_up_ends_its_helper(
    repository: Path, helped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = started(monkeypatch)
    steps = scanner.scan(scanner.Scan(scope_of(repository)), helped=True)
    for step in steps:
        if step.report is not None and step.report.findings:
            break
    assert len(numbers) == 2
    steps.close()
    assert childless()


def test_nothing_is_copied_beside_threads_or_on_busy_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    if not hasattr(os, "sched_getaffinity"):
        assert not fork.may_help()
        return
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(fork, "_at_work", lambda: 1)
    waiting = threading.Event()
    before = fork.may_help()
    other = threading.Thread(target=waiting.wait)
    other.start()
    try:
        assert not fork.may_help()
    finally:
        waiting.set()
        other.join()
    assert fork.may_help() == before == (threading.active_count() == 1)
    monkeypatch.setattr(fork, "_at_work", lambda: 2)
    assert not fork.may_help()
    monkeypatch.setattr(fork, "_at_work", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert not fork.may_help()


def test_a_processor_is_wanted_by_us_at_least() -> None:
    assert fork._at_work() >= 1


# --- as a program of its own -----------------------------------------------------------------------------------------

SLOW = """
import os, sys, time
from modal_wizard.scan import prefilter as sieve, scanner as scan
from modal_wizard.cli.main import main
parent, mark, look = os.getpid(), sys.argv[1], scan._look
for module in (scan, sieve):
    module._MANY, module.may_help = 10, lambda: True
def slow(found, project, path):
    if os.getpid() != parent and not os.path.exists(mark):
        open(mark + ".new", "w").write(str(os.getpid()))
        os.rename(mark + ".new", mark)
    time.sleep(0.2)
    return look(found, project, path)
scan._look = slow
sys.exit(main(["scan", sys.argv[2]]))
"""


@pytest.fixture
def slow_scan(repository: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a scan that takes its time, and the number of its helper."""
    mark = tmp_path / "helper"
    command = [sys.executable, "-c", SLOW, str(mark), str(repository)]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        end = time.monotonic() + PATIENCE
        while not mark.exists():
            assert time.monotonic() < end, "waited in vain for the helper"
            time.sleep(0.02)
        yield process, int(mark.read_text())
        process.kill()


def wait_until_gone(number: int) -> None:
    end = time.monotonic() + PATIENCE
    while not gone(number):
        assert time.monotonic() < end, "the helper is still there"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_both(slow_scan: tuple[subprocess.Popen[str], int], number: signal.Signals) -> None:
    process, other = slow_scan
    process.send_signal(number)
    said, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert said == ""
    assert complaint.startswith(f"Ended by {number.name}.")
    assert "Traceback" not in complaint
    wait_until_gone(other)


def test_a_helper_of_a_killed_scan_ends(slow_scan: tuple[subprocess.Popen[str], int]) -> None:
    process, other = slow_scan
    process.kill()
    process.wait(PATIENCE)
    wait_until_gone(other)


# --- how files are parted --------------------------------------------------------------------------------------------


def test_files_that_import_each_other_stay_together_and_work_is_even() -> None:
    paths = [f"{letter}{number}" for letter in "abcdefgh" for number in range(3)]
    parts = fork.halved(paths, dict.fromkeys(paths, 5), lambda path: {path[0] + "0", path[0] + "1", "elsewhere"})
    assert sorted(parts[0] + parts[1]) == paths
    assert [len(part) for part in parts] == [12, 12]
    assert not {path[0] for path in parts[0]} & {path[0] for path in parts[1]}
    assert all(part == sorted(part) for part in parts)


def test_files_that_all_import_each_other_are_parted_all_the_same() -> None:
    paths = [f"a{number}" for number in range(10)]
    parts = fork.halved(paths, dict.fromkeys(paths, 5), lambda path: {"a0"})
    assert parts == [paths[:5], paths[5:]]


def test_a_large_file_is_half_of_the_work() -> None:
    work = {"a": 1, "b": 50, "c": 1, "d": 24, "e": 24}
    assert fork.halved([*work], work, lambda path: set()) == [["a", "b"], ["c", "d", "e"]]


def test_reports_can_be_sent(repository: Path) -> None:
    found = scanner.scan_all(scope_of(repository))
    assert pickle.loads(pickle.dumps(found.reports)) == found.reports
