"""A small form for what a choice needs to know, such as the name of a volume."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from modal_transforms.core.model import Choice
from modal_wizard.migration.values import not_a_value
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.answer import Answer
from modal_wizard.tui.widgets.key_bar import KeyBar


class Values(WizardDialog[Mapping[str, str]]):
    """Asks for each value, with a sensible default; enter takes them."""

    BINDINGS = [
        Binding("enter", "take", "accept", key_display="⏎", priority=True, tooltip="Accept with these values"),
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back; nothing is decided"),
    ]

    def __init__(self, choice: Choice, values: Mapping[str, str]) -> None:
        super().__init__()
        self._choice = choice
        self._values = values

    def compose(self) -> ComposeResult:
        """A line for each value."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(visible(self._choice.label), ".strong"))
            for ask in self._choice.asks:
                yield Static(Content(visible(ask.prompt)), classes="prompt")
                asked_by, name = self.wizard.telling.last_key, f"ask-{self._choice.asks.index(ask)}"
                yield Answer(self._values.get(ask.key, ask.default), id=name, asked_by=asked_by)
            yield Static(id="fault")
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin in the first line."""
        self.query(Input).first().focus()

    def _answer(self, number: int) -> str:
        return self.query_one(f"#ask-{number}", Input).value.strip()

    def action_take(self) -> None:
        """Dismiss with the values, if each is one that may be written."""
        answers = {ask.key: self._answer(number) for number, ask in enumerate(self._choice.asks)}
        for number, ask in enumerate(self._choice.asks):
            if not re.fullmatch(ask.pattern, answers[ask.key]):
                said = visible(not_a_value(ask, answers[ask.key]))
                self.query_one("#fault", Static).update(Content.styled(said, ".warning"))
                self.query_one(f"#ask-{number}", Input).focus()
                return
        self.dismiss(answers)
