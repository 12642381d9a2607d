"""A line that helps on: what to do first, what would be quicker, what comes next. It goes away when it was heard."""

from __future__ import annotations

from textual.content import Content

from modal_transforms.core.model import Finding
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.onward import onward, welcome_back
from modal_wizard.review.safe import just_accepted
from modal_wizard.review.similarity import differing_first
from modal_wizard.session.decisions import Status
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.own_changes import own_changes
from modal_wizard.tui.host import Host

COMPARED = 400
"""More findings than this are counted, not compared."""


def _keys(text: str) -> Content:
    """Return a hint in which words between stars are keys."""
    parts = text.split("*")
    return Content.assemble(*((part, ".key" if index % 2 else ".hint") for index, part in enumerate(parts)))


def unkept(app: Host) -> Content:
    """Return the word that decisions are lost at the end, when they are."""
    reason = app.migration.session.unkept
    text = f"Decisions are not kept when you leave: {visible(reason)}."
    return Content.styled(text, ".warning") if reason else Content("")


def overview_hint(app: Host, back: Finding | None = None) -> Content:
    """Return what helps on the overview; ``back`` is where the person was who came back."""
    if app.migration.session.unkept:
        return unkept(app)
    if app.dirty and not app.consent.dirty:
        yours = _keys(f"{own_changes(app.dirty)}: *D* commits only our lines.\n").stylize(".warning")
        return Content.assemble(yours, _next_hint(app, back))
    return _next_hint(app, back)


def _next_hint(app: Host, back: Finding | None) -> Content:
    session = app.migration.session
    if back is not None:
        return _keys(f"{welcome_back(app.migration, back)}: *⏎* goes on there.")
    if app.migration.findings() and not session.steps and not session.landings:
        return _keys("*A* takes all safe ones, *⏎* opens a section; nothing is written until you commit.")
    many = len(app.migration.ready_sections()) if app.repository is not None else 0
    return _keys(f"{many} sections are finished: *C* commits them, one after another.") if many > 1 else Content("")


def review_hint(app: Host, section: str, cursor: ReviewCursor) -> Content:
    """Return what helps in the review of a section."""
    session, tally = app.migration.session, app.migration.tally(section)
    if session.unkept:
        return unkept(app)
    if said := just_accepted(app.migration):
        return _keys(f"{said}: *n* goes on from section to section, *u* takes it back.")
    if not session.steps and not session.landings and cursor.remaining().pending:
        return _keys("*a* takes the change that is shown, *s* leaves it out, *u* takes a decision back.")
    if tally.total and not tally.pending:
        return _keys(onward(app.migration, section, app.repository is not None))
    return _by_hand(app, cursor) or _quicker(app, cursor)


def _by_hand(app: Host, cursor: ReviewCursor) -> Content:
    """Return what there is to do where everything undecided, in all sections, has to be done by hand."""
    migration, here = app.migration, cursor.here
    if here is None or here.choices or not cursor.is_pending(here):
        return Content("")
    left = 0
    for finding in migration.findings():
        if cursor.is_pending(finding):
            if finding.choices:
                return Content("")
            left += 1
    ready = len(migration.ready_sections()) if app.repository is not None else 0
    commits = f"; *C* commits all {ready} finished sections" if ready > 1 else ""
    what = "What is left has" if left == 1 else f"The {left:,} findings left have"
    return _keys(f"{what} to be done by hand: *h* when it is done, *s* leaves it out{commits}.")


def _quicker(app: Host, cursor: ReviewCursor) -> Content:
    """Return that the rest of a rule can be taken at once, when two of it were taken one by one."""
    last = [step.decisions for step in app.migration.session.steps[-2:]]
    singles = [made[0] for made in last if len(made) == 1 and made[0][1].status is Status.ACCEPTED]
    if len(singles) < 2:
        return Content("")
    try:
        taken = [app.migration.finding(identity) for identity, _ in singles]
    except KeyError:
        return Content("")
    rule = taken[-1].rule
    left = cursor.remaining().by_rule[rule]
    if len({finding.id for finding in taken}) < 2 or {finding.rule for finding in taken} != {rule} or left < 2:
        return Content("")
    differing = 0
    if left <= COMPARED:
        others = cursor.undecided()
        next_one = next((other for other in others if _place(other) > _place(taken[-1])), others[0])
        if next_one.rule != rule:
            return Content("")
        differing = differing_first([other for other in others if other.rule == rule], next_one)[1]
    differs = f" ({differing:,} {'differs' if differing == 1 else 'differ'}, shown first)" if differing else ""
    return _keys(f"*R* decides the other {left:,} of {visible(rule)} at once{differs}.")


def _place(finding: Finding) -> tuple[str, int]:
    return finding.site.path, finding.site.span.start
