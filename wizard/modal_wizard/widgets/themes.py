"""The wizard's own colours, dark and light, and what every theme needs besides its own."""

from __future__ import annotations

from textual.theme import Theme

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
)
THEMES = (DARK, LIGHT)


def variables() -> dict[str, str]:
    """Return the variables that ``app.tcss`` uses and the built-in themes lack; a theme may set its own."""
    return {"diff-old": "#e5534b", "diff-new": "#3fb950"}
