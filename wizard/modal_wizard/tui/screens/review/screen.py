"""The review of one section: one decision at a time, with everything that it needs in sight."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import OptionList, Static

from modal_transforms.core.model import Choice, Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.filter import Filter, words_of
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.choose import Typing
from modal_wizard.tui.screens.hints import review_hint
from modal_wizard.tui.screens.review.bulk import BulkActions
from modal_wizard.tui.screens.review.change_pane import ChangePane
from modal_wizard.tui.screens.review.filter_bar import FilterBar
from modal_wizard.tui.screens.review.header import section_line
from modal_wizard.tui.screens.review.keys import DECIDING, KEYS
from modal_wizard.tui.screens.review.prefetch import Prefetcher, in_pieces
from modal_wizard.tui.widgets.finding_tree import FindingTree
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.labelled_text import put


class Review(WizardScreen):
    """Findings on the left, the change and its reasons on the right; keys decide."""

    BINDINGS = [*KEYS]

    def __init__(self, section: Section, at: Finding | None = None, broken: bool = False) -> None:
        super().__init__()
        self.section = section
        self._begin_at = at
        self.findings = FindingTree(id="tree")
        self.cursor = ReviewCursor(self.wizard.migration, self.findings, self.wizard.proposals)
        self.findings.is_proposed = lambda finding: self.cursor.proposals.of(finding) is not None
        self.pane = ChangePane(section, self.cursor, self.findings, self.wizard)
        self.filter_bar = FilterBar(section, self.cursor, self.wizard, self._follow_filter)
        self.filter_bar.filter = Filter(broken=broken)
        self.bulk = BulkActions(section, self.cursor, self)
        self.prefetcher = Prefetcher(self, self.cursor, self.pane)
        self._section_line, self._hint_line = Static(id="context"), Static(id="hint")
        self._tree_height: int | None = None
        self._offered: object = None
        """Which of the keys could be pressed when they were shown last."""

    def compose(self) -> ComposeResult:
        """The line of the section, the tree, the change and what is said of it."""
        yield self._section_line
        with Horizontal(id="panes"):
            yield self.findings
            yield self.pane
        yield self._hint_line
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the first finding that is not decided."""
        self.findings.border_title = "findings"
        self.show()
        first = next((finding for finding in self.findings.order if self.cursor.is_pending(finding)), None)
        self.findings.go(self._begin_at or first)
        self.findings.focus()

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def here(self) -> Finding | None:
        """The finding that is asked about."""
        return self.cursor.here

    @property
    def at_rest(self) -> bool:
        """Whether everything is shown as it is."""
        return not self.is_due and self.pane.at_rest

    @property
    def steps_back(self) -> bool:
        """Whether decisions may be undone now."""
        return not self.bulk.checking

    def show(self) -> None:
        """Bring tree, diff and explanation up to date."""
        migration = self.wizard.migration
        self.findings.dirty = self.wizard.dirty
        self.findings.fill(self.filter_bar.shown(), self.cursor.status)
        tally = migration.tally(self.section.slug)
        put(self._section_line, section_line(self.section, tally, self.filter_bar.chip()))
        put(self._hint_line, review_hint(self.wizard, self.section.slug, self.cursor))
        self.draw_soon()

    def offer_keys(self) -> None:
        """Have the keys shown that work now, with the next frame."""
        self.draw_soon()

    def get_ready(self) -> None:
        """Show the change under the cursor and the keys that work now."""
        if self.is_mounted and self.pane.diff.size:
            self._fit_tree()
            if self.pane.draw():
                self.prefetcher.begin(self.wizard.scanned)
            self._offer()

    def _fit_tree(self) -> None:
        """Take no more room for the findings than they need, where the panes are below each other."""
        wanted = self.findings.rows + 1 if self.has_class("-narrow") else None
        if wanted != self._tree_height:
            self._tree_height = self.findings.styles.max_height = wanted

    def _offer(self) -> None:
        """Show other keys when others work than before; asking for all of them takes a while."""
        here, app = self.here, self.wizard
        everywhere = (app.check_action(name, ()) for name in ("undo", "redo", "problems"))
        offered = (len(here.choices) if here else 0, self.steps_back, *everywhere, *self.possible().values())
        if offered != self._offered:
            self._offered = offered
            self.query_one(KeyBar).follow()

    def heard(self) -> None:
        """Leave the work ahead for later."""
        self.prefetcher.stop()

    def on_diff_view_resized(self) -> None:
        """Show as much as there is room for now."""
        self.draw_soon()

    def on_finding_tree_moved(self) -> None:
        """Show the finding that the cursor came to."""
        self.draw_soon()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the diff of the choice that the cursor came to."""
        finding, choice = self.here, self.cursor.choice
        if finding is not None and choice is not None and event.option_id not in {None, choice.key}:
            self.cursor.look_at(finding, str(event.option_id))
            self.draw_soon()

    # --- what can be done now ------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if self.bulk.checking and action in DECIDING:
            return False
        if action == "choose":
            finding = self.here
            number = parameters[0] if parameters else 1
            return finding is not None and isinstance(number, int) and max(number, 2) <= len(finding.choices)
        return self.possible().get(action, True)

    def possible(self) -> Mapping[str, bool]:
        """Return which of the keys that cannot always be pressed can be now."""
        finding, left = self.here, self.cursor.remaining()
        tally = self.wizard.migration.tally(self.section.slug)
        onward = None if left.pending else self.filter_bar.onward()
        muted = finding is not None and finding.rule in self.wizard.migration.session.muted
        some = tally.total > tally.landed
        return {
            "accept": finding is not None and bool(finding.choices or self.cursor.proposed(finding)),
            "skip": finding is not None,
            "edit": finding is not None,
            "forget": finding is not None and not self.cursor.is_pending(finding),
            "next": bool(left.pending),
            "next_broken": onward is not None,
            "next_elsewhere": bool(tally.pending and not left.pending and onward is None),
            "next_section": not tally.pending and onward is None and self._next_section() is not None,
            "skip_because": finding is not None,
            "skip_rest": bool(left.pending),
            "rest": finding is not None and (bool(left.pending) or muted),
            "search": some,
            "filter": some,
            "accept_safe": bool(left.safe),
            "commit": bool(left.taken),
        }

    # --- deciding ------------------------------------------------------------------------------------------------

    def _decided(self, finding: Finding) -> None:
        """Go on to the next undecided finding after a decision."""
        self.cursor.look_away(finding)
        self.bulk.move_on(self.cursor.next_undecided([finding]))

    def _try(self, act: Callable[[], None], finding: Finding) -> None:
        try:
            act()
        except CannotRewrite as error:
            self.wizard.tell(f"Not accepted: {visible(str(error))}", bad=True)
        else:
            self._decided(finding)

    def action_accept(self) -> None:
        """Take the choice that is shown, or what is proposed and shown."""
        finding, choice = self.here, self.cursor.choice
        if finding is not None and (proposed := self.cursor.proposed(finding)):
            self._try(lambda: self.wizard.migration.take(finding, proposed), finding)
            return
        if finding is None or choice is None:
            return
        if choice.asks:
            self._ask(finding, choice)
        else:
            shown = self.pane.is_makeable(finding)
            self._try(lambda: self.wizard.migration.accept(finding, choice.key, checked=shown), finding)

    def on_choices_taken(self) -> None:
        """Take the choice by enter."""
        self.action_accept()

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
            self.wizard.migration.take(finding, self.cursor.proposals.skipped(finding))
            self._decided(finding)

    def action_skip_because(self) -> None:
        """Leave the finding as it is, and say why."""
        finding = self.here
        if finding is None:
            return

        def typed(reason: str | None) -> None:
            if reason is not None:
                following = self.cursor.next_undecided([finding])
                self.wizard.migration.skip([finding], reason)
                self.bulk.move_on(following)

        hint = "The reason is kept for the summary and the pull request; it may be empty."
        reason = self.wizard.migration.decision(finding).reason or self.cursor.proposals.reason(finding)
        self.app.push_screen(Typing("Why is this skipped?", hint, reason), typed)

    def action_forget(self) -> None:
        """Make the finding undecided again."""
        if (finding := self.here) is not None:
            self.wizard.migration.forget(finding)
            self.cursor.look_away(finding)
            self.wizard.show_all()

    def action_edit(self) -> None:
        """Write the new lines by hand."""
        from modal_wizard.tui.dialogs.edit import EditLines

        finding, choice = self.here, self.cursor.choice
        if finding is None:
            return

        def done(taken: bool | None) -> None:
            if taken:
                self._decided(finding)

        self.app.push_screen(EditLines(finding, choice.key if choice else ""), done)

    def action_accept_safe(self) -> None:
        """Accept every safe finding that is left in sight, as one step."""
        self.bulk.accept_safe()

    def action_skip_rest(self) -> None:
        """Skip everything undecided in sight, as one step."""
        self.bulk.skip(self.cursor.undecided())

    def action_rest(self) -> None:
        """Ask what to do with the rest."""
        self.bulk.ask_rest(bool(self.filter_bar.filter))

    # --- going ---------------------------------------------------------------------------------------------------

    def go(self, finding: Finding | None) -> None:
        """Go to a finding, also to one that the filter hides."""
        if finding is not None:
            self.filter_bar.uncover(finding)
        self.findings.go(finding)

    def point_at(self, findings: Collection[str]) -> bool:
        """Go to one of some findings; tell whether there is one in sight."""
        found = next((finding for finding in self.findings.order if finding.id in findings), None)
        self.findings.go(found)
        return found is not None

    def action_move(self, lines: int) -> None:
        """Move in the list, also when it is put away."""
        if lines > 0:
            self.findings.action_cursor_down()
        else:
            self.findings.action_cursor_up()

    def action_next(self) -> None:
        """Go to the next undecided finding, from the cursor on and then from the top."""
        self.findings.go(self.cursor.next_undecided())

    def action_next_elsewhere(self) -> None:
        """Show all findings again, and go to the next undecided one."""
        self.filter_bar.set(Filter())
        self.findings.go(self.cursor.next_undecided())

    def action_next_broken(self) -> None:
        """Go on to the next section in which something is broken now, and show only that."""
        section = self.filter_bar.onward()
        if section is not None:
            self.wizard.navigation.next_review(section, broken=True)

    def action_next_section(self) -> None:
        """Go on to the next section in which something is undecided."""
        section = self._next_section()
        if section is not None:
            self.wizard.navigation.next_review(section)

    def _next_section(self) -> Section | None:
        migration = self.wizard.migration
        return next((one for one in migration.around(self.section) if migration.tally(one.slug).pending), None)

    def action_find(self) -> None:
        """Ask where to go, in this section or another."""
        self.wizard.navigation.find()

    def action_commit(self) -> None:
        """Go to the commit screen."""
        self.wizard.navigation.open_commit(self.section)

    def action_overview(self) -> None:
        """Back to the sections: from the choices first back to the findings, from a filter first back to all."""
        if self.pane.choices.has_focus:
            self.findings.focus()
        elif self.filter_bar.filter:
            self.filter_bar.set(Filter())
        else:
            self.app.pop_screen()

    # --- what is in sight ----------------------------------------------------------------------------------------

    def _follow_filter(self) -> None:
        """Show what the filter takes; the cursor stays where it is when it can."""
        self.show()
        self.findings.focus()
        self.refresh_bindings()

    def action_search(self) -> None:
        """Ask for words, and show the findings that they occur in."""
        self.filter_bar.ask_words()
        self.prefetcher.start(in_pieces(words_of, self.filter_bar.all()))

    def action_filter(self) -> None:
        """Ask what to show."""
        self.filter_bar.ask()

    def action_choose(self, number: int) -> None:
        """Show what another choice would do."""
        finding = self.here
        if finding is not None and number <= len(finding.choices):
            self.cursor.look_at(finding, finding.choices[number - 1].key)
            self.draw_soon()

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        self.pane.diff.beside = not self.pane.diff.beside

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around the change."""
        self.pane.more_lines(more)
        self.draw_soon()

    def action_whole(self) -> None:
        """Show the whole file around the change, or only some lines."""
        self.pane.toggle_whole()
        self.draw_soon()

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff from wherever the cursor is."""
        self.pane.diff.scroll_relative(y=lines, animate=False)

    def action_put_away(self, pane: str) -> None:
        """Put a pane away, or bring it back."""
        self.toggle_class(f"-no-{pane}")
        if self.has_class("-no-tree"):
            self.set_focus(None)
        elif self.focused is None:
            self.findings.focus()
