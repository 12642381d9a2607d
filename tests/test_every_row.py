"""Every change of the SDK that is known: what finds it, and that it says what the real releases say.

``sdk/known_changes.tsv`` has a line for each, in four fields with tabs between: ``before`` or ``after`` 1.0 (a line of
a function), ``program`` or ``unchanged`` (a file); what it is called; the section that speaks of it, or why none does;
the code, with ``\\n`` between its lines. ``sdk/row_history.tsv`` has what each release says of it, found by running it
under the real wheels (``python -m sdk.rows``). Commands are in ``test_cli_rows.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sdk.rows import Row, history, rows, run
from support.sdk import NEW, OLD, sdk_python
from support.surfaces import look

from modal_transforms.core.model import EVERY_VERSION, Finding
from modal_transforms.modal_api.history import version_key, versions
from modal_transforms.sections import every_section

HEAD = """
import modal
import modal.experimental
from modal import App, Dict, Image, NetworkFileSystem, Queue, Secret, Volume

stub = modal.Stub("a")
app = modal.App("b")
image = modal.Image.debian_slim(python_version="3.12")


@app.function()
def f(x=1): ...


@app.function()
def g():
    yield 1


@app.cls()
class C:
    @modal.method()
    def m(self): ...


K = modal.Cls.from_name("a", "C")
c = K()


def work(sandbox: modal.Sandbox, environment: modal.Environment, function: modal.Function, volume: modal.Volume):
"""
FIRST = HEAD.count("\n") + 1
ROWS = [row for row in rows() if row.era != "unchanged"]
HISTORY = history()
OLDEST = min((since for changes in HISTORY.values() for _, since in changes), key=version_key)


def found(row: Row) -> Iterator[Finding]:
    """Yield what is said of a row's own lines."""
    code = row.code.replace("\\n", "\n")
    whole, first = (code, 1) if row.era == "program" else (f"{HEAD}    {code}\n", FIRST)
    for finding in look("main.py", whole.encode()).findings:
        if any(site.line >= first for site in finding.sites):
            yield finding


def test_each_row_is_spoken_of() -> None:
    assert len(ROWS) > 160
    said = {row.name: {each.section for each in found(row)} for row in ROWS}
    assert {row.name: said[row.name] for row in ROWS if row.section not in said[row.name]} == {}


def test_nothing_is_said_where_nothing_changed() -> None:
    same = [row for row in rows() if row.era == "unchanged"]
    code = {row.name: f"import modal\napp = modal.App()\n{row.code}\n".replace("\\n", "\n") for row in same}
    said = {name: look("main.py", text.encode()).findings for name, text in code.items()}
    assert {name: findings for name, findings in said.items() if findings} == {}


# what the real releases say


@pytest.mark.parametrize("version", [OLD, NEW])
def test_the_history_of_the_rows_is_what_the_sdk_says(version: str) -> None:
    at = {name: _at(changes, version) for name, changes in HISTORY.items()}
    assert run(sdk_python(version), {}) == at


def _at(changes: list[tuple[str, str]], version: str) -> str:
    return [outcome for outcome, since in changes if version_key(since) <= version_key(version)][-1]


UNTOLD = {
    "listdir with a pattern": "checked when it is asked for",
    "flags within a package": "taken; it is told with the others",
    "get_gen": "asks the server first",
    "num_active_runners": "asks the server first",
    "app.image, set": "taken without effect",
    "lifecycle hooks": "taken without effect since 0.68.40",
    "a function of the running app": "shows when the app runs",
    "a web endpoint on an image without fastapi": "shows in the container",
}
"""Rows of which the SDK says nothing on this machine, and why."""
OTHERWISE = {
    "app.image": "of an app without an image",
    "Mount(local_dir=)": "told of the mount in it",
    "Image.copy": "told of the mount in it",
    "function on a method": "told of the Stub",
    "tag=": "told of the lookup in it",
    "spawn_sandbox": "refused before, where no app runs",
    "serve_stub": "its other arguments were refused first",
    "block_network= with ports": "1.6.0 to 1.6.2 took it",
    "exec(cmds=)": "the argument never had a name",
    "objects for App(...)": "an argument of the program's own",
    **dict.fromkeys(
        ("webhook", "asgi", "wsgi", "stub.web_endpoint", "stub.asgi_app", "interactive_shell", "deploy by position"),
        "refused since 0.49, but between 0.50 and 0.61, where a Stub had any attribute",
    ),
    "Secret.create_deployed": "arguments by position were refused first",
    "Sandbox.open": "the server refuses it for every release",
    "Sandbox.ls": "the server refuses it for every release",
    "Sandbox.mkdir": "the server refuses it for every release",
    "Sandbox.rm": "the server refuses it for every release",
    "Sandbox.watch": "the server refuses it for every release",
}
"""Rows that are told by something else than what the releases refuse first, and why."""


def test_a_row_breaks_in_the_release_that_first_refuses_it_for_good() -> None:
    breaks = {section.slug: section.breaks_in for section in every_section()}
    wrong = {}
    for row in ROWS:
        said = {each.breaks_in or breaks[each.section] for each in found(row) if each.section == row.section}
        real = refused_from(row.name)
        if real == OLDEST or row.name in OTHERWISE or row.name in UNTOLD:
            continue
        named = {_read(version) for version in said}
        if named != {real} and not (real == "" and all(version_key(each) > version_key(NEW) for each in named)):
            wrong[row.name] = (said, real)
    assert wrong == {}


def test_what_is_excepted_is_in_the_table() -> None:
    assert {*OTHERWISE, *UNTOLD} <= {row.name for row in ROWS}
    assert {name for name in UNTOLD if refused_from(name)} == set()


def refused_from(name: str) -> str:
    """Return the first release from which on all refuse a row; empty where the newest takes it."""
    since = ""
    for outcome, version in reversed(HISTORY[name]):
        if outcome in {"takes", "warns", "untold"}:
            break
        since = version
    return since


def _read(version: str) -> str:
    """Return the release that stands for a version: itself, or the next that was read."""
    if version in {"", EVERY_VERSION}:
        return version
    return next((each for each in versions() if version_key(each) >= version_key(version)), version)
