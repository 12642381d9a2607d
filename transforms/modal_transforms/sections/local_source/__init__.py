"""Local modules that Modal used to ship unasked, now named by the image: ``add_local_python_source``.

Until 0.77 each function got every local module that was loaded when its decorator ran (since 0.73.11 with a warning).
1.x ships the package of the module that defines the function, or that one file, and nothing else.
Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-inclusion-of-local-python-dependencies

    import helpers
    image = modal.Image.debian_slim()    ->    image = modal.Image.debian_slim().add_local_python_source("helpers")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.local_source.already_added import missing, missing_at_build
from modal_transforms.sections.local_source.auto_shipped import automounting_is_off
from modal_transforms.sections.local_source.by_image import groups
from modal_transforms.sections.local_source.findings import build_finding, image_finding

SECTION = Section(
    number=4,
    slug="local-source",
    title="Local Python source",
    anchor="requiring-explicit-inclusion-of-local-python-dependencies",
    since="0.73.11",
    breaks_in="1.0.0",
    subject="include local Python source explicitly",
    what=(
        "Modal used to ship every local module that a program had imported. Now the image says which: "
        'add_local_python_source("helpers"). Only the module or package that defines the function still '
        "comes by itself."
    ),
    why=("From 1.0.0 nothing fails on your machine; the container stops with ModuleNotFoundError."),
    before=("import helpers\n\nimage = modal.Image.debian_slim()"),
    after=('import helpers\n\nimage = modal.Image.debian_slim().add_local_python_source("helpers")'),
)

SPELLINGS = Spellings()
"""Nothing is written in an old way: what is missing is looked for."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the images of a file that must name local modules."""
    if module.project is not None and not automounting_is_off(module):
        yield from _find_images(module)
        yield from _find_builds(module)


def _find_images(module: Module) -> Iterator[Finding]:
    """Yield the images of a file whose functions lack local modules."""
    for group in groups(module):
        lacking = {found: needed for found in group.users if (needed := missing(found))}
        if lacking:
            yield image_finding(module, group, lacking)


def _find_builds(module: Module) -> Iterator[Finding]:
    """Yield the ``run_function`` steps whose function's file imports local modules that the image lacks."""
    for call in module.index.calls:
        if module.symbol(call.func) != "modal.Image().run_function":
            continue
        needed = missing_at_build(module, call)
        given = module.resolve(call.args[0]) if call.args else None
        if needed and given is not None:
            yield build_finding(module, call, given.module, needed)
