"""Look around from the plain prompt: search, more lines, whole files, what was not read or only looks alike."""

from __future__ import annotations

from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import place, shown, whole_lines
from modal_wizard.review.search import Hit, search
from modal_wizard.verify.apart import VerifyProcess

FEW = 20
"""Hits that are listed."""
STEP, MOST = 4, 1000
"""Lines around a change: how many more a command shows, and the most of them."""
NOWHERE = "There is no finding here; o gives the overview."


def find(desk: Desk, words: str) -> None:
    """List what some words occur in, ask which, and go there; at once where it is one."""
    wanted = words or desk.console.ask("Words of a section, a file, a rule or code, or file:line:")
    hits = search(desk.migration, wanted, FEW + 1)
    if not hits:
        desk.console.say("These words occur nowhere.")
        return
    at = 0
    if len(hits) > 1:
        more = [f"and more than {FEW} in all; more words list fewer"] * (len(hits) > FEW)
        desk.console.say(*(f"{n}. {_named(hit)}" for n, hit in enumerate(hits[:FEW], start=1)), *more)
        answer = desk.console.ask("Go to which one, by its number (nothing for none):")
        if not answer.isdecimal() or not 1 <= int(answer) <= min(len(hits), FEW):
            return
        at = int(answer) - 1
    hit = hits[at]
    if hit.finding is None:
        desk.open(hit.section)
    else:
        desk.go(hit.finding)


def _named(hit: Hit) -> str:
    if hit.finding is None:
        return f"section {hit.section.label}, {hit.section.title}"
    if hit.path:
        return f"file {shown(hit.path)}"
    first = hit.finding.site.text.strip().split("\n")[0]
    return f"{place(hit.finding)}: {shown(first)}"


def more_lines(desk: Desk, lines: str) -> None:
    """Show the finding again, with more lines around its change, or as many as is said."""
    desk.context = min(int(lines) if lines.isdecimal() else desk.context + STEP, MOST)
    _again(desk)


def fewer_lines(desk: Desk) -> None:
    """Show the finding again, with fewer lines around its change."""
    desk.context = max(0, desk.context - STEP)
    _again(desk)


def _again(desk: Desk) -> None:
    if desk.here is None:
        desk.console.say(NOWHERE)
    desk.show()


def whole(desk: Desk) -> None:
    """Show the whole file as it would be with the change."""
    if desk.here is None:
        desk.console.say(NOWHERE)
        return
    try:
        desk.console.say(*whole_lines(desk.migration, desk.here, desk.cursor.shown(desk.here)))
    except CannotRewrite as error:
        desk.console.say(f"This change cannot be made: {shown(str(error))}")


def guide(desk: Desk) -> None:
    """Say where the section is in Modal's guide."""
    desk.console.say(desk.section.link if desk.section else "No section is open; o and a number opens one.")


def problems(desk: Desk) -> None:
    """List the files that were not read, and why."""
    found = desk.migration.problems
    desk.console.say(*(f"{shown(problem.path)}: {shown(problem.message)}" for problem in found))
    if not found:
        desk.console.say("Every file was read.")


def alike(desk: Desk) -> None:
    """List what only reads like old code, and why it stays."""
    found = desk.migration.analysis.look_alikes()
    for each in found:
        where = f"{shown(each.site.path)}, line {each.site.label}"
        desk.console.say(f"{where}: {shown(each.site.text)}: {shown(each.reason)} ({each.section}).")
    if not found:
        desk.console.say("Nothing else reads like old Modal code.")


def verify(desk: Desk) -> None:
    """Import what uses Modal under the real SDK, after a yes: that runs code."""
    desk.console.say("This imports every file that uses Modal under the real SDK, in copies, without network.")
    if desk.console.agreed("It runs your code as far as importing does. Go on?"):
        VerifyProcess(desk.migration.scope.root).run(desk.console.say)
