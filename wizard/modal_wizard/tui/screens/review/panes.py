"""What the review of a section shows: findings, the change, its reasons, its alternatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.worker import Worker, get_current_worker

from modal_transforms.core.model import Choice, Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.session.log import Decision, Status
from modal_wizard.text.diff import Hunk
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.screens.review.change_cache import USUAL, WHOLE, Drawings, Wanted, cut, is_quick, roomy
from modal_wizard.tui.screens.review.counts import InSight
from modal_wizard.tui.screens.review.explanation import explain, headline
from modal_wizard.tui.screens.review.header import nothing_here, section_line
from modal_wizard.tui.screens.review.source_view import show_place
from modal_wizard.tui.widgets.choices import Choices
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.finding_tree import FindingTree
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.labelled_text import put


class ReviewPanes(WizardScreen):
    """The panes of the review and how they follow the cursor; decisions are the subclass's."""

    def __init__(self, section: Section, at: Finding | None = None) -> None:
        super().__init__()
        self.section = section
        self._begin_at = at
        self._choices: dict[str, str] = {}
        """Which choice is looked at, by finding, where it is not the one that was decided."""
        self._around: int | None = None
        """How many lines the person wants around a change; ``None`` for as many as there is room for."""
        self._shown_around = USUAL
        """How many lines there are around the change that is shown."""
        self._whole = False
        """Whether whole files are shown."""
        self._in_sight = InSight()
        self._tree_height: int | None = None
        self._offered: object = None
        """Which of them could be done when the keys were shown last."""
        self._drawn: object = None  # what the right side shows
        self._pictured = ""  # the finding whose change or code is shown
        self.drawings = Drawings()
        self._working: Worker[None] | None = None
        """What works out the change that is to be shown next."""

    def compose(self) -> ComposeResult:
        """The line of the section, the tree, the diff over its explanation and choices."""
        yield Static(id="context")
        with Horizontal(id="panes"):
            yield FindingTree(id="tree")
            with Vertical(id="main"):
                yield DiffView(id="diff")
                with VerticalScroll(id="detail"):
                    yield Static(id="headline")
                    yield Choices(id="choices")
                    yield Static(id="explanation")
        yield Static(id="hint")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the first finding that is not decided."""
        self.query_one("#tree").border_title = "findings"
        self.query_one("#detail").border_title = "why"
        self.show()
        first = next((finding for finding in self.findings.order if self.pending(finding)), None)
        self.findings.go(self._begin_at or first)
        self.findings.focus()

    def on_diff_view_resized(self) -> None:
        """Show as much as there is room for now."""
        self.show_here()

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def findings(self) -> FindingTree:
        """The findings."""
        return self.query_one(FindingTree)

    @property
    def here(self) -> Finding | None:
        """The finding that is asked about."""
        return self.findings.here

    @property
    def choice(self) -> Choice | None:
        """The choice whose diff is shown."""
        return self._choice_of(self.here)

    def _choice_of(self, finding: Finding | None) -> Choice | None:
        if finding is None or not finding.choices:
            return None
        key = self._choices.get(finding.id) or self.wizard.migration.decision(finding).choice
        return next((choice for choice in finding.choices if choice.key == key), finding.choices[0])

    def all_findings(self) -> list[Finding]:
        """Return the findings of the section that still stand."""
        return self.wizard.migration.findings(self.section.slug)

    def shown(self) -> list[Finding]:
        """Return the findings that are in sight."""
        return self.all_findings()

    def hint(self) -> Content:
        """Return a line that helps on."""
        return Content("")

    def chip(self) -> Content:
        """Return a word on what is not in sight."""
        return Content("")

    def show(self) -> None:
        """Bring tree, diff and explanation up to date."""
        migration = self.wizard.migration
        self.findings.fill(self.shown(), self.status)
        tally = migration.tally(self.section.slug)
        put(self.query_one("#context", Static), section_line(self.section, tally, self.chip()))
        put(self.query_one("#hint", Static), self.hint())
        self.draw_soon()

    def standing(self) -> InSight:
        """Return what is left of the findings in sight."""
        tree = self.findings
        return self._in_sight.follow(tree.order, tree.filled, self.wizard.migration.session)

    def show_here(self) -> None:
        """Bring the right side up to date with the cursor, before anything else is drawn."""
        self.draw_soon()

    offer_keys = show_here

    def get_ready(self) -> None:
        """Show the change under the cursor and the keys that work now."""
        if self.is_mounted and self.query_one(DiffView).size:
            self._draw_here()
            self._offer()

    def possible(self) -> Mapping[str, bool]:
        """Return which of the keys that cannot always be pressed can be now."""
        return {}

    def is_shown(self, finding: Finding) -> bool:
        """Tell whether it was worked out that the choice that is looked at can be made."""
        wanted = finding.id, Decision(Status.ACCEPTED, self.choice.key if self.choice else "")
        return isinstance(self.drawings.known(self.wizard.migration.scanned, wanted), list)

    def _offer(self) -> None:
        """Show other keys when others work than before; asking for all of them takes a while."""
        here, app = self.here, self.wizard
        everywhere = (app.check_action(name, ()) for name in ("undo", "redo", "problems"))
        offered = (len(here.choices) if here else 0, self.steps_back, *everywhere, *self.possible().values())
        if offered != self._offered:
            self._offered = offered
            self.query_one(KeyBar).follow()

    @property
    def at_rest(self) -> bool:
        """Whether everything is shown as it is."""
        return not self._due and (self._working is None or self._working.is_finished)

    def _draw_here(self) -> None:
        self._fit_tree()
        finding, diff = self.here, self.query_one(DiffView)
        drawn = self._to_draw(finding)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if finding is None:
            diff.heading("")
            diff.say(nothing_here(self.wizard.migration, self.section))
            self.query_one("#headline", Static).update("")
            self.query_one("#explanation", Static).update("")
            self.query_one(Choices).show((), "", "")
            return
        decision, choice = self.wizard.migration.decision(finding), self.choice
        self._show_diff(finding, decision, choice)
        put(self.query_one("#headline", Static), headline(finding, decision))
        put(self.query_one("#explanation", Static), explain(finding, self.section, decision, self.wizard.pins))
        taken = decision.choice if decision.status is Status.ACCEPTED else ""
        self.query_one(Choices).show(finding.choices, taken, choice.key if choice else "")
        several = len(finding.choices) > 1
        if self.query_one(Choices).display != several:
            self.query_one(Choices).display = several
        self.go_ahead()

    def go_ahead(self) -> None:
        """Work out what the next keys are likely to ask for; called when what this one asked for is ready."""

    def _fit_tree(self) -> None:
        """Take no more room for the findings than they need, where the panes are below each other."""
        wanted = self.findings.rows + 1 if self.has_class("-narrow") else None
        if wanted != self._tree_height:
            self._tree_height = self.findings.styles.max_height = wanted

    def _to_draw(self, finding: Finding | None) -> object:
        """Return all that the right side depends on."""
        migration, choice = self.wizard.migration, self.choice
        if finding is None:
            return id(migration.scanned), len(self.all_findings()), len(migration.session.landings)
        place = self.findings.beside(finding)
        lines = self._around, self._whole, self.query_one(DiffView).size.height
        shown = finding.id, migration.decision(finding), choice.key if choice else "", lines
        return id(migration.scanned), *shown, place, len(self.wizard.pins)

    def _show_diff(self, finding: Finding, decision: Decision, choice: Choice | None) -> None:
        diff = self.query_one(DiffView)
        diff.heading(f"{visible(finding.site.path, '␉')}:{finding.site.label}")
        number, many = self.findings.beside(finding)
        diff.border_subtitle = f"{number} of {many} in this file"
        wanted = self.wanted(finding)
        migration = self.wizard.migration
        made = self.drawings.known(migration.scanned, wanted)
        if made is None and is_quick(migration, finding):
            made = self.drawings.make(migration, finding, wanted)
        if made is not None:
            self._show_hunks(finding, made)
        else:
            if self._pictured != finding.id:
                self._pictured = finding.id
                show_place(diff, migration, finding, self.lines_around(()))
            self._working = self.run_worker(
                lambda: self._work_out(finding, wanted), thread=True, exclusive=True, group="drawing"
            )

    def _work_out(self, finding: Finding, wanted: Wanted) -> None:
        """Work out a change, in a thread; until then the code that it is about is shown."""
        made = self.drawings.make(self.wizard.migration, finding, wanted)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._worked_out, finding, wanted, made)

    def _worked_out(self, finding: Finding, wanted: Wanted, made: list[Hunk] | CannotRewrite) -> None:
        if self.here is not None and wanted == self.wanted(self.here):
            self._show_hunks(finding, made)

    def _show_hunks(self, finding: Finding, made: list[Hunk] | CannotRewrite) -> None:
        diff = self.query_one(DiffView)
        self._pictured = finding.id
        if isinstance(made, CannotRewrite):
            diff.say(Content.styled(f"This change cannot be made: {visible(str(made))}", ".warning"))
            return
        around = self.lines_around(made)
        self._shown_around = self._shown_around if self._whole else around
        if made:
            hunks = cut(made, around)
            diff.show(hunks, titles=len(made) > 1)
            many = f" · {len(hunks)} parts" if len(hunks) > 1 else ""
        else:
            show_place(diff, self.wizard.migration, finding, around)
            many = ""
        diff.heading(f"{visible(finding.site.path, '␉')}:{finding.site.label}{many}")
        diff.reveal(finding.site.path, finding.site.text_lines[0])

    def lines_around(self, made: Sequence[Hunk]) -> int:
        """Return how many lines to show around each change."""
        if self._whole:
            return WHOLE
        room = self.query_one(DiffView).size.height
        return roomy(made, room) if self._around is None else self._around

    def wanted(self, finding: Finding) -> Wanted:
        """Return the decision whose diff is to be shown: the one made, or what accepting now would make."""
        decision, choice = self.wizard.migration.decision(finding), self._choice_of(finding)
        if choice is None or (decision.status is Status.EDITED and finding.id not in self._choices):
            return finding.id, decision
        values = decision.values if decision.choice == choice.key else ()
        return finding.id, Decision(Status.ACCEPTED, choice.key, values)

    def on_finding_tree_moved(self) -> None:
        """Show the finding that the cursor came to."""
        self.show_here()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the diff of the choice that the cursor came to."""
        finding, choice = self.here, self.choice
        if finding is not None and choice is not None and event.option_id not in {None, choice.key}:
            self._choices[finding.id] = str(event.option_id)
            self.show_here()

    def status(self, finding: Finding) -> Status:
        """Return where a finding stands."""
        return self.wizard.migration.session.decision(finding.id).status

    def pending(self, finding: Finding) -> bool:
        """Tell whether a finding is undecided."""
        return self.status(finding) is Status.PENDING
