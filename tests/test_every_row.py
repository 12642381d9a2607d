"""Every change of the SDK that is known: what finds it, or why nothing has to.

``sdk/known_changes.tsv`` has a line for each, in four fields with tabs between: ``before`` or ``after`` 1.0 (a line of
a function), ``program`` or ``unchanged`` (a file); what it is called; the section that speaks of it, or why none does;
the code, with ``\\n`` between its lines. Commands are in ``test_cli_rows.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.surfaces import look

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
ROWS = [
    line.split("\t") for line in (Path(__file__).parent / "sdk" / "known_changes.tsv").read_text("utf-8").splitlines()
]


def sections(code: str, first: int = 1) -> set[str]:
    """Return the sections that speak of a file from a line on."""
    findings = look("main.py", code.replace("\\n", "\n").encode()).findings
    return {each.section for each in findings if any(site.line >= first for site in each.sites)}


@pytest.mark.parametrize("era", ["before", "after"])
def test_every_use_is_found(era: str) -> None:
    line = HEAD.count("\n") + 1
    rows = [row for row in ROWS if row[0] == era]
    assert len(rows) > 60
    found = {name: sections(f"{HEAD}    {code}\n", line) for _, name, _, code in rows}
    assert {name: found[name] for _, name, section, _ in rows if section not in found[name]} == {}


def test_every_program_is_spoken_of() -> None:
    rows = [row for row in ROWS if row[0] == "program"]
    found = {name: sections(code) for _, name, _, code in rows}
    assert {name: found[name] for _, name, section, _ in rows if section not in found[name]} == {}


def test_nothing_is_said_where_nothing_changed() -> None:
    rows = [row for row in ROWS if row[0] == "unchanged"]
    found = {name: sections(f"import modal\napp = modal.App()\n{code}\n") for _, name, _, code in rows}
    assert {name: said for name, said in found.items() if said} == {}
