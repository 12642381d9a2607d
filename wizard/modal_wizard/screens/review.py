"""The review of one section: one decision at a time, with everything that it needs in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static, Tree

from modal_transforms.model import Choice, Finding, Section
from modal_transforms.rewriting import CannotRewrite
from modal_wizard.display import visible
from modal_wizard.screens.base import WizardScreen
from modal_wizard.screens.context import counted
from modal_wizard.screens.explaining import explain
from modal_wizard.screens.surroundings import spots, surroundings
from modal_wizard.session import Decision, Status
from modal_wizard.widgets.choices import Choices
from modal_wizard.widgets.diff_view import DiffView
from modal_wizard.widgets.finding_tree import FindingTree, Node
from modal_wizard.widgets.keys import KeyBar
from modal_wizard.widgets.marks import bar


class Review(WizardScreen):
    """Findings on the left, the change and its reasons on the right."""

    BINDINGS = [
        Binding("a", "accept", "accept", tooltip="Take the change that is shown, and go to the next undecided one"),
        Binding("s", "skip", "skip", tooltip="Leave this place as it is, and go to the next undecided one"),
        Binding("e", "edit", "edit", tooltip="Write the new lines yourself; they are checked before they are taken"),
        Binding("x", "forget", "undecide", tooltip="Make this finding undecided again"),
        *(Binding(str(n), f"choose({n})", f"choose {n}", show=False) for n in range(2, 10)),
        Binding("1", "choose(1)", "choose", key_display="1-9", tooltip="Show what another of the choices would do"),
        Binding("n", "next", "next undecided", tooltip="Go to the next finding that is not decided yet"),
        Binding("A", "accept_safe", "all safe", tooltip="Accept every safe finding that is left in this section"),
        Binding("S", "skip_rest", "skip rest", tooltip="Skip everything that is still undecided in this section"),
        Binding("d", "beside", "side by side", tooltip="Show old and new in two columns, or below each other"),
        Binding("plus,equals_sign", "context(4)", "more lines", key_display="+/-", tooltip="Show more lines around"),
        Binding("minus", "context(-4)", "fewer lines", show=False, tooltip="Show fewer lines around the change"),
        Binding("J,shift+down", "scroll_diff(3)", "scroll down", show=False, tooltip="Scroll the diff down"),
        Binding("K,shift+up", "scroll_diff(-3)", "scroll up", show=False, tooltip="Scroll the diff up"),
        Binding("c", "commit", "commit", tooltip="See exactly what would be committed"),
        Binding("o", "overview", "overview", tooltip="Back to the sections"),
        Binding("escape", "overview", "back", show=False, tooltip="Back to the sections"),
    ]

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self._choices: dict[str, str] = {}
        """Which choice is looked at, by finding, where it is not the one that was decided."""
        self._around = 3

    def compose(self) -> ComposeResult:
        """The line of the section, the tree, the diff over its explanation and choices."""
        yield Static(id="context")
        with Horizontal(id="panes"):
            yield FindingTree(id="tree")
            with Vertical(id="main"):
                yield DiffView(id="diff")
                with VerticalScroll(id="detail", can_focus=False):
                    yield Static(id="explanation")
                    yield Choices(id="choices")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the first finding that is not decided."""
        self.query_one("#tree").border_title = "findings"
        self.query_one("#detail").border_title = "why"
        self.show()
        first = next((finding for finding in self.findings.order if self._pending(finding)), None)
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

    def show(self) -> None:
        """Bring tree, diff and explanation up to date."""
        migration = self.wizard.migration
        self.findings.fill(migration.findings(self.section.slug), lambda finding: migration.decision(finding).status)
        tally = migration.tally(self.section.slug)
        full, rest = bar(tally.decided, tally.total, 12)
        self.query_one("#context", Static).update(
            Content.assemble(
                (f"{self.section.number} {self.section.title}", ".here"),
                ("   ", ""),
                (full, ".bar"),
                (rest, ".bar-rest"),
                f" {tally.decided} of {tally.total} decided",
                (f"   breaks in {self.section.breaks_in}", ".dim"),
            )
        )
        self.show_here()

    def show_here(self) -> None:
        """Bring the right side up to date with the cursor."""
        finding, diff = self.here, self.query_one(DiffView)
        if finding is None:
            diff.border_title = ""
            diff.say("Nothing of this section is left here. Press o for the other sections.")
            self.query_one("#explanation", Static).update("")
            self.query_one(Choices).show((), "", "")
            return
        decision, choice = self.wizard.migration.decision(finding), self.choice
        self._show_diff(finding, decision, choice)
        self.query_one("#explanation", Static).update(explain(finding, self.section, decision, choice))
        taken = decision.choice if decision.status is Status.ACCEPTED else ""
        self.query_one(Choices).show(finding.choices, taken, choice.key if choice else "")
        self.query_one(Choices).display = bool(finding.choices)
        self.refresh_bindings()

    def _show_diff(self, finding: Finding, decision: Decision, choice: Choice | None) -> None:
        diff = self.query_one(DiffView)
        same_file = [other for other in self.findings.order if other.site.path == finding.site.path]
        diff.border_title = Content(f"{visible(finding.site.path, '␉')}:{finding.site.line}")
        diff.border_subtitle = f"{same_file.index(finding) + 1} of {len(same_file)} in this file"
        try:
            hunks = self.wizard.migration.hunks(finding, self._wanted(decision, choice), self._around)
        except CannotRewrite as error:
            diff.say(Content.styled(f"This change cannot be made: {visible(str(error))}", ".warning"))
            return
        if hunks:
            diff.show(hunks, titles=len({hunk.path for hunk in hunks}) > 1)
        else:
            around = surroundings(self.wizard.migration, finding, self._around)
            diff.show(around, len(finding.paths) > 1, spots(finding))

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

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Take the choice by enter."""
        if self.query_one(Choices).has_focus:
            self.action_accept()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        finding = self.here if self.is_mounted else None
        status = self.wizard.migration.decision(finding).status if finding else None
        pending = [other for other in self.findings.order if self._pending(other)] if self.is_mounted else []
        if action == "accept":
            return finding is not None and bool(finding.choices)
        if action == "choose":
            number = parameters[0] if parameters else 1
            return finding is not None and isinstance(number, int) and max(number, 2) <= len(finding.choices)
        possible = {
            "skip": finding is not None,
            "edit": finding is not None,
            "forget": status not in {None, Status.PENDING},
            "next": bool(pending),
            "skip_rest": bool(pending),
            "accept_safe": any(other.applicability.value == "safe" for other in pending),
            "commit": any(
                self.wizard.migration.decision(other).status in {Status.ACCEPTED, Status.EDITED}
                for other in (self.findings.order if self.is_mounted else ())
            ),
        }
        return possible.get(action, True)

    # --- deciding ------------------------------------------------------------------------------------------------

    def _pending(self, finding: Finding) -> bool:
        return self.wizard.migration.decision(finding).status is Status.PENDING

    def _decided(self, finding: Finding) -> None:
        """Go on to the next undecided finding after a decision."""
        self._choices.pop(finding.id, None)
        self.show()
        self.action_next()
        self.wizard.show_all()

    def _try(self, act: Callable[[], None], finding: Finding) -> None:
        try:
            act()
        except CannotRewrite as error:
            self.wizard.tell(f"Not accepted: {visible(str(error))}", bad=True)
        else:
            self._decided(finding)

    def action_accept(self) -> None:
        """Take the choice that is shown."""
        finding, choice = self.here, self.choice
        if finding is None or choice is None:
            return
        if choice.asks:
            self._ask(finding, choice)
        else:
            self._try(lambda: self.wizard.migration.accept(finding, choice.key), finding)

    def _ask(self, finding: Finding, choice: Choice) -> None:
        from modal_wizard.screens.values import Values

        def answered(values: Mapping[str, str] | None) -> None:
            if values is not None:
                self._try(lambda: self.wizard.migration.accept(finding, choice.key, values), finding)

        decision = self.wizard.migration.decision(finding)
        self.app.push_screen(Values(choice, dict(decision.values)), answered)

    def action_skip(self) -> None:
        """Leave the finding as it is."""
        if (finding := self.here) is not None:
            self.wizard.migration.skip([finding])
            self._decided(finding)

    def action_forget(self) -> None:
        """Make the finding undecided again."""
        if (finding := self.here) is not None:
            self.wizard.migration.forget(finding)
            self._choices.pop(finding.id, None)
            self.wizard.show_all()

    def action_choose(self, number: int) -> None:
        """Show what another choice would do."""
        finding = self.here
        if finding is not None and number <= len(finding.choices):
            self._choices[finding.id] = finding.choices[number - 1].key
            self.show_here()

    def action_next(self) -> None:
        """Go to the next undecided finding, from the cursor on and then from the top."""
        order, here = self.findings.order, self.here
        start = order.index(here) + 1 if here in order else 0
        for finding in [*order[start:], *order[:start]]:
            if self._pending(finding):
                self.findings.go(finding)
                return

    def action_accept_safe(self) -> None:
        """Accept every safe finding that is left, as one step."""
        safe = [f for f in self.findings.order if self._pending(f) and f.applicability.value == "safe"]
        refused = self.wizard.migration.accept_all(safe, f"accept all safe of {self.section.title}")
        self.wizard.show_all()
        self.action_next()
        self.wizard.tell(f"{counted(len(safe) - len(refused), 'finding')} accepted in one step; u takes it back.")
        for refusal in refused:
            site = refusal.finding.site
            self.wizard.tell(f"{visible(site.path)}:{site.line} stays undecided: {visible(refusal.reason)}", bad=True)

    def action_skip_rest(self) -> None:
        """Skip everything undecided, as one step."""
        rest = [finding for finding in self.findings.order if self._pending(finding)]
        self.wizard.migration.skip(rest)
        self.wizard.show_all()
        self.wizard.tell(f"{counted(len(rest), 'finding')} skipped in one step; u takes it back.")

    def action_edit(self) -> None:
        """Write the new lines by hand."""
        from modal_wizard.screens.edit import Edit

        finding, choice = self.here, self.choice
        if finding is None:
            return

        def done(taken: bool | None) -> None:
            if taken:
                self._decided(finding)

        self.app.push_screen(Edit(finding, choice.key if choice else ""), done)

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

    def action_commit(self) -> None:
        """Go to the commit screen."""
        from modal_wizard.screens.commit import Commit

        self.app.push_screen(Commit(self.section))

    def action_overview(self) -> None:
        """Back to the sections, from the choices first back to the findings."""
        if self.query_one(Choices).has_focus:
            self.findings.focus()
        else:
            self.app.pop_screen()
