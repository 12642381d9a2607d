"""The right side of the review: the change of the finding under the cursor, its reasons, its alternatives."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.scroll_view import ScrollView
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from modal_transforms.core.model import Choice, Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review.change import beside
from modal_wizard.review.context import spots, surroundings
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.judgement import why_recommended
from modal_wizard.review.moves import Moves, moves
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.diff import Hunk, as_it_would_be
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.host import Host
from modal_wizard.tui.screens.review.change_cache import USUAL, WHOLE, ChangeCache, Wanted, cut, is_quick, roomy
from modal_wizard.tui.screens.review.explanation import INDENT, Beyond, explain, headline, why_skipped
from modal_wizard.tui.screens.review.header import nothing_here
from modal_wizard.tui.widgets.choices import Choices, meaning
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.finding_tree import FindingTree
from modal_wizard.tui.widgets.fit import shortened
from modal_wizard.tui.widgets.labelled_text import Paragraphs, put
from modal_wizard.tui.widgets.scrolled_text import Frame, ScrolledText, entitle, out_of_sight

MOST_AROUND = 200
NARROW_HEAD, WIDE_HEAD = 7, 10
"""So many lines of what is said first stand above the choices, on a narrow and on a wide screen."""
MOST_CHOICES = 5
"""So many choices are in sight without scrolling on a narrow screen."""
BESIDE_PATH = 30
"""Cells above the diff that are left for what is said beside the path."""


class ChangePane(Vertical):
    """The diff over its explanation and choices; `draw` brings them up to date with the cursor."""

    def __init__(self, section: Section, cursor: ReviewCursor, tree: FindingTree, host: Host) -> None:
        super().__init__(id="main")
        self.changes = ChangeCache()
        self.diff = DiffView(id="diff")
        self.choices = Choices(id="choices")
        self._headline, self._rest, self._detail = Static(id="headline"), ScrolledText(id="rest"), Frame(id="detail")
        self._section, self._cursor, self._findings, self._host = section, cursor, tree, host
        self._around: int | None = host.view.context
        """How many lines the person wants around a change; ``None`` for as many as there is room for."""
        self._shown_around = USUAL
        """How many lines there are around the change that is shown."""
        self._whole = False
        """Whether whole files are shown."""
        self._drawn: object = None
        """All that what is shown depends on."""
        self._pictured = ""
        """The finding whose change or code is shown."""
        self._working: Worker[None] | None = None
        """What works out the change that is to be shown next."""

    def compose(self) -> ComposeResult:
        """The diff; below it why, the choices, and the rest of what is to be said."""
        yield self.diff
        with self._detail:
            yield self._headline
            yield self.choices
            yield self._rest

    def on_mount(self) -> None:
        """Say how much is out of sight whenever the text is scrolled."""
        self.watch(self._rest, "scroll_y", self._tell_more)

    def _tell_more(self) -> None:
        entitle(self._detail, f"why{out_of_sight(self._rest)}")

    # --- how it is looked at -------------------------------------------------------------------------------------

    def more_lines(self, more: int) -> int:
        """Show more or fewer lines around the change; returns how many."""
        self._around = max(0, min(MOST_AROUND, self._shown_around + more))
        self._whole = False
        return self._around

    def toggle_whole(self) -> None:
        """Show the whole file around the change, or only some lines."""
        self._whole = not self._whole

    def lines_around(self, made: Sequence[Hunk]) -> int:
        """Return how many lines to show around each change."""
        if self._whole:
            return WHOLE
        return roomy(made, self.diff.size.height) if self._around is None else self._around

    def scroll(self, lines: int) -> None:
        """Scroll the diff and then the text below it down; back in the other order."""
        views: list[ScrollView] = [self.diff, self._rest]
        for view in views if lines > 0 else reversed(views):
            if view.size.height and 0 <= view.scroll_y + (1 if lines > 0 else -1) <= view.max_scroll_y:
                view.scroll_relative(y=lines, animate=False)
                return

    @property
    def scrolls(self) -> bool:
        """Whether some of the change or of what is said of it is out of sight."""
        return any(view.size.height and view.max_scroll_y > 0 for view in (self.diff, self._rest))

    # --- drawing -------------------------------------------------------------------------------------------------

    @property
    def at_rest(self) -> bool:
        """Whether the change that is wanted is shown, not still worked out."""
        return self._working is None or self._working.is_finished

    def is_makeable(self, finding: Finding) -> bool:
        """Tell whether it was worked out that the choice that is looked at can be made."""
        choice = self._cursor.choice_of(finding)
        decision = Decision(Status.ACCEPTED, choice.key if choice else "")
        return self.changes.is_makeable(self._cursor.migration, finding, decision)

    def wanted(self, finding: Finding) -> Wanted:
        """Return what of a finding is to be shown."""
        return finding.id, self._cursor.shown(finding), beside(self._cursor.migration, finding)

    def draw(self) -> bool:
        """Bring all up to date with the cursor; tell whether another finding, or other of it, is shown now."""
        finding = self._cursor.here
        drawn = self._to_draw(finding)
        if drawn == self._drawn:
            return False
        self._drawn = drawn
        if finding is None:
            self._draw_nothing()
            return False
        migration = self._cursor.migration
        decision, choice = migration.decision(finding), self._cursor.choice
        self._draw_change(finding)
        proposal = self._cursor.proposals.of(finding)
        key, proposed = choice.key if choice else "", proposal.words if proposal else ""
        head, above = headline(finding, decision, key, proposed, self._head_room(finding))
        put(self._headline, head)
        told = [*meaning(choice, why_recommended(finding))] if choice and len(finding.choices) > 1 else []
        more = explain(finding, self._section, decision, self._host.pins, self._beyond(finding), above)
        self._rest.put(Paragraphs([*why_skipped(decision), *told, *more], INDENT))
        self._draw_choices(finding, decision, choice)
        self._tell_more()
        return True

    def _head_room(self, finding: Finding) -> tuple[int, int]:
        """Return how wide and high what is said first may be, so that the choices stay in sight below it."""
        most, height = NARROW_HEAD if self.screen.has_class("-narrow") else WIDE_HEAD, self._detail.content_size.height
        if height:
            most = min(most, height - min(len(finding.choices), MOST_CHOICES))
        return self._headline.content_size.width or NARROW_HEAD * 10, most

    def _beyond(self, finding: Finding) -> Beyond:
        """Return what else is to be said of the change that is shown."""
        _, decision, others = self.wanted(finding)
        try:
            moved = moves(self._cursor.migration, finding, decision)
        except CannotRewrite:  # the file has gone, which the diff says
            moved = Moves()
        return Beyond(moved.all, len(others))

    def _to_draw(self, finding: Finding | None) -> object:
        """Return all that what is shown depends on."""
        migration, choice = self._cursor.migration, self._cursor.choice
        if finding is None:
            return id(migration.scanned), len(migration.findings(self._section.slug)), len(migration.session.landings)
        place = self._findings.beside(finding)
        lines = self._around, self._whole, self.diff.size.height
        others = beside(migration, finding)
        shown = finding.id, migration.decision(finding), choice.key if choice else "", lines, others, self.size.width
        return id(migration.scanned), *shown, place, len(self._host.pins)

    def _draw_nothing(self) -> None:
        self.diff.heading("")
        self.diff.say(nothing_here(self._cursor.migration, self._section))
        self._headline.update("")
        self._rest.put(Paragraphs(()))
        self.remove_class("-asks")
        self.choices.show((), "", "")

    def _draw_choices(self, finding: Finding, decision: Decision, choice: Choice | None) -> None:
        taken = decision.choice if decision.status is Status.ACCEPTED else ""
        self.choices.show(finding.choices, taken, choice.key if choice else "")
        several = len(finding.choices) > 1
        if self.has_class("-asks") != several:
            self.set_class(several, "-asks")

    def _draw_change(self, finding: Finding) -> None:
        self.diff.heading(self._place(finding))
        number, many = self._findings.beside(finding)
        self.diff.border_subtitle = f"{number} of {many} in this file"
        wanted = self.wanted(finding)
        migration = self._cursor.migration
        made = self.changes.known(migration.scanned, wanted)
        if made is None and is_quick(migration, finding, wanted[2]):
            made = self.changes.make(migration, finding, wanted)
        if made is not None:
            self._show_hunks(finding, made)
            return
        if self._pictured != finding.id:
            self._pictured = finding.id
            _show_place(self.diff, migration, finding, self.lines_around(()))
        self._working = self.run_worker(
            lambda: self._work_out(finding, wanted), thread=True, exclusive=True, group="drawing"
        )

    def _place(self, finding: Finding) -> str:
        """Return where a finding is, in the room that there is above the diff."""
        room = max(20, self.diff.size.width - BESIDE_PATH)
        return f"{shortened(visible(finding.site.path, '␉'), room)}:{finding.site.label}"

    def _work_out(self, finding: Finding, wanted: Wanted) -> None:
        """Work out a change, in a thread; until then the code that it is about is shown."""
        made = self.changes.make(self._cursor.migration, finding, wanted)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._worked_out, finding, wanted, made)

    def _worked_out(self, finding: Finding, wanted: Wanted, made: list[Hunk] | CannotRewrite) -> None:
        here = self._cursor.here
        if here is not None and wanted == self.wanted(here):
            self._show_hunks(finding, made)

    def _show_hunks(self, finding: Finding, made: list[Hunk] | CannotRewrite) -> None:
        diff = self.diff
        self._pictured = finding.id
        if isinstance(made, CannotRewrite):
            diff.say(Content.styled(f"This change cannot be made: {visible(str(made))}", ".warning"))
            return
        context = self.lines_around(made)
        self._shown_around = self._shown_around if self._whole else context
        hunks = cut(made, context)
        many = f" · {counted(len(finding.sites), 'place')}" if len(finding.sites) > 1 else ""
        if not hunks:
            _show_place(diff, self._cursor.migration, finding, context, made)
        elif self._whole:
            diff.show(map(as_it_would_be, hunks), titles=len(made) > 1)
            many = " · as it would be"
        else:
            diff.show(hunks, titles=len(made) > 1)
        diff.heading(f"{self._place(finding)}{many}", finding.site.path)
        diff.reveal(finding.site.path, finding.site.text_lines[0])


def _show_place(
    diff: DiffView, migration: Migration, finding: Finding, context: int, made: Sequence[Hunk] = ()
) -> None:
    """Show the code that a finding is about, or why it cannot be shown.

    ``made`` are its files as what else is accepted would make them.
    """
    try:
        places = surroundings(migration, finding, context, made)
    except CannotRewrite as error:
        diff.say(Content.styled(visible(str(error)), ".warning"))
    else:
        diff.show(places, len(finding.paths) > 1, spots(finding))
