"""Coming back: on another branch, after another version, in files that changed since."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import DESK, SHOP, git, wizard, write

from modal_wizard.git.dotgit import place_of
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.session.decisions import ManualEdit, Status

HEADER = '"""Prices, by item."""\n\n'


def opened(root: Path) -> Migration:
    """Open a repository as the wizard does, and scan it."""
    migration = open_migration(root)
    for _ in migration.scan():
        pass
    return migration


def statuses(root: Path, section: str = "autoscaler") -> list[Status]:
    migration = opened(root)
    return [migration.decision(finding).status for finding in migration.findings(section)]


def commit(root: Path, files: dict[str, str]) -> None:
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Work")


ACCEPTED, EDITED, PENDING, SKIPPED = Status.ACCEPTED, Status.EDITED, Status.PENDING, Status.SKIPPED


# --- files that changed ----------------------------------------------------------------------------------------------


def test_decisions_follow_their_lines(repository: Path) -> None:
    first = opened(repository)
    one, _, three = first.findings("autoscaler")
    first.accept(one)
    first.skip([three], "later")
    write(repository, {"shop.py": HEADER + SHOP})
    again = opened(repository)
    assert [again.decision(f).status for f in again.findings("autoscaler")] == [ACCEPTED, PENDING, SKIPPED]
    assert again.session.notes == ["Files changed since; decisions carried over: 2."]
    assert [f.id for f in again.findings("autoscaler")] == [f.id for f in first.findings("autoscaler")]
    third = opened(repository)
    assert third.session.notes == []
    assert [third.decision(f).status for f in third.findings("autoscaler")] == [ACCEPTED, PENDING, SKIPPED]


def test_they_follow_through_several_changes_and_undo_still_works(repository: Path) -> None:
    first = opened(repository)
    first.accept(first.findings("autoscaler")[0])
    for number in range(1, 4):
        write(repository, {"shop.py": HEADER * number + SHOP})
        assert statuses(repository) == [ACCEPTED, PENDING, PENDING]
    again = opened(repository)
    again.session.undo()
    assert [again.decision(f).status for f in again.findings("autoscaler")] == [PENDING] * 3
    again.session.redo()
    section = next(each for each in again.sections if each.slug == "autoscaler")
    (change,) = again.preview(section).files
    assert b"min_containers=1, concurrency_limit=5" in change.after


def test_a_decision_about_a_line_that_changed_is_named_and_asked_again(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    write(repository, {"shop.py": SHOP.replace("keep_warm=1, concurrency_limit=5", "keep_warm=4, concurrency_limit=5")})
    again = opened(repository)
    assert [again.decision(f).status for f in again.findings("autoscaler")] == [PENDING, PENDING, ACCEPTED]
    gone = next(note for note in again.session.notes if note.startswith("The code changed"))
    assert gone.count("shop.py:6") == 2
    assert opened(repository).session.notes == []


def test_typed_lines_move_with_their_file_and_are_gone_when_they_changed(repository: Path) -> None:
    first = opened(repository)
    finding = first.findings("autoscaler")[0]
    typed, _ = first.editable(finding)
    mine = ManualEdit(typed.path, typed.start, typed.end, typed.text.replace("min_containers=1", "min_containers=9"))
    first.edit(finding, mine)
    write(repository, {"shop.py": HEADER + SHOP})
    again = opened(repository)
    moved = again.decision(again.findings("autoscaler")[0])
    assert moved.status is EDITED
    section = next(each for each in again.sections if each.slug == "autoscaler")
    (change,) = again.preview(section).files
    assert change.after.decode() == (HEADER + SHOP).replace("keep_warm=1", "min_containers=9")
    write(repository, {"shop.py": HEADER + SHOP.replace("keep_warm=1", "keep_warm=2")})
    assert statuses(repository) == [PENDING] * 3


def test_a_file_that_cannot_be_read_for_now_loses_nothing(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    write(repository, {"shop.py": SHOP + "def ("})
    assert opened(repository).session.notes == []
    (repository / "shop.py").unlink()
    assert opened(repository).session.notes == []
    write(repository, {"shop.py": SHOP})
    assert statuses(repository) == [ACCEPTED] * 3


def test_opening_a_part_of_the_repository_loses_nothing_of_the_rest(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings())
    assert opened(repository / "desk.py").session.notes == []
    assert statuses(repository) == [ACCEPTED] * 3


def test_what_is_left_after_a_commit_is_carried_over_as_well(repository: Path, lines: Lines) -> None:
    lines(repository, "y", "s", "s", "c", "y", "q")
    text = (repository / "shop.py").read_text()
    write(repository, {"shop.py": HEADER + text})
    assert statuses(repository) == [SKIPPED, SKIPPED]


async def test_the_screen_tells_what_is_gone(repository: Path) -> None:
    async with wizard(repository) as first:
        await first.press("enter", "a")
    write(repository, {"shop.py": SHOP.replace("keep_warm=1", "keep_warm=3")})
    async with wizard(repository) as second:
        notes = [note.text for note in second.app.telling.told]
        assert any("these decisions are gone: shop.py:6" in note for note in notes)


# --- branches --------------------------------------------------------------------------------------------------------


def test_decisions_of_another_branch_wait_for_it(repository: Path, lines: Lines) -> None:
    git(repository, "branch", "other")
    commit(repository, {"notes.txt": "main moved on\n"})
    lines(repository, "A", "q")
    git(repository, "switch", "--quiet", "other")
    said = lines(repository, "s mine", "q")
    assert "Your 3 decisions of main are kept for when you are there again." in said
    assert "3 findings (3 safe); 0 decided" in said
    git(repository, "switch", "--quiet", "main")
    said = lines(repository, "q")
    assert "Back on main: 3 decisions of yours are here again." in said
    assert statuses(repository) == [ACCEPTED] * 3
    git(repository, "switch", "--quiet", "other")
    assert statuses(repository) == [SKIPPED, PENDING, PENDING]


def test_back_again_without_a_decision_there(repository: Path) -> None:
    git(repository, "branch", "other")
    commit(repository, {"notes.txt": "main moved on\n"})
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    git(repository, "switch", "--quiet", "other")
    assert statuses(repository) == [PENDING] * 3
    git(repository, "switch", "--quiet", "main")
    assert statuses(repository) == [ACCEPTED] * 3


def test_a_new_branch_at_the_same_commit_takes_the_decisions_along(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    git(repository, "switch", "--quiet", "--create", "mine")
    again = opened(repository)
    assert again.session.notes == ["Your decisions of main hold here too: mine is at the same commit."]
    assert [again.decision(f).status for f in again.findings("autoscaler")] == [ACCEPTED] * 3
    commit(repository, {"notes.txt": "mine moved on\n"})
    git(repository, "switch", "--quiet", "main")
    assert statuses(repository) == [ACCEPTED] * 3


def test_a_detached_head_is_a_place_of_its_own(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    commit(repository, {"notes.txt": "on\n"})
    git(repository, "checkout", "--quiet", "--detach")
    again = opened(repository)
    assert [again.decision(f).status for f in again.findings("autoscaler")] == [PENDING] * 3
    assert again.session.notes == ["Your 3 decisions of main are kept for when you are there again."]


def test_the_wizards_own_branch_keeps_the_session(repository: Path, lines: Lines) -> None:
    lines(repository, "A", "c", "y", "s", "q", options=("--plain", "--branch", "fresh"))
    again = opened(repository)
    assert again.session.notes == []
    assert len(again.session.landings) == 1
    assert statuses(repository, "lookup") == [SKIPPED]
    git(repository, "switch", "--quiet", "main")
    assert statuses(repository, "lookup") == [PENDING]


def test_work_on_the_same_branch_is_no_other_branch(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings())
    commit(repository, {"desk.py": "# ours\n" + DESK})
    again = opened(repository)
    assert {again.decision(f).status for f in again.findings()} == {ACCEPTED}


def test_another_version_is_explained_not_trampled(repository: Path, lines: Lines) -> None:
    file = repository / ".git" / "modal-wizard" / "session.jsonl"
    file.parent.mkdir()
    file.write_text('{"format": "modal-wizard session", "version": 99}\n{"event": "?"}\n')
    said = lines(repository, "y", "q")
    assert "Decisions of another version of modal-wizard are kept in" in said
    kept = [each.read_text() for each in file.parent.iterdir() if "other-version" in each.name]
    assert kept == ['{"format": "modal-wizard session", "version": 99}\n{"event": "?"}\n']
    assert statuses(repository)[0] is ACCEPTED


def test_what_was_kept_and_cannot_be_read_costs_only_the_carrying_over(repository: Path) -> None:
    first = opened(repository)
    first.accept_all(first.findings("autoscaler"))
    seen = repository / ".git" / "modal-wizard" / "seen.jsonl"
    seen.write_bytes(b'\xff\x00{"path": 1}\n[]\n{"path": "shop.py", "data": "!", "findings": []}\n')
    assert statuses(repository) == [ACCEPTED] * 3


# --- where HEAD is ---------------------------------------------------------------------------------------------------


def test_where_head_is_is_read_without_git(repository: Path, tmp_path: Path) -> None:
    folder = repository / ".git"
    sha = git(repository, "rev-parse", "HEAD").strip()
    place = place_of(folder)
    assert place is not None
    assert (place.branch, place.head) == ("main", sha)
    git(repository, "pack-refs", "--all")
    assert place_of(folder) == place
    git(repository, "worktree", "add", "--quiet", "-b", "team/x", str(tmp_path / "linked"))
    linked = place_of(folder / "worktrees" / "linked")
    assert linked is not None
    assert (linked.branch, linked.head) == ("team/x", sha)
    git(repository, "checkout", "--quiet", "--detach")
    detached = place_of(folder)
    assert detached is not None
    assert (detached.branch, detached.head) == ("", sha)


@pytest.mark.parametrize("head", ["ref: refs/heads/.invalid\n", "", "ref: elsewhere\n"])
def test_what_only_git_knows_is_not_guessed(tmp_path: Path, head: str) -> None:
    (tmp_path / "HEAD").write_text(head)
    assert place_of(tmp_path) is None
