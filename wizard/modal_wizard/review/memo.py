"""A cache for functions of a finding: every search and every count asks the same of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from modal_transforms.core.model import Finding

T = TypeVar("T")

MOST = 50_000
"""Findings in one cache; beyond this it is emptied."""


def remembered(work_out: Callable[[Finding], T]) -> Callable[[Finding], T]:
    """Cache a function of a finding by the finding's identity as an object, which is quicker than its hash.

    The cache holds the finding, so that no other one gets its ``id`` meanwhile.
    """
    known: dict[int, tuple[Finding, T]] = {}

    @wraps(work_out)
    def ask(finding: Finding) -> T:
        answer = known.get(id(finding))
        if answer is None:
            if len(known) >= MOST:
                known.clear()
            answer = known[id(finding)] = finding, work_out(finding)
        return answer[1]

    return ask
