"""The smallest SDK of every choice: held against the SDK's history, the cases, and how it was measured.

``python -m sdk.needs --measure`` (in this folder) runs the programs under the real releases.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from sdk.needs import MEASURED, Measured, as_markdown, cases, choices
from support.cases import MAIN, Case, report, sources

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Choice, Finding, Replace, Span, fill
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import open_module
from modal_transforms.modal_api import history, needs
from modal_transforms.modal_api.api_uses import Presence, api_uses
from modal_transforms.modal_api.history import version_key
from modal_transforms.rewrite.rewrite import CannotRewrite, rewrite_all
from modal_transforms.sections import REGISTRY, Group, every_section

OLDEST = "0.62.32"
"""Before this, what cases write for `modal.App` is hanging in the air."""


def test_each_row_is_measured_once_and_the_newest_comes_first() -> None:
    assert sorted(needs.table()) == sorted(row.name for row in MEASURED)
    since = [version_key(row.since) for row in needs.SPELLINGS]
    assert all(later >= earlier for later, earlier in pairwise(since))


@pytest.mark.parametrize("row", MEASURED, ids=[row.name for row in MEASURED])
def test_a_row_is_newer_than_the_release_that_refuses_it(row: Measured) -> None:
    assert version_key(row.last) < version_key(needs.table()[row.name])


TOLD = [row for row in MEASURED if row.symbol]


@pytest.mark.parametrize("row", TOLD, ids=[row.name for row in TOLD])
def test_a_row_is_what_the_history_of_the_sdk_says(row: Measured) -> None:
    def has(version: str) -> bool:
        if row.parameter:
            return history.exists(row.symbol, version) and history.takes(row.symbol, row.parameter, version)
        return history.exists(row.symbol, version)

    known, since = history.versions(), needs.table()[row.name]
    assert since in known
    assert has(since)
    assert not has(known[known.index(since) - 1])


ALL = [(section.slug, case) for section in every_section() for case in cases(section.slug) if case.path.endswith(".py")]


@pytest.mark.parametrize(("slug", "case"), ALL, ids=[f"{slug}-{case.id}" for slug, case in ALL])
def test_what_a_choice_writes_is_in_the_sdk_that_it_says_it_needs(slug: str, case: Case) -> None:
    files = sources(case.path, case.before, case.files)
    before = _symbols(files, case.path, OLDEST, {*Presence})
    passed = {argument for _, argument in before} - {""}
    linked = {_without_links(way) for way, argument in before if not argument}
    for finding in report(files, case.path).findings:
        for choice in finding.choices if finding.section == slug else ():
            try:
                made = rewrite_all(files, fill(choice, case.values))
            except CannotRewrite:
                continue
            after = {**files, **{path: result.after for path, result in made.items()}}
            needed = max(choice.needs or OLDEST, OLDEST, key=version_key)
            version = next(each for each in history.versions() if version_key(each) >= version_key(needed))
            missing = _symbols(after, case.path, version, {Presence.MISSING}) - before
            missing -= {(way, "") for way, _ in missing if _without_links(way) in linked}
            assert {(way, argument) for way, argument in missing if argument not in passed} == set()


def _without_links(way: str) -> str:
    """Return a symbol without the calls between an owner and its last name: a chain may have got a link."""
    return re.sub(r"(?:\.\w+\(\))+(?=\.\w+\Z)", "()", way)


def _symbols(files: dict[str, SourceFile], path: str, version: str, wanted: set[Presence]) -> set[tuple[str, str]]:
    project = Project(files, lambda name: files[name].data)
    module: Module = open_module(files[path], project)
    project.adopt(module)
    return {(use.way, use.argument) for use in api_uses(module, version) if use.presence in wanted}


def _choice(*texts: str) -> Choice:
    return Choice("x", "", "", tuple(Replace(MAIN, Span(n, n), text) for n, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("texts", "needed"),
    [
        (('"A10G"',), ""),
        (('"A100-80GB:4"',), "0.56.4700"),
        (('"H100:8"',), "0.56.4919"),
        (("'T4:2'",), "0.52.3535"),
        (("min_containers",), "0.73.76"),
        (("name",), "0.68.39"),
        (("name=",), ""),
        (("-m ", "a.b"), "0.73.58"),
        (('"-m", ',), "0.73.58"),
        (('.add_local_dir("a", "/a")',), "0.66.40"),
        (('.add_local_dir("a", "/a", ignore=["x"])',), "0.68.21"),
        (('.add_local_dir("a", "/a", ignore=["*/**"])',), "0.76.0"),
        (('.add_local_dir("a", "/a").add_local_python_source("b", ignore=["x"])',), "0.68.31"),
        (("from_name", ".hydrate()"), "0.72.39"),
        (("from_name",), ""),
        ((": bool = modal.parameter()",), "0.73.158"),
        ((": str = modal.parameter()",), "0.64.48"),
        (("enter(snap=True)",), "0.61.23"),
        (("",), ""),
    ],
)
def test_what_is_written_tells_the_smallest_sdk(texts: tuple[str, ...], needed: str) -> None:
    source = SourceFile(MAIN, b"import modal\n\nmodal.gpu.T4()\n")
    found = next(iter(report({MAIN: source}, MAIN).findings))
    filled = needs.with_needs(_with(found, _choice(*texts)))
    assert filled.needs == needed


def _with(finding: Finding, choice: Choice) -> Finding:
    return Finding(
        *(finding.id, finding.section, finding.rule, finding.applicability, finding.message),
        *(finding.evidence, finding.sites, (choice,)),
    )


def test_the_table_names_every_choice_of_every_case() -> None:
    found = choices()
    assert {section for section, *_ in found} >= {rule.slug for rule in REGISTRY if rule.group is Group.GUIDE}
    assert found["autoscaler", "autoscaler-rename", "rename"] == {"0.73.76"}
    assert found["gpu", "gpu-import", "remove"] == {""}
    lines = list(as_markdown())
    assert "| module-mode | module-mode-bare | module | 0.73.58 |" in lines
    assert "| `hydrate` | 0.72.39 | 0.72.38 |" in lines
