"""Which findings are similar: the same rule and kind of change, differing in literals only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache

from modal_transforms.core.model import Finding
from modal_transforms.core.patterns import pattern
from modal_wizard.review.memo import remembered

_VALUES = pattern(r"""'[^'\n]*'|"[^"\n]*"|\d[\d_.]*""")

_SHAPES: dict[Hashable, Hashable] = {}


@remembered
def shape(finding: Finding) -> Hashable:
    """Return a key that similar findings share, the very object: whoever has seen one has seen them all."""
    changes = finding.choices[0].changes if finding.choices else ()
    key = (
        finding.rule,
        finding.applicability._value_,
        tuple([choice.key for choice in finding.choices]),
        len(finding.sites),
        _masked(finding.site.text),
        tuple([(type(change).__name__, _masked(getattr(change, "text", ""))) for change in changes]),
    )
    return _SHAPES.setdefault(key, key)


@lru_cache(4096)
def _masked(text: str) -> str:
    return _VALUES.sub("…", text)


def differing_first(findings: Iterable[Finding], like: Finding | None) -> tuple[list[Finding], int]:
    """Return findings with those first that are of another shape than ``like``, and how many these are.

    Without a finding to compare with, the commonest shape stands for all.
    """
    several = list(findings)
    wanted = shape(like) if like is not None else _commonest(several)
    shapes = [shape(finding) for finding in several]
    others = [finding for finding, own in zip(several, shapes, strict=True) if own is not wanted]
    alike = [finding for finding, own in zip(several, shapes, strict=True) if own is wanted]
    return [*others, *alike], len(others)


def _commonest(findings: Sequence[Finding]) -> Hashable:
    shapes = Counter(shape(finding) for finding in findings)
    return max(shapes, key=shapes.__getitem__, default=None)
