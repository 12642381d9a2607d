"""Go anywhere: type words, and sections, files and findings in which they occur are listed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from modal_wizard.review.search import MOST, Hit, search
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.answer import Answer
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.status_marks import DECISIONS

HINT = "words of a section, a file, a rule, code or a reason; or file:line"


class Finder(WizardDialog[Hit]):
    """A line to type in, and below it what the words occur in."""

    BINDINGS = [
        Binding("enter", "take", "go there", key_display="⏎", priority=True, tooltip="Go to what is under the cursor"),
        Binding("down", "move(1)", "move", key_display="↓/↑", priority=True, tooltip="Move over what was found"),
        Binding("up", "move(-1)", "move up", show=False, priority=True),
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back; nothing is done"),
    ]

    def compose(self) -> ComposeResult:
        """The line, what was found, how much it is."""
        with Vertical(classes="dialog wide finder") as dialog:
            dialog.border_title = "go to"
            yield Answer(id="typed", placeholder=HINT, asked_by=self.wizard.telling.last_key)
            yield OptionList(id="menu", markup=False)
            yield Static(id="found", classes="dim")
            yield KeyBar()

    def on_mount(self) -> None:
        """List the sections, and begin to type."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed."""
        self._list(event.value)

    def _list(self, text: str) -> None:
        migration = self.wizard.migration
        self._hits = search(migration, text)
        menu = self.query_one(OptionList)
        menu.set_options(Option(self._shown(hit)) for hit in self._hits)
        menu.highlighted = 0 if self._hits else None
        more = " or more" if len(self._hits) == MOST else ""
        said = f"{counted(len(self._hits), 'place')}{more} to go to" if self._hits else "These words occur nowhere."
        self.query_one("#found", Static).update(said)
        self.refresh_bindings()

    def _shown(self, hit: Hit) -> Content:
        if hit.path or hit.finding is None:
            kind = "file" if hit.path else "section"
            name = visible(hit.path, "␉") if hit.path else hit.section.heading
            return Content.assemble((f"{kind:<9}", ".dim"), (name, ".strong"), (f"  {hit.count}", ".dim"))
        state = DECISIONS[self.wizard.migration.decision(hit.finding).status]
        site = hit.finding.site
        code = visible(site.text.strip().split("\n")[0], " ")
        return Content.assemble(
            (f"{hit.section.label:>2} ", ".dim"),
            (f"{state.mark} ", f".{state.style}"),
            (f"{visible(site.path, '␉')}:{site.label}", ".here"),
            f"  {code}",
            (f"  {hit.finding.rule}", ".dim"),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go only where there is a place."""
        return action not in {"take", "move"} or bool(self._hits if self.is_mounted else ())

    def action_move(self, lines: int) -> None:
        """Move over what was found."""
        menu = self.query_one(OptionList)
        menu.highlighted = max(0, min(len(self._hits) - 1, (menu.highlighted or 0) + lines))

    def action_take(self) -> None:
        """Dismiss with what is under the cursor."""
        here = self.query_one(OptionList).highlighted
        if here is not None:
            self.dismiss(self._hits[here])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Dismiss with what was clicked."""
        self.dismiss(self._hits[event.option_index])
