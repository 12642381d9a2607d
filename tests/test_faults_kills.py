"""The crash campaign: a whole run ended at every touch of the disk and of git, and git ended with it at its own steps.

`MODAL_WIZARD_KILL_EVERY=1` takes every step, which takes many minutes; without it some of them are taken.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.gitbox import Box, own_settings
from support.killing import stopped_at

from modal_wizard.cli.main import main

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
EVERY = int(os.environ.get("MODAL_WIZARD_KILL_EVERY", "113"))

SHOP = """\
# the person's first line
import modal

app = modal.App("shop")


@app.function(gpu=modal.gpu.A10G(), keep_warm=1)
def price(item):
    return item


# far below
# the person's last line
"""
DESK = """\
import modal

price = modal.Function.lookup("shop", "price")
"""
TOOL = """\
#!/usr/bin/env python
import modal

app = modal.App("tool")


@app.function(concurrency_limit=3, gpu=modal.gpu.T4())
def tool():
    return None
"""
FILES = {"shop.py": SHOP, "desk.py": DESK, "tools/tool.py": TOOL, "notes.txt": "one\ntwo\n", ".gitignore": "ignored\n"}
FIRST, LAST = b"# the person's first line", b"# the person's last line"
HOOKS = "pre-commit prepare-commit-msg commit-msg reference-transaction post-index-change post-commit".split()


@dataclass
class Stage:
    """A repository with a person's work in it, that can be set up again and again."""

    box: Box
    kept: Path
    said: str = ""

    def again(self) -> None:
        """Have it as it was at first."""
        shutil.rmtree(self.box.root)
        shutil.copytree(self.kept, self.box.root, symlinks=True)

    def run(self) -> int:
        """Take everything, one commit a section."""
        errors = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
            try:
                return main(["apply", "--all", "--commit", "--allow-dirty", "--allow-staged", str(self.box.root)])
            finally:
                self.said = errors.getvalue()

    def texts(self) -> dict[str, bytes]:
        """Return what the files of the work tree hold."""
        return {path: self.box.read(path) for path in (*FILES, "untracked.py", "ignored")}

    def outcome(self) -> tuple[object, ...]:
        """Return all that a person can see of it, the names of commits left out."""
        box = self.box
        return (
            self.texts(),
            box.status(),
            box.git("ls-files", "-s", "-v"),
            box.git("log", "--format=%s|%T"),
            box.git("diff"),
            box.git("diff", "--cached"),
            box.git("stash", "list", "--format=%T"),
            {path: (box.root / path).stat().st_mode for path in FILES},
        )


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    own_settings(monkeypatch, tmp_path)
    box = Box(tmp_path / "work")
    box.root.mkdir()
    box.git("init", "--quiet")
    for path, text in FILES.items():
        box.write(path, text.encode())
    (box.root / "tools/tool.py").chmod(0o755)
    box.commit_all()
    box.write("notes.txt", b"stashed\ntwo\n")
    box.git("stash", "--quiet")
    staged = SHOP.encode().replace(FIRST, b"# staged")
    box.write("shop.py", staged)
    box.write("notes.txt", b"one\nstaged\n")
    box.git("add", "shop.py", "notes.txt")
    box.write("shop.py", staged.replace(LAST, b"# not staged"))
    box.write("untracked.py", DESK.encode())
    box.write("ignored", b"mine\n")
    kept = tmp_path / "kept"
    shutil.copytree(box.root, kept, symlinks=True)
    return Stage(box, kept)


