"""Arguments of functions and runs that had gone before 1.0, as rows.

@app.function(_experimental_boost=True)    ->    @app.function()
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.removed_arguments.rows import TABLE

SECTION = Section(
    number=0,
    slug="removed-arguments",
    title="Arguments that have gone",
    anchor="",
    since="",
    breaks_in="0.63.9",
    subject="take out arguments that have gone",
    what=(
        "Arguments that have become the default or have lost their meaning go: "
        "_allow_background_volume_commits, _experimental_boost, interactive, show_progress and others; "
        "checkpointing_enabled is enable_memory_snapshot."
    ),
    why=("TypeError as soon as the decorator runs, whatever the value."),
    before="@app.function(cpu=1, _allow_background_volume_commits=True)\ndef f(): ...",
    after="@app.function(cpu=1)\ndef f(): ...",
)

SPELLINGS = Spellings(
    (
        spelled(
            How.KEYWORD,
            "_allow_background_volume_commits _experimental_boost _experimental_scheduler _experimental_gpus "
            "interactive checkpointing_enabled show_progress is_generator",
        ),
    )
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the arguments of a file that have gone."""
    yield from find_rows(module, SECTION, TABLE)
