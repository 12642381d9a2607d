"""From the scan to the commit, whatever a file is written in: nothing but the edit changes, in the tree and in git."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.gitbox import Box, own_settings

from modal_wizard.cli.main import main
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all

TEXT = """\
import modal

app = modal.App("a")


@app.function(keep_warm=1)
def f():
    return 1


def mine():
    return 2
"""
OLD, NEW = "keep_warm", "min_containers"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    made = Box(tmp_path / "repo")
    made.root.mkdir()
    made.git("init", "--quiet")
    return made


def after(data: bytes, coding: str = "ascii") -> bytes:
    """Return a file with our edit made."""
    return data.replace(OLD.encode(coding), NEW.encode(coding))


def apply(box: Box, *words: str) -> int:
    """Take everything and commit it."""
    return main(["apply", "--all", "--commit", *words, str(box.root)])


def check_edit(box: Box, path: str = "app.py") -> None:
    """The last commit changes one line of one file, and git has nothing to say of the tree."""
    assert box.in_last_commit() == [path]
    changed = box.git("diff", "HEAD~1", "HEAD", "--unified=0").splitlines()[4:]
    lines = [line for line in changed if line[:1] in {b"-", b"+"}]
    assert [after(line[1:]) for line in lines[:1]] == [line[1:] for line in lines[1:]]
    assert box.status() == []
    assert box.git("diff") == b""


WRITTEN = {
    "line feeds": TEXT.encode(),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "lone returns": TEXT.replace("\n", "\r").encode(),
    "mixed": TEXT.replace("\n", "\r\n", 3).replace("mine():\n", "mine():\r").encode(),
    "byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "byte order mark and CRLF": b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(),
    "no end": TEXT.rstrip("\n").encode(),
    "form feeds": TEXT.replace("\n\n\n", "\n\f\n\n\f").encode(),
    "tabs": TEXT.replace("    ", "\t").encode(),
    "trailing blanks": TEXT.replace("\n", "  \t\n").encode(),
    "latin-1": ("# coding: latin-1\n# é\n" + TEXT + "x = 'é'\n").encode("latin-1"),
    "shift_jis": ("# -*- coding: shift_jis -*-\n" + TEXT + "x = '表示'  # ソ\n").encode("shift_jis"),
    "cp1251 and lone returns": ("# coding: cp1251\r" + TEXT.replace("\n", "\r") + "x = 'ж'\r").encode("cp1251"),
    "wide letters before the edit": TEXT.replace("(keep", "(name='🦊漢é', keep").encode(),
    "separators that are no line ends": TEXT.replace("return 1", "return '\x0b\x1c\u2028\x85'").encode(),
}


@pytest.mark.parametrize("data", WRITTEN.values(), ids=WRITTEN)
def test_a_file_stays_as_it_is_written(box: Box, data: bytes) -> None:
    box.write("app.py", data)
    box.commit_all()
    assert apply(box) == 0
    assert box.read("app.py") == after(data)
    assert box.committed("app.py") == after(data)
    assert box.status() == []


SETTINGS = [
    *itertools.product(["", "text eol=crlf"], ["false", "input", "true"], ["LF", "CRLF"], ["attributes last"]),
    *itertools.product(["", "text"], ["true"], ["LF", "CRLF"], ["attributes first"]),
    *itertools.product(["text eol=lf", "-text"], ["true"], ["CRLF"], ["attributes first", "attributes last"]),
]


@pytest.mark.parametrize(("attribute", "setting", "ends", "order"), SETTINGS)
def test_line_ends_stay_what_git_makes_of_them(box: Box, attribute: str, setting: str, ends: str, order: str) -> None:
    def put() -> None:
        box.write("app.py", TEXT.replace("\n", "\r\n" if ends == "CRLF" else "\n").encode())
        box.commit_all()

    def set_up() -> None:
        box.git("config", "core.autocrlf", setting)
        if attribute:
            box.write(".gitattributes", f"*.py {attribute}\n".encode())
        box.git("add", ".gitattributes", check=False)
        box.git("commit", "-q", "-m", "attributes", check=False)

    for step in (put, set_up) if order == "attributes last" else (set_up, put):
        step()
    box.git("add", "--renormalize", ".")
    box.git("commit", "-q", "-m", "renormalized", check=False)
    (box.root / "app.py").unlink()
    box.git("checkout", "--", "app.py")
    data = box.read("app.py")
    kept = box.committed("app.py")
    assert apply(box) == 0
    assert box.read("app.py") == after(data)
    assert box.committed("app.py") == after(kept)
    check_edit(box)


FILTER = """\
#!/bin/sh
store="$(git rev-parse --git-dir)/store"; mkdir -p "$store"
case "$1" in
clean) cat > "$store/new"; name=$(git hash-object --no-filters "$store/new"); cp "$store/new" "$store/$name"
    printf 'version https://git-lfs.github.com/spec/v1\\noid sha1:%s\\nsize 1\\n' "$name";;
