"""The wizard line by line: the same engine through a pipe, and the same commits as on the screen."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, Wizard, git, make_repository, open_section, wizard, write
from textual.widgets import TextArea

from modal_wizard.demo import write_demo
from modal_wizard.session.decisions import Status
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review

BY_HAND = "  # by hand"
EDITOR = f"sed -i -e '$s/$/{BY_HAND}/'"


def editor(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Make the person's editor a program that changes ``text``."""
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        f"{program}\n"
        "file.write_text(text)\n"
    )
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--format=%s").strip().split("\n")


# --- what is said ----------------------------------------------------------------------------------------------------


def test_it_says_place_reason_evidence_effect_and_diff(repository: Path, lines: Lines) -> None:
    said = lines(repository)
    assert "Section 5, Autoscaler parameters: 3 findings (3 safe); 0 decided. Broken now." in said
    assert "Finding 1 of 3: shop.py, line 6. Safe, undecided." in said
    assert "Why: keep_warm is now min_containers" in said
    assert "Seen by: `app` is a modal.App" in said
    assert "Effect: " in said
    assert (
        "\n-@app.function(keep_warm=1, concurrency_limit=5)\n+@app.function(min_containers=1, concurrency_limit=5)\n"
        in said
    )
    assert "section 5, 1 of 3>" in said


def test_nothing_is_coloured_or_moved_and_control_bytes_are_shown(tmp_path: Path, lines: Lines) -> None:
    evil = SHOP.replace('"shop"', '"shop\x1b[31m\x07"').replace("keep_warm=1", "keep_warm=1 if '\x9b' else 2")
    said = lines(make_repository(tmp_path / "evil", {"shop.py": evil}), "y", "c", "P", "n")
    assert not {"\x1b", "\x07", "\x9b", "\r"} & set(said)


def test_the_end_of_the_input_quits_and_keeps_every_decision(repository: Path, lines: Lines) -> None:
    assert "The input ended." in lines(repository, "y")
    said = lines(repository)
    assert "3 findings (3 safe); 1 decided, 1 to be written" in said
    assert "section 5, 2 of 3>" in said
    assert subjects(repository) == ["Legacy"]
    assert git(repository, "status", "--porcelain") == ""


