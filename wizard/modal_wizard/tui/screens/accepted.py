"""Everything that is accepted and not written yet, file by file: what all commits together would write."""

from __future__ import annotations

from collections.abc import Iterator

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from modal_wizard.review.accepted import AllAccepted, everything_accepted
from modal_wizard.text.diff import Hunk, Mark, group
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.fit import shortened
from modal_wizard.tui.widgets.key_bar import KeyBar

USUAL, MORE, MOST = 3, 4, 200
"""Lines around a change: at first, how many more a key shows, and the most of them."""


class Files(OptionList):
    """The files; moving over them scrolls the diff to each."""

    BINDINGS = [
        bound("down", "cursor_down", "Go to the next or previous file", words="next file", display="j/k ↓/↑"),
        bound("up", "cursor_up", "", show=False),
    ]


class Accepted(WizardScreen):
    """Files on the left, their lines on the right; nothing is decided or written here."""

    BINDINGS = [
        bound("side-by-side", "beside", "Show old and new in two columns, or below each other"),
        bound(
            "more-lines",
            f"context({MORE})",
            "Show more or fewer lines around the changes",
            words="lines",
            display="+/-",
        ),
        bound("fewer-lines", f"context(-{MORE})", "Show fewer lines around", show=False),
        bound(
            "whole-file", "whole", "Show the whole files as they would be, or the changes alone", words="whole files"
        ),
        bound("scroll-down", "scroll_diff(3)", "Scroll the diff", words="scroll", display="J/K"),
        bound("scroll-up", "scroll_diff(-3)", "Scroll the diff up", show=False),
        Binding("shift+down", "scroll_diff(3)", show=False),
        Binding("shift+up", "scroll_diff(-3)", show=False),
        bound("overview", "overview", "Back to the sections"),
        bound("preview", "app.pop_screen", "Back to where you were", show=False),
        Binding("escape", "app.pop_screen", "back", key_display="esc", tooltip="Back to where you were"),
    ]

    class Prepared(Message):
        """What would be written is worked out."""

        def __init__(self, found: AllAccepted) -> None:
            super().__init__()
            self.found = found

    def __init__(self) -> None:
        super().__init__()
        self.found: AllAccepted | None = None
        self._files, self.diff = Files(id="paths", markup=False), DiffView(id="diff")
        self._around, self._whole = USUAL, False

    def compose(self) -> ComposeResult:
        """How much there is; the files beside their lines."""
        yield Static(Content.styled("Everything accepted", ".here"), id="context")
        with Horizontal(id="panes"):
            yield self._files
            yield self.diff
        yield KeyBar()

    def on_mount(self) -> None:
        """Work it out, in a thread; a decision that is undone here has it worked out anew."""
        self._files.border_title = "files"
        self.diff.heading("as it would be written")
        self.diff.beside = self.wizard.view.side_by_side
        self.diff.say("Working out what would be written…")
        self._files.focus()

    def show(self) -> None:
        """Work it out (anew)."""
        self._prepare()

    @work(thread=True, exclusive=True, group="preview")
    def _prepare(self) -> None:
        self.post_message(self.Prepared(everything_accepted(self.wizard.migration)))

    def on_accepted_prepared(self, message: Prepared) -> None:
        """Show it."""
        found = self.found = message.found
        self.query_one("#context", Static).update(_heading(found))
        here = self._files.highlighted or 0
        self._files.set_options(self._options(found))
        self._files.highlighted = min(here, len(found.files) - 1) if found.files else None
        self._files.display = bool(found.files)
        self._draw()
        self.refresh_bindings()

    def _options(self, found: AllAccepted) -> Iterator[Option]:
        width = max(8, self._files.scrollable_content_region.width - 14)
        for file in found.files:
            plus, minus = file.count(Mark.NEW), file.count(Mark.OLD)
            counts = ((f"+{plus}".rjust(5), ".accepted"), (f"-{minus}".rjust(5), ".manual"))
            yield Option(Content.assemble(*counts, f"  {shortened(visible(file.path, '␉'), width)}"))

    def _draw(self) -> None:
        if self.found is not None and self.found.files:
            self.diff.show(self._hunks(self.found))
            self.diff.show_file(self.found.files[self._files.highlighted or 0].path)
        elif self.found is not None:
            self.diff.say("Nothing is accepted that is not written yet. esc goes back.")

    def _hunks(self, found: AllAccepted) -> Iterator[Hunk]:
        for file in found.files:
            if self._whole:
                yield Hunk(file.path, tuple(row for row in file.rows if row.mark is not Mark.OLD))
            else:
                yield from group(file.path, list(file.rows), self._around)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the lines of the file that the cursor came to."""
        if self.found is not None and event.option_index < len(self.found.files):
            self.diff.show_file(self.found.files[event.option_index].path)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is something to be done with."""
        looks = action in {"beside", "context", "whole", "scroll_diff"}
        return not looks or (self.found is not None and bool(self.found.files))

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        self.diff.beside = not self.diff.beside
        self.wizard.keep_view(side_by_side=self.diff.beside)

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around the changes."""
        self._around, self._whole = max(0, min(MOST, self._around + more)), False
        self._draw()

    def action_whole(self) -> None:
        """Show the whole files as they would be, or the changes alone."""
        self._whole = not self._whole
        self._draw()

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff while the cursor is in the files."""
        self.diff.scroll_relative(y=lines, animate=False)

    def action_overview(self) -> None:
        """Back to the sections."""
        self.wizard.navigation.to_overview()


def _heading(found: AllAccepted) -> Content:
    count = f"  {counted(found.findings, 'finding')} in {counted(len(found.files), 'file')}, not written yet"
    first = next(iter(found.refused), None)
    if first is None:
        return Content.assemble(("Everything accepted", ".here"), count)
    site = first.finding.site
    stays = f"{len(found.refused)} stay out" if len(found.refused) > 1 else "1 stays out"
    why = f"  {stays}: {visible(site.path, '␉')}:{site.line}: {visible(first.reason, ' ')}"
    return Content.assemble(("Everything accepted", ".here"), count, (why, ".warning"))
