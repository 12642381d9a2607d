"""The review of one section: one decision at a time, with everything that it needs in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.binding import Binding
from textual.content import Content

from modal_transforms.core.model import Choice, Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.review.filter import Filter
from modal_wizard.session.log import Status
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.screens.hints import review_hint
from modal_wizard.tui.screens.review.bulk import ReviewBulk
from modal_wizard.tui.screens.review.counts import InSight
from modal_wizard.tui.widgets.choices import Choices

DECIDING = frozenset(
    "accept skip skip_because edit forget accept_safe rest skip_rest commit overview next_section "
    "next_elsewhere".split()
)
"""What has to wait while many changes are checked."""


class Review(ReviewBulk):
    """Findings on the left, the change and its reasons on the right; keys decide."""

    BINDINGS = [
        Binding("a", "accept", "accept", tooltip="Take the change that is shown, and go to the next undecided one"),
        Binding("s", "skip", "skip", tooltip="Leave this place as it is, and go to the next undecided one"),
        Binding("e", "edit", "edit", tooltip="Write the new lines yourself; they are checked before they are taken"),
        Binding("x", "forget", "undecide", tooltip="Make this finding undecided again"),
        *(
            Binding(str(n), f"choose({n})", f"choose {n}", show=False, tooltip=f"Show what choice {n} would do")
            for n in range(2, 10)
        ),
        Binding("1", "choose(1)", "choose", key_display="1-9", tooltip="Show what another of the choices would do"),
        Binding("n", "next", "next undecided", tooltip="Go to the next finding that is not decided yet"),
        Binding(
            "n", "next_elsewhere", "next undecided elsewhere", tooltip="Show all, and go to the next undecided one"
        ),
        Binding("n", "next_section", "next section", tooltip="Go on to the next section with something undecided"),
        Binding("A", "accept_safe", "all safe", tooltip="Accept every safe finding that is left in this section"),
        Binding("R", "rest", "rest…", tooltip="Accept or skip the rest of this rule, file or section; mute the rule"),
        Binding("slash", "search", "search", key_display="/", tooltip="Show the findings in which some words occur"),
        Binding(
            "F", "filter", "filter", tooltip="Show only what is undecided, safe, review, manual, of a rule or a file"
        ),
        Binding("g", "find", "go to", tooltip="Go to a finding, a file or a section anywhere, by words or file:line"),
        Binding("r", "skip_because", "skip, say why", show=False, tooltip="Leave this place as it is, with a reason"),
        Binding(
            "S",
            "skip_rest",
            "skip rest",
            show=False,
            tooltip="Skip everything that is still undecided in this section",
        ),
        Binding("d", "beside", "side by side", tooltip="Show old and new in two columns, or below each other"),
        Binding(
            "plus,equals_sign",
            "context(4)",
            "more lines",
            key_display="+/-",
            tooltip="Show more or fewer lines around the change",
        ),
        Binding("minus", "context(-4)", "fewer lines", show=False, tooltip="Show fewer lines around the change"),
        Binding("w", "whole", "whole file", tooltip="Show the whole file around the change, or only some lines"),
        Binding("t", "put_away('tree')", "hide list", show=False, tooltip="Put the list of findings away, or back"),
        Binding("i", "put_away('why')", "hide reasons", show=False, tooltip="Put the reasons away, or back"),
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
        Binding("J,shift+down", "scroll_diff(3)", "scroll", show=False, key_display="J/K", tooltip="Scroll the diff"),
        Binding("K,shift+up", "scroll_diff(-3)", "scroll up", show=False, tooltip="Scroll the diff up"),
        Binding("c", "commit", "commit", tooltip="See exactly what would be committed"),
        Binding("o", "overview", "overview", tooltip="Back to the sections"),
        Binding("escape", "overview", "back", show=False, tooltip="Back to the sections"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if self.checking and action in DECIDING:
            return False
        if action == "choose":
            finding = self.here if self.is_mounted else None
            number = parameters[0] if parameters else 1
            return finding is not None and isinstance(number, int) and max(number, 2) <= len(finding.choices)
        return self.possible().get(action, True)

    def possible(self) -> Mapping[str, bool]:
        """Return which of the keys that cannot always be pressed can be now."""
        finding = self.here if self.is_mounted else None
        status = self.status(finding) if finding else None
        standing = self.standing() if self.is_mounted else InSight()
        tally = self.wizard.migration.tally(self.section.slug)
        some = tally.total > tally.landed
        return {
            "accept": finding is not None and bool(finding.choices),
            "skip": finding is not None,
            "edit": finding is not None,
            "forget": status not in {None, Status.PENDING},
            "next": bool(standing.pending),
            "next_elsewhere": bool(tally.pending and not standing.pending),
            "next_section": not tally.pending and self._next_section() is not None,
            "skip_because": finding is not None,
            "skip_rest": bool(standing.pending),
            "rest": finding is not None
            and (bool(standing.pending) or finding.rule in self.wizard.migration.session.muted),
            "search": some,
            "filter": some,
            "accept_safe": bool(standing.safe),
            "commit": bool(standing.taken),
        }

    # --- deciding ------------------------------------------------------------------------------------------------

    def _decided(self, finding: Finding) -> None:
        """Go on to the next undecided finding after a decision."""
        self._choices.pop(finding.id, None)
        self._moved_on(self.following([finding]))

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
            shown = self.is_shown(finding)
            self._try(lambda: self.wizard.migration.accept(finding, choice.key, checked=shown), finding)

    def _ask(self, finding: Finding, choice: Choice) -> None:
        from modal_wizard.tui.dialogs.form import Values

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
        self.findings.go(self.following([]))

    def action_next_elsewhere(self) -> None:
        """Show all findings again, and go to the next undecided one."""
        self.set_filter(Filter())
        self.findings.go(self.following([]))

    def action_next_section(self) -> None:
        """Go on to the next section in which something is undecided."""
        section = self._next_section()
        if section is not None:
            self.app.switch_screen(Review(section))

    def _next_section(self) -> Section | None:
        migration, here = self.wizard.migration, self.section.number
        order = sorted(migration.sections, key=lambda section: (section.number <= here, section.number))
        return next((section for section in order if migration.tally(section.slug).pending), None)

    def hint(self) -> Content:
        """Return a line that helps on."""
        return review_hint(self.wizard, self.section.slug, self.standing(), self.rest)

    def action_edit(self) -> None:
        """Write the new lines by hand."""
        from modal_wizard.tui.dialogs.edit import Edit

        finding, choice = self.here, self.choice
        if finding is None:
            return

        def done(taken: bool | None) -> None:
            if taken:
                self._decided(finding)

        self.app.push_screen(Edit(finding, choice.key if choice else ""), done)

    def on_choices_taken(self) -> None:
        """Take the choice by enter."""
        self.action_accept()

    def action_commit(self) -> None:
        """Go to the commit screen."""
        from modal_wizard.tui.screens.commit.screen import Commit

        self.app.push_screen(Commit(self.section))

    def action_overview(self) -> None:
        """Back to the sections: from the choices first back to the findings, from a filter first back to all."""
        if self.query_one(Choices).has_focus:
            self.findings.focus()
        elif self.filter:
            self.set_filter(Filter())
        else:
            self.app.pop_screen()
