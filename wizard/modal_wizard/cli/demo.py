"""``modal-wizard demo``: write a small legacy Modal repository and open the wizard on it."""

from __future__ import annotations

from pathlib import Path

from modal_wizard.cli import open
from modal_wizard.demo import write_demo
from modal_wizard.migration.options import RunOptions
from modal_wizard.text.sanitize import visible


def run(folder: Path | None, wishes: RunOptions, *, theme: str = "dark", plain: bool = False) -> int:
    """Write the demo to a folder (a fresh temporary one when not said); without a terminal, print its path."""
    written = write_demo(folder)
    if not plain and not open.has_terminal():
        print(written)
        return 0
    code = open.run(written, wishes, theme=theme, plain=plain)
    print(f"The demo is in {visible(str(written))}")
    return code
