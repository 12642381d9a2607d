"""Commands and options of ``modal`` that have gone, are called otherwise, or ask a question now.

modal environment delete old --no-confirm    ->    modal environment delete old --yes
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.cli_1x.detect import find_in_lines
from modal_transforms.sections.cli_1x.settings import find_settings

SECTION = Section(
    number=0,
    slug="cli-1x",
    title="Commands that changed",
    anchor="",
    since="",
    breaks_in="",
    subject="use the commands of today's modal",
    what=(
        "Options that have gone are deleted or renamed; modal app stop and modal container stop are told --yes where "
        "nobody can answer, modal app logs --follow; commands and settings that have gone are explained."
    ),
    why="An unknown command or option ends the command with a usage error; a question nobody answers, too.",
    before="modal environment delete old --no-confirm",
    after="modal environment delete old --yes",
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the commands of a file that today's ``modal`` takes otherwise, or has no more."""
    yield from find_in_lines(module, SECTION)
    yield from find_settings(module, SECTION)
