"""Every section over its cases: what is found, what it becomes, what is left alone, and that a second look is empty."""

from __future__ import annotations

import ast
import importlib

import pytest
from support.cases import Case, NearMiss, clean, report, sources, transform

from modal_transforms import sections as registry
from modal_transforms.core.model import Applicability
from modal_transforms.sections import GUIDE, every_section


def _all(kind: str) -> list[tuple[str, Case | NearMiss]]:
    found: list[tuple[str, Case | NearMiss]] = []
    for section in every_section():
        cases = importlib.import_module(f"cases.{section.slug.replace('-', '_')}")
        found += [(section.slug, case) for case in getattr(cases, kind)]
    return found


def _ids(pairs: list[tuple[str, Case | NearMiss]]) -> list[str]:
    return [f"{slug}-{case.id}" for slug, case in pairs]


CASES = _all("CASES")
NEAR_MISSES = _all("NEAR_MISSES")


@pytest.mark.parametrize(("slug", "case"), CASES, ids=_ids(CASES))
def test_a_case_is_found_and_becomes_what_it_should(slug: str, case: Case) -> None:
    seen, after = transform(case, slug)
    found = [finding for finding in seen.findings if finding.section == slug]
    assert not seen.problems
    assert tuple(finding.rule for finding in found) == case.rules
    assert {finding.applicability for finding in found} == {case.applicability}
    assert after[case.path] == clean(case.after)
    for path, text in case.files.items():
        assert after[path] == clean(case.files_after.get(path, text))
    if case.applicability is Applicability.MANUAL:
        assert all(finding.advice for finding in found)
        assert not any(finding.choices for finding in found)
        return
    assert all(choice.effect for finding in found for choice in finding.choices)
    again = report(sources(case.path, after[case.path], {**case.files, **case.files_after}), case.path)
    assert [finding.rule for finding in again.findings if finding.section == slug] == []


@pytest.mark.parametrize(("slug", "case"), NEAR_MISSES, ids=_ids(NEAR_MISSES))
def test_a_look_alike_is_left_alone(slug: str, case: NearMiss) -> None:
    ast.parse(clean(case.code))
    seen = report(sources(case.path, case.code, case.files), case.path)
    assert not seen.problems
    assert [finding for finding in seen.findings if finding.section == slug] == []


def test_a_section_is_named_as_it_names_itself_where_nothing_of_it_is_found() -> None:
    assert [(rule.slug, rule.title) for rule in GUIDE] == [(rule.slug, rule.section.title) for rule in GUIDE]


def test_the_words_of_sections_are_found_as_by_a_search_for_each() -> None:
    before = [case.before for _, case in CASES if isinstance(case, Case)]
    texts = [text.encode() for each in before for text in (each, "_".join(each.split()))]
    for text in [*texts, *registry._NAMED_BY, b"xnewmodal runClsVolume\xffdata[[app[cl", b""]:
        assert set(registry._FINDER.held(text)) == {word for word in registry._NAMED_BY if word in text}, text
