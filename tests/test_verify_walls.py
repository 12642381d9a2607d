"""What a module that is imported to verify it may not do to other modules, to other processes, and outside its copy."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import pytest
from support.sdk import NEW, sdk_python

from modal_wizard.verify import environments
from modal_wizard.verify.child import answers, import_modules
from modal_wizard.verify.environments import SdkMissing
from modal_wizard.verify.result import ImportOutcome, RepositoryState
from modal_wizard.verify.tree import Tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

WALLED = {
    "puts one over it": "open('t1', 'w').close(); os.replace('t1', OUTSIDE)",
    "moves one there": "open('t2', 'w').close(); shutil.move('t2', OUTSIDE + '.moved')",
    "leaves a link": "os.symlink('x', OUTSIDE + '.link')",
    "links one in": "os.link(OUTSIDE, 'same')",
    "writes through a link": "os.symlink(OUTSIDE, 'other'); open('other', 'w')",
    "takes a folder away": "shutil.rmtree(FOLDER)",
    "takes away in silence": "shutil.rmtree(FOLDER, ignore_errors=True); os.chmod(FOLDER, 0)",
    "takes away by an open folder": "os.unlink('mine', dir_fd=os.open(FOLDER, os.O_RDONLY))",
    "changes a mode": "os.chmod(OUTSIDE, 0)",
    "changes times": "os.utime(OUTSIDE, (1, 1))",
    "keeps a database": "import sqlite3; sqlite3.connect(OUTSIDE + '.db')",
    "takes the copy away": "shutil.rmtree(os.getcwd())",
    "takes a module away": "os.rename('last.py', 'first.py')",
    "writes a module over": "open('last.py', 'w')",
}
HELD_BY_THE_SYSTEM = {
    "native code": "import ctypes; ctypes.CDLL(None).unlink(OUTSIDE.encode())",
    "a new file by an open folder": "os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=os.open(FOLDER, os.O_RDONLY))",
    "a pipe": "os.mkfifo(OUTSIDE + '.pipe')",
    "ends who reads the answer": "os.kill(os.getppid(), 9)",
    "reads others' environments": "open(f'/proc/{os.getppid()}/environ')",
}
OF_OTHERS = dict.fromkeys(("json", "walls", "__main__", "sitecustomize"), "modal.gpu")
"""Called like modules that are there already, and judged all the same."""
TOOK = {
    "home": "p = pathlib.Path.home() / '.cache/thing'; p.mkdir(parents=True); shutil.rmtree(pathlib.Path.home())",
    "temporary": "import tempfile; tempfile.TemporaryDirectory().cleanup()",
    "its own": "os.makedirs('out/in'); open('out/in/f', 'w').close(); shutil.rmtree('out')",
    "semaphore": "import multiprocessing; multiprocessing.get_context('fork').Lock()",
    "last": "app = modal.App()",
}


def trees(folder: Path, codes: dict[str, str]) -> list[Tree]:
    """Return two states of a repository with a module for each code."""
    made = []
    for state in RepositoryState:
        root = folder / state.value / "root"
        root.mkdir(parents=True)
        for name, code in codes.items():
            (root / f"{name}.py").write_text(f"import modal, os, pathlib, shutil\n{code}\n", "utf-8")
        made.append(Tree(state, root, [f"{name}.py" for name in codes]))
    return made


def has_landlock() -> bool:
    """Tell whether this system holds processes to folders, and their signals to each other."""
    return sys.platform.startswith("linux") and int(ctypes.CDLL(None).syscall(444, None, 0, 1)) >= 6


def test_nothing_outside_and_nothing_of_other_modules_is_changed(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    outside = folder / "mine"
    outside.write_text("mine", "utf-8")
    known = f"OUTSIDE, FOLDER = {str(outside)!r}, {str(folder)!r}\n"
    held = HELD_BY_THE_SYSTEM if has_landlock() else {}
    codes = {name: known + code for name, code in {**WALLED, **held, **OF_OTHERS, **TOOK}.items()}
    was = outside.stat()
    both = trees(tmp_path / "v", codes)
    jobs = [(tree, f"{name}.py") for name in codes for tree in both]
    for (_, module), (check, _) in zip(jobs, import_modules(jobs, NEW, sdk_python(NEW)), strict=True):
        said = check.error.text if check.error else ""
        name = module.removesuffix(".py")
        if name in WALLED:
            assert check.outcome is ImportOutcome.BROKEN, check
            assert "Walled: nothing is" in said, check
        elif name in OF_OTHERS:
            assert check.outcome is ImportOutcome.FAILED, check
        elif name in held:
            assert name == "native code" or "PermissionError" in said, check
        else:
            assert check.outcome is ImportOutcome.PASSED, check
        assert sorted(os.listdir(folder)) == ["mine"], name
        now_is = outside.stat()
        assert (now_is.st_ino, now_is.st_mode, now_is.st_mtime_ns) == (was.st_ino, was.st_mode, was.st_mtime_ns), name
        assert outside.read_text("utf-8") == "mine", name


def test_no_program_of_the_tree_installs_an_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("tree", "tools"):
        program = tmp_path / place / "uv"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho {place} >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "tree"), str(tmp_path / "tools"), os.environ["PATH"]]))
    monkeypatch.setenv("MODAL_WIZARD_SDK_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SdkMissing, match=f"{tmp_path}/tools/uv .*\ntools\n"):
        environments.sdk_python("0.0.1", apart_from=str(tmp_path / "tree"))


PROGRAM = """
import json, os, pathlib, sys
for question in json.loads(pathlib.Path(sys.argv[1]).read_text()):
    if question["ends"]:
        os.kill(os.getpid(), 9)
    pathlib.Path(question["answer"]).write_text("{}")
    print(0, flush=True)
"""


def test_what_ends_the_program_counts_for_its_question_alone(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    (tmp_path / "in").mkdir()
    questions = [{"ends": ends, "seconds": 20} for ends in (False, True, True, False)]
    said = list(answers(Path(sys.executable), program, questions, tmp_path / "in"))
    assert said == [b"{}", -9, -9, b"{}"]
