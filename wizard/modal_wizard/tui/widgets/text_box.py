"""A box to edit text in that comes from the repository: drawn so that a terminal obeys none of it."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from modal_wizard.text.sanitize import visible_each


class TextBox(TextArea):
    """A text area that draws what a terminal would obey as visible characters; the text itself stays what it is."""

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: as many characters as the text has there."""
        return Text(visible_each(self.document.get_line(line_index)), end="", no_wrap=True)