smudge) cat "$store/$(sed -n 's/^oid sha1://p')";;
esac
"""


def test_a_file_that_git_keeps_as_a_pointer_is_written_and_committed_as_one(box: Box) -> None:
    script = box.write(".git/pointing", FILTER.encode())
    script.chmod(0o755)
    for key, value in {"clean": f"{script} clean", "smudge": f"{script} smudge", "required": "true"}.items():
        box.git("config", f"filter.lfs.{key}", value)
    box.write(".gitattributes", b"*.py filter=lfs diff=lfs merge=lfs -text\n")
    box.write("app.py", TEXT.encode())
    box.commit_all()
    assert box.committed("app.py").startswith(b"version https://git-lfs")
    assert apply(box) == 0
    assert box.read("app.py") == after(TEXT.encode())
    assert box.committed("app.py").startswith(b"version https://git-lfs")
    assert box.in_last_commit() == ["app.py"]
    assert box.status() == []
    box.git("checkout", "-q", "HEAD~1")
    assert box.read("app.py") == TEXT.encode()
    box.git("checkout", "-q", "-")
    assert box.read("app.py") == after(TEXT.encode())


def test_a_pointer_that_was_not_fetched_is_left(box: Box) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    box.write(".gitattributes", b"*.py filter=lfs\n")
    box.write("app.py", pointer)
    box.commit_all()
    assert apply(box) == 0
    assert box.read("app.py") == pointer
    assert "LFS pointer" in scan_all(scope_of(box.root)).skipped["app.py"]


def test_a_file_in_utf_16_is_named_and_left(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.write(".gitattributes", b"*.py text working-tree-encoding=UTF-16\n")
    data = TEXT.encode("utf-16")
    box.write("app.py", data)
    box.commit_all()
    assert box.committed("app.py") == TEXT.encode()
    assert apply(box) & 2
    assert "app.py" in capsys.readouterr().err
    assert box.read("app.py") == data
    assert box.status() == []


def test_a_file_that_git_keeps_in_another_encoding_keeps_both(box: Box) -> None:
    box.write(".gitattributes", b"*.py text working-tree-encoding=ISO-8859-1\n")
    data = ("# coding: latin-1\n# é\n" + TEXT).encode("latin-1")
    box.write("app.py", data)
    box.commit_all()
    assert apply(box) == 0
    assert box.read("app.py") == after(data)
    assert box.committed("app.py") == after(data).decode("latin-1").encode()
    check_edit(box)


def test_a_file_with_nul_bytes_is_named_and_left(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    data = TEXT.encode() + b"x = '\0'\n"
    box.write("app.py", data)
    box.commit_all()
    assert apply(box) & 2
    assert "app.py" in capsys.readouterr().err
    assert box.read("app.py") == data


# --- with the person's own lines -------------------------------------------------------------------------------------


def stage(box: Box, data: bytes) -> None:
    box.write("app.py", data)
    box.git("add", "app.py")


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("how", ["unstaged", "staged", "both"])
def test_lines_of_the_person_stay_theirs(box: Box, how: str, ends: str) -> None:
    text = TEXT.replace("\n", ends).encode()
    box.write("app.py", text)
    box.commit_all()
    staged = text.replace(b"return 2", b"return 3") if how != "unstaged" else text
    mine = staged.replace(b"import modal", b"import os, modal") if how != "staged" else staged
    stage(box, staged)
    box.write("app.py", mine)
    assert apply(box) & 2
    assert box.read("app.py") == mine
    assert apply(box, "--allow-dirty", "--allow-staged") == 0
    assert box.committed("app.py") == after(text)
    assert box.staged("app.py") == after(staged)
    assert box.read("app.py") == after(mine)


@pytest.mark.parametrize("put", [Box.write, None], ids=["unstaged", "staged"])
@pytest.mark.parametrize(
    ("head", "now", "says"),
    [
        (
            "from typing import TYPE_CHECKING\nimport modal\n\nif TYPE_CHECKING:\n    from modal import Mount\n",
            lambda text: text + "    from os import PathLike\n",
            "would not be Python any more",
        ),
        (
            TEXT.replace("import modal", "from common import app").replace('app = modal.App("a")', "# made there"),
            lambda text: "import modal\n" + text.replace("from common", "\nfrom common"),
            "needs modal, which only your own uncommitted lines give",
        ),
    ],
    ids=["a block that would be empty", "a name that only they import"],
)
def test_our_lines_are_not_committed_where_they_make_no_sense_without_the_persons(
    box: Box,
    head: str,
    now: Callable[[str], str],
    says: str,
    put: Callable[..., Path] | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = head.replace(f"{OLD}=1", "allow_concurrent_inputs=2")
    box.write("common.py", b'import modal\n\napp = modal.App("a")\n')
    box.write("app.py", head.encode())
    commit = box.commit_all()
    (put or stage)(*((box, "app.py", now(head).encode()) if put else (box, now(head).encode())))
    index = box.index_digest()
    assert apply(box, "--allow-dirty", "--allow-staged") & 2
    said = capsys.readouterr().err
    assert says in said
    assert "app.py" in said
    assert box.read("app.py") == now(head).encode()
    assert (box.head(), box.index_digest()) == (commit, index)
    box.commit_all()
    assert apply(box) == 0
    assert not os.path.lexists(box.root / ".git/index.lock")
