"""What defines images and lists volumes under another name, or not at all any more."""

from __future__ import annotations

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api.rows import NameRow, Table

_SOLVER = "The image is built anew, by micromamba: it may choose other versions, and another Python."

TABLE = Table(
    [
        NameRow(
            rule="dockerhub",
            old="modal.Image.from_dockerhub",
            new="modal.Image.from_registry",
            gone="0.55.3849",
        ),
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
