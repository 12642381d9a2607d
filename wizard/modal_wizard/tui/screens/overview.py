"""The first screen: what awaits in each section, and what breaks when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from modal_wizard.text.grammar import counted
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.status_lines import context_line, decided_line, scan_line

if TYPE_CHECKING:
    from textual.widgets import OptionList

    from modal_transforms.core.model import Finding, Section
    from modal_wizard.review.safe import SafeFindings
    from modal_wizard.tui.widgets.section_list import SectionList

ABOUT, LEAST = 2, 4
"""The least rows that what is said of a section takes, and that the list of sections does."""
READING = "Reading the files…"


class Overview(WizardScreen):
    """The sections in their groups with counts, the version that breaks them, and how each stands."""

    BINDINGS = [
        bound("safe", "accept_safe", "Accept every safe one of all sections, and go on with the rest"),
        bound("next", "broken", "Review what is broken now, section after section", words="next broken now"),
        bound("next", "rest", "Review what is undecided, section after section"),
        bound("commit", "commit", "See exactly what would be committed for this section", words="commit section"),
        bound("commit-all", "commit_all", "Commit every finished section, as a list"),
        bound("own-lines", "own_changes", "Commit only our lines of files that you changed, or not", show=False),
        bound("search", "find", "Go to a section, a file or a finding, by words"),
        bound("go-to", "find", "Go to a section, a file or a finding, by words", show=False),
        bound("preview", "preview", "Show everything accepted and not written yet, file by file", show=False),
        bound("look-alikes", "left_alone", "List what only reads like old code, and why it stays", show=False),
        bound("verify", "verify", "Import what uses Modal under the real SDK, before and now", show=False),
        bound("summary", "summary", "What was done, what was left and why, what comes next", words="summary"),
        bound(
            "scroll-down", "scroll_about(3)", "Scroll what is said of the section", words="scroll text", display="J/K"
        ),
        bound("scroll-up", "scroll_about(-3)", "Scroll it up", show=False),
        Binding("escape", "end_check", "end it", key_display="esc", tooltip="End what runs; nothing is accepted"),
    ]

    back: Finding | None = None
    """Where the person goes on who was here before, until they go anywhere."""
    furnished = False
    """Whether there is a place for what is found, which comes after the first frame."""

    def compose(self) -> ComposeResult:
        """What the first frame needs: context, a word, the scan, the keys."""
        yield Static(id="context")
        yield Static(READING, id="reading")
        yield Static(id="scan")
        yield KeyBar()

    async def furnish(self) -> None:
        """Add the sections, and what the section under the cursor is about; nothing of it is seen yet."""
        from textual.containers import VerticalScroll

        from modal_wizard.tui.widgets.section_list import SectionList

        if not self.is_attached:
            return  # somebody has left already

        about = VerticalScroll(Static(READING, id="about-text"), id="about", can_focus=False)
        sections = SectionList(id="sections")
        with self.app.batch_update():
            more = (_empty("pins"), Static(id="columns"), sections, about, Static(id="hint", classes="-empty"))
            placed = self.mount(*more, before="#scan")
            await self.query_one("#reading").remove()
            await placed
        if self.is_running:
            self.furnished = True
            sections.focus()
            self.show()

    def on_screen_suspend(self) -> None:
        """Have the work begun, should a key have opened another screen before the first frame."""
        self.wizard.begin()

    @property
    def sections(self) -> SectionList:
        """The list of what was found."""
        from modal_wizard.tui.widgets.section_list import SectionList

        return self.query_one(SectionList)

    def show(self) -> None:
        """Bring counts and states up to date."""
        host = self.wizard
        top = context_line(host.scope, host.head_text, self.app.size.width)
        how_far = decided_line(host.migration, self.app.size.width - 2) if host.scanned else scan_line(*host.progress)
        self.query_one("#context", Static).update(top, layout=False)
        self.query_one("#scan", Static).update(how_far, layout=False)
        if self.furnished and self.wizard.is_open:
            self._show_found()

    def _show_found(self) -> None:
        from modal_wizard.tui.screens.hints import overview_hint
        from modal_wizard.tui.screens.requirements import horizon_line

        migration = self.wizard.migration
        sections = self.sections
        sections.show(migration, self.wizard.forecast if self.wizard.scanned else None)
        said = horizon_line(self.wizard, self.app.size.width - 2)
        self.query_one("#pins", Static).update(said)
        self.query_one("#pins").display = bool(said)
        hint = self.query_one("#hint", Static)
        hint.update(said := overview_hint(self.wizard, self.back))
        hint.set_class(not said, "-empty")
        self.set_class(not sections.shown, "-empty")
        self._tell_about()
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Give the list the room that the lines around it leave, so that none of them is pushed out of sight."""
        sections, about, height = self.sections, self.query_one("#about"), self.app.size.height
        others = (each for each in self.children if each.display and each not in {sections, about})
        taken = sum(each.outer_size.height for each in others) + (ABOUT if about.display else 0)
        sections.styles.max_height = max(LEAST, min(height * 6 // 10, height - taken))
        self.call_after_refresh(self._fitted)

    def _fitted(self) -> None:
        self.tell_more()
        self.refresh_bindings()

    def tell_more(self) -> None:
        """Say how many rows are above and below those in sight."""
        sections = self.sections
        above, below = sections.out_of_sight
        self.query_one("#columns", Static).update(sections.header(f"  ↑ {above} more" if above else ""))
        self.query_one("#about").border_title = f"↓ {below} more" if below else ""

    def on_section_list_scrolled(self) -> None:
        """Say how many rows are out of sight now."""
        self.tell_more()

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self.show()

    def welcome(self) -> None:
        """Go to where the person was who comes back, unless they have begun to go somewhere else."""
        from modal_wizard.review.onward import where_you_were

        if self.furnished and self.is_current and not self.sections.moved:
            self.back = where_you_were(self.wizard.migration)
            if self.back is not None:
                self.sections.go(self.back.section)
                self.show()

    @property
    def here(self) -> Section | None:
        """The section under the cursor."""
        return self.sections.here if self.furnished else None

    def advance(self) -> None:
        """Go on to the next section that needs something."""
        self.show()
        self.sections.advance(self.wizard.migration)

    def _tell_about(self) -> None:
        from modal_wizard.tui.widgets.section_help import about, nothing_found, nothing_left

        text = self.query_one("#about-text", Static)
        if not self.wizard.is_open:
            return
        migration = self.wizard.migration
        if self.here is not None:
            done = self.wizard.scanned and not migration.remaining()
            text.update(nothing_left(migration) if done else about(self.here, migration))
        elif self.wizard.scanned:
            text.update(nothing_found(migration))
        else:
            text.update(Content(READING))

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """Tell about the section that the cursor came to."""
        self._tell_about()
        self.refresh_bindings()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Open a section by enter or by a click."""
        self.action_open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action == "scroll_about":
            return self.furnished and self.query_one("#about").max_scroll_y > 0
        if action == "left_alone":
            return self.wizard.scanned
        if not self.wizard.is_open:
            return action not in {"accept_safe", "broken", "rest", "commit", "commit_all", "find", "summary"}
        if action == "own_changes":
            return bool(self.wizard.dirty)
        if action == "end_check":
            return self.busy
        if action == "accept_safe":
            return not self.busy and self._has_safe()
        if action in {"broken", "rest"}:
            return self._next_undecided(action) is not None
        if action == "commit":
            return self.here is not None and self._takes(self.here)
        if action == "commit_all":
            return self.may_commit_all
        if action == "find":
            return bool(self.wizard.migration.findings())
        if action == "summary":
            session = self.wizard.migration.session
            return bool(session.steps or session.landings)
        return True

    def _has_safe(self) -> bool:
        from modal_wizard.review.safe import is_safe_left

        migration = self.wizard.migration
        return self.wizard.scanned and any(is_safe_left(migration, finding) for finding in migration.findings())

    def _next_undecided(self, kind: str) -> Section | None:
        """Return the first section in which something is broken now, or where nothing is, undecided."""
        broken = self._broken()
        if kind == "broken" or broken is not None:
            return broken if kind == "broken" else None
        migration = self.wizard.migration
        return next((section for section in migration.sections if migration.tally(section.slug).pending), None)

    def _broken(self) -> Section | None:
        """Return the first section in which something is broken now and undecided."""
        from modal_wizard.review.onward import next_broken

        migration = self.wizard.migration
        found = next_broken(migration, self.wizard.forecast) if self.wizard.scanned else None
        return next((section for section in migration.sections if found and section.slug == found.section), None)

    def _takes(self, section: Section) -> bool:
        tally = self.wizard.migration.tally(section.slug)
        return tally.accepted + tally.edited > 0

    def action_open(self) -> None:
        """Review the section under the cursor; where the person was, who came back to it."""
        if self.here is not None:
            at = self.back if self.back is not None and self.back.section == self.here.slug else None
            self.back = None
            self.wizard.navigation.open_review(self.here, at)

    def action_accept_safe(self) -> None:
        """Accept every safe finding of all sections as one step, and go on with the first that is left."""
        self.busy = True
        self._say_checked(0)
        self.refresh_bindings()
        self._check_safe()

    def _say_checked(self, sections: int) -> None:
        done = f"{sections} of {counted(len(self.wizard.migration.sections), 'section')}"
        self.query_one("#scan", Static).update(Content.styled(f"Checking all safe changes together: {done}", ".here"))

    @work(thread=True, exclusive=True, group="checking")
    def _check_safe(self) -> None:
        from modal_wizard.review.safe import SafeFindings, safe_so_far

        checking, found = get_current_worker(), SafeFindings((), ())
        for number, so_far in enumerate(safe_so_far(self.wizard.migration, self.wizard.proposals), 1):
            if checking.is_cancelled:
                return
            found = so_far
            self.app.call_from_thread(self._say_checked, number)
        self.app.call_from_thread(self._accept_safe, found)

    def action_end_check(self) -> None:
        """End what is checked; nothing is accepted."""
        self.workers.cancel_group(self, "checking")
        self.busy = False
        self.show()
        self.refresh_bindings()
        self.wizard.tell("Ended, as you asked; nothing was accepted.")

    def _accept_safe(self, safe: SafeFindings) -> None:
        if not self.busy:  # it was ended
            return
        self.busy, self.back = False, None
        safe.accept(self.wizard.migration)
        self.wizard.show_all()
        self.action_rest()

    def action_own_changes(self) -> None:
        """Ask whether to commit only our lines of files that the person is at work on."""
        from modal_wizard.tui.dialogs.own_changes import ask_about_own_changes

        ask_about_own_changes(self.wizard, self.show)

    def action_rest(self) -> None:
        """Review the first section in which something is undecided; n goes on from section to section there."""
        migration = self.wizard.migration
        section = next((section for section in migration.sections if migration.tally(section.slug).pending), None)
        if section is not None:
            self.wizard.navigation.open_review(section)

    def action_broken(self) -> None:
        """Review what is broken now of the first section that has some."""
        section = self._broken()
        if section is not None:
            self.wizard.navigation.open_review(section, broken=True)

    def action_commit(self) -> None:
        """Go to the commit screen of the section."""
        if self.here is not None:
            self.wizard.navigation.open_commit(self.here)

    def action_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""
        self.wizard.navigation.open_verify()

    def action_left_alone(self) -> None:
        """List what only reads like old code."""
        self.wizard.navigation.open_look_alikes()

    def action_scroll_about(self, lines: int) -> None:
        """Scroll what is said of the section under the cursor."""
        self.query_one("#about").scroll_relative(y=lines, animate=False)

    def action_summary(self) -> None:
        """Show what was done and what was left."""
        self.wizard.navigation.open_summary()


def _empty(name: str) -> Static:
    """Return a text that takes no room until it says something."""
    text = Static(id=name)
    text.display = False
    return text
