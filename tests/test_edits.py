"""Text that a person types is checked before it is taken, and composes with what else was accepted."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from modal_transforms.core.patches import line_patches
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_transforms.sections import section
from modal_wizard.files.change import FileChange
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.take_back import note_taken_back
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import Status

OLD = """\
from modal import App, gpu

app = App("a")


@app.function(
    keep_warm=1, concurrency_limit=2, gpu=gpu.T4(),
)
def f(): ...
"""


@pytest.fixture
def migration(tmp_path: Path) -> Migration:
    (tmp_path / "app.py").write_text(OLD)
    opened = Migration(scope_of(tmp_path))
    for _ in opened.scan():
        pass
    return opened


STATEMENT = OLD[OLD.index("@app") :]


def test_the_editor_opens_on_the_whole_statement_after_the_rewrite(migration: Migration) -> None:
    typed, now = migration.editable(migration.findings("autoscaler")[0])
    assert now == STATEMENT
    assert typed.text == now.replace("keep_warm", "min_containers")


def test_typed_text_is_written_beside_what_was_accepted(migration: Migration) -> None:
    first, second = migration.findings("autoscaler")
    typed, _ = migration.editable(first)
    migration.edit(first, replace(typed, text=typed.text.replace("min_containers=1", "min_containers=3")))
    migration.accept(second)
    (change,) = migration.preview(section("autoscaler")).files
    assert b"    min_containers=3, max_containers=2, gpu=gpu.T4(),\n" in change.after


def test_typed_text_takes_its_unused_import_along(migration: Migration) -> None:
    (finding,) = migration.findings("gpu")
    typed, now = migration.editable(finding)
    migration.edit(finding, replace(typed, text=now.replace("gpu=gpu.T4()", 'gpu="L4"')))
    (change,) = migration.preview(section("gpu")).files
    assert change.after.startswith(b"from modal import App\n")
    assert b'gpu="L4"' in change.after


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("    min_containers=1,,", "would not parse", id="does-not-parse"),
        pytest.param("    min_containers=1\n  oops(", "would not parse", id="breaks-the-file"),
        pytest.param("    cpu=2,\n    keep_warm=5, gpu=gpu.T4(),", "line 3 of the text", id="old-use-left"),
    ],
)
def test_a_bad_edit_is_refused_with_the_reason_and_decides_nothing(migration: Migration, text: str, says: str) -> None:
    first = migration.findings("autoscaler")[0]
    typed, _ = migration.editable(first)
    whole = STATEMENT.replace("    keep_warm=1, concurrency_limit=2, gpu=gpu.T4(),", text)
    with pytest.raises(CannotRewrite, match=says):
        migration.edit(first, replace(typed, text=whole))
    assert migration.session.steps == []


METHOD = """\
import modal

app = modal.App("a")


@app.cls()
class Model:
    x = 1

    @modal.web_endpoint()
    def run(self): ...
