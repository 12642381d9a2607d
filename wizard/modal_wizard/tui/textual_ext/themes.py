"""The wizard's own colours, dark and light, and what every theme needs besides its own.

Private: ``textual._text_area_theme``. Buys: syntax colours in the editor on the style sheet's own background.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App
from textual.theme import Theme

from modal_wizard.tui.textual_ext.faults import FaultyApp

if TYPE_CHECKING:
    from textual.widgets import TextArea

DARK = Theme(
    name="wizard-dark",
    primary="#8fb8ff",
    secondary="#9aa5b8",
    accent="#7fee64",
    warning="#ffb454",
    error="#ff7a7a",
    success="#6fd08c",
    foreground="#d8dee9",
    background="#10131a",
    surface="#161a23",
    panel="#232936",
    dark=True,
)
LIGHT = Theme(
    name="wizard-light",
    primary="#1f5fbf",
    secondary="#5b6472",
    accent="#0b7a34",
    warning="#9a5b00",
    error="#b3261e",
    success="#1a7f37",
    foreground="#1f2430",
    background="#fbfbfa",
    surface="#f2f3f1",
    panel="#e2e5e0",
    dark=False,
    variables={"diff-old": "#c62f26", "diff-new": "#1f8a3e"},
)
BLUE_ORANGE = replace(
    DARK,
    name="wizard-blue-orange",
    accent="#f0e442",
    warning="#f0e442",
    error="#e8853d",
    success="#56b4e9",
    variables={"diff-old": "#e8853d", "diff-new": "#3f9ae0"},
)
"""Colours that differ for those too who cannot tell red from green."""
BLUE_ORANGE_LIGHT = replace(
    LIGHT,
    name="wizard-blue-orange-light",
    accent="#0a4f8f",
    warning="#7a5c00",
    error="#a84a00",
    success="#0067b0",
    variables={"diff-old": "#d55e00", "diff-new": "#0072b2"},
)
THEMES = (DARK, LIGHT, BLUE_ORANGE, BLUE_ORANGE_LIGHT)
PREFIX = "wizard-"


def variables() -> dict[str, str]:
    """Return the variables that ``app.tcss`` uses and the built-in themes lack; a theme may set its own."""
    return {"diff-old": "#e5534b", "diff-new": "#3fb950"}


class ThemedApp(FaultyApp):
    """An app that knows our themes and begins with one of them."""

    _themed = False

    def begin_with(self, theme: str) -> bool:
        """Take a theme before any style is read (setting it later reads them all again); dark where there is none such.

        Returns whether there is one of that name: one of ours, or one that Textual brings.
        """
        for known in THEMES:
            self.register_theme(known)
        there = (name for name in (f"{PREFIX}{theme}", theme) if name in self.available_themes)
        found = next(there, "")
        name = found or DARK.name
        self.set_reactive(App.theme, name)
        self._themed = True
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark, f"-theme-{name}": True}, update=False)
        self.stylesheet.set_variables(self.get_css_variables())
        return bool(found)

    def get_css_variables(self) -> dict[str, str]:
        """Return the colours of the theme; none while it is not taken yet, as working them out takes its time."""
        return super().get_css_variables() if self._themed else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Add the colours of diffs to every theme."""
        return variables()


def use_theme(editor: TextArea, dark: bool) -> None:
    """Give an editor syntax colours on the background that the style sheet says."""
    from rich.style import Style
    from textual._text_area_theme import TextAreaTheme

    known = TextAreaTheme.get_builtin_theme("vscode_dark" if dark else "github_light")
    if known is not None:
        editor.register_theme(
            replace(
                known,
                name="wizard",
                base_style=None,
                gutter_style=None,
                cursor_line_style=Style(),  # the line of the cursor keeps the colour that marks it
                cursor_line_gutter_style=None,
            )
        )
        editor.theme = "wizard"
