"""A muted rule: what is found of it, now and later, arrives skipped; told, taken back, kept for the next run."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, Wizard, git, open_section, wizard, write

from modal_wizard.cli.front_end import Unattended
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.write import SectionWriter
from modal_wizard.reports.account import account
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.session.log import Session, load
from modal_wizard.session.mute import MUTED, mute, unmute
from modal_wizard.tui.dialogs.choose import List

RULE = "autoscaler-rename"
LATER = "import modal\n\napp = modal.App('till')\n\n\n@app.function(keep_warm=2)\ndef pay(): ...\n"
A, S, P = Status.ACCEPTED, Status.SKIPPED, Status.PENDING


def opened(root: Path) -> Migration:
    migration = open_migration(root)
    scanned(migration)
    return migration


def scanned(migration: Migration) -> None:
    for _ in migration.scan():
        pass


def statuses(migration: Migration) -> dict[str, list[Status]]:
    found: dict[str, list[Status]] = {}
    for finding in migration.findings("autoscaler"):
        found.setdefault(finding.site.path, []).append(migration.decision(finding).status)
    return found


def test_what_another_scan_finds_of_it_arrives_skipped(repository: Path) -> None:
    migration = opened(repository)
    mute(migration.session, RULE, migration.findings())
    write(repository, {"till.py": LATER})
    scanned(migration)
    assert statuses(migration) == {"shop.py": [S] * 3, "till.py": [S]}
    assert {migration.decision(finding).reason for finding in migration.findings("autoscaler")} == {MUTED}
    assert migration.tally("autoscaler").skipped == 4
    assert migration.decision(migration.findings("lookup")[0]).status is P


def test_one_undo_takes_back_the_later_ones_too_and_redo_brings_them_again(repository: Path) -> None:
    migration = opened(repository)
    mute(migration.session, RULE, migration.findings())
    write(repository, {"till.py": LATER})
    scanned(migration)
    migration.accept(migration.findings("lookup")[0])
    migration.session.undo()
    migration.session.undo()
    assert statuses(migration) == {"shop.py": [P] * 3, "till.py": [P]}
    assert migration.session.muted == frozenset()
    migration.session.redo()
    assert statuses(migration) == {"shop.py": [S] * 3, "till.py": [S]}
    assert migration.session.muted == {RULE}


def test_the_next_run_knows_what_is_muted_and_skips_what_came_meanwhile(repository: Path) -> None:
    first = opened(repository)
    first.accept(first.findings("autoscaler")[0])
    mute(first.session, RULE, first.findings())
    write(repository, {"till.py": LATER, "shop.py": f'"""Prices."""\n\n{SHOP}'})
    second = opened(repository)
    assert second.session.muted == {RULE}
    assert statuses(second) == {"shop.py": [A, S, S], "till.py": [S]}
    third = opened(repository)
    assert statuses(third) == {"shop.py": [A, S, S], "till.py": [S]}
    third.session.undo()
    assert statuses(third) == {"shop.py": [A, P, P], "till.py": [P]}
    assert statuses(opened(repository)) == {"shop.py": [A, P, P], "till.py": [P]}


def test_what_a_change_of_lines_makes_new_is_skipped_and_not_told_as_lost(repository: Path) -> None:
    first = opened(repository)
    mute(first.session, RULE, first.findings())
    write(repository, {"shop.py": SHOP.replace("keep_warm=1", "timeout=3, keep_warm=BASE + 1")})
    second = opened(repository)
    assert statuses(second) == {"shop.py": [S] * 3}
    assert not [note for note in second.session.notes if "are gone" in note]


def test_what_writing_brings_to_light_is_skipped_too(repository: Path) -> None:
    migration = opened(repository)
    (looked_up,) = migration.findings("lookup")
    migration.accept(looked_up)
    mute(migration.session, RULE, migration.findings())
    write(repository, {"till.py": LATER})
    section = next(section for section in migration.sections if section.slug == "lookup")
    writer = SectionWriter(migration, None, RunOptions(Permissions(no_vcs=True)), Unattended())
    writer.write(migration.preview(section))
    assert statuses(migration) == {"shop.py": [S] * 3, "till.py": [S]}


def test_what_is_made_undecided_by_hand_stays_so(repository: Path) -> None:
    migration = opened(repository)
    mute(migration.session, RULE, migration.findings())
    migration.forget(migration.findings("autoscaler")[0])
    scanned(migration)
    assert statuses(migration) == {"shop.py": [P, S, S]}


def test_unmuting_leaves_other_decisions_alone_and_is_one_step(repository: Path) -> None:
    migration = opened(repository)
    one, two, three = migration.findings("autoscaler")
    migration.accept(one)
    migration.skip([two], "later")
    mute(migration.session, RULE, migration.findings())
    unmute(migration.session, RULE, migration.findings())
    assert statuses(migration) == {"shop.py": [A, S, P]}
    assert migration.session.muted == frozenset()
    write(repository, {"till.py": LATER})
    scanned(migration)
    assert statuses(migration)["till.py"] == [P]
    migration.session.undo()
    assert statuses(migration)["shop.py"] == [A, S, S]
    assert migration.session.muted == {RULE}


def test_a_rule_of_which_nothing_is_left_can_be_muted_for_later(repository: Path) -> None:
    migration = opened(repository)
    migration.accept_all(migration.findings("autoscaler"))
    mute(migration.session, RULE, migration.findings())
    write(repository, {"till.py": LATER})
    scanned(migration)
    assert statuses(migration) == {"shop.py": [A] * 3, "till.py": [S]}


def test_the_log_says_it_in_events_that_read_back(tmp_path: Path) -> None:
    file = tmp_path / "session.jsonl"
    session = Session(file=file)
    session.decide({"one": Decision(S, reason=MUTED)}, "mute rule r", (("r", True),))
    session.decide({"two": Decision(A, "x")})
    session.mute_also("r", {"three": Decision(S, reason=MUTED), "two": Decision(S, reason=MUTED)})
    again = load(file)
    assert again.muted == {"r"}
    assert again.decisions() == session.decisions()
    assert again.decision("two").status is A
    assert again.steps == session.steps
    again.undo()
    again.undo()
    assert (load(file).muted, load(file).decisions()) == (frozenset(), {})


def test_nothing_is_added_for_a_rule_that_is_not_muted() -> None:
    session = Session()
    session.mute_also("r", {"one": Decision(S)})
    assert session.decisions() == {}


def test_the_account_names_the_rule_and_how_much_it_hides(repository: Path) -> None:
    migration = opened(repository)
    mute(migration.session, RULE, migration.findings())
    found = account(migration)
    assert found.muted == ((RULE, 3),)
    text = as_markdown(found)
    assert f"Muted rules, whose findings are skipped: {RULE} (3)." in text
    assert "- `shop.py:6` skipped: rule muted · keep_warm is now min_containers" in text
    unmute(migration.session, RULE, migration.findings())
    assert "Muted" not in as_markdown(account(migration))


# --- on the screen ---------------------------------------------------------------------------------------------------


async def pick(opened: Wizard, word: str) -> None:
    """Take the entry of the menu that contains a word."""
    menu = opened.screen.query_one(List)
    menu.highlighted = next(i for i, option in enumerate(menu.options) if word in str(option.prompt))
    await opened.press("enter")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
async def test_the_menu_mutes_says_so_everywhere_and_unmutes(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as app:
        await open_section(app, "autoscaler")
        await app.press("R")
        await pick(app, f"mute rule {RULE}: skip all 3 of it, and what is found later")
        assert app.statuses("autoscaler") == [S] * 3
        assert "rule muted" in app.text
        await app.press("o")
        assert "1 rule muted" in app.text
        await app.press("m")
        assert f"Muted rules, whose findings are skipped: {RULE} (3)." in " ".join(app.text.split())
        await app.press("o")
        await open_section(app, "autoscaler")
        assert "many at once…" in app.footer
        await app.press("R")
        await pick(app, f"unmute rule {RULE}: 3 findings undecided again")
        assert app.statuses("autoscaler") == [P] * 3
        assert app.app.migration.session.muted == frozenset()
        await app.press("u", "o")
        assert "1 rule muted" in app.text


async def test_coming_back_a_new_file_is_skipped_and_u_takes_all_of_it_back(repository: Path) -> None:
    async with wizard(repository) as app:
        await open_section(app, "autoscaler")
        await app.press("R")
        await pick(app, "mute rule")
        await app.press("q")
    write(repository, {"till.py": LATER})
    git(repository, "add", "--all")
    async with wizard(repository) as app:
        assert "1 rule muted" in app.text
        assert app.statuses("autoscaler") == [S] * 4
        await app.press("u")
        assert app.statuses("autoscaler") == [P] * 4
        assert "rule muted" not in app.text


def test_line_by_line_R_mutes_and_unmutes(repository: Path, lines: Lines) -> None:
    said = lines(repository, "o 5", "R", "7", "q")
    assert f"Rule {RULE} is muted: what is found of it now and later is skipped; u takes it back." in said
    assert statuses(opened(repository)) == {"shop.py": [S] * 3}
    said = lines(repository, "o 5", "R", "1", "q")
    assert f"Muted: {RULE}. What is found of these rules is skipped." in said
    assert f"Rule {RULE} is not muted any more; u takes it back." in said
    assert statuses(opened(repository)) == {"shop.py": [P] * 3}
