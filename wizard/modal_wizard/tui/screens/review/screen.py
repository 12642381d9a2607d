"""The review of one section: one decision at a time, with everything that it needs in sight."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import OptionList, Static

from modal_transforms.core.model import Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.filter import Filter, words_of
from modal_wizard.review.judgement import no_choice
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.screens.hints import review_hint
from modal_wizard.tui.screens.review.asking import ask_reason, ask_values
from modal_wizard.tui.screens.review.bulk import BulkActions
from modal_wizard.tui.screens.review.by_hand import ByHand
from modal_wizard.tui.screens.review.change_pane import ChangePane
from modal_wizard.tui.screens.review.filter_bar import FilterBar
from modal_wizard.tui.screens.review.hand_over import copy_diff, open_guide
from modal_wizard.tui.screens.review.header import section_line
from modal_wizard.tui.screens.review.keys import DECIDING, KEYS
from modal_wizard.tui.screens.review.looks import WaysOfLooking
from modal_wizard.tui.screens.review.offers import OfferedKeys, has_choice, next_section
from modal_wizard.tui.screens.review.prefetch import Prefetcher, in_pieces
from modal_wizard.tui.widgets.finding_tree import FindingTree
from modal_wizard.tui.widgets.hint_line import HintLine
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.labelled_text import put


class Review(WizardScreen):
    """Findings on the left, the change and its reasons on the right; keys decide."""

    AUTO_FOCUS = ""
    WAITS = True
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
        self.by_hand = ByHand(self.cursor, self, self._decided)
        self.prefetcher = Prefetcher(self, self.cursor, self.pane, self.filter_bar.count)
        self.looks = WaysOfLooking(self, self.pane)
        self._section_line, self._hint_line = Static(id="context"), HintLine()
        self._filled: object = None
        """What the list was filled by last."""
        self._offered_keys = OfferedKeys(section, self.cursor, self.filter_bar)

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
        self.looks.as_before()
        self.show()
        first = next((finding for finding in self.findings.order if self.cursor.is_pending(finding)), None)
        self.findings.go(self._begin_at or first)
        self._go_home()

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
        """Whether decisions may be made or undone now: no changes are checked, no files looked at again."""
        return not (self.bulk.checking or self.by_hand.looking)

    def show(self) -> None:
        """Bring tree, diff and explanation up to date."""
        self.findings.dirty = self.wizard.dirty
        if (state := self.filter_bar.state) != self._filled:
            self._filled = state
            self.findings.fill(self.filter_bar.shown(), self.cursor.status)
        self.findings.follow_decisions()
        self._make_room()
        finished = not self.wizard.migration.tally(self.section.slug).pending
        self._hint_line.help(review_hint(self.wizard, self.section.slug, self.cursor), stays=finished)
        self.draw_soon()

    def _make_room(self) -> None:
        """Put the list away where it has one finding, which the diff names as well; bring it back for more."""
        alone = len(self.findings.order) == 1 and not self.filter_bar.filter
        if alone != self.has_class("-one"):
            self.set_class(alone, "-one")
            if self.focused is None or self.focused is self.findings:
                self._go_home()

    def offer_keys(self) -> None:
        """Have the keys shown that work now, with the next frame."""
        self.draw_soon()

    def get_ready(self) -> None:
        """Show the change under the cursor and the keys that work now."""
        if self.is_mounted and self.pane.diff.size:
            self.findings.fit(self.has_class("-narrow"))
            section, tally = self.section, self.wizard.migration.tally(self.section.slug)
            put(self._section_line, section_line(section, tally, self.filter_bar.chip(), self.size.width - 2))
            if self.pane.draw():
                self.prefetcher.begin(self.wizard.scanned)
            self._offer()

    def _offer(self) -> None:
        """Show other keys when others work than before; asking for all of them takes a while."""
        here, app = self.here, self.wizard
        everywhere = (app.check_action(name, ()) for name in ("undo", "redo", "problems"))
        many = len(here.choices) if here else 0
        self._offered_keys.follow(self.query_one(KeyBar), many, self.steps_back, self.pane.scrolls, *everywhere)

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
        if not self.steps_back and action in DECIDING:
            return False
        if action == "scroll_diff":
            return self.pane.scrolls
        if action == "end_check":
            return self.bulk.checking
        if action == "commit_all":
            return self.may_commit_all
        if action in {"choose", "no_choice"}:
            return has_choice(self.here, *parameters) is (action == "choose")
        return self._offered_keys.possible().get(action, True)

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
            take = partial(self.wizard.migration.accept, finding, choice.key)
            ask_values(self.wizard, finding, choice, lambda values: self._try(partial(take, values), finding))
        else:
            shown = self.pane.is_makeable(finding)
            self._try(lambda: self.wizard.migration.accept(finding, choice.key, checked=shown), finding)

    def on_choices_taken(self) -> None:
        """Take the choice by enter."""
        self.action_accept()

    def action_skip(self) -> None:
        """Leave the finding as it is."""
        if (finding := self.here) is not None:
            self.wizard.migration.take(finding, self.cursor.proposals.skipped(finding))
            self._decided(finding)

    def action_skip_because(self) -> None:
        """Leave the finding as it is, and say why."""
        if (finding := self.here) is None:
            return

        def typed(reason: str) -> None:
            following = self.cursor.next_undecided([finding])
            self.wizard.migration.skip([finding], reason)
            self.bulk.move_on(following)

        ask_reason(self.wizard, finding, self.cursor.proposals.reason(finding), typed)

    def action_forget(self) -> None:
        """Make the finding undecided again."""
        if (finding := self.here) is not None:
            self.wizard.migration.forget(finding)
            self.cursor.look_away(finding)
            self.wizard.show_all()

    def action_edit(self) -> None:
        """Write the new lines by hand."""
        if (finding := self.here) is not None:
            self.by_hand.in_place(finding)

    def action_edit_outside(self) -> None:
        """Open the person's own editor."""
        if (finding := self.here) is not None:
            self.by_hand.outside(finding)

    def action_done_by_hand(self) -> None:
        """Look whether a finding is done that was changed outside."""
        if (finding := self.here) is not None:
            self.by_hand.look_again(finding)

    def action_copy_diff(self) -> None:
        """Copy the change of the finding."""
        if (finding := self.here) is not None:
            copy_diff(self, self.cursor, finding)

    def action_guide(self) -> None:
        """Open the section in Modal's guide."""
        open_guide(self, self.section)

    def action_accept_safe(self) -> None:
        """Accept every safe finding that is left in sight, as one step."""
        self.bulk.accept_safe()

    def action_skip_rest(self) -> None:
        """Skip everything undecided in sight, as one step."""
        self.bulk.skip(self.cursor.undecided())

    def action_end_check(self) -> None:
        """End what is checked for a bulk decision."""
        self.bulk.end_check()

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
        """Move in the list, also when it is put away; where one finding is all of it, into its choices or its diff."""
        if self.has_class("-one"):
            self.action_go_into() if self.pane.choices.display else self.action_scroll_diff(lines)
        elif lines > 0:
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
        section = next_section(self.wizard.migration, self.section)
        if section is not None:
            self.wizard.navigation.next_review(section)

    def action_commit(self) -> None:
        """Go to the commit screen."""
        self.wizard.navigation.open_commit(self.section)

    def action_overview(self) -> None:
        """Back to the sections: from the choices first back to the findings, from a filter first back to all."""
        if self.pane.choices.has_focus:
            self._go_home()
        elif self.filter_bar.filter:
            self.filter_bar.set(Filter())
        else:
            self.app.pop_screen()

    def _follow_filter(self) -> None:
        """Show what the filter takes; the cursor stays where it is when it can."""
        self.show()
        self._go_home()
        self.refresh_bindings()

    def action_search(self) -> None:
        """Ask for words, and show the findings that they occur in."""
        self.filter_bar.ask_words()
        self.prefetcher.start(in_pieces(words_of, self.filter_bar.all()))

    def action_filter(self) -> None:
        """Ask what to show."""
        self.filter_bar.ask()

    def action_choose(self, number: int, _last: int = 0) -> None:
        """Show what another choice would do."""
        finding = self.here
        if finding is not None and number <= len(finding.choices):
            self.cursor.look_at(finding, finding.choices[number - 1].key)
            self.draw_soon()

    def action_no_choice(self, number: int) -> None:
        """Say that there is no choice of this number."""
        self.wizard.tell(no_choice(self.here, number))

    def action_go_into(self) -> None:
        """Go into the choices, where there are some."""
        if self.pane.choices.display:
            self.pane.choices.focus()

    def on_finding_tree_entered(self) -> None:
        """Go into the choices of the finding."""
        self.action_go_into()

    def on_choices_exited(self) -> None:
        """Back from the choices."""
        self._go_home()

    def _go_home(self) -> None:
        """Have the keys go to the list of findings; to the screen where the list is put away."""
        self.set_focus(None if self.has_class("-one") or self.has_class("-no-tree") else self.findings)

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        self.looks.turn()

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around the change."""
        self.looks.more_lines(more)

    def action_whole(self) -> None:
        """Show the whole file around the change, or only some lines."""
        self.pane.toggle_whole()
        self.draw_soon()

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff and what is said of it, from wherever the cursor is."""
        self.pane.scroll(lines)

    def action_put_away(self, pane: str) -> None:
        """Put a pane away, or bring it back."""
        self.looks.put_away(pane)
        if pane == "tree" or self.focused is None:
            self._go_home()
