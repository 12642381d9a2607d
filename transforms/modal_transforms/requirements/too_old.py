"""What a rewrite needs of the SDK, held against the versions that a repository asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from modal_transforms.core.model import Applicability, FileReport, Finding
from modal_transforms.core.target import TARGET
from modal_transforms.formats.file_kinds import NOTEBOOK, is_document, may_pin
from modal_transforms.requirements.pin import Pin
from modal_transforms.requirements.versions import version

_BEHAVES_OTHERWISE = frozenset({"follows"})
"""Rules about commands that go on working and do something else since a version."""


def reaching(pins: Iterable[Pin], paths: Sequence[str]) -> list[Pin]:
    """Return requirements, by path and place, with the folder that each is for; ``paths`` are the repository's.

    A list in a folder with Python code is for that folder, and so is what code itself or a document there says; a
    notebook speaks for itself. Any other is for all.
    """
    ordered = sorted(pins, key=lambda pin: (pin.path, pin.span.start))
    return [replace(pin, reach=_reach(pin.path, paths)) for pin in ordered]


def _reach(path: str, paths: Sequence[str]) -> str:
    if path.endswith(NOTEBOOK):
        return path
    folder = path[: path.rfind("/") + 1]
    if not folder or not (may_pin(path) or is_document(path) or path.endswith(".py")):
        return ""
    return folder if any(each.endswith(".py") and each.startswith(folder) for each in paths) else ""


def too_old(pins: Iterable[Pin], needed: str, paths: Iterable[str]) -> tuple[Pin, ...]:
    """Return the requirements for any of some files that allow nothing from ``needed`` on; none where it is empty."""
    several = tuple(paths)
    return tuple(pin for pin in pins if pin.lacks(needed) and any(map(pin.concerns, several)))


def weighed(report: FileReport, pins: Sequence[Pin], target: str = TARGET) -> FileReport:
    """Return a report in which no finding is safe that a requirement, or the target, is too old for.

    Each such finding says so. What tells of another behaviour than before is left out where it is the one that the
    repository has: where a requirement allows nothing older, and none asks for that.
    """
    kept = tuple(finding for finding in report.findings if not _is_lived_with(finding, pins))
    if target != TARGET or any(pin.below is not None for pin in pins):
        kept = tuple(_weighed(finding, pins, target) for finding in kept)
    return replace(report, findings=kept)


def _is_lived_with(finding: Finding, pins: Sequence[Pin]) -> bool:
    if finding.rule not in _BEHAVES_OTHERWISE:
        return False
    own = [pin for pin in pins if not pin.is_shown and any(map(pin.concerns, finding.paths))]
    newer = any(pin.lowest is not None and pin.lowest >= version(finding.since) for pin in own)
    return newer and not too_old(own, finding.since, finding.paths)


def _weighed(finding: Finding, pins: Sequence[Pin], target: str) -> Finding:
    if not finding.needs:
        return finding
    lacking = sorted(too_old(pins, finding.needs, finding.paths), key=lambda pin: pin.is_shown)
    reasons = [_reason(finding.needs, lacking)] if lacking else []
    if version(finding.needs) > version(target):
        reasons.append(f"needs modal >= {finding.needs}, which is newer than the target {target}")
    if not reasons:
        return finding
    only_told = len(reasons) == bool(lacking) and all(_is_overruled(pin, finding, pins) for pin in lacking)
    safe = finding.applicability is Applicability.SAFE
    level = Applicability.REVIEW if safe and not only_told else finding.applicability
    return replace(finding, applicability=level, evidence=(*reasons, *finding.evidence))


def _is_overruled(told: Pin, finding: Finding, pins: Sequence[Pin]) -> bool:
    """Tell whether what a text tells people to install is not what the code of a finding is run with.

    It is not where the file itself installs modal, or something of the same folder or one below it does.
    """
    own = set(finding.paths)
    return told.is_shown and any(
        {pin.path} == own or (pin.reach.startswith(told.reach) and any(map(pin.concerns, own)))
        for pin in pins
        if not pin.is_shown
    )


def _reason(needed: str, lacking: Sequence[Pin]) -> str:
    first, more = lacking[0], len(lacking) - 1
    others = f", as {'does' if more == 1 else 'do'} {more} more" if more else ""
    does = "tells people to install" if first.is_shown else "installs"
    return f"needs modal >= {needed}; {first.path}:{first.line} {does} {first.text}{others}"
