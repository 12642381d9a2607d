"""What the review shows beside a change: its whole file, the section's example, places as a tree, the file in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import SHOP, SIZES, TINY, Wizard, make_repository, open_section, wizard

from modal_wizard.text.diff import hunks
from modal_wizard.tui.screens.review.change_cache import USUAL, WHOLE, cut, roomy
from modal_wizard.tui.widgets.diff_view import DiffView

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


FAR = "import modal\n\napp = modal.App()\n" + "".join(f"# line {n}\n" for n in range(4, 200))
FAR += "\n\n@app.function(keep_warm=1)\ndef f(): ...\n" + "".join(f"# line {n}\n" for n in range(204, 300))


@sizes
async def test_w_shows_the_whole_file_scrolled_to_the_change(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "far", {"a.py": FAR})
    async with wizard(root, size) as opened:
        await opened.press("enter")
        diff = opened.screen.query_one(DiffView)
        assert diff.virtual_size.height < 60
        await opened.press("w")
        assert diff.virtual_size.height == len(FAR.splitlines()), "as it would be: without the line that goes"
        assert "+ @app.function(min_containers=1)" in opened.text
        diff.scroll_home(animate=False)
        await opened.settle()
        assert "1    import modal" in opened.text
        await opened.press("w")
        assert diff.virtual_size.height < 60


def test_as_many_lines_are_around_a_change_as_there_is_room_for() -> None:
    before = FAR.splitlines(keepends=True)
    after = [*before[:100], "new\n", *before[101:]]
    whole = hunks("a.py", "".join(before), "".join(after), WHOLE)
    for height in range(4, 60):
        made = cut(whole, roomy(whole, height))
        assert sum(len(hunk.rows) for hunk in made) <= height
    assert roomy(whole, 2) == 1, "where not even one line finds room, it scrolls"
    assert roomy(hunks("a.py", "1\n" * 99, "2\n" * 99, WHOLE), 12) == USUAL
    assert roomy(whole, 26) == 12
    assert roomy(whole, 25) == 11


@sizes
async def test_the_sections_own_example_is_beside_the_change(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter")
        detail = opened.screen.query_one("#rest")
        detail.scroll_end(animate=False)
        await opened.settle()
        assert "After    @app.function(min_containers=1, scaledown_window=300)" in opened.text


MODEL = """\
import modal

app = modal.App("shop")


@app.cls()
class Model:
    def __init__(self, size: int):
        self.size = size

    @modal.method()
    def run(self):
        return self.size


@app.local_entrypoint()
def main():
    Model(1).run.remote()
