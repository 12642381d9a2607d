"""A migration of many repositories, by the real all-repos, from local folders and back to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.pilot import DESK, LEGACY, git, make_repository

from modal_wizard.ci import all_repos

FIXER = (sys.executable, "-m", "modal_wizard.ci.all_repos")
MANUAL = 'import modal\n\napp = modal.App("m")\nmodal.NetworkFileSystem.from_name("data")\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the settings of all-repos and clones of four repositories."""
    folder = tmp_path_factory.mktemp("many")
    make_repository(folder / "repos" / "desk", {"desk.py": DESK, "later.py": MANUAL})
    make_repository(folder / "repos" / "none", {"app.py": "print()\n"})
    make_repository(folder / "repos" / "shop", LEGACY)
    git(folder / "repos" / "desk", "tag", "origin/HEAD")
    git(folder / "repos", "init", "--quiet", "bare")
    ours = "modal_wizard.ci.local_folders"
    source = {"source": ours, "source_settings": {"folder": str(folder / "repos")}}
    settings = {**source, "push": ours, "push_settings": {}, "output_dir": "clones"}
    (folder / "all-repos.json").write_text(json.dumps(settings))
    (folder / "all-repos.json").chmod(0o600)
    program = Path(sys.executable).with_name("all-repos-clone")
    subprocess.run([program], cwd=folder, capture_output=True, check=True)
    return folder


def fixed(folder: Path, *words: str) -> tuple[int, list[list[str]], str]:
    """Run the fixer; return its exit code, the table, and all that it said."""
    who = {f"GIT_{role}_{part}": "ada@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    environment = {**os.environ, **who}
    done = subprocess.run([*FIXER, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    rows = [line.split(maxsplit=4) for line in done.stdout.partition("\nrepository ")[2].splitlines()[1:]]
    return done.returncode, rows, done.stdout + done.stderr


def branches(folder: Path, name: str) -> list[str]:
    return git(folder / "repos" / name, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()


def test_each_repository_gets_our_commits_on_a_branch_and_a_row_in_the_table(folder: Path) -> None:
    def row(name: str, *numbers: int, outcome: str) -> list[str]:
        return [name, *map(str, numbers), outcome]

    check = f"{sys.executable} -c \"import sys, os; sys.exit(os.path.exists('shop.py'))\""
    code, rows, said = fixed(folder, "--author", "Bo <bo@example.com>", "--", "--all", "--check", check)
    assert code == 3
    assert rows[:4] == [
        row("bare", 0, 0, 0, outcome="no commit yet"),
        row("desk", 2, 1, 1, outcome="pushed"),
        row("none", 0, 0, 0, outcome="nothing to do"),
        row("shop", 4, 0, 4, outcome="refused"),
    ]
    assert "4 repositories: 1 no commit yet, 1 pushed, 1 nothing to do, 1 refused." in said
    branch = "all-repos_autofix_modal-1.0"
    assert [branches(folder, name) for name in ("desk", "none", "shop")] == [[branch, "main"], ["main"], ["main"]]
    log = git(folder / "repos" / "desk", "log", "--format=%an %s", f"main..{branch}")
    assert log == "Bo Modal 1.0: replace .lookup by .from_name\n"

    decisions = [{"section": "autoscaler", "choice": "rename"}]
    (folder / "decisions.json").write_text(json.dumps({"version": 1, "decisions": decisions}))
    replayed = ("--branch", "again", "--dry-run", "--repos", "clones/shop", "--", "--decisions", "decisions.json")
    code, rows, said = fixed(folder, *replayed)
    assert (code, rows[0]) == (1, row("shop", 4, 1, 1, outcome="not pushed (dry run)"))
    assert branches(folder, "shop") == ["main"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--nosuch"], "unrecognized arguments: --nosuch"),
        (["--diff"], "not allowed with argument --diff"),
        (["--stack", "x"], "after -- there may be options of modal-wizard apply, but no stack"),
        (["--report", "x"], "but no report"),
        (["elsewhere"], "but no paths"),
        (["--decisions", "-"], "decisions for many repositories come from a file"),
    ],
)
def test_what_apply_would_not_take_is_refused_before_anything_is_cloned(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        all_repos.main(["--", *options])
    assert left.value.code == 2
    assert message in capsys.readouterr().err
