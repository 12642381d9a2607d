"""What the review of a section shows: findings, the change, its reasons, its alternatives."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import OptionList, Static, Tree

from modal_transforms.model import Choice, Finding, Section
from modal_transforms.rewriting import CannotRewrite
from modal_wizard.diff import Hunk
from modal_wizard.display import visible
from modal_wizard.outcome import Tally
from modal_wizard.scan import Scan
from modal_wizard.screens.base import WizardScreen
from modal_wizard.screens.explaining import explain, headline
from modal_wizard.screens.surroundings import spots, surroundings
from modal_wizard.session import PENDING, Decision, Status
from modal_wizard.widgets.choices import Choices
from modal_wizard.widgets.diff_view import DiffView
from modal_wizard.widgets.finding_tree import FindingTree, Node
from modal_wizard.widgets.keys import KeyBar
from modal_wizard.widgets.marks import bar

REST = 0.03
"""Seconds that the cursor rests before the change under it is drawn."""


class ReviewPanes(WizardScreen):
    """The panes of the review and how they follow the cursor; decisions are the subclass's."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self._choices: dict[str, str] = {}
        """Which choice is looked at, by finding, where it is not the one that was decided."""
        self._around = 3
        self._decisions: Mapping[str, Decision] = {}
        """The decisions as they were when the screen was last brought up to date."""
        self._drawing: Timer | None = None
        self._hunks: dict[tuple[str, Decision | None, int], list[Hunk]] = {}
        self._drawn_of: Scan | None = None
        """The scan that the hunks are of."""

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
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the first finding that is not decided."""
        self.query_one("#tree").border_title = "findings"
        self.query_one("#detail").border_title = "why"
        self.show()
        first = next((finding for finding in self.findings.order if self.pending(finding)), None)
        self.findings.go(first)
        self.findings.focus()

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
        finding = self.here
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

    def chip(self) -> Content:
        """Return a word on what is not in sight."""
        return Content("")

    def show(self) -> None:
        """Bring tree, diff and explanation up to date."""
        migration = self.wizard.migration
        self._decisions = migration.session.decisions()
        self.findings.fill(self.shown(), self.status)
        tally = migration.tally(self.section.slug)
        full, rest = bar(tally.decided, tally.total, 12)
        self.query_one("#context", Static).update(
            Content.assemble(
                (f"{self.section.number} {self.section.title}", ".here"),
                self.chip(),
                ("   ", ""),
                (full, ".bar"),
                (rest, ".bar-rest"),
                f" {tally.decided} of {tally.total} decided",
                ("   ◉ ready to commit: c", ".ready") if self._ready(tally) else "",
                (f"   breaks in {self.section.breaks_in}, warns since {self.section.since}", ".dim"),
            )
        )
        self.show_here()

    @staticmethod
    def _ready(tally: Tally) -> bool:
        return not tally.pending and bool(tally.accepted + tally.edited)

    def show_here(self) -> None:
        """Bring the right side up to date with the cursor, as soon as it rests: a key held down is not waited for."""
        self.refresh_bindings()
        if self._drawing is not None:
            self._drawing.stop()
        self._drawing = self.set_timer(REST, self._draw_here)

    @property
    def at_rest(self) -> bool:
        """Whether everything is shown as it is."""
        return self._drawing is None

    def _draw_here(self) -> None:
        self._drawing = None
        finding, diff = self.here, self.query_one(DiffView)
        if finding is None:
            diff.border_title = ""
            diff.say(self._over())
            self.query_one("#headline", Static).update("")
            self.query_one("#explanation", Static).update("")
            self.query_one(Choices).show((), "", "")
            return
        decision, choice = self.wizard.migration.decision(finding), self.choice
        self._show_diff(finding, decision, choice)
        self.query_one("#headline", Static).update(headline(finding, decision))
        self.query_one("#explanation", Static).update(explain(finding, self.section, decision, self.wizard.pins))
        taken = decision.choice if decision.status is Status.ACCEPTED else ""
        self.query_one(Choices).show(finding.choices, taken, choice.key if choice else "")
        self.query_one(Choices).display = len(finding.choices) > 1

    def _over(self) -> Content:
        """Return what to say when none of the section's findings is in sight."""
        if self.all_findings():
            return Content.assemble(
                ("Nothing here is both of this section and of what was asked for.\n\n", ".warning"),
                "Press esc to see all.",
            )
        landings = [one for one in self.wizard.migration.session.landings if one.section == self.section.slug]
        lines = [f"● {one.commit[:7] or 'written'}  {one.accepted} accepted, {one.edited} edited\n" for one in landings]
        return Content.assemble(
            ("Nothing of this section is left.\n\n", ".landed"), *lines, "\nPress o for the others."
        )

    def _show_diff(self, finding: Finding, decision: Decision, choice: Choice | None) -> None:
        diff = self.query_one(DiffView)
        same_file = [other for other in self.findings.order if other.site.path == finding.site.path]
        diff.border_title = Content(f"{visible(finding.site.path, '␉')}:{finding.site.label}")
        diff.border_subtitle = f"{same_file.index(finding) + 1} of {len(same_file)} in this file"
        try:
            hunks = self._hunks_of(finding, self._wanted(decision, choice))
        except CannotRewrite as error:
            diff.say(Content.styled(f"This change cannot be made: {visible(str(error))}", ".warning"))
            return
        if hunks:
            diff.show(hunks, titles=len({hunk.path for hunk in hunks}) > 1)
            diff.reveal(finding.site.path, finding.site.text_lines[0])
        else:
            around = surroundings(self.wizard.migration, finding, self._around)
            diff.show(around, len(finding.paths) > 1, spots(finding))

    def _hunks_of(self, finding: Finding, wanted: Decision | None) -> list[Hunk]:
        """Return how a decision looks; worked out once for each scan."""
        migration, key = self.wizard.migration, (finding.id, wanted, self._around)
        if self._drawn_of is not migration.scanned:
            self._hunks, self._drawn_of = {}, migration.scanned
        if key not in self._hunks:
            self._hunks[key] = migration.hunks(finding, wanted, self._around)
        return self._hunks[key]

    def _wanted(self, decision: Decision, choice: Choice | None) -> Decision | None:
        """Return the decision whose diff is to be shown: the one made, or what accepting now would make."""
        if choice is None or (decision.status is Status.EDITED and self.here and self.here.id not in self._choices):
            return decision
        values = decision.values if decision.choice == choice.key else ()
        return Decision(Status.ACCEPTED, choice.key, values)

    def on_tree_node_highlighted(self, _event: Tree.NodeHighlighted[Node]) -> None:
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
        return self._decisions.get(finding.id, PENDING).status

    def pending(self, finding: Finding) -> bool:
        """Tell whether a finding is undecided."""
        return self.status(finding) is Status.PENDING

    # --- looking -------------------------------------------------------------------------------------------------

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        diff = self.query_one(DiffView)
        diff.beside = not diff.beside

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around the change."""
        self._around = max(0, min(200, self._around + more))
        self.show_here()

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff from wherever the cursor is."""
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)
