"""What the review says of one finding: how far it may be trusted, why, by what evidence, with what effect."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.style import Style
from textual.visual import Visual

from modal_transforms.model import Choice, Finding, Section
from modal_wizard.display import visible
from modal_wizard.session import Decision, Status
from modal_wizard.widgets.marks import DECISIONS
from modal_wizard.widgets.prose import Entries, Entry

MANY_SITES = 8


def explain(finding: Finding, section: Section, decision: Decision, choice: Choice | None) -> Visual:
    """Return the pane of a finding; ``choice`` is the one whose diff is shown."""
    return Entries([Entry("", _headline(finding, decision)), *_entries(finding, section, decision, choice)], indent=9)


def _headline(finding: Finding, decision: Decision) -> Content:
    kind = finding.applicability.value
    state = DECISIONS[decision.status]
    bulk = " with others" if decision.bulk else ""
    return Content.assemble(
        (f" {kind} ", f".{kind}-badge"),
        (f"  {finding.rule}  ", ".dim"),
        (f"{state}{bulk}", f".{state.style}"),
    )


def _entries(finding: Finding, section: Section, decision: Decision, choice: Choice | None) -> Iterator[Entry]:
    yield Entry("Why", Content(visible(finding.message)))
    for number, line in enumerate(finding.evidence):
        yield Entry("" if number else "Seen by", Content(visible(line)))
    if choice is not None:
        yield Entry("Effect", Content(visible(choice.effect)))
    if finding.advice:
        yield Entry("Advice" if finding.choices else "By hand", Content.styled(visible(finding.advice), ".warning"))
    if len(finding.sites) > 1:
        yield Entry("Places", _places(finding))
    if decision.status is Status.SKIPPED and decision.reason:
        yield Entry("Skipped", Content(visible(decision.reason)))
    if decision.values:
        yield Entry("Values", Content(visible(", ".join(f"{key} = {value}" for key, value in decision.values))))
    link = Content(section.link).stylize(Style(link=section.link))
    yield Entry("Guide", Content.assemble(f"warns since {section.since}, breaks in {section.breaks_in}  ", (link)))


def _places(finding: Finding) -> Content:
    """Return the places of a finding, file by file: taken or left together."""
    files: dict[str, list[str]] = {}
    for site in finding.sites[:MANY_SITES]:
        files.setdefault(visible(site.path, "␉"), []).append(str(site.line))
    more = len(finding.sites) - MANY_SITES
    shown = "   ".join(f"{path}:{' :'.join(lines)}" for path, lines in files.items())
    return Content(f"{shown}{f'   and {more} more' if more > 0 else ''}   (taken or left together)")
