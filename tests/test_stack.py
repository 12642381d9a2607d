"""``apply --stack``: a branch a section, each on the one before, and the pull requests that they could become."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from support.pilot import DESK, LEGACY, git, make_repository

from modal_wizard.cli.main import main

STACK = ("apply", "--all", "--commit", "--stack")
FILES = {**LEGACY, "gpu.py": 'import modal\n\nmodal.App("g").function(gpu=modal.gpu.H100())(print)\n'}
FILES |= {"requirements.txt": "modal==0.72.1\n"}
NAMES = ["01-autoscaler", "02-lookup", "03-gpu", "04-required-version"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with findings of three sections and a requirement, the working directory."""
    root = make_repository(tmp_path / "shop", FILES)
    git(root, "remote", "add", "upstream", "https://example.invalid/shop.git")
    monkeypatch.chdir(root)
    return root


def branches(root: Path) -> list[str]:
    return git(root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()


def commands(text: str) -> list[list[str]]:
    """Return the commands that are printed, each by its words; their last word may be of several lines."""
    words = shlex.split(text.partition("in order:\n\n")[2])
    starts = [n for n, word in enumerate(words) if word in {"git", "gh"} and words[n + 1] in {"push", "pr"}]
    return [words[start:end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def test_each_section_has_a_branch_on_the_one_before(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = git(shop, "rev-parse", "HEAD").strip()
    assert main([*STACK, "team/modal", "--raise-pin", "--report", "../report.md"]) == 0
    names = [f"team/modal/{name}" for name in NAMES]
    assert branches(shop) == ["main", *names]
    assert git(shop, "symbolic-ref", "--short", "HEAD").strip() == names[-1]
    assert git(shop, "rev-parse", "main").strip() == start
    for below, branch in zip(["main", *names], names, strict=False):
        assert git(shop, "rev-parse", f"{branch}~1") == git(shop, "rev-parse", below)
    assert git(shop, "diff", "--name-only", "main", names[0]) == "shop.py\n"
    assert git(shop, "status", "--porcelain") == ""

    said = capsys.readouterr().out
    assert f"{names[-1]} is checked out, on top of the others; main stays where it was.\nNothing was pushed." in said
    push, *opened = commands(said)
    assert push == ["git", "push", "upstream", *names]
    report = (shop / ".." / "report.md").read_text()
    assert "### Pull requests (4)\n\nEach stands on the one before it: merge them in order." in report
    for number, (base, branch, words) in enumerate(zip(["main", *names], names, opened, strict=False), 1):
        assert words[:7] == ["gh", "pr", "create", "--base", base, "--head", branch]
        _, title, _, body = words[7:]
        assert title == git(shop, "log", "-1", "--format=%s", branch).strip()
        assert f"#### {number}. {title}\n\n`{branch}` into `{base}`\n\n> " in report
        assert "\n".join(f"> {line}".rstrip() for line in body.split("\n")) in report
        assert shlex.join(words) in report
        assert (f"It stands on `{base}`: merge that first." in body) == (number > 1)
    assert "3 changes in 1 file:\n\n- `shop.py`" in opened[0][-1]


def test_what_cannot_be_is_refused_before_anything_is_written(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(shop, "branch", "taken")
    git(shop, "branch", "deep/05-old")
    git(shop, "branch", "deep/06-older")
    name = "is not a name that branches can have before a slash. Give another PREFIX."
    above = "and git has no branches below another one. Give another PREFIX; nothing was changed."
    cases = {
        "taken": f"There is a branch taken, {above}",
        "main/x": f"There is a branch main, {above}",
        "deep": "There are branches below deep already: deep/05-old, deep/06-older. To go on where they end: "
        "git switch deep/06-older, and another PREFIX. To begin anew: switch to your own branch, and "
        "git branch -D deep/05-old deep/06-older. Nothing was changed.",
        **{bad: f"'{bad}' {name}" for bad in ("", "-x", "a b", "a..b", "x.lock", "@{-1}", "/x", "x/", "~")},
    }
    before = branches(shop)
    for prefix, message in cases.items():
        assert main([*STACK[:-1], f"--stack={prefix}"]) == 2
        assert f"modal-wizard: {message}\n" in capsys.readouterr().err
    assert branches(shop) == before
    assert git(shop, "status", "--porcelain") == ""
    for options in (["--stack", "x"], ["--stack", "x", "--diff"], ["--commit", "--stack", "x", "--branch", "y"]):
        with pytest.raises(SystemExit) as left:
            main(["apply", *options])
        assert left.value.code == 2
    assert "--stack does not go with --branch" in capsys.readouterr().err


def test_a_stack_that_broke_off_is_whole_as_far_as_it_goes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = shop / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\n! git diff --cached --name-only | grep -q gpu\n")
    hook.chmod(0o755)
    assert main([*STACK, "one"]) == 2
    said = capsys.readouterr().out
    assert branches(shop) == ["main", "one/01-autoscaler", "one/02-lookup"]
    assert "one/02-lookup is checked out, on top of the others; main stays where it was." in said
    assert [words[6] for words in commands(said)[1:]] == ["one/01-autoscaler", "one/02-lookup"]
    assert git(shop, "status", "--porcelain") == ""
    hook.unlink()
    assert main([*STACK, "one"]) == 2
    assert "To go on where they end: git switch one/02-lookup, and another PREFIX." in capsys.readouterr().err
    assert main([*STACK, "two"]) == 0
    assert branches(shop)[-1] == "two/01-gpu"
    (_, opened) = commands(capsys.readouterr().out)
    assert opened[3:7] == ["--base", "one/02-lookup", "--head", "two/01-gpu"]


def test_a_detached_head_has_no_base_and_nothing_to_do_makes_no_branch(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(shop, "checkout", "--quiet", "--detach")
    short = git(shop, "rev-parse", "--short", "HEAD").strip()
    (shop / "desk.py").write_text(DESK + "# mine\n")
    assert main([*STACK, "x", "--section", "lookup", "--allow-dirty"]) == 0
    said = capsys.readouterr().out
    assert f"x/01-lookup is checked out, on top of the others; the commit {short} stays where it was." in said
    assert commands(said)[1][:5] == ["gh", "pr", "create", "--head", "x/01-lookup"]
    assert git(shop, "status", "--porcelain") == " M desk.py\n"
    assert main([*STACK, "y", "--section", "lookup"]) == 0
    assert "No branch was made." in capsys.readouterr().out
    assert branches(shop) == ["main", "x/01-lookup"]
