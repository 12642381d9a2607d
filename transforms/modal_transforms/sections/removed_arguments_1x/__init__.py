"""Arguments that 1.x has renamed or taken away: ``max_inputs``, ``pty_info``, ``cidr_allowlist`` and others.

@app.function(max_inputs=1)    ->    @app.function(single_use_containers=True)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.sections.removed_arguments_1x.rows import TABLE
from modal_transforms.sections.removed_arguments_1x.values import find_values

SECTION = Section(
    slug="removed-arguments-1x",
    title="Arguments renamed or removed since 1.0",
    subject="bring arguments to their names of today",
    what=(
        "max_inputs=1 is single_use_containers=True, pty_info is pty=True, cidr_allowlist is outbound_cidr_allowlist; "
        "others have nothing to say any more."
    ),
    why="Most of them warn in 1.6.4; those that have gone raise TypeError when their line is run.",
    before="@app.function(max_inputs=1)\ndef f(): ...",
    after="@app.function(single_use_containers=True)\ndef f(): ...",
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the arguments of a file that have other names now, or none."""
    yield from find_rows(module, TABLE)
    yield from find_values(module)
