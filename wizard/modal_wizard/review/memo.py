"""What was worked out of a finding, kept as long as the finding itself: asked for by every search and every count."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from modal_transforms.core.model import Finding

T = TypeVar("T")

MOST = 50_000
"""Of more findings than this, all is forgotten and worked out anew."""


def remembered(work_out: Callable[[Finding], T]) -> Callable[[Finding], T]:
    """Have a question about a finding, which never changes, worked out once."""
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
