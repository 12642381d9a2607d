"""What the person typed in an editor of their own is never lost, however the editor ends and saves."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from modal_wizard.process.editor import NoEditor, edited


def editor(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Make the editor a program that has the text's file as ``file``, and keep temporary files in a folder."""
    script = folder / "editor.py"
    script.write_text(f"import os, pathlib, signal, sys\nfile = pathlib.Path(sys.argv[1])\n{program}\n")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))
    (folder / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder / "temporary"))


TYPED = "what I typed: \u00e9\n"


@pytest.mark.parametrize(
    ("program", "encoding"),
    [
        (f"file.write_text({TYPED!r}, encoding='latin-1')", "latin-1"),
        (f"file.write_text({TYPED!r}, encoding='utf-16')", "utf-16"),
        (f"file.write_text({TYPED!r}, encoding='utf-8'); sys.exit(3)", "utf-8"),
        (f"file.write_text({TYPED!r}, encoding='utf-8'); os.kill(os.getpid(), signal.SIGKILL)", "utf-8"),
    ],
    ids=["Latin-1", "UTF-16", "a status", "killed"],
)
def test_a_text_that_cannot_be_taken_is_kept_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, encoding: str
) -> None:
    editor(monkeypatch, tmp_path, program)
    with pytest.raises(NoEditor) as refused:
        edited("before\n")
    named = re.search(r"What you typed is kept in (\S+)\.$", str(refused.value))
    assert named is not None
    assert Path(named[1]).read_text(encoding=encoding) == TYPED


@pytest.mark.parametrize("program", ["sys.exit(1)", "file.unlink()", "pass"])
def test_where_nothing_was_typed_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    editor(monkeypatch, tmp_path, program)
    if program == "pass":
        assert edited("before\n") == "before\n"
    else:
        with pytest.raises(NoEditor):
            edited("before\n")
    assert list((tmp_path / "temporary").iterdir()) == []
