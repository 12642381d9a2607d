"""Decide the rest of a rule, a file or a section at once, or mute a rule, asked line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from modal_transforms.core.model import Finding
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import place, shown
from modal_wizard.session.decisions import Decision
from modal_wizard.session.mute import mute, unmute
from modal_wizard.text.grammar import in_one_step


def many_at_once(desk: Desk) -> None:
    """List what can be decided together, ask which, and do it as one step of undo."""
    finding = desk.here
    if finding is None:
        desk.console.say("There is no finding here; o gives the overview.")
        return
    offers = list(_offers(desk, finding))
    desk.console.say(*(f"{number}. {words}" for number, (words, _) in enumerate(offers, start=1)))
    answer = desk.console.ask("Which one, by its number (nothing for none):")
    if not answer.isdecimal() or not 1 <= int(answer) <= len(offers):
        desk.console.say("Nothing was decided.")
        return
    offers[int(answer) - 1][1]()


def _offers(desk: Desk, here: Finding) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what can be decided together: what it is, and what does it."""
    if proposed := desk.cursor.proposals.among(desk.cursor.undecided()):
        yield f"decide {len(proposed):,} as is proposed", partial(_take, desk, proposed)
    for name, several in _groups(desk, here):
        yield f"accept {name}", partial(accept, desk, several, f"accept {name}")
        yield f"skip {name}", partial(skip, desk, several)
    if here.rule in desk.migration.session.muted:
        yield f"unmute rule {here.rule}", partial(_mute, desk, here, False)
    else:
        yield f"mute rule {here.rule}, for what is found later too", partial(_mute, desk, here, True)


def _take(desk: Desk, proposed: Sequence[tuple[Finding, Decision]]) -> None:
    """Decide findings as a file of decisions proposes it, as one step."""
    refused = desk.migration.decide(proposed, f"decide {len(proposed)} as is proposed")
    _tell(desk, refused, len(proposed), "decided as proposed")


def _groups(desk: Desk, here: Finding) -> list[tuple[str, list[Finding]]]:
    """Return what is left of the rule, the file and the section, each with its name and how many it is."""
    left = desk.cursor.undecided()
    kinds = (
        (f"rule {here.rule}", [each for each in left if each.rule == here.rule]),
        (shown(here.site.path), [each for each in left if each.site.path == here.site.path]),
        ("this section", left),
    )
    return [(f"{_all(several)} left of {name}", several) for name, several in kinds if several]


def _all(several: list[Finding]) -> str:
    return f"all {len(several):,}" if len(several) > 1 else "the one"


def accept(desk: Desk, several: list[Finding], label: str) -> None:
    """Accept findings as one step, and say which stay undecided."""
    _tell(desk, desk.migration.accept_all(several, label), len(several), "accepted")


def _tell(desk: Desk, refused: Sequence[NotApplicable], of: int, verb: str) -> None:
    for refusal in refused:
        desk.console.say(f"{place(refusal.finding)} stays undecided: {shown(refusal.reason)}")
    left = len(desk.cursor.undecided()) if verb == "accepted" else 0
    desk.console.say(in_one_step(of - len(refused), verb, left))
    desk.onward()


def skip(desk: Desk, several: list[Finding]) -> None:
    """Skip findings as one step."""
    desk.migration.skip(several)
    desk.console.say(in_one_step(len(several), "skipped"))
    desk.onward()


def _mute(desk: Desk, finding: Finding, on: bool) -> None:
    migration = desk.migration
    (mute if on else unmute)(migration.session, finding.rule, migration.findings())
    later = ": what is found of it now and later is skipped" if on else " any more"
    desk.console.say(f"Rule {finding.rule} is {'' if on else 'not '}muted{later}; u takes it back.")
    if on:
        desk.onward()
