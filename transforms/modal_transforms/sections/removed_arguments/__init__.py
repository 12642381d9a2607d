"""Arguments of functions and runs that had gone before 1.0, as rows.

@app.function(_experimental_boost=True)    ->    @app.function()
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import ArgumentRow, Table, find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled

SECTION = Section(
    slug="removed-arguments",
    title="Arguments that have gone",
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

_DECORATORS = ("modal.App().function", "modal.App().cls")
_DEFAULT = "None at run time: it is what happens anyway."

_TABLE = Table(
    [
        ArgumentRow(
            rule="background-commits",
            callees=_DECORATORS,
            old="_allow_background_volume_commits",
            only_for=(True, None),
            effect="Volumes are committed in the background, always.",
        ),
        ArgumentRow(rule="boost", callees=_DECORATORS, old="_experimental_boost", effect=_DEFAULT),
        ArgumentRow(rule="scheduler", callees=_DECORATORS, old="_experimental_scheduler", effect=_DEFAULT),
        ArgumentRow(
            rule="gpus",
            callees=_DECORATORS,
            old="_experimental_gpus",
            new="gpu",
            effect="None at run time: the list says the same, in the order of preference.",
        ),
        ArgumentRow(
            rule="interactive",
            callees=_DECORATORS,
            old="interactive",
            gone="0.61.1",
            only_for=(False, None),
            effect="modal run -i makes a run interactive.",
        ),
        ArgumentRow(
            rule="checkpointing",
            callees=_DECORATORS,
            old="checkpointing_enabled",
            gone="0.64.34",
            new="enable_memory_snapshot",
            effect="None at run time: snapshots of memory under today's name.",
        ),
        ArgumentRow(
            rule="show-progress",
            callees=("modal.App().run",),
            old="show_progress",
            only_for=(False, None),
            effect="A run shows nothing, unless it is within `with modal.enable_output():`.",
            advice="For output, write `with modal.enable_output(), app.run():`.",
        ),
        ArgumentRow(
            rule="generator-call",
            callees=("modal.FunctionCall.from_id",),
            old="is_generator",
            only_for=(False, None),
            effect="None for functions that return; the results of generators cannot be fetched any more.",
        ),
    ]
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the arguments of a file that have gone."""
    yield from find_rows(module, _TABLE)
