"""Names that 1.x has moved or taken away: ``modal.experimental.clustered``, ``stop_app``, ``members`` and others.

modal.experimental.stop_app("a")    ->    modal.App.lookup("a").stop()
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.sections.renamed_names_1x.calls import find_calls
from modal_transforms.sections.renamed_names_1x.raw_images import as_it_takes
from modal_transforms.sections.renamed_names_1x.rows import RAW_IMAGE, TABLE

SECTION = Section(
    slug="renamed-names-1x",
    title="Names moved or removed since 1.0",
    subject="use what names are called today",
    what=(
        "experimental.clustered is modal.clustered, experimental.stop_app is App.lookup(name).stop(), "
        "Environment.members is Environment.roles; others have gone, each with what takes its place."
    ),
    why="Those that have gone raise AttributeError or ImportError; the others warn in 1.6.4.",
    before='modal.experimental.stop_app("a")',
    after='modal.App.lookup("a").stop()',
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the names in a file that 1.x calls otherwise, or has no more."""
    for finding in find_rows(module, TABLE):
        yield as_it_takes(module, finding) if finding.rule == RAW_IMAGE else finding
    yield from find_calls(module)
