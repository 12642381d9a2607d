"""``modal-wizard demo``: write a small legacy Modal repository and open the wizard on it."""

from __future__ import annotations

from pathlib import Path

from modal_wizard.commands import wizard
from modal_wizard.demo import write_demo
from modal_wizard.display import visible
from modal_wizard.wishes import Wishes


def run(folder: Path | None, wishes: Wishes, *, theme: str = "dark", plain: bool = False) -> int:
    """Write the demo to a folder (a fresh temporary one when not said); without a terminal, print its path."""
    written = write_demo(folder)
    if not plain and not wizard.has_terminal():
        print(written)
        return 0
    code = wizard.run(written, wishes, theme=theme, plain=plain)
    print(f"The demo is in {visible(str(written))}")
    return code