"""
CALLER = "from model import Model\n\n\ndef use():\n    return Model(2).run.remote()\n"


async def open_linked(opened: Wizard) -> None:
    """Open the finding that has places in two files."""
    finding = next(f for f in opened.app.migration.findings() if len(f.sites) > 1)
    await open_section(opened, finding.section)
    opened.review.findings.go(finding)
    await opened.settle()


@sizes
async def test_places_that_are_taken_together_are_a_tree_of_files(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "linked", {"model.py": MODEL, "caller.py": CALLER})
    async with wizard(root, size) as opened:
        await open_linked(opened)
        lines: list[str] = []
        detail = opened.screen.query_one("#rest")
        for top in range(int(detail.max_scroll_y) + 1):
            detail.scroll_to(y=top, animate=False)
            await opened.pilot.pause()
            lines += opened.text.split("\n")
        assert any("taken or left together" in line for line in lines)
        tree = [line for line in lines if "├ " in line or "└ " in line]
        assert any("caller.py  " in line for line in tree)
        assert any("model.py  " in line for line in tree)
        finding = opened.here
        await opened.press("a")
        assert opened.app.migration.decision(finding).choice
        paths = {change.path for change in opened.app.migration.preview(opened.review.section).files}
        assert paths == {"caller.py", "model.py"}, "one decision, both files"


@sizes
async def test_the_file_in_sight_is_named_above_a_diff_of_several(tmp_path: Path, size: tuple[int, int]) -> None:
    body = "".join(f"\n\n@app.function(keep_warm={n})\ndef f{n}(): ...\n" for n in range(12))
    files = dict.fromkeys(("one.py", "two.py"), f"import modal\n\napp = modal.App()\n{body}")
    async with wizard(make_repository(tmp_path / "two", files), size) as opened:
        await opened.press("enter", "A", "c")
        diff = opened.screen.query_one(DiffView)
        assert str(diff.border_title).startswith("exactly what will be written · ↓ "), "there is more, and that is said"
        diff.scroll_end(animate=False)
        await opened.settle()
        assert "exactly what will be written · two.py" in opened.text


@sizes
async def test_t_and_i_put_panes_away_and_moving_still_works(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "t")
        assert "findings" not in opened.text
        await opened.press("j")
        assert opened.here.site.text == "concurrency_limit"
        await opened.press("i")
        assert "Seen by" not in opened.text
        await opened.press("t", "i", "k")
        assert "findings" in opened.text
        assert "Seen by" in opened.text
        assert opened.here.site.text == "keep_warm"


async def test_moving_works_where_the_list_finds_no_room(repository: Path) -> None:
    async with wizard(repository, TINY) as opened:
        await opened.press("enter", "j")
        assert opened.here.site.text == "concurrency_limit"
        await opened.press("up")
        assert opened.here.site.text == "keep_warm"


WIDE = """\
import modal

app = modal.App("日本語のアプリ")  # שלום مرحبا e\u0301


@app.function(keep_warm=1)  # שלום 日本
def f(): ...
"""


@pytest.mark.parametrize("size", [*SIZES, (250, 80), TINY], ids=["120x36", "80x24", "250x80", "40x10"])
async def test_wide_characters_and_those_read_from_the_right_keep_their_columns(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    from rich.cells import cell_len

    root = make_repository(tmp_path / "wide", {"日本/店.py": WIDE, "שלום.py": WIDE})
    async with wizard(root, size) as opened:
        for keys in ((), ("enter",), ("d",), ("a",), ("c",)):
            await opened.press(*keys)
            assert {cell_len(line) for line in opened.text.split("\n")} <= set(range(size[0] + 1))
            edges = [line for line in opened.text.split("\n") if line.endswith(("│", "╮", "╯"))]
            assert {cell_len(line) for line in edges} <= {size[0]}


async def test_counts_of_files_follow_the_decisions(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter")
        assert "shop.py ○ 0/3" in opened.text
        await opened.press("a", "s")
        assert "shop.py ◐ 2/3" in opened.text
        await opened.press("a")
        assert "shop.py ✓ 3/3" in opened.text


async def test_files_of_many_folders_stand_below_them_and_the_cursor_passes_the_folders_by(tmp_path: Path) -> None:
    paths = [f"services/team{n}/docsearch/{name}.py" for n in range(1, 4) for name in ("api", "worker")]
    root = make_repository(tmp_path / "many", {**dict.fromkeys(paths, SHOP), "shop.py": SHOP})
    async with wizard(root) as opened:
        await opened.press("enter")
        tree = [line[2:35].rstrip(" ▄▅▆▇│") for line in opened.text.split("\n")[2:] if line.startswith("│")]
        assert tree[:3] == ["services/", "  team1/docsearch/", "    ▾ api.py ○ 0/3"]
        assert sum(line.strip() == "▾ api.py ○ 0/3" for line in tree) == 3
        seen = [opened.here.id]
        for _ in range(20):
            await opened.press("j")
            seen.append(opened.here.id)
        assert seen == [finding.id for finding in opened.review.findings.order]
        for identity in reversed(seen[:-1]):
            await opened.press("k")
            assert opened.here.id == identity
        await opened.press("space", "j")
        assert "    ▸ api.py ○ 0/3" in opened.text
        assert opened.here.site.path == paths[1]
