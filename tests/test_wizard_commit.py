"""The commit: the preview is the truth, failure leaves everything as it was, the summary tells all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from support.pilot import LEGACY, SHOP, SIZES, Wizard, git, make_repository, wizard, write
from textual.widgets import TextArea

from modal_transforms.core.model import Section
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import Preview
from modal_wizard.reports.account import account, farewell
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.screens.summary import Summary
from modal_wizard.tui.widgets.section_list import SectionList

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


async def to_commit(opened: Wizard) -> None:
    await opened.press("enter", "A", "c")
    assert opened.shows(Commit)


@sizes
async def test_it_shows_message_files_and_the_exact_diff(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await to_commit(opened)
        assert "Modal 1.0: rename autoscaler parameters" in opened.text
        assert "+2   -2  shop.py" in opened.text
        assert "6  + @app.function(min_containers=1" in opened.text
        assert "not signed · 1 file and nothing else" in opened.text
        assert (repository / "shop.py").read_text() == SHOP


@sizes
@pytest.mark.parametrize("key", ["c", "enter"])
async def test_a_second_c_or_enter_makes_the_commit(repository: Path, size: tuple[int, int], key: str) -> None:
    async with wizard(repository, size) as opened:
        await to_commit(opened)
        await opened.press(key)
        assert opened.shows(Overview)
        assert "● committed" in opened.text
        here = opened.screen.query_one(SectionList).here
        assert here is not None
        assert here.slug == "lookup"
    assert git(repository, "log", "--format=%s").split("\n")[:2] == [
        "Modal 1.0: rename autoscaler parameters",
        "Legacy",
    ]
    assert git(repository, "status", "--porcelain") == ""
    assert "min_containers=1, max_containers=5" in (repository / "shop.py").read_text()


async def test_c_pressed_before_the_preview_is_there_commits_once_it_is(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A")
        await opened.type_keys("c", "c")
        await opened.settle()
        await opened.settle()
        assert opened.shows(Overview)
    assert git(repository, "log", "-1", "--format=%s").strip() == "Modal 1.0: rename autoscaler parameters"


async def test_the_preview_is_made_away_from_the_keys(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    makers: list[threading.Thread] = []
    made = Migration.preview

    def preview(migration: Migration, section: Section) -> Preview:
        makers.append(threading.current_thread())
        return made(migration, section)

    monkeypatch.setattr(Migration, "preview", preview)
    async with wizard(repository) as opened:
        await to_commit(opened)
        assert "6  + @app.function(min_containers=1" in opened.text
    assert makers
    assert threading.main_thread() not in makers


async def test_the_message_can_be_edited(repository: Path) -> None:
    async with wizard(repository) as opened:
        await to_commit(opened)
        await opened.press("e")
        opened.screen.query_one(TextArea).load_text("Rename things\n\nSaid so by me, [sic].\n")
        await opened.press("escape", "c")
    assert git(repository, "log", "-1", "--format=%B").strip() == "Rename things\n\nSaid so by me, [sic]."


async def test_typing_a_message_presses_no_keys_of_the_screen(repository: Path) -> None:
    async with wizard(repository) as opened:
        await to_commit(opened)
        await opened.press("e", "c", "w", "q", "o")
        assert opened.shows(Commit)
        assert opened.screen.query_one(TextArea).text.startswith("cwqo")
    assert git(repository, "log", "--format=%s").strip() == "Legacy"


@sizes
async def test_capital_w_writes_without_a_commit(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await to_commit(opened)
        await opened.press("W")
        assert "● written" in opened.text
    assert git(repository, "log", "--format=%s").strip() == "Legacy"
    assert git(repository, "status", "--porcelain").strip() == "M shop.py"


async def test_without_a_repository_w_writes_and_c_is_not_offered(tmp_path: Path) -> None:
    write(tmp_path, LEGACY)
    async with wizard(tmp_path, consent=Permissions(no_vcs=True)) as opened:
        assert "no git repository" in opened.text
        await to_commit(opened)
        assert "c commit" not in opened.footer
        await opened.press("c", "W")
    assert "min_containers" in (tmp_path / "shop.py").read_text()


@sizes
@pytest.mark.parametrize(("key", "screen"), [("escape", Review), ("o", Overview)], ids=["escape", "o"])
async def test_escape_and_o_go_back_without_a_commit(
    repository: Path, size: tuple[int, int], key: str, screen: type[object]
) -> None:
    async with wizard(repository, size) as opened:
        await to_commit(opened)
        await opened.press(key)
        assert isinstance(opened.screen, screen)
    assert git(repository, "log", "--format=%s").strip() == "Legacy"


async def test_d_shows_the_diff_in_two_columns_and_j_k_scroll_it(repository: Path) -> None:
    async with wizard(repository, SIZES[1]) as opened:
        await to_commit(opened)
        for key in ("d", "j", "k", "d"):
            await opened.press(key)
            assert opened.shows(Commit)


@sizes
async def test_a_file_with_changes_of_the_person_is_told_of_and_only_our_lines_are_committed_by_a_key(
    repository: Path, size: tuple[int, int]
) -> None:
    write(repository, {"shop.py": SHOP + "\n# mine\n"})
    async with wizard(repository, size) as opened:
        assert "shop.py has uncommitted changes of yours: D commits only our lines." in opened.text
        await opened.press("D")
        assert "shop.py: modified" in opened.text
        await opened.press("n", "enter")
        assert "shop.py ± yours" in opened.text
        await opened.press("A", "c", "c")
        assert opened.shows(Failure)
        assert "shop.py" in opened.text
        await opened.press("escape")
        assert opened.shows(Commit)
        assert (repository / "shop.py").read_text() == SHOP + "\n# mine\n"
        assert git(repository, "log", "--format=%s").strip() == "Legacy"
        await opened.press("c", "D")
        assert opened.shows(Overview)
        assert "D commits only our lines" not in opened.text
    assert git(repository, "status", "--porcelain") == " M shop.py\n"
    assert "# mine" not in git(repository, "show", "HEAD:shop.py")
    assert "min_containers" in git(repository, "show", "HEAD:shop.py")


async def test_a_failing_hook_shows_what_it_said_and_puts_everything_back(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho the linter [bold]says[/] no\nexit 1\n")
    hook.chmod(0o755)
    async with wizard(repository) as opened:
        await to_commit(opened)
        assert "hooks: pre-commit" in opened.text
        await opened.press("c")
        assert opened.shows(Failure)
        assert "the linter [bold]says[/] no" in opened.text
        await opened.press("escape")
        assert (repository / "shop.py").read_text() == SHOP
        hook.unlink()
        await opened.press("c")
        assert opened.shows(Overview)
    assert git(repository, "log", "-1", "--format=%s").strip() == "Modal 1.0: rename autoscaler parameters"


@pytest.mark.parametrize(("answer", "commits"), [("y", 2), ("n", 1)], ids=["yes", "no"])
async def test_a_hook_that_rewrites_our_files_is_asked_about(repository: Path, answer: str, commits: int) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\ngrep -q formatted shop.py && exit 0\necho '# formatted' >> shop.py\nexit 1\n")
    hook.chmod(0o755)
    async with wizard(repository) as opened:
        await to_commit(opened)
        await opened.type_keys("c")
        await opened.appears(Question)  # the hook takes what it takes
        assert "shop.py" in opened.text
        assert opened.app.check_action("leave", ()) is True
        await opened.press(answer)
        assert opened.shows(Overview if answer == "y" else Failure)
    assert len(git(repository, "log", "--format=%s").strip().split("\n")) == commits
    assert git(repository, "status", "--porcelain") == ""


async def test_a_file_that_changed_since_the_scan_is_not_written(repository: Path) -> None:
    async with wizard(repository, consent=Permissions(dirty=True)) as opened:
        await to_commit(opened)
        write(repository, {"shop.py": "# something else\n"})
        await opened.press("W")
        assert opened.shows(Failure)
        assert "shop.py" in opened.text
    assert (repository / "shop.py").read_text() == "# something else\n"


async def test_what_is_committed_is_no_longer_offered_for_undo(repository: Path) -> None:
    async with wizard(repository) as opened:
        await to_commit(opened)
        assert "undo" not in opened.footer
        await opened.press("c")
        assert "undo" not in opened.footer


async def test_decisions_of_other_sections_in_the_same_file_survive_a_commit(tmp_path: Path) -> None:
    both = SHOP + '\nother = modal.Function.lookup("shop", "price")\n'
    root = make_repository(tmp_path / "both", {"shop.py": both})
    async with wizard(root) as opened:
        await opened.press("j", "enter", "a", "o", "k", "enter", "A", "c", "c")
        assert opened.shows(Overview)
        await opened.press("c", "c")
    subjects = git(root, "log", "--format=%s").strip().split("\n")
    assert len(subjects) == 3
    assert git(root, "status", "--porcelain") == ""


# --- summary ---------------------------------------------------------------------------------------------------------


@sizes
async def test_the_summary_tells_what_was_done_what_is_left_and_what_comes_next(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await to_commit(opened)
        await opened.press("c", "enter", "s", "o", "m")
        assert isinstance(opened.screen, Summary)
        assert git(repository, "log", "-1", "--format=%h").strip()[:7] in opened.text
        assert "3 accepted" in opened.text
        assert "desk.py:3" in opened.text
        assert "run your tests" in opened.text
        for key in ("j", "k"):
            await opened.press(key)
        await opened.press("m")
        assert opened.app.clipboard.startswith("## Migration to Modal 1.x")
        await opened.press("o")
        assert opened.shows(Overview)


async def test_everything_decided_is_said_on_the_overview(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"shop.py": SHOP})
    async with wizard(root) as opened:
        await to_commit(opened)
        await opened.press("c")
        assert "ready for Modal 1.x" in opened.text
    async with wizard(root) as opened:
        assert "ready for Modal 1.x" in opened.text


async def test_the_markdown_lists_commits_and_what_is_left_inertly(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"a`b.py": SHOP})
    async with wizard(root) as opened:
        await opened.press("enter", "a", "c", "c", "enter", "s")
        text = as_markdown(account(opened.app.migration))
        assert "- `a'b.py:6` skipped" in text
        assert "### Left (2)" in text
        said = farewell(opened.app.migration)
        assert "1 commit: " in said
        assert "2 findings left" in said
