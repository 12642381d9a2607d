"""What a hook puts into a commit of ours beside our changes is named, and the way to take it out is one that works."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.gitbox import TEXT, Box, edited, land, new_box, ours, own_settings
from support.lines import Lines
from support.pilot import git, wizard

from modal_wizard.cli.main import main
from modal_wizard.git.additions import HookAddition, in_words


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "work")


def sweeping(root: Path) -> None:
    """Have a hook that adds whatever is modified, and a person with unfinished work."""
    (root / "desk.py").write_text("one\n")
    git(root, "add", "desk.py")
    git(root, "commit", "--quiet", "--no-verify", "-m", "desk")
    (root / "desk.py").write_text("one\nhalf\n")
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ngit add -u\n")
    hook.chmod(0o755)


ABOVE = 1
NAMED = "A hook put more than our changes into the commit, in 1 file: desk.py (+1 -0)."


def test_unfinished_work_that_a_hook_added_is_named_and_can_be_taken_out(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweeping(repository)
    report = tmp_path / "report.md"
    options = ["--section", "autoscaler", "--report", str(report)]
    assert main(["apply", "--commit", *options, str(repository)]) == 2
    said = capsys.readouterr().err
    assert NAMED in said
    assert "Put into these commits by a hook" in report.read_text()
    assert "desk.py (+1 -0)" in report.read_text()
    steps = said.partition("keep it in your files: ")[2].strip().replace("; ", " && ")
    subprocess.run(steps, shell=True, cwd=repository, check=True, capture_output=True)
    assert git(repository, "show", "--name-only", "--format=", "HEAD") == "shop.py\n"
    assert (repository / "desk.py").read_text() == "one\nhalf\n"
    assert git(repository, "status", "--porcelain") == " M desk.py\n"


def test_the_way_to_take_it_out_works_whatever_the_files_are_called(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["*.py", ":(top)shop.py", "a\x1b[31m\nb é", "it's"]
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ngit add -A\n")
    hook.chmod(0o755)
    for name in names:
        (repository / name).write_text("half\n")
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    steps = said.partition("keep it in your files: ")[2].strip().replace("; ", " && ")
    subprocess.run(["bash", "-c", steps], cwd=repository, check=True, capture_output=True)
    assert git(repository, "show", "--name-only", "--format=", "HEAD") == "shop.py\n"
    assert [(repository / name).read_text() for name in names] == ["half\n"] * len(names)


def test_line_by_line_it_is_named(repository: Path, lines: Lines) -> None:
    sweeping(repository)
    assert NAMED in lines(repository, "A", "c", "y", "q")


async def test_on_the_screen_it_is_named(repository: Path) -> None:
    sweeping(repository)
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c", "c")
        assert any(NAMED in note.text for note in opened.app.telling.told)


def test_lines_of_the_person_in_a_file_of_ours_are_named(box: Box) -> None:
    box.write("app.py", edited(TEXT, ABOVE))
    box.hook("pre-commit", "git add -u")
    made = land(box, dirty=True)
    assert made.additions == (HookAddition("app.py", 1, 1, is_ours=True),)
    assert "git reset --patch HEAD^ -- app.py" in in_words(made.additions)


def test_a_save_that_a_hook_added_is_named(box: Box, tmp_path: Path) -> None:
    (tmp_path / "saved").write_bytes(ours(TEXT) + b"of the person\n")
    box.hook("pre-commit", f"cat {tmp_path}/saved > {box.root}/app.py; git add -u")
    assert land(box).additions == (HookAddition("app.py", 1, 0, is_ours=True),)


def test_a_new_file_and_one_that_is_gone_are_named(box: Box) -> None:
    box.hook("pre-commit", "echo new > made.md; git add made.md; git rm -q other.py")
    assert land(box).additions == (HookAddition("made.md", 1, 0, False), HookAddition("other.py", 0, 2, False))


def test_what_a_formatter_makes_of_our_files_is_none(box: Box) -> None:
    box.hook("pre-commit", "sed -i 's/\"H100\"/H100/' app.py; git add app.py")
    made = land(box)
    assert made.rewritten == ("app.py",)
    assert made.additions == ()


def test_without_such_a_hook_there_is_none(box: Box) -> None:
    box.write("app.py", edited(TEXT, ABOVE))
    box.hook("pre-commit", "true")
    assert land(box, ("app.py", "pkg/deep.py"), dirty=True).additions == ()


@pytest.mark.parametrize(
    ("does", "said", "after"),
    [
        ("git update-index --chmod=+x shop.py", "shop.py (+x)", ""),
        (
            "git rm --quiet --cached shop.py; echo x >> desk.py; git add desk.py",
            "shop.py (+0 -13 gone)",
            " M desk.py\n",
        ),
    ],
)
def test_a_file_of_ours_that_a_hook_made_executable_or_took_out_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str], does: str, said: str, after: str
) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\n{does}\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) == 2
    message = capsys.readouterr().err
    assert said in message
    steps = message.partition("keep it in your files: ")[2].strip().replace("; ", " && ")
    subprocess.run(steps, shell=True, cwd=repository, check=True, capture_output=True)
    assert git(repository, "show", "--name-only", "--format=", "HEAD") == "shop.py\n"
    assert git(repository, "status", "--porcelain") == after
    assert "min_containers" in git(repository, "show", "HEAD:shop.py")


@pytest.mark.parametrize("sha256", [False, True])
def test_what_a_hook_added_of_partly_staged_files_is_not_left_staged_backwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sha256: bool
) -> None:
    own_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256" if sha256 else "sha1")
    box = new_box(tmp_path / "work")
    for path in ("app.py", "other.py"):
        box.write(path, edited(box.read(path), ABOVE, b"# staged"))
        box.git("add", path)
        box.write(path, box.read(path) + b"# unfinished\n")
    box.write("intended.txt", b"unfinished\n")
    box.git("add", "-N", "intended.txt")
    box.write("staged.txt", b"staged\n")
    box.git("add", "staged.txt")
    box.hook("pre-commit", "git add -u; git add intended.txt")
    made = land(box, dirty=True, staged=True)
    assert sorted(made.also) == ["app.py", "intended.txt", "other.py"]
    assert box.status() == ["A  staged.txt"]
