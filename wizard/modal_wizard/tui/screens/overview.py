"""The first screen: what awaits in each section, and what breaks when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.status_lines import context_line, decided_line, scan_line

if TYPE_CHECKING:
    from textual.widgets import OptionList

    from modal_transforms.core.model import Section
    from modal_wizard.tui.widgets.section_list import SectionList

READING = "Reading the files…"


class Overview(WizardScreen):
    """The sections in their groups with counts, the version that breaks them, and how each stands."""

    BINDINGS = [
        Binding("n", "broken", "broken now", tooltip="Review what is broken now, section after section"),
        Binding("c", "commit", "commit section", tooltip="See exactly what would be committed for this section"),
        Binding("C", "commit_all", "all finished", tooltip="Commit every finished section, as a list"),
        Binding("slash,g", "find", "search", key_display="/", tooltip="Go to a section, a file or a finding, by words"),
        Binding("l", "left_alone", "left alone", tooltip="List what only reads like old code, and why it stays"),
        Binding("v", "verify", "verify", tooltip="Import what uses Modal under the real SDK, before and now"),
        Binding("m", "summary", "summary", tooltip="What was done, what was left and why, what comes next"),
    ]

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
            more = (_empty("pins"), Static(id="columns"), sections, about, _empty("hint"))
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
        how_far = decided_line(host.migration) if host.scanned else scan_line(*host.progress)
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
        said = horizon_line(self.wizard)
        self.query_one("#pins", Static).update(said)
        self.query_one("#pins").display = bool(said)
        self.query_one("#columns", Static).update(sections.header())
        hint = self.query_one("#hint", Static)
        hint.update(said := overview_hint(self.wizard))
        hint.display = bool(said) and not self.has_class("-tiny")
        self.set_class(not sections.shown, "-empty")
        self._tell_about()

    def on_resize(self) -> None:
        """Lay the columns out anew."""
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
        if action == "left_alone":
            return self.wizard.scanned
        if not self.wizard.is_open:
            return action not in {"broken", "commit", "commit_all", "find", "summary"}
        if action == "broken":
            return self._broken() is not None
        if action == "commit":
            return self.here is not None and self._takes(self.here)
        if action == "commit_all":
            return self.wizard.repository is not None and bool(self.wizard.migration.ready_sections())
        if action == "find":
            return bool(self.wizard.migration.findings())
        if action == "summary":
            session = self.wizard.migration.session
            return bool(session.steps or session.landings)
        return True

    def _broken(self) -> Section | None:
        """Return the first section in which something is broken now and undecided."""
        from modal_wizard.review.broken import next_broken

        migration = self.wizard.migration
        found = next_broken(migration, self.wizard.forecast) if self.wizard.scanned else None
        return next((section for section in migration.sections if found and section.slug == found.section), None)

    def _takes(self, section: Section) -> bool:
        tally = self.wizard.migration.tally(section.slug)
        return tally.accepted + tally.edited > 0

    def action_open(self) -> None:
        """Review the section under the cursor."""
        if self.here is not None:
            self.wizard.navigation.open_review(self.here)

    def action_broken(self) -> None:
        """Review what is broken now of the first section that has some."""
        section = self._broken()
        if section is not None:
            self.wizard.navigation.open_review(section, broken=True)

    def action_commit(self) -> None:
        """Go to the commit screen of the section."""
        if self.here is not None:
            self.wizard.navigation.open_commit(self.here)

    def action_commit_all(self) -> None:
        """List the finished sections, to be committed one after another."""
        self.wizard.navigation.open_commit_all()

    def action_find(self) -> None:
        """Ask where to go."""
        self.wizard.navigation.find()

    def action_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""
        self.wizard.navigation.open_verify()

    def action_left_alone(self) -> None:
        """List what only reads like old code."""
        self.wizard.navigation.open_look_alikes()

    def action_summary(self) -> None:
        """Show what was done and what was left."""
        self.wizard.navigation.open_summary()


def _empty(name: str) -> Static:
    """Return a text that takes no room until it says something."""
    text = Static(id=name)
    text.display = False
    return text