class Campaign:
    """What has to be true after each kill, and after the run that follows it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.untouched = stage.outcome()
        self.steps = 0
        self.backed_up = 0
        self.states: set[bytes] = set()
        versions = [stage.texts()]
        for section in ("autoscaler", "lookup", "gpu"):
            arguments = ["apply", "--all", "--commit", "--allow-dirty", "--allow-staged", "--section", section]
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                main([*arguments, str(stage.box.root)])
            versions.append(stage.texts())
        self.versions = {path: {texts[path] for texts in versions} for path in versions[0]}
        stage.again()
        stage.run()
        self.done = stage.outcome()
        stage.again()
        assert self.done != self.untouched
        assert self.done[0] == versions[-1]

    def ended(self, step: object, *, unlock: bool = False) -> None:
        """Check the state after a kill, start again, and check that state."""
        stage, box = self.stage, self.stage.box
        for path, text in stage.texts().items():
            assert text in self.versions[path], (step, path)
        shop = box.read("shop.py")
        assert shop.startswith(b"# staged"), step
        assert shop.endswith(b"# not staged\n"), step
        self.backed_up += bool(box.kept("for-each-ref", "refs/modal-wizard/backup"))
        self.states.add(box.git("log", "--format=%s"))
        self.steps += 1
        for _ in range(9):  # one lock after another, as git or we name it
            status = stage.run()
            named = [lock for lock in (box.root / ".git").rglob("*.lock") if str(lock) in stage.said]
            if not named:
                break
            assert unlock, (step, named)
            assert status & 2, step
            for lock in named:
                lock.unlink()
        assert stage.outcome() == self.done, (step, stage.said)
        assert not list(box.root.rglob(".modal-wizard-*")), step
        left = {each.name for each in (box.root / ".git/modal-wizard").iterdir() if not each.name.startswith("noted-")}
        assert left <= {"lock", "session.jsonl", "backups.git"}, step
        for ref in box.kept("for-each-ref", "--format=%(refname)", "refs/modal-wizard/backup").decode().split():
            for path in box.kept("ls-tree", "-r", "--name-only", ref).decode().split():
                assert box.kept("cat-file", "blob", f"{ref}:{path}") in self.versions[path], step
        stage.again()


def campaign(stage: Stage, number: int, expected: Callable[[int], bool]) -> Campaign:
    """End a run by a signal at one touch after another."""
    held = Campaign(stage)
    step = 1
    while (status := stopped_at(step, stage.run, number)) is not None:
        assert expected(status), (step, status)
        held.ended(step)
        step += EVERY
    print(f"signal {number}: {held.steps} of {step - EVERY} steps, {held.backed_up} after a backup")
    assert step > 150
    assert held.backed_up
    assert len(held.states) > (3 if EVERY == 1 else 2)
    return held


@pytest.mark.campaign
def test_a_kill_at_any_step_of_a_whole_run_loses_nothing(stage: Stage) -> None:
    campaign(stage, signal.SIGKILL, lambda status: status == -signal.SIGKILL)


@pytest.mark.campaign
def test_an_interrupt_at_any_step_of_a_whole_run_loses_nothing(stage: Stage) -> None:
    campaign(stage, signal.SIGINT, lambda status: status == 130)


@pytest.mark.campaign
def test_a_kill_of_git_at_its_own_steps_loses_nothing(stage: Stage, tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = (
        f"#!/bin/sh\necho x >> {count}\n"
        f'if [ "$(wc -l < {count})" -eq "$KILL_AT" ]; then kill -9 "$WIZARD" "$PPID"; fi\nexit 0\n'
    )
    for name in HOOKS:
        for root in (stage.box.root, stage.kept):
            place = root / ".git/hooks" / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(script)
            place.chmod(0o755)
    os.environ["KILL_AT"] = "0"
    held = Campaign(stage)

    def run(at: int) -> int:
        os.environ.update(KILL_AT=str(at), WIZARD=str(os.getpid()))
        return stage.run()

    try:
        step = 1
        while True:
            count.unlink(missing_ok=True)
            child = os.fork()
            if child == 0:
                try:
                    run(step)
                finally:
                    os._exit(0)
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
                break
            held.ended(f"git {step}", unlock=True)
            step += max(EVERY // 4, 1)
    finally:
        del os.environ["KILL_AT"]
    print(f"git: {held.steps} of {step - 1} steps")
    assert step > 20


# --- with somebody at work beside it ---------------------------------------------------------------------------------


class Somebody:
    """A person who, at moments that a number says, saves files in an editor, and switches branches in a terminal."""

    def __init__(self, box: Box, notes: Path, step: int) -> None:
        self._box, self._notes = box, notes
        chance = random.Random(step)
        self._saves = {chance.randrange(1, step + 1): chance.random() for _ in range(chance.choice([0, 1, 2, 3]))}
        self._switch = chance.randrange(1, step + 1) if chance.random() < 0.5 else 0
        self._opened = {path: box.read(path) for path in FILES if path.endswith((".py", ".txt"))}
        self._chance = chance

    def __call__(self, touch: int) -> None:
        """Do what is due before a touch."""
        if touch in self._saves:
            self._save(touch, self._saves[touch])
        if touch == self._switch:
            self._switch_branch()

    def _save(self, touch: int, how: float) -> None:
        """Save a file with a line more: over it or in its place, as it is now or as the editor opened it long ago."""
        path = self._chance.choice(sorted(self._opened))
        place, line = self._box.root / path, b"# saved at %d\n" % touch
        text = (self._opened[path] if how < 0.3 else place.read_bytes()) + line
        if how < 0.6:
            with place.open("r+b") as file:
                file.write(text)
                file.truncate()
        else:
            new = place.with_name(f"{place.name}.new")
            new.write_bytes(text)
            new.chmod(place.stat().st_mode & 0o777)
            new.replace(place)
        self._note("saved", path, line.decode().strip())

    def _switch_branch(self) -> None:
        asked = ["git", "switch", "--quiet", "other"]
        if subprocess.run(asked, cwd=self._box.root, capture_output=True, check=False).returncode == 0:
            self._note("switched", self._box.git("rev-parse", "other").decode().strip(), "")

    def _note(self, *what: str) -> None:
        with self._notes.open("a") as file:
            print(*what, sep="\t", file=file)


def tip(box: Box, name: str) -> str:
    """Return the commit that a branch names."""
    return box.git("rev-parse", name).decode().strip()


def noted(notes: Path) -> list[list[str]]:
    """Return what somebody did, and forget it."""
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return [line.split("\t") for line in lines]


def nothing_is_lost(stage: Stage, step: object, done: list[list[str]]) -> None:
    """Check that what was saved is there and in no commit, and that no branch got a commit that was not looked at."""
    box = stage.box
    held = b"".join(place.read_bytes() for place in box.root.rglob(".modal-wizard-*"))
    latest = {path: line for kind, path, line in done if kind == "saved"}
    for path, line in latest.items():
        assert line.encode() in box.read(path) + held, (step, path, line, stage.said)
    assert b"# saved at" not in box.git("log", "--all", "-p", "--format=%H"), step
    assert box.git("show", ":shop.py").startswith(b"# staged"), step
    assert box.git("show", ":notes.txt") == b"one\nstaged\n", step


@pytest.mark.campaign
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_an_end_at_any_step_loses_nothing_of_what_others_do_meanwhile(
    stage: Stage, tmp_path: Path, number: int
) -> None:
    for root in (stage.box.root, stage.kept):
        Box(root).git("branch", "other")
    notes, before = tmp_path / "somebody", tip(stage.box, "other")
    touches, kinds = tmp_path / "touches", Counter[str]()
    stopped_at(1 << 30, stage.run, number, lambda touch: touches.write_text(str(touch)))
    stage.again()
    last = int(touches.read_text())
    wrong: list[str] = []
    for step in range(1, last + 1, EVERY):
        status = stopped_at(step, stage.run, number, Somebody(stage.box, notes, step))
        done = noted(notes)
        kinds.update(kind for kind, *_ in done)
        try:
            moved = [name for name in ("main", "other") if tip(stage.box, name) != before]
            assert "main" not in moved or "other" not in moved, step
            nothing_is_lost(stage, step, done)
            stage.run()
            nothing_is_lost(stage, f"{step}, started again", done)
            assert not list((stage.box.root / ".git/modal-wizard").glob("*.json")), (step, stage.said)
        except AssertionError as error:
            wrong.append(f"{step} (status {status}), {done}: {error}")
        stage.again()
    assert not wrong, "\n\n".join([f"{len(wrong)} of {last} steps by {EVERY}, {dict(kinds)}", *wrong])
    print(f"signal {number}: {last} steps by {EVERY}, {dict(kinds)}")
    assert last > 150
    assert kinds["saved"]
