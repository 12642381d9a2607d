"""What the review says of one finding: how far it may be trusted, why, by what evidence, with what effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from textual.content import Content
from textual.style import Style

from modal_transforms.core.model import Finding, Section
from modal_transforms.requirements import Pin
from modal_wizard.review.judgement import deciding
from modal_wizard.review.moves import Move
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.screens.requirements import when
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs
from modal_wizard.tui.widgets.section_help import example
from modal_wizard.tui.widgets.status_marks import DECISIONS

MANY_SITES = 8
FEW = 2
"""So much of the evidence that decides stands above the choices."""
INDENT = 9


def headline(
    finding: Finding, decision: Decision, here: str, proposed: str, room: tuple[int, int]
) -> tuple[Paragraphs, Sequence[str]]:
    """Return how far a finding may be trusted, where it stands, what is ``proposed`` for it, and why it is one.

    Where there is something to choose, as much of the evidence that decides follows as finds ``room`` as a whole
    (cells and lines); it is returned as well. ``here`` is the choice that is looked at.
    """
    badges = Paragraph("", _badges(finding, decision, here), wide=True)
    why = Paragraph("Why", Content(visible(finding.message)))
    offer = [Paragraph("Proposed", Content.styled(visible(proposed), ".warning"))] if proposed else []
    above = deciding(finding)[:FEW] if len(finding.choices) > 1 else []
    width, most = room
    while True:
        text = Paragraphs([badges, *offer, why, *_labelled("Decides", above)], INDENT)
        if not above or len(text.lines(width)) <= most:
            return text, above
        above = above[:-1]


class Beyond(Struct, frozen=True):
    """What else is to be said of the change that is shown."""

    moves: tuple[Move, ...] = ()
    others: int = 0
    """How many other accepted changes there are in its files."""


def _badges(finding: Finding, decision: Decision, here: str) -> Content:
    kind = finding.applicability.value
    state = DECISIONS[decision.status]
    bulk = " with others" if decision.bulk else ""
    return Content.assemble(
        (f" {kind} ", f".{kind}-badge"),
        "  ",
        (f"{state}{bulk}", f".{state.style}"),
        (_looking_elsewhere(finding, decision, here), ".warning"),
        (f"  {finding.rule}", ".dim"),
    )


def _looking_elsewhere(finding: Finding, decision: Decision, here: str) -> str:
    """Return that another choice is looked at than the one that was accepted."""
    keys = [choice.key for choice in finding.choices]
    if decision.status is not Status.ACCEPTED or decision.choice == here or not {here, decision.choice} <= set(keys):
        return ""
    return f": {keys.index(decision.choice) + 1}; looking at {keys.index(here) + 1}, a switches"


def _labelled(label: str, lines: Iterable[str]) -> Iterator[Paragraph]:
    for number, line in enumerate(lines):
        yield Paragraph("" if number else label, Content(visible(line)))


def _of_the_change(beyond: Beyond) -> Iterator[Paragraph]:
    """Yield what the marks in the diff stand for."""
    for number, move in enumerate(beyond.moves):
        yield Paragraph("" if number else "Moves", Content(visible(f"↷ {move.said}", " ")))
    if beyond.others:
        here = counted(beyond.others, "other accepted change")
        yield Paragraph("Beside", Content(f"{here} in these files, marked ✓"))


def why_skipped(decision: Decision) -> Iterator[Paragraph]:
    """Yield the reason that was given for leaving a finding as it is."""
    if decision.status is Status.SKIPPED and decision.reason:
        yield Paragraph("Skipped", Content(visible(decision.reason)))


def explain(
    finding: Finding,
    section: Section,
    decision: Decision,
    pins: Sequence[Pin],
    beyond: Beyond,
    above: Sequence[str] = (),
) -> Iterator[Paragraph]:
    """Yield the rest of what is to be said: evidence but what stands ``above``, effect, places, versions, guide."""
    decides = deciding(finding)
    others = [line for line in finding.evidence if line not in decides]
    yield from _labelled("Seen by", (line for line in (*decides, *others) if line not in above))
    if len(finding.choices) == 1:
        yield Paragraph("Change", Content(visible(finding.choices[0].label)))
        yield Paragraph("Effect", Content(visible(finding.choices[0].effect)))
    if finding.advice:
        yield Paragraph("Advice" if finding.choices else "By hand", Content.styled(visible(finding.advice), ".warning"))
    yield from _of_the_change(beyond)
    if len(finding.sites) > 1:
        yield Paragraph("Places", _places(finding))
    if decision.values:
        yield Paragraph("Values", Content(visible(", ".join(f"{key} = {value}" for key, value in decision.values))))
    versions = when(finding, pins)
    if versions:
        yield Paragraph("When", versions)
    shown = section.link.removeprefix("https://")
    yield Paragraph("Guide", Content(shown).stylize(Style(link=section.link)).stylize(".dim"))
    yield from example(section)


def _places(finding: Finding) -> Content:
    """Return the places of a finding as a small tree of files: taken or left together."""
    files: dict[str, list[str]] = {}
    for site in finding.sites[:MANY_SITES]:
        files.setdefault(visible(site.path, "␉"), []).append(site.label)
    more = len(finding.sites) - MANY_SITES
    rows = [f"{path}  {' · '.join(labels)}" for path, labels in files.items()]
    rows += [f"and {more} more"] if more > 0 else []
    drawn = [f"{'└' if row is rows[-1] else '├'} {row}" for row in rows]
    together = ", taken or left together" if finding.choices else ""
    return Content("\n".join([f"{len(finding.sites)}{together}", *drawn]))
