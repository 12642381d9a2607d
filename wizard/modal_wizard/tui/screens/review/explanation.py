"""What the review says of one finding: how far it may be trusted, why, by what evidence, with what effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.style import Style
from textual.visual import Visual

from modal_transforms.core.model import Finding, Section
from modal_transforms.requirements import Pin
from modal_wizard.session.log import Decision, Status
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.screens.requirements import when
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs
from modal_wizard.tui.widgets.section_help import example
from modal_wizard.tui.widgets.status_marks import DECISIONS

MANY_SITES = 8


INDENT = 9


def headline(finding: Finding, decision: Decision, proposed: str = "") -> Visual:
    """Return how far a finding may be trusted, where it stands, what is ``proposed`` for it, and why it is one."""
    why = Paragraph("Why", Content(visible(finding.message)))
    offer = [Paragraph("Proposed", Content.styled(visible(proposed), ".warning"))] if proposed else []
    return Paragraphs([Paragraph("", _badges(finding, decision), wide=True), *offer, why], INDENT)


def explain(finding: Finding, section: Section, decision: Decision, pins: Sequence[Pin] = ()) -> Visual:
    """Return the rest of what is to be said: evidence, effect, advice, places, versions, guide."""
    return Paragraphs(_entries(finding, section, decision, pins), INDENT)


def _badges(finding: Finding, decision: Decision) -> Content:
    kind = finding.applicability.value
    state = DECISIONS[decision.status]
    bulk = " with others" if decision.bulk else ""
    return Content.assemble(
        (f" {kind} ", f".{kind}-badge"),
        "  ",
        (f"{state}{bulk}", f".{state.style}"),
        (f"  {finding.rule}", ".dim"),
    )


def _entries(finding: Finding, section: Section, decision: Decision, pins: Sequence[Pin]) -> Iterator[Paragraph]:
    for number, line in enumerate(finding.evidence):
        yield Paragraph("" if number else "Seen by", Content(visible(line)))
    if len(finding.choices) == 1:
        yield Paragraph("Change", Content(visible(finding.choices[0].label)))
        yield Paragraph("Effect", Content(visible(finding.choices[0].effect)))
    if finding.advice:
        yield Paragraph("Advice" if finding.choices else "By hand", Content.styled(visible(finding.advice), ".warning"))
    if len(finding.sites) > 1:
        yield Paragraph("Places", _places(finding))
    if decision.status is Status.SKIPPED and decision.reason:
        yield Paragraph("Skipped", Content(visible(decision.reason)))
    if decision.values:
        yield Paragraph("Values", Content(visible(", ".join(f"{key} = {value}" for key, value in decision.values))))
    yield Paragraph("When", when(section, pins))
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
    return Content("\n".join([f"{len(finding.sites)}, taken or left together", *drawn]))
