"""Images whose Python is too old for the SDK: 3.9 and older are not built since 1.3.0, 3.10 goes in 1.7.0.

modal.Image.debian_slim(python_version="3.10")    ->    modal.Image.debian_slim(python_version="3.11")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.python_version.detect import old_versions, unsaid_versions
from modal_transforms.sections.python_version.findings import unsaid_finding, version_finding
from modal_transforms.sections.python_version.requires import required

SECTION = Section(
    number=0,
    slug="python-version",
    title="Python of images",
    anchor="",
    since="",
    breaks_in="",
    subject="build images with a Python that the SDK supports",
    what=(
        "Images are built with Python 3.11 or newer. Of 3.10, 1.6.4 warns when an image is built or used; image "
        "builder 2026.10 refuses it, and so will 1.7.0."
    ),
    why="Nothing is said when the file is imported: the app fails when it is run or deployed.",
    before='image = modal.Image.debian_slim(python_version="3.9")',
    after='image = modal.Image.debian_slim(python_version="3.11")',
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield where a file asks for an old Python, and images whose Python depends on the SDK."""
    yield from required(module, SECTION)
    for old in old_versions(module):
        yield version_finding(module, SECTION, old)
    for call in unsaid_versions(module):
        yield unsaid_finding(module, SECTION, call)
