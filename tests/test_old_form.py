"""What the version before the modules were moved left behind is still read: sessions, journals, backups."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pilot import git

from modal_wizard.cli.main import main
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.session.decisions import Status
from modal_wizard.session.drafts import drafts_beside

KEPT = Path(__file__).with_name("old_form")


def copied(source: Path, target: Path) -> Iterator[str]:
    """Copy files without the end of their kept names; yield their paths."""
    for place in sorted(source.rglob("*.kept")):
        path = place.relative_to(source).as_posix().removesuffix(".kept")
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(place.read_bytes())
        yield path


def set_up(case: str, root: Path) -> Path:
    """Return a repository, or a plain folder, as the old version left it."""
    root.mkdir()
    history = KEPT / case / "history.fast-export"
    list(copied(KEPT / case / "tree", root))
    if not history.exists():
        list(copied(KEPT / case / "state", root / ".modal-wizard"))
        return root
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@example.com")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=history.read_bytes(), check=True)
    git(root, "read-tree", "refs/kept/index")
    git(root, "update-ref", "-d", "refs/kept/index")
    list(copied(KEPT / case / "state", root / ".git/modal-wizard"))
    return root


def opened(root: Path) -> Migration:
    """Open a repository as the wizard does, and scan it."""
    migration = open_migration(root)
    for _ in migration.scan():
        pass
    return migration


def texts(root: Path) -> dict[str, str]:
    return {place.name: place.read_text() for place in sorted(root.glob("*.py"))}


# --- a session -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [False, True], ids=["as it was", "files changed since"])
def test_decisions_of_an_old_session_hold(tmp_path: Path, changed: bool) -> None:
    root = set_up("session", tmp_path / "shop")
    if changed:
        (root / "shop.py").write_text('"""Prices."""\n\n' + (root / "shop.py").read_text())
    migration = opened(root)
    assert len(migration.session.landings) == 1
    accepted, skipped, edited = migration.findings("autoscaler")
    assert accepted.id == "c5617952202a"
    decisions = [migration.decision(each) for each in (accepted, skipped, edited)]
    assert [each.status for each in decisions] == [Status.ACCEPTED, Status.SKIPPED, Status.PENDING]
    drafts = drafts_beside(migration.session.file)
    assert drafts.find(edited.id, migration.editable(edited, "")[1]) == "@app.function(min_containers=2)"
    first, *more = migration.session.notes
    assert "1 typed text waits to be looked at" in first
    assert more == (["Files changed since; decisions carried over: 2."] if changed else [])
    section = next(each for each in migration.sections if each.slug == "autoscaler")
    after = {change.path: change.after for change in migration.preview(section).files}
    assert b"max_containers=5" in after["shop.py"]
    assert b"container_idle_timeout=60" in after["shop.py"]
    assert "store.py" not in after


def test_an_old_session_is_undone_and_gone_on_with(tmp_path: Path) -> None:
    root = set_up("session", tmp_path / "shop")
    first = opened(root)
    first.session.undo()
    first.session.undo()
    again = opened(root)
    stand = [again.decision(each).status for each in again.findings("autoscaler")]
    assert stand == [Status.ACCEPTED, Status.PENDING, Status.PENDING]


# --- a journal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["write", "commit", "commit_not_made"])
def test_a_journal_of_the_old_version_is_named_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    """It is not signed, and may as well have come in an archive."""
    root = set_up(case, tmp_path / "shop")
    before, status = texts(root), git(root, "status", "--porcelain")
    assert main(["apply", str(root), "--section", "gpu"]) == 2
    said = capsys.readouterr().err
    assert "an older version of modal-wizard wrote it, or it came with the repository. Nothing of it was done" in said
    assert "Look at it, then delete it" in said
    assert (texts(root), git(root, "status", "--porcelain")) == (before, status)
    for journal in (root / ".git/modal-wizard").glob("*.json"):
        journal.unlink()
    assert main(["apply", str(root), "--section", "gpu"]) == 0


# --- a backup --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["backup_in_git", "backup_in_folder"])
def test_a_backup_of_the_old_version_is_listed_and_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    root = set_up(case, tmp_path / "shop")
    before = texts(set_up("write", tmp_path / "before"))["store.py"]
    assert texts(root)["store.py"] != before
    assert main(["restore", str(root), "--list"]) == 0
    listed = capsys.readouterr().out
    assert "  shop.py: as modal-wizard wrote it\n  store.py: as modal-wizard wrote it\n" in listed
    assert main(["restore", str(root)]) == 2
    assert "Look at it first: restore --diff --backup" in capsys.readouterr().err
    assert main(["restore", str(root), "--backup", listed.split()[0]]) == 0
    assert "shop.py: brought back\n  store.py: brought back\n" in capsys.readouterr().out
    assert texts(root)["store.py"] == before
    assert "keep_warm=1, concurrency_limit=5" in texts(root)["shop.py"]
