"""Images by old names: ``from_dockerhub``, conda, options among the packages of ``pip_install``.

modal.Image.from_dockerhub("r")    ->    modal.Image.from_registry("r")
.pip_install("-U", "a")            ->    .pip_install("a", extra_options="-U")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.modal_api.rows import NameRow, Table, find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.old_images.extended import find_extended
from modal_transforms.sections.old_images.package_mounts import package_mounts
from modal_transforms.sections.old_images.pip_options import find_options
from modal_transforms.sections.old_images.setup_commands import find_setup_commands

SECTION = Section(
    slug="old-images",
    title="Images by old names",
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

SPELLINGS = Spellings((spelled(How.KEYWORD, "setup_commands"),))

_SOLVER = "The image is built anew, by micromamba: it may choose other versions, and another Python."

_TABLE = Table(
    [
        NameRow(rule="dockerhub", old="modal.Image.from_dockerhub", new="modal.Image.from_registry", gone="0.55.3849"),
        NameRow(
            rule="conda",
            old="modal.Image.conda",
            new="modal.Image.micromamba",
            gone="0.64.168",
            applicability=Applicability.REVIEW,
            effect=_SOLVER,
        ),
        NameRow(
            rule="conda-install",
            old="modal.Image().conda_install",
            new="modal.Image().micromamba_install",
            gone="0.64.168",
            applicability=Applicability.REVIEW,
            effect=_SOLVER,
        ),
        NameRow(
            rule="conda-environment",
            old="modal.Image().conda_update_from_environment",
            gone="0.64.206",
            advice="Write .micromamba_install(spec_file=...), with the same file.",
        ),
        NameRow(
            rule="package-mounts",
            old="modal.create_package_mounts",
            gone="0.55.3849",
            advice='Write image.add_local_python_source("package") in place of mounts=.',
        ),
        NameRow(
            rule="file-type",
            old="modal.cli.volume.FileType",
            new="modal.volume.FileEntryType",
            effect="None at run time: FILE, DIRECTORY and SYMLINK are the same.",
        ),
    ]
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what images of a file are defined by that has another name now."""
    mounts = package_mounts(module) if b"create_package_mounts" in module.source.data else None
    rows = find_rows(module, _TABLE)
    yield from (row for row in rows if mounts is None or row.rule != mounts.rule)
    if mounts is not None:
        yield mounts
    yield from find_options(module)
    yield from find_extended(module)
    yield from find_setup_commands(module)
