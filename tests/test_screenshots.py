"""The pictures of the README are what the wizard looks like."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("pictures")

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "screenshots"
PINNED = ("textual", "rich", "pygments", "tree-sitter", "tree-sitter-python")


def _wanted() -> dict[str, str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'^    "([\w-]+)==([\w.]+)",$', text, re.MULTILINE))


def test_what_draws_them_is_pinned() -> None:
    assert set(PINNED) <= set(_wanted())


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw them once more, in a process of their own."""
    other = {name: version for name, version in _wanted().items() if importlib.metadata.version(name) != version}
    if other:
        pytest.skip(f"pictures differ with other versions than {other}")
    folder = tmp_path_factory.mktemp("drawn")
    subprocess.run([sys.executable, str(KEPT / "make.py"), str(folder)], check=True, timeout=300)
    return folder


def test_every_kept_picture_is_drawn_and_every_drawn_one_kept(drawn: Path) -> None:
    assert {path.name for path in drawn.glob("*.svg")} == {path.name for path in KEPT.glob("*.svg")}


@pytest.mark.parametrize("name", sorted(path.name for path in KEPT.glob("*.svg")))
def test_a_picture_is_up_to_date(drawn: Path, name: str) -> None:
    same = (drawn / name).read_bytes() == (KEPT / name).read_bytes()
    assert same, f"{name} looks different now: look at it, then keep it with: python screenshots/make.py"
