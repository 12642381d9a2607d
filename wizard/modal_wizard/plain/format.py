"""What the plain prompt says, line by line; everything of the repository is made safe to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modal_transforms.core.model import Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_transforms.sections import GUIDE, by_group
from modal_wizard.migration.horizon import dated, forecast
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import Preview, Tally
from modal_wizard.reports.api_uses import sentence
from modal_wizard.reports.horizon import asked_for, breaking, headline
from modal_wizard.review.accepted import everything_accepted
from modal_wizard.review.change import beside, change_of, shown_decision
from modal_wizard.review.context import surroundings
from modal_wizard.review.judgement import deciding, why_recommended
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.diff import Hunk, Mark, as_it_would_be, group, rows
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

WHOLE = 1_000_000
"""Lines around a change that are all there are."""
WORDS = {Status.PENDING: "undecided", Status.ACCEPTED: "accepted", Status.EDITED: "edited", Status.SKIPPED: "skipped"}


def title(migration: Migration) -> str:
    """Return the first line."""
    return f"modal-wizard, line by line, on {shown(str(migration.scope.root / migration.scope.inside))}"


def shown(text: str) -> str:
    """Return text of the repository on one line, safe to show; a space stands for the end of a line."""
    return visible(" ".join(text.split("\n")), "␉")


def place(finding: Finding) -> str:
    """Return where a finding is."""
    return f"{shown(finding.site.path)}, line {finding.site.line}"


def overview(migration: Migration) -> Iterator[str]:
    """Yield the sections that hold something, and how far each is."""
    yield f"{counted(migration.scanned.files, 'file')} looked at."
    findings, pins = migration.findings(), migration.scanned.pins
    seen = forecast(pins, findings)
    if findings:
        yield f"{shown(headline(seen, findings))}."
    if asked := asked_for(migration.scanned.pins_covered):
        yield f"Asked for: {asked}."
    for part, sections in by_group(migration.sections):
        if not migration.scope.goal.guide_only:
            yield f"{part.value}:"
        for section in sections:
            tally = _tally(migration.tally(section.slug))
            yield f"Section {section.label}, {section.title}: {tally}. {breaking(section, seen)}."
    if said := sentence(migration.scanned.api, migration.scope.goal.target):
        yield said
    if not migration.sections:
        yield "Nothing to migrate was found."
    if migration.session.muted:
        yield f"Muted: {', '.join(sorted(migration.session.muted))}. What is found of these rules is skipped."
    if migration.problems:
        yield f"{counted(len(migration.problems), 'file')} could not be read; f lists them."


def _tally(tally: Tally) -> str:
    kinds = [(tally.safe, "safe"), (tally.review, "review"), (tally.manual, "manual"), (tally.landed, "written")]
    found = ", ".join(f"{count} {word}" for count, word in (*kinds, (tally.by_hand, "done by hand")) if count)
    ready = tally.accepted + tally.edited
    waiting = f", {ready} to be written" if ready else ""
    return f"{counted(tally.total, 'finding')} ({found}); {tally.decided} decided{waiting}"


def heading(section: Section, tally: Tally) -> Iterator[str]:
    """Yield what a section is about and how it stands."""
    of_guide = f" of {len(GUIDE)}" if section.number else ""
    yield f"Section {section.label}{of_guide}: {section.title}. {_tally(tally)}."
    yield section.what
    yield section.why
    yield f"{section.when.capitalize()}. Guide: {section.link}"


def described(
    migration: Migration,
    finding: Finding,
    choice: str,
    number: tuple[int, int],
    context: int,
    proposed: Decision | None = None,
) -> list[str]:
    """Return all there is to say of a finding; ``choice`` is looked at, or what is ``proposed``."""
    decision = migration.decision(finding)
    decides = deciding(finding) if len(finding.choices) > 1 else []
    lines = [
        f"Finding {number[0]} of {number[1]}: {place(finding)}. "
        f"{finding.applicability.value.capitalize()}, {WORDS[decision.status]}.",
        f"  Why: {shown(finding.message)}",
        *(f"  Decides: {shown(line)}" for line in decides),
        *(f"  Seen by: {shown(line)}" for line in finding.evidence if line not in decides),
        *(f"  Also: {shown(site.path)}, line {site.line}" for site in finding.sites[1:]),
        *(f"  When: {dated(finding).when}." for _ in [0] if finding.since or finding.breaks_in),
        *(f"  Advice: {shown(finding.advice)}" for _ in [0] if finding.advice),
        *(f"  Reason for skipping: {shown(decision.reason)}" for _ in [0] if decision.reason),
    ]
    lines += _choices(finding, choice)
    return lines + diff_lines(migration, finding, choice, context, proposed)


def _choices(finding: Finding, choice: str) -> Iterator[str]:
    if not finding.choices:
        yield "  There is nothing to apply here: E opens the file, h says that you did it, n leaves it for later."
    elif len(finding.choices) == 1:
        yield f"  Change: {shown(finding.choices[0].label)}"
        yield f"  Effect: {shown(finding.choices[0].effect)}"
    else:
        yield f"  {len(finding.choices)} choices; 1 is recommended: {shown(why_recommended(finding))}."
        for number, each in enumerate(finding.choices, start=1):
            here = " (the one shown)" if each.key == choice else ""
            yield f"    {number}. {shown(each.label)}{here}. Effect: {shown(each.effect)}"


def diff_lines(
    migration: Migration, finding: Finding, choice: str, context: int, proposed: Decision | None = None
) -> list[str]:
    """Return what a choice, or what is ``proposed``, would change as a unified diff among what else is accepted.

    Where nothing changes it is the place itself.
    """
    decision = shown_decision(migration, finding, choice or (finding.choices[0].key if finding.choices else ""))
    if not choice and migration.decision(finding).status is Status.EDITED:
        decision = migration.decision(finding)
    try:
        made = change_of(migration, finding, proposed or decision, beside(migration, finding))
    except CannotRewrite as error:
        return [f"  This change cannot be made: {shown(str(error))}"]
    found = [hunk for file in made for hunk in group(file.path, list(file.rows), context)]
    found = found or surroundings(migration, finding, context, made)
    others = any(row.other for hunk in found for row in hunk.rows)
    return [*([_OTHERS] if others else []), *_hunk_lines(found)]


_OTHERS = "  Lines that begin with ✓ are of other changes that are accepted."


def _hunk_lines(hunks: Iterable[Hunk]) -> Iterator[str]:
    path = None
    for hunk in hunks:
        if hunk.path != path:
            path = hunk.path
            yield from (f"--- a/{shown(path)}", f"+++ b/{shown(path)}")
        yield hunk.header
        yield from ("✓" * row.other + row.mark.value + visible(row.text) for row in hunk.rows)


def whole_lines(migration: Migration, finding: Finding, decision: Decision | None) -> Iterator[str]:
    """Yield the files of a finding as they would be; raises `CannotRewrite`."""
    for hunk in migration.hunks(finding, decision, WHOLE):
        yield shown(hunk.path)
        yield from (visible(row.text) for row in as_it_would_be(hunk).rows)


def preview_lines(migration: Migration, context: int) -> Iterator[str]:
    """Yield everything that is accepted and not written yet, as a diff by file."""
    found = everything_accepted(migration)
    files = counted(len(found.files), "file")
    yield f"{counted(found.findings, 'finding')} accepted and not written yet, in {files}."
    for file in found.files:
        yield from _hunk_lines(group(file.path, list(file.rows), context))
    for refusal in found.refused:
        yield f"{place(refusal.finding)} stays out: {shown(refusal.reason)}"


def stat(preview: Preview) -> Iterator[str]:
    """Yield each file with how many lines go and come, what was decided, and what stays out."""
    for change in preview.files:
        texts = (change.before.decode("utf-8", "replace"), change.after.decode("utf-8", "replace"))
        marks = [row.mark for row in rows(*texts)]
        yield f"  {shown(change.path)}: +{marks.count(Mark.NEW)} -{marks.count(Mark.OLD)}"
    yield f"{preview.counts}."
    for refusal in preview.refused:
        yield f"{place(refusal.finding)} stays out: {shown(refusal.reason)}"
