"""The list of rules that can be `safe` has them all, and an argument for each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.proof import proof_cases

from modal_transforms.core.model import Applicability
from modal_wizard.decisions.rule_names import choices_of_rules

_ROW = re.compile(r"^\| (\S+) / (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = _ROW.findall((Path(__file__).parent / "safe_rules.md").read_text(encoding="utf-8"))
LISTED = [(section, rule) for section, rules, _, _ in ROWS for rule in rules.split(", ")]
SAFE = sorted(
    {
        (each.slug, rule)
        for each in proof_cases()
        if each.case.applicability is Applicability.SAFE and each.case.choice is None
        for rule in each.case.rules
    }
)


@pytest.mark.parametrize("rule", SAFE, ids="/".join)
def test_a_rule_with_a_safe_case_is_listed_with_its_argument(rule: tuple[str, str]) -> None:
    assert rule in LISTED


def test_each_is_a_rule_listed_once_with_when_and_why() -> None:
    assert len(LISTED) == len(set(LISTED))
    assert [rule for _, rule in LISTED if rule not in choices_of_rules()] == []
    assert [row for row in ROWS if min(len(row[2]), len(row[3])) < 5] == []
