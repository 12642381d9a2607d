"""What is broken now with the modal that is installed, what the next upgrade breaks, and what comes later."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.modal_api.history import version_key, versions
from modal_transforms.sections import section

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, Section
    from modal_transforms.requirements import Pin

Key = tuple[int, ...]


class Due(enum.Enum):
    """When a finding breaks, seen from the version that is installed."""

    NOW = "now"
    """With the version that is installed."""
    NEXT = "next"
    """With the first version after it that breaks anything that was found."""
    LATER = "later"


class Forecast(Struct, frozen=True):
    """When each of the findings of a repository breaks."""

    when: Mapping[str, Due]
    """By the identity of the finding."""
    installed: tuple[str, ...]
    """The versions that the code with findings is run with, the oldest first."""
    following: str
    """The first version after those that breaks something; empty where none does."""
    is_pinned: bool
    """Whether the repository asks for a version of modal at all."""
    breaks: Mapping[str, str]
    """What is said of a section in one word: ``now``, or the version that breaks it; empty where these vary."""

    def counts(self, findings: Iterable[Finding]) -> Counter[Due]:
        """Count some of the findings by when they break."""
        return Counter(self.when[finding.id] for finding in findings)


def forecast(pins: Sequence[Pin], findings: Sequence[Finding]) -> Forecast:
    """Return when each of all findings breaks with what a repository asks for of modal."""
    asked = tuple(pins)
    breaks = {finding.id: _key(lifetime_of(finding)[1]) for finding in findings}
    by_path = {path: installed(asked, path) for path in {finding.site.path for finding in findings}}
    has = {finding.id: version_key(by_path[finding.site.path]) for finding in findings}
    following = min((key for identity, key in breaks.items() if key > has[identity]), default=())
    when = {identity: _when(key, has[identity], following) for identity, key in breaks.items()}
    known = sorted({*by_path.values()} or {_installed(asked)}, key=version_key)
    return Forecast(when, tuple(known), ".".join(map(str, following)), bool(asked), _by_section(findings, when))


def lifetime_of(finding: Finding) -> tuple[str, str]:
    """Return the version that first warned of a finding, and the one in which it fails; empty where there is none."""
    if finding.breaks_in:
        return finding.since, finding.breaks_in
    about = section(finding.section)
    return finding.since or about.since, about.breaks_in


def dated(finding: Finding) -> Section:
    """Return the section of a finding with the versions of the finding itself."""
    since, breaks_in = lifetime_of(finding)
    return replace(section(finding.section), since=since, breaks_in=breaks_in)


def installed(pins: tuple[Pin, ...], path: str) -> str:
    """Return the version of modal that the code of a file is run with, as far as requirements tell.

    Those of the closest folder count, what texts tell people only where there are no others; where none is for that
    code, the newest is installed.
    """
    concerned = [pin for pin in pins if pin.concerns(path)]
    concerned = [pin for pin in concerned if not pin.is_shown] or concerned
    closest = max((len(pin.reach) for pin in concerned), default=0)
    return _installed(tuple(pin for pin in concerned if len(pin.reach) == closest))


def _by_section(findings: Sequence[Finding], when: Mapping[str, Due]) -> dict[str, str]:
    words: dict[str, set[str]] = {}
    for finding in findings:
        now = when[finding.id] is Due.NOW
        words.setdefault(finding.section, set()).add(Due.NOW.value if now else lifetime_of(finding)[1])
    return {slug: _word(several) for slug, several in words.items()}


def _word(several: set[str]) -> str:
    if Due.NOW.value in several:
        return Due.NOW.value
    return several.pop() if len(several) == 1 else ""


@cache
def _installed(pins: tuple[Pin, ...]) -> str:
    """Return the newest version that all requirements allow; what a tool has locked counts alone.

    Where they contradict each other, it is the newest that any of them allows.
    """
    asked = tuple(pin for pin in pins if pin.is_locked) or pins
    low = max((pin.lowest for pin in asked if pin.lowest is not None), default=None)
    below = min((pin.below for pin in asked if pin.below is not None), default=None)
    if low is not None and below is not None and low >= below:
        return max((_newest(pin.lowest, pin.below) for pin in asked), key=version_key)
    return _newest(low, below)


def _newest(low: Key | None, below: Key | None) -> str:
    """Return the newest version within bounds; the lower bound itself where it is none that is known."""
    allowed = (each for each in reversed(versions()) if below is None or version_key(each) < below)
    newest = next(allowed, versions()[0])
    return newest if low is None or version_key(newest) >= low else ".".join(map(str, low))


def _key(version: str) -> Key:
    return version_key(version) if version else ()


def _when(key: Key, has: Key, following: Key) -> Due:
    if key and key <= has:
        return Due.NOW
    return Due.NEXT if key and key == following else Due.LATER
