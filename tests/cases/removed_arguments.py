"""Cases of the section ``removed-arguments``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(old_before=Sdk.FAILS, why="0.77 has it no more")
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")


def on_function(arguments: str) -> str:
    """Return a file with one function under these arguments."""
    return f'import modal\n\napp = modal.App("a")\n\n@app.function({arguments})\ndef f(): ...\n'


def case(rule: str, before: str, after: str, applicability: Applicability = Applicability.SAFE) -> Case:
    """Return a case of one argument."""
    return Case(
        f"{rule}-{applicability.value}", on_function(before), on_function(after), (rule,), applicability, proof=GONE
    )


CASES = [
    case("background-commits", "cpu=1, _allow_background_volume_commits=True", "cpu=1"),
    case("background-commits", "_allow_background_volume_commits=False, cpu=1", "cpu=1", REVIEW),
    case("boost", "_experimental_boost=True", ""),
    case("scheduler", "_experimental_scheduler=True, cpu=1", "cpu=1"),
    case("gpus", '_experimental_gpus=["T4", "L4"]', 'gpu=["T4", "L4"]'),
    case("interactive", "interactive=False, cpu=1", "cpu=1"),
    case("interactive", "interactive=True", "", REVIEW),
    case("checkpointing", "checkpointing_enabled=True", "enable_memory_snapshot=True"),
    Case(
        "progress-that-is-not-shown",
        'import modal\n\napp = modal.App("a")\n\ndef main():\n    app.run(show_progress=False)\n',
        'import modal\n\napp = modal.App("a")\n\ndef main():\n    app.run()\n',
        ("show-progress",),
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="shows when it is called", calls=True),
    ),
    Case(
        "progress",
        'import modal\n\napp = modal.App("a")\n\ndef main():\n    app.run(show_progress=True)\n',
        'import modal\n\napp = modal.App("a")\n\ndef main():\n    app.run()\n',
        ("show-progress",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="shows when it is called", calls=True),
    ),
]

NEAR_MISSES = [
    NearMiss("of-another-call", "import modal\n\ndef run(interactive): ...\n\nrun(interactive=True)\n"),
    NearMiss("snapshots", on_function("enable_memory_snapshot=True")),
]
