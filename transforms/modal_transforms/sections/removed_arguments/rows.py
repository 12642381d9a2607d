"""Arguments that had gone before 1.0."""

from __future__ import annotations

from modal_transforms.modal_api.rows import ArgumentRow, Table

_DECORATORS = ("modal.App().function", "modal.App().cls")
_DEFAULT = "None at run time: it is what happens anyway."

TABLE = Table(
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
