"""Findings as text for a terminal: grouped by section, each place as ``path:line:column``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modal_transforms.core.model import Finding, LookAlike, Problem, Section, Site
from modal_transforms.sections import by_group, place_of, section
from modal_wizard.scan.result import Scan
from modal_wizard.text.grammar import counted
from modal_wizard.text.paint import PLAIN, Paint
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin

_BY_NAME = 20
_LEVELS = ("safe", "review", "manual")


def show(
    scanned: Scan, findings: Sequence[Finding], narrowed: bool = False, where: str = "", paint: Paint = PLAIN
) -> None:
    """Print findings by group and section, and a summary; problems go to standard error.

    ``narrowed`` says that only some sections were asked for, ``where``, in words, what else others were left out by.
    """
    root = scanned.scope.root
    pins = scanned.pins_covered
    _show_horizon(scanned, findings, narrowed or bool(where), paint)
    shown = _all_shown(root, {site.path for finding in findings for site in finding.sites})
    for group, sections in by_group(section(slug) for slug in _in_order(findings)):
        if not scanned.scope.goal.guide_only:
            print(paint("dim", group.value), end="\n\n")
        for each in sections:
            own = [finding for finding in findings if finding.section == each.slug]
            print("\n".join(_section(shown, each, own, paint)), end="\n\n")
    show_problems(root, scanned.problems)
    show_skipped(root, scanned.skipped)
    _show_pins(pins, findings)
    _show_uses(scanned)
    print(_summary(scanned, findings, narrowed, where))


def _in_order(findings: Iterable[Finding]) -> list[str]:
    return sorted({finding.section for finding in findings}, key=place_of)


def _show_horizon(scanned: Scan, findings: Sequence[Finding], of_some: bool, paint: Paint) -> None:
    """Print what is broken now, and what later."""
    if findings:
        from modal_wizard.migration.horizon import forecast
        from modal_wizard.reports.horizon import headline

        said = f"{visible(headline(forecast(scanned.pins, scanned.findings), findings, of_some))}."
        print(paint("title", said), end="\n\n")


def _show_pins(pins: Sequence[Pin], findings: Sequence[Finding]) -> None:
    """Print what of the findings breaks with the versions of modal that are asked for."""
    if pins:
        from modal_wizard.migration.requirements import sentences

        for sentence in sentences(pins, findings):
            print(sentence)


def _show_uses(scanned: Scan) -> None:
    """Print how much of Modal's API is used, and how much of that is not there any more."""
    if scanned.api.uses:
        from modal_wizard.reports.api_uses import sentence

        print(sentence(scanned.api, scanned.scope.goal.target))


def show_left_alone(root: Path, found: Sequence[LookAlike]) -> None:
    """Print what reads like old code and was left alone, and why."""
    print(f"Left alone, as it only reads like old code: {counted(len(found), 'place')}.")
    for each in found:
        text = visible(" ".join(each.site.text.split()), "␉")
        print(f"  {_place(_shown(root, each.site.path), each.site)}: {each.section}: {text} — {visible(each.reason)}")


def show_problems(root: Path, problems: Iterable[Problem]) -> None:
    """Print files that could not be read to standard error."""
    for problem in problems:
        print(f"{_shown(root, problem.path)}: {visible(problem.message)}; left untouched", file=sys.stderr)


def show_skipped(root: Path, skipped: Mapping[str, str]) -> None:
    """Print files that were not looked at to standard error, the first of each reason by name."""
    for reason in dict.fromkeys(skipped.values()):
        paths = [path for path, why in skipped.items() if why == reason]
        for path in paths[:_BY_NAME]:
            print(f"{_shown(root, path)}: skipped: {reason}", file=sys.stderr)
        if len(paths) > _BY_NAME:
            print(f"{counted(len(paths) - _BY_NAME, 'more file')} skipped: {reason}", file=sys.stderr)


def _section(shown: Mapping[str, str], about: Section, findings: list[Finding], paint: Paint) -> Iterator[str]:
    yield f"{paint('title', f'{about.label}. {about.title}')}  ({about.when})"
    for finding in findings:
        place = paint("path", _place(shown[finding.site.path], finding.site))
        yield f"  {place}: {paint.word(finding.applicability.value)}: {finding.message}"
        for other in finding.sites[1:]:
            yield f"    also {paint('path', _place(shown[other.path], other))}"


def _place(path: str, site: Site) -> str:
    cell = f"cell {site.cell}:" if site.cell is not None else ""
    return f"{path}:{cell}{site.line}:{site.column}"


def _all_shown(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return how each path is shown; one look at the working directory serves for all that are below it."""
    base = _shown(root, "")
    if base.split(os.sep)[0] == os.pardir or os.path.isabs(base):
        return {path: _shown(root, path) for path in paths}
    before = "" if base == os.curdir else base + os.sep
    return {path: before + _readable(os.path.normpath(path)) for path in paths}


def _readable(path: str) -> str:
    return visible(path.replace("\n", "␊").replace("\t", "␉"))


def _shown(root: Path, path: str) -> str:
    """Return a path as a terminal can open it: relative to the working directory."""
    full = root / path
    try:
        return _readable(os.path.relpath(full))
    except (ValueError, FileNotFoundError):  # another drive, or a working directory that is not there any more
        return _readable(str(full))


def _summary(scanned: Scan, findings: Sequence[Finding], narrowed: bool, where: str) -> str:
    looked = f"{counted(scanned.files, 'file')} looked at"
    silenced = f"; {scanned.ignored} silenced by modal-wizard: ignore" if scanned.ignored else ""
    unread = f"; {counted(len(scanned.problems), 'file')} could not be read" if scanned.problems else ""
    if not findings:
        nothing = "nothing found in the asked sections" if narrowed else f"nothing {'found' if where else 'to migrate'}"
        return f"{looked}: {nothing}{where}{silenced}{unread}."
    levels = ", ".join(f"{sum(f.applicability.value == level for f in findings)} {level}" for level in _LEVELS)
    sections = len({finding.section for finding in findings})
    told = f"{counted(len(findings), 'finding')}{where} in {counted(sections, 'section')}"
    return f"{looked}: {told} ({levels}){silenced}{unread}."
