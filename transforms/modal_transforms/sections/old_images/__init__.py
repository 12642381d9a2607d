"""Images by old names: ``from_dockerhub``, conda, options among the packages of ``pip_install``.

modal.Image.from_dockerhub("r")    ->    modal.Image.from_registry("r")
.pip_install("-U", "a")            ->    .pip_install("a", extra_options="-U")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.old_images.extended import find_extended
from modal_transforms.sections.old_images.package_mounts import package_mounts
from modal_transforms.sections.old_images.pip_options import find_options
from modal_transforms.sections.old_images.rows import TABLE
from modal_transforms.sections.old_images.setup_commands import find_setup_commands

SECTION = Section(
    number=0,
    slug="old-images",
    title="Images by old names",
    anchor="",
    since="",
    breaks_in="0.55.3849",
    subject="define images by today's names",
    what=(
        "from_dockerhub is from_registry, conda is micromamba, options of pip go into extra_options=, and "
        "Volume listings have FileEntryType."
    ),
    why=("AttributeError or InvalidError as soon as the image is defined."),
    before='modal.Image.from_dockerhub("r").pip_install("-U", "a")',
    after='modal.Image.from_registry("r").pip_install("a", extra_options="-U")',
)

SPELLINGS = Spellings(
    (
        spelled(How.METHOD, "from_dockerhub conda conda_install conda_update_from_environment create_package_mounts"),
        spelled(How.KEYWORD, "setup_commands"),
        spelled(How.IMPORT, "FileType"),
    )
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what images of a file are defined by that has another name now."""
    mounts = package_mounts(module, SECTION) if b"create_package_mounts" in module.source.data else None
    rows = find_rows(module, SECTION, TABLE)
    yield from (row for row in rows if mounts is None or row.rule != mounts.rule)
    if mounts is not None:
        yield mounts
    yield from find_options(module, SECTION)
    yield from find_extended(module, SECTION)
    yield from find_setup_commands(module, SECTION)