def test_a_dumb_terminal_gets_it_unasked(repository: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modal_wizard.cli.open.has_terminal", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert "section 5, 1 of 3>" in lines(repository, "q", options=())


def test_it_loads_no_textual(repository: Path) -> None:
    script = (
        "import sys\nfrom modal_wizard.cli.main import main\n"
        f"code = main(['--plain', {str(repository)!r}])\n"
        "sys.exit('textual' in sys.modules or code)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"y\nc\ny\nq\n", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert subjects(repository)[0] == "Modal 1.0: rename autoscaler parameters"


# --- commands --------------------------------------------------------------------------------------------------------


def test_accept_skip_with_a_reason_undo_and_redo(repository: Path, lines: Lines) -> None:
    said = lines(repository, "a", "s not ours", "u", "u", "U", "s", "x", "q")
    assert "Accepted: shop.py, line 6." in said
    assert "Undone: skip shop.py:6.\n\nFinding 2 of 3" in said
    assert "Undone: accept shop.py:6.\n\nFinding 1 of 3: shop.py, line 6. Safe, undecided." in said
    assert "Done again: accept shop.py:6.\n\nFinding 1 of 3: shop.py, line 6. Safe, accepted." in said
    assert "1 to be written" not in lines(repository, "q")


def test_a_reason_for_skipping_is_kept(repository: Path, lines: Lines) -> None:
    lines(repository, "s the old SDK stays")
    assert "Reason for skipping: the old SDK stays" in lines(repository, "k", "q")


def test_all_safe_and_skip_the_rest_are_one_step_each(repository: Path, lines: Lines) -> None:
    said = lines(repository, "A", "A", "u", "S", "A all", "q")
    assert "3 findings accepted in one step; u takes it back.\n" in said
    assert said.count("Nothing was accepted.") == 1, "which is no step that u would take back"
    assert "Undone: accept all safe of Autoscaler parameters." in said
    assert "3 findings skipped in one step" in said
    assert "3 findings (3 safe); 3 decided." in lines(repository, "q")


def test_next_and_previous_cross_sections(repository: Path, lines: Lines) -> None:
    said = lines(repository, "k", "j", "j", "j", "j", "k", "q")
    assert "There is nothing before this." in said
    assert "There is nothing after this." in said
    assert said.index("Section 8 of 12") < said.rindex("Section 5 of 12: Autoscaler parameters.")
    assert "Finding 3 of 3: shop.py, line 11." in said[said.rindex("Section 5 of 12") :]


def test_a_choice_is_shown_before_it_is_accepted(tmp_path: Path, lines: Lines) -> None:
    text = SHOP.replace("keep_warm=1, ", "").replace("concurrency_limit=5", "container_idle_timeout=1")
    root = make_repository(tmp_path / "choices", {"shop.py": text})
    said = lines(root, "2", "9", "y", "c", "y", "q")
    assert "There is no choice 9 here: there are 2." in said
    assert "1 is recommended: " in said
    assert "Choice 2: " in said
    assert (root / "shop.py").read_text() != text


def test_values_are_asked_for_until_they_can_be_written(tmp_path: Path, lines: Lines) -> None:
    text = (
        "import modal\n\napp = modal.App('a')\n\n\n@app.cls()\nclass Model:\n    @modal.build()\n"
        "    def load(self):\n        from huggingface_hub import snapshot_download\n\n"
        "        snapshot_download('org/model')\n"
    )
    root = make_repository(tmp_path / "values", {"app.py": text})
    said = lines(root, "y", "not a name!", "weights", "c", "y", "q")
    assert "not a name! is no name of the Volume: only letters, digits, dots, hyphens and underscores, as in " in said
    assert "'weights'" in (root / "app.py").read_text().replace('"', "'")


def test_more_lines_around_the_change(repository: Path, lines: Lines) -> None:
    said = lines(repository, "+ 0", "-", "q")
    assert said.count("@@ -6,1 +6,1 @@") == 2


@pytest.mark.parametrize("line", ["", "z", "5 5", "o 77"])
def test_a_slip_decides_nothing(repository: Path, lines: Lines, line: str) -> None:
    lines(repository, line, "q")
    assert "0 decided" in lines(repository, "q")


def test_help_overview_problems_and_account(repository: Path, lines: Lines) -> None:
    (repository / "bad.py").write_text("import modal\ndef (:\n")
    said = lines(repository, "?", "o", "f", "m", "o 8", "q")
    for word in ("y does it too", "r REASON", "b NAME", "q          quit"):
        assert word in said
    assert "bad.py: " in said
    assert "## Migration to Modal 1.x" in said
    assert "Section 8 of 12" in said


def test_own_keys_hold_here_too_and_what_cannot_be_taken_is_said(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(
        tmp_path / "config",
        {"modal-wizard/settings.toml": '[keys]\naccept = "f2"\nskip = "!"\nundo = "a"\nsafe = "q"\n'},
    )
    said = lines(repository, "f2", "! too old", "a", "y", "?", "q")
    assert "settings.toml: q would be safe and quit at once: their own keys stay." in said
    assert "Accepted: shop.py, line 6." in said
    assert "Undone: skip shop.py:6." in said
    assert "There is no command y; ? lists them." in said
    assert "  f2         accept the change that is shown\n" in said
    assert "  !          skip" in said


S3 = "import modal\n\nmount = modal.S3Mount('v')\n"


async def test_what_is_done_by_hand_counts_line_by_line_and_on_the_screen(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(tmp_path / "shop", {"s3.py": S3, "shop.py": SHOP})
    editor(monkeypatch, tmp_path, "text = text.replace('modal.S3Mount', 'dict')")
    said = lines(root, "g s3.py:3", "E", "o", "m", "q")
    assert "1 finding (1 done by hand); 1 decided." in said
    assert "1 done by hand, 0 skipped, " in said
    assert "### Done by hand\n\n- `s3.py:3` modal.S3Mount exists until" in said
    assert "Done by hand: 1 finding." in said
    async with wizard(root) as opened:
        assert "1 of 4 decided" in opened.text
        assert "● done by hand" in opened.text
        assert opened.app.migration.session.by_hand[0].path == "s3.py"


async def test_n_leaves_what_is_undecided_for_later(tmp_path: Path, lines: Lines) -> None:
    root = make_repository(tmp_path / "shop", {"s3.py": S3, "shop.py": SHOP})
    said = lines(root, "n", "n", "n", "n", "q")
    assert said.index("Section unknown-api") < said.rindex("Finding 1 of 3: shop.py, line 6."), "around to the first"
    async with wizard(root) as opened:
        await open_section(opened, "autoscaler")
        for section in ("autoscaler", "autoscaler", "unknown-api", "autoscaler"):
            await opened.press("n")
            assert opened.review.section.slug == section
        assert opened.here.site.line == 6


# --- editing ---------------------------------------------------------------------------------------------------------


def test_lines_are_edited_in_the_persons_editor(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(monkeypatch, tmp_path, "text = text.replace('min_containers=1', 'min_containers=2')")
    assert "Taken as edited: shop.py, line 6." in lines(repository, "e", "c", "y", "q")
    assert "min_containers=2, concurrency_limit=5" in (repository / "shop.py").read_text()
    assert "Changes: 1 edited." in git(repository, "log", "-1", "--format=%b")


def test_a_bad_edit_keeps_the_text_and_says_the_line(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "text = text.replace('))', ')') if '))' in text else text.replace(')', '))')"
    editor(monkeypatch, tmp_path, program)
    said = lines(repository, "e", "e", "q")
    assert "Not taken: " in said
    assert "line 6" in said
    assert "Your text is kept" in said
    assert "Taken as edited: shop.py, line 6." in said


def test_without_an_editor_it_says_so(repository: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")  # git has no editor of its own for it
    assert "No editor is named" in lines(repository, "e", "q")


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_commit_shows_message_and_files_and_can_be_refused(repository: Path, lines: Lines) -> None:
    said = lines(repository, "A", "c", "P", "n", "q")
    assert "  | Modal 1.0: rename autoscaler parameters" in said
    assert "  shop.py: +2 -2" in said
    assert "--- a/shop.py" in said[said.index("The files:") :]
    assert "Nothing was committed; the section stays ready." in said
    assert subjects(repository) == ["Legacy"]


def test_the_message_can_be_edited(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(monkeypatch, tmp_path, "text = 'Mine\\n'")
    lines(repository, "A", "c", "e", "y", "q")
    assert git(repository, "log", "-1", "--format=%B").strip() == "Mine"


def test_a_failing_hook_says_what_it_said_and_leaves_the_section_ready(repository: Path, lines: Lines) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nprintf 'no \\033[31mway\\n'\nexit 1\n")
    hook.chmod(0o755)
    said = lines(repository, "A", "c", "y", "q")
    assert "Git: hooks: pre-commit, not signed." in said
    assert "  | no ␛[31mway" in said
    assert "3 findings (3 safe); 3 decided, 3 to be written" in lines(repository, "q")
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize(("answer", "commits"), [("y", 2), ("n", 1)])
def test_a_hook_that_rewrites_our_files_is_asked_about(
    repository: Path, lines: Lines, answer: str, commits: int
) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\ngrep -q formatted shop.py && exit 0\necho '# formatted' >> shop.py\nexit 1\n")
    hook.chmod(0o755)
    assert "Commit shop.py as the hook left them? (y or n)" in lines(repository, "A", "c", "y", answer, "q")
    assert len(subjects(repository)) == commits
    assert git(repository, "status", "--porcelain") == ""


def test_files_are_written_without_a_commit_only_when_asked_twice(repository: Path, lines: Lines) -> None:
    lines(repository, "A", "W", "n", "q")
    assert (repository / "shop.py").read_text() == SHOP
    assert "Written without a commit" in lines(repository, "W", "y", "q", "q")
    assert git(repository, "status", "--porcelain") == " M shop.py\n"


def test_without_a_repository_files_can_only_be_written(tmp_path: Path, lines: Lines) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    said = lines(tmp_path, "A", "c", "W", "y", "q")
    assert "There is no git repository" in said
    assert "min_containers" in (tmp_path / "shop.py").read_text()


# --- the same as on the screen ---------------------------------------------------------------------------------------


class Both:
    """Decides on the screen, and writes down the lines that say the same to the plain prompt."""

    def __init__(self, opened: Wizard) -> None:
        self.opened = opened
        self.lines: list[str] = []
        self._count = 0

    async def section(self, number: int, slug: str) -> None:
        """Decide everything of a section and commit it."""
        await open_section(self.opened, slug)
        self.lines.append(f"o {number}")
        if slug == "autoscaler":
            await self._do("A", "A")
        while any(self.opened.review.cursor.is_pending(finding) for finding in self.opened.review.findings.order):
            await self._decide()
        taken = {Status.ACCEPTED, Status.EDITED} & set(self.opened.statuses(slug))
        await self.opened.press(*(["c", "c"] if taken else ["o"]))
        self.lines += ["c", "y"] if taken else []
        assert isinstance(self.opened.screen, Overview)

    async def _do(self, keys: str, *lines: str) -> None:
        await self.opened.press(*keys)
        self.lines += lines

    async def _decide(self) -> None:
        finding = self.opened.here
        self._count += 1
        if not finding.choices or self._count % 7 == 0:
            await self._do("s", "s")
        elif finding.rule == "web-endpoint" or self._count == 9:
            await self._edit()
        elif len(finding.choices) > 1 and self._count % 2 and not finding.choices[1].asks:
            await self._do("2a", "2", "y")
        else:
            await self._do("a", "y")
            if not isinstance(self.opened.screen, Review):
                await self.opened.press("enter")
                self.lines += [""] * len(finding.choices[0].asks)
        if self._count == 5:
            await self._do("u", "u")

    async def _edit(self) -> None:
        await self.opened.press("e")
        area = self.opened.screen.query_one(TextArea)
        area.load_text(area.text + BY_HAND)
        await self.opened.press("ctrl+s")
        assert isinstance(self.opened.screen, Review)
        self.lines.append("e")


def history(root: Path) -> list[tuple[str, str]]:
    """Return tree and message of every commit."""
    fields = git(root, "log", "--format=%T%x00%B%x01").split("\x01")
    return [(tree, body) for tree, _, body in (field.strip().partition("\0") for field in fields) if tree]


async def test_the_same_decisions_make_the_same_commits_as_on_the_screen(tmp_path: Path) -> None:
    screen, plain = write_demo(tmp_path / "screen"), write_demo(tmp_path / "plain")
    async with wizard(screen) as opened:
        both = Both(opened)
        for section in opened.app.migration.sections:
            if opened.app.migration.findings(section.slug):
                await both.section(section.number, section.slug)
    given = "".join(f"{line}\n" for line in [*both.lines, "q"]).encode()
    command = [sys.executable, "-m", "modal_wizard", "--plain", str(plain)]
    done = subprocess.run(command, input=given, capture_output=True, check=False, env={**os.environ, "VISUAL": EDITOR})
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout
    made = history(plain)
    assert made == history(screen)
    assert len(made) > 10
    assert {"e", "u", "A", "s", "2"} <= set(both.lines)
    assert BY_HAND in "".join(file.read_text() for file in plain.rglob("*.py"))
    assert git(plain, "status", "--porcelain") == git(screen, "status", "--porcelain") == ""


def test_all_safe_ones_all_commits_and_the_way_back_line_by_line(repository: Path, lines: Lines) -> None:
    write(repository, {"shop.py": SHOP + "\n# mine\n"})
    said = lines(repository, "D", "n", "A all", "C", "y", "n", "C", "y", "y", "Z", "2", "y", "q")
    assert "shop.py: modified" in said
    assert "4 of 4 accepted in one step, nothing is left to look at; u takes it back." in said
    assert "Commit 2 sections, a commit each?" in said
    assert said.count("Commit only our lines of these files?") == 3
    assert "is taken back, commit" in said
    assert git(repository, "log", "--format=%s").strip().split("\n")[0].startswith('Revert "Modal 1.0: ')
    assert git(repository, "status", "--porcelain") == " M shop.py\n"
    assert "Welcome back: " in lines(repository, "q")
