"""A person saves a file of ours in an editor while we work: it stays, and is never committed as ours."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, make_repository

from modal_wizard.cli.main import main
from modal_wizard.git import commit
from modal_wizard.git.commit import _own_index

OLD, NEW = "keep_warm", "min_containers"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop")


def migrated(root: Path, tmp_path: Path) -> str:
    """Return what our change makes of the file."""
    other = make_repository(tmp_path / "other")
    assert main(["apply", "--section", "autoscaler", str(other)]) in {0, 1}
    return (other / "shop.py").read_text()


def version(root: Path, tmp_path: Path, kind: str) -> str:
    """Return what an editor saves: with a line of the person's, on the old text that it has, or on ours."""
    return (SHOP if kind == "on the old text" else migrated(root, tmp_path)) + "# of the person\n"


KINDS = pytest.mark.parametrize("kind", ["on the old text", "on ours"])


def saving(root: Path, tmp_path: Path, text: str, then: str) -> str:
    """Return a script that saves a file as an editor elsewhere does: by name, once, whoever calls it."""
    (tmp_path / "saved").write_text(text)
    saved, place = tmp_path / "saved", root / "shop.py"
    return f"#!/bin/sh\nmv {saved} {place} 2> {tmp_path}/again && exit {then}\nexit 0\n"


def always(root: Path, tmp_path: Path, text: str, status: int) -> str:
    """Return a script in which the person saves, whenever it runs, and which ends with a status."""
    (tmp_path / "saved").write_text(text)
    return f"#!/bin/sh\ncat {tmp_path}/saved > {root}/shop.py\nexit {status}\n"


def install(place: Path, script: str) -> str:
    place.parent.mkdir(exist_ok=True)
    place.write_text(script)
    place.chmod(0o755)
    return shlex.quote(str(place))


def apply(root: Path, *options: str) -> int:
    return main(["apply", "--commit", "--section", "autoscaler", *options, str(root)])


def is_kept(root: Path, text: str, kind: str, said: str) -> None:
    """Check that the person's version stays, is said, and is in no commit."""
    assert (root / "shop.py").read_text() == text
    assert git(root, "show", "HEAD:shop.py") == SHOP
    share = "(without our change)" if kind == "on the old text" else "(with our change in it)"
    assert f"Saved meanwhile, and left as it is: shop.py {share}." in said
    assert git(root, "status", "--porcelain") == " M shop.py\n"


@KINDS
@pytest.mark.parametrize("status", [0, 1], ids=["passes", "fails"])
def test_a_save_while_a_check_runs_is_kept(
    repository: Path, tmp_path: Path, kind: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = version(repository, tmp_path, kind)
    check = install(tmp_path / "check", always(repository, tmp_path, text, status))
    assert apply(repository, "--check", check) == 2
    is_kept(repository, text, kind, capsys.readouterr().err)


@KINDS
@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg"])
def test_a_save_while_a_hook_runs_that_refuses_is_kept(
    repository: Path, tmp_path: Path, kind: str, hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = version(repository, tmp_path, kind)
    install(repository / ".git/hooks" / hook, always(repository, tmp_path, text, 1))
    assert apply(repository) == 2
    is_kept(repository, text, kind, capsys.readouterr().err)


@KINDS
def test_a_save_while_a_hook_runs_that_fails_once_is_not_committed_as_ours(
    repository: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = version(repository, tmp_path, kind)
    install(repository / ".git/hooks/pre-commit", saving(repository, tmp_path, text, "1"))
    assert apply(repository) == 2
    is_kept(repository, text, kind, capsys.readouterr().err)


@KINDS
def test_a_save_while_a_hook_runs_that_passes_stays_out_of_the_commit(
    repository: Path, tmp_path: Path, kind: str
) -> None:
    text, ours = version(repository, tmp_path, kind), migrated(repository, tmp_path / "more")
    install(repository / ".git/hooks/pre-commit", always(repository, tmp_path, text, 0))
    apply(repository)
    assert (repository / "shop.py").read_text() == text
    assert git(repository, "show", "HEAD:shop.py") == ours
    assert git(repository, "status", "--porcelain") == " M shop.py\n"


@KINDS
def test_a_save_between_writing_and_committing_is_kept(
    repository: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = version(repository, tmp_path, kind)

    @contextlib.contextmanager
    def late(*given: object) -> Iterator[dict[str, str]]:
        (repository / "shop.py").write_text(text)
        with _own_index(*given) as aside:  # type: ignore[arg-type]
            yield aside

    monkeypatch.setattr(commit, "_own_index", late)
    assert apply(repository) == 2
    is_kept(repository, text, kind, capsys.readouterr().err)


def test_line_by_line_it_is_said_and_nothing_is_asked(repository: Path, tmp_path: Path, lines: Lines) -> None:
    text = version(repository, tmp_path, "on ours")
    install(repository / ".git/hooks/pre-commit", always(repository, tmp_path, text, 1))
    said = lines(repository, "A", "c", "y", "q")
    assert "as the hook left them?" not in said
    assert "Every other file is as it was" in said
    is_kept(repository, text, "on ours", said)


def test_what_a_formatter_makes_is_still_committed(repository: Path) -> None:
    program = "import pathlib; p = pathlib.Path('shop.py'); p.write_text(p.read_text() + '# x')"
    format_it = shlex.join([sys.executable, "-c", program])
    install(repository / ".git/hooks/pre-commit", f"#!/bin/sh\ngrep -q '# x' shop.py && exit 0\n{format_it}\nexit 1\n")
    assert apply(repository) == 0
    assert git(repository, "show", "HEAD:shop.py").endswith("# x")
    assert git(repository, "status", "--porcelain") == ""
