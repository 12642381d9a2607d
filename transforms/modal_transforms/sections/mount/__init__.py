"""``modal.Mount`` and ``mounts=``: files are added to images now.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-mount-as-part-of-the-public-api

    @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
    ->
    @app.function(image=image.add_local_dir("data", "/data"))
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section, Span
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.mount.detect import (
    find_apps,
    find_building,
    find_contexts,
    find_functions,
    find_leftovers,
    find_sandboxes,
    find_unseen,
    with_imports,
)
from modal_transforms.sections.mount.options import find_options

SECTION = Section(
    number=2,
    slug="mount",
    title="Mount → image files",
    anchor="deprecating-mount-as-part-of-the-public-api",
    since="0.72.4",
    breaks_in="1.0.0",
    subject="add local files to images instead of mounts",
    what=(
        "modal.Mount and mounts= are gone; files are added to the image of the function that needs them. "
        'A mount\'s paths begin at /, so from_local_dir("data") was /data and stays there.'
    ),
    why="From 1.0.0 Mount cannot be imported and mounts= is a TypeError.",
    before='@app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])\ndef f(): ...',
    after='@app.function(image=image.add_local_dir("data", remote_path="/data"))\ndef f(): ...',
)

SPELLINGS = Spellings(
    (spelled(How.KEYWORD, "mounts context_mount"), spelled(How.METHOD, "copy_mount"), spelled(How.NAME, "Mount"))
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from with_imports(module, _find(module))


def _find(module: Module) -> Iterator[Finding]:
    covered: set[Span] = set()
    for rule in (find_apps, find_functions, find_sandboxes, find_building, find_contexts, find_unseen):
        for found in rule(module):
            covered.update(site.span for site in found.sites if site.path == module.source.path)
            yield found
    for found in find_options(module, covered):
        covered = covered | {site.span for site in found.sites if site.path == module.source.path}
        yield found
    yield from find_leftovers(module, covered)
