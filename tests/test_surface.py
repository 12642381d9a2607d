"""The history of the SDK says what the SDKs themselves say, and what we found out by running them."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sdk.make_surface import DATA, versions
from sdk.surface_fold import lines
from sdk.surface_reader import read
from sdk.surface_wheels import files_of_folder, sources
from support.cases import look
from support.sdk import NEW, OLD, sdk_python

from modal_transforms.core.source import SourceFile
from modal_transforms.modal_api import history
from modal_transforms.modal_api import surface as data
from modal_transforms.modal_api.surface import END, SurfaceUnreadable, surface
from modal_transforms.modal_api.symbol_walk import meanings, members
from modal_wizard.cli.main import main

LIVE = Path(__file__).parent / "sdk" / "surface_live.py"
BOTH = pytest.mark.parametrize("version", [OLD, NEW])
NEEDS_MORE = "modal.experimental.ipython"
"""Cannot be imported without IPython."""
OTHERWISE_NAMED = frozenset({"modal.image.Image.add_local_python_source"})
"""The stub has another name for what ``*`` collects."""
OF_COMMANDS = frozenset({"modal.serving.ImportRef"})
"""At home in the command line, of whose things only the names are told."""


def number(version: str) -> int:
    return surface().versions.index(version)


def told(version: str) -> set[str]:
    """Return the names that the data has for a version."""
    here = number(version)
    return {path for path in surface().lines if any(facet.alive >> here & 1 for facet in surface().facets(path))}


def kinds(path: str, version: str) -> set[str]:
    return {facet.kind for facet in surface().facets(path) if facet.alive >> number(version) & 1}


def named(parameters: tuple[history.CallParameter, ...]) -> set[str]:
    return {each.name for each in parameters if each.kind != "renamed"} - {"self", "cls"}


@cache
def live(version: str) -> dict[str, Any]:
    """Ask the SDK itself about all that the data has for its version."""
    asked = json.dumps(sorted(path for path in told(version) if not path.startswith("modal.cli.")))
    command = [str(sdk_python(version)), "-I", str(LIVE)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return {path: answer for path, answer in answers.items() if not path.startswith(NEEDS_MORE)}


# the data and the wheels


@BOTH
def test_the_data_is_what_the_sources_of_an_installed_sdk_give(version: str) -> None:
    library = Path(subprocess.check_output([str(sdk_python(version)), "-c", PURELIB], text=True).strip())
    here = number(version)
    fresh: dict[str, list[object]] = {}
    for line in lines([read(sources(files_of_folder(library)))]):
        path, kind, _, results, parameters = [*line.split("\t"), "", ""][:5]
        fresh.setdefault(path, []).append((kind, results.split(",") if results else [], sorted(parameters.split(","))))
    assert {path: kept(path, here) for path in told(version)} == fresh


PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"


def kept(path: str, here: int) -> list[object]:
    return [
        (
            facet.kind + ("+" if facet.has_aio else "") + ("?" if facet.is_open else ""),
            [word for word, alive in facet.results if alive >> here & 1 and word],
            sorted(word for word, alive in facet.parameters if alive >> here & 1) or [""],
        )
        for facet in surface().facets(path)
        if facet.alive >> here & 1
    ]


def test_the_data_says_which_versions_were_read() -> None:
    assert list(history.versions()) == versions()
    assert sorted(versions(), key=history.version_key) == versions()
    assert {OLD, NEW} < set(versions())


def test_the_data_is_small_and_sorted() -> None:
    names = [line.partition("\t")[0] for line in DATA.read_text("utf-8").splitlines()[1:-1]]
    assert names == sorted(names)
    assert DATA.stat().st_size < 400_000


# the data and the running SDKs


@BOTH
def test_what_the_data_tells_is_there_when_the_sdk_runs(version: str) -> None:
    missing = {path for path, answer in live(version).items() if answer is None}
    assert {path: kinds(path, version) for path in missing if kinds(path, version) != {"attribute"}} == {}


@BOTH
def test_signatures_are_those_of_the_running_sdk(version: str) -> None:
    differing = {}
    for path, answer in live(version).items():
        own = history.parameters(path, version)
        real = set(answer["parameters"]) - {"self", "cls"} if answer else set()
        # some of what the SDK wraps does not tell
        if own is not None and real and named(own) != real and path not in OTHERWISE_NAMED:
            differing[path] = (named(own), real)
    assert differing == {}


@BOTH
def test_no_public_member_of_a_class_is_missing(version: str) -> None:
    missing = {}
    for path, answer in live(version).items():
        if answer and answer["members"] and "._" not in path and path not in OF_COMMANDS:
            known = {name for each in meanings(path) for name in members(each, number(version))}
            missing[path] = set(answer["members"]) - known
    assert {path: names for path, names in missing.items() if names} == {}


@BOTH
def test_everything_that_the_sdk_exports_is_told(version: str) -> None:
    exported = subprocess.check_output(
        [str(sdk_python(version)), "-c", "import modal; print(*modal.__all__)"], text=True
    )
    names = [name for name in exported.split() if not name.startswith("_")]
    assert [name for name in names if not history.exists(f"modal.{name}", version)] == []


@pytest.mark.parametrize("text", [None, "", "garbage\n.\n", DATA.read_text("utf-8")[:90_000]])
def test_data_that_is_not_whole_is_one_clear_error(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "surface.txt"
    if text is not None:
        broken.write_text(text, "utf-8")
    monkeypatch.setattr(data, "FILE", broken)
    surface.cache_clear()
    try:
        with pytest.raises(SurfaceUnreadable):
            look(SourceFile("a.py", b"import modal\nmodal.App().new_thing()\n"))
        assert main(["scan", "--target", "1.4", str(tmp_path)]) == 2
    finally:
        surface.cache_clear()
    said = capsys.readouterr().err
    assert f"cannot be read ({broken}: " in said
    assert said.endswith("nothing was looked at or written: install modal-wizard anew.\n")


def test_a_line_that_is_none_is_the_same_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "surface.txt"
    broken.write_text(f"1.0.0\nmodal.odd\tclass\tnever\n{END}\n", "utf-8")
    monkeypatch.setattr(data, "FILE", broken)
    surface.cache_clear()
    try:
        with pytest.raises(SurfaceUnreadable, match="the line of modal.odd is none"):
            surface().facets("modal.odd")
    finally:
        surface.cache_clear()