"""


def test_an_edit_that_moves_a_statement_into_another_block_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(METHOD)
    opened = Migration(scope_of(tmp_path))
    for _ in opened.scan():
        pass
    (finding,) = opened.findings("fastapi-endpoint")
    typed, now = opened.editable(finding)
    assert now == METHOD[METHOD.index("@app.cls") :]
    typed = replace(typed, start=METHOD.index("    @modal"))
    whole = "@modal.fastapi_endpoint()\ndef run(self): ...\n"
    end = len(METHOD)
    with pytest.raises(CannotRewrite, match="line 1 of the text: it is indented by 0 characters, and was by 4"):
        opened.edit(finding, replace(typed, end=end, text=whole))
    assert opened.session.steps == []
    inside = "".join(f"    {line}\n" for line in whole.splitlines())
    opened.edit(finding, replace(typed, end=end, text=inside))


def test_lines_inside_brackets_may_be_indented_as_one_likes(migration: Migration) -> None:
    first = migration.findings("autoscaler")[0]
    typed, _ = migration.editable(first)
    migration.edit(first, replace(typed, text=STATEMENT.replace("    keep_warm", "  min_containers")))


@pytest.mark.parametrize("typed_too", [False, True], ids=["beside it", "in the same line"])
def test_typed_text_goes_with_its_lines_when_another_section_is_written_first(
    migration: Migration, typed_too: bool
) -> None:
    root = migration.scope.root
    (finding,) = migration.findings("gpu")
    typed, now = migration.editable(finding)
    text = now.replace("gpu=gpu.T4()", 'gpu="L4"')
    migration.edit(finding, replace(typed, text=text.replace("limit=2", "limit=9") if typed_too else text))
    migration.accept_all(migration.findings("autoscaler"))
    written = migration.preview(section("autoscaler"))
    (root / "app.py").write_bytes(written.files[0].after)
    migration.landed(written, "")
    (change,) = migration.preview(section("gpu")).files
    limit = 9 if typed_too else 2
    assert f'    min_containers=1, max_containers={limit}, gpu="L4",\n'.encode() in change.after


def test_typed_text_is_undecided_again_when_another_section_wrote_the_same(migration: Migration) -> None:
    (finding,) = migration.findings("gpu")
    typed, now = migration.editable(finding)
    migration.edit(finding, replace(typed, text=now.replace("keep_warm=1", "cpu=1").replace("gpu.T4()", '"L4"')))
    migration.accept_all(migration.findings("autoscaler"))
    written = migration.preview(section("autoscaler"))
    (migration.scope.root / "app.py").write_bytes(written.files[0].after)
    migration.landed(written, "")
    assert migration.decision(finding).status is Status.PENDING


def land(migration: Migration, slug: str) -> bytes:
    """Write a section's files; return the file that was written."""
    written = migration.preview(section(slug))
    (migration.scope.root / "app.py").write_bytes(written.files[0].after)
    migration.landed(written, slug)
    return written.files[0].after


def reverse(migration: Migration, slug: str, original: bytes, now: bytes) -> None:
    """Take a section back, as a commit that reverses it would."""
    before = (migration.scope.root / "app.py").read_bytes()
    (migration.scope.root / "app.py").write_bytes(now)
    (taken,) = (landing for landing in migration.session.landings if landing.section == slug)
    change = FileChange("app.py", before, now, tuple(line_patches(before, now)))
    note_taken_back(migration, taken, [change], {"app.py": original}, "reverse")


def test_typed_text_that_waits_goes_with_its_lines_when_a_section_is_taken_back(migration: Migration) -> None:
    original = (migration.scope.root / "app.py").read_bytes()
    migration.accept_all(migration.findings("autoscaler"))
    land(migration, "autoscaler")
    (finding,) = migration.findings("gpu")
    typed, now = migration.editable(finding)
    migration.edit(finding, replace(typed, text=now.replace("gpu=gpu.T4()", 'gpu="L4"')))
    reverse(migration, "autoscaler", original, original)
    (change,) = migration.preview(section("gpu")).files
    assert b'    keep_warm=1, concurrency_limit=2, gpu="L4",\n' in change.after


def test_typed_text_of_a_section_that_is_taken_back_goes_with_what_was_written_since(migration: Migration) -> None:
    original = (migration.scope.root / "app.py").read_bytes()
    first, second = migration.findings("autoscaler")
    typed, now = migration.editable(first)
    migration.edit(first, replace(typed, text=now.replace("keep_warm=1", "min_containers=3")))
    migration.accept(second)
    migration.accept_all(migration.findings("gpu"))
    land(migration, "autoscaler")
    last = land(migration, "gpu")
    back = last.replace(b"min_containers=3, max_containers=2", b"keep_warm=1, concurrency_limit=2")
    reverse(migration, "autoscaler", original, back)
    (change,) = migration.preview(section("autoscaler")).files
    assert change.after == last


def test_what_is_written_already_is_not_moved_with_what_comes_after_it(migration: Migration) -> None:
    first, second = migration.findings("autoscaler")
    typed, now = migration.editable(first)
    made = replace(typed, text=now.replace("keep_warm=1", "min_containers=3"))
    migration.edit(first, made)
    migration.accept_all(migration.findings("gpu"))
    for slug in ("autoscaler", "gpu"):
        written = migration.preview(section(slug))
        (migration.scope.root / "app.py").write_bytes(written.files[0].after)
        migration.landed(written, "")
    assert migration.session.decision(first.id).typed == made
    assert migration.decision(second).status is Status.PENDING
