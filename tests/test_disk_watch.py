"""Files change on disk while the wizard is open: seen without asking, and nothing moves under anybody's hands."""

from __future__ import annotations

from pathlib import Path

from support.pilot import git, open_section, wizard, write

from modal_wizard.session.decisions import Status
from modal_wizard.tui.disk_watch import CHANGED

MORE = "import modal\n\napp = modal.App()\n\n\n@app.function(keep_warm=7)\ndef more(): ...\n"


async def test_a_change_is_seen_on_the_overview_and_decisions_go_with_their_lines(repository: Path) -> None:
    async with wizard(repository) as opened:
        migration = opened.app.migration
        finding = migration.findings("autoscaler")[0]
        migration.accept(finding)
        path = repository / finding.site.path
        path.write_text("# a line of somebody's\n" + path.read_text())
        write(repository, {"more.py": MORE})
        opened.app.look_at_disk()
        await opened.settle()
        assert CHANGED in {line.text for line in opened.app.telling.told}
        now = migration.finding(finding.id)
        assert now.site.line == finding.site.line + 1
        assert migration.decision(now).status is Status.ACCEPTED
        assert "more.py" in {each.site.path for each in migration.findings("autoscaler")}
        assert "1 of 5 decided" in opened.text
        shown = migration.scanned
        opened.app.look_at_disk()
        await opened.settle()
        assert migration.scanned is shown


async def test_what_changes_while_a_finding_is_read_waits_until_the_overview_is_back(repository: Path) -> None:
    async with wizard(repository) as opened:
        await open_section(opened, "autoscaler")
        shown, seen = opened.app.migration.scanned, opened.text
        write(repository, {"more.py": MORE})
        opened.app.look_at_disk()
        await opened.settle()
        assert opened.app.migration.scanned is shown
        assert opened.text == seen
        await opened.press("escape")
        opened.app.look_at_disk()
        await opened.settle()
        assert "more.py" in opened.app.migration.scanned.sources


async def test_a_branch_switch_is_seen(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "other")
    write(repository, {"more.py": MORE})
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "more")
    git(repository, "checkout", "-q", "-")
    async with wizard(repository) as opened:
        assert "more.py" not in opened.app.migration.scanned.sources
        git(repository, "checkout", "-q", "other")
        opened.app.look_at_disk()
        await opened.settle()
        assert "more.py" in opened.app.migration.scanned.sources
