"""Images whose Python is too old for the SDK: 3.9 and older are not built since 1.3.0, 3.10 goes in 1.7.0.

modal.Image.debian_slim(python_version="3.10")    ->    modal.Image.debian_slim(python_version="3.11")
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.requirements import pins_of
from modal_transforms.sections.python_version.detect import old_versions, unsaid_versions
from modal_transforms.sections.python_version.findings import unsaid_finding, version_finding

SECTION = Section(
    slug="python-version",
    title="Python of images",
    subject="build images with a Python that the SDK supports",
    what=(
        "Images are built with Python 3.11 or newer. Of 3.10, 1.6.4 warns when an image is built or used; image "
        "builder 2026.10 refuses it, and so will 1.7.0."
    ),
    why="Nothing is said when the file is imported: the app fails when it is run or deployed.",
    before='image = modal.Image.debian_slim(python_version="3.9")',
    after='image = modal.Image.debian_slim(python_version="3.11")',
)

_SAID = pattern(r"^(?:requires-python|python)[ \t]*=[ \t]*([\"'])(?P<spec>[^\"'\n]*)\1", re.MULTILINE)
_LOWER = pattern(r"(?:>=|\^|~=|~)[ \t]*(?P<version>3\.(?P<minor>\d+)(?:\.\d+)?)")
_OLDEST = 10
"""Python 3.10 is the oldest that modal 1.3.0 and newer can be installed on."""


def find(module: Module) -> Iterator[Finding]:
    """Yield where a file asks for an old Python, and images whose Python depends on the SDK."""
    yield from _required(module)
    for old in old_versions(module):
        yield version_finding(module, old)
    for call in unsaid_versions(module):
        yield unsaid_finding(module, call)


def _required(module: Module) -> Iterator[Finding]:
    """Yield what a ``pyproject.toml`` that requires modal says of Python, where that is too old."""
    source = module.source
    if source.path.rpartition("/")[2] != "pyproject.toml" or not pins_of(source.path, source.data):
        return
    for said in _SAID.finditer(source.text):
        lower = _LOWER.search(said["spec"])
        if lower is None or int(lower["minor"]) >= _OLDEST:
            continue
        start = len(source.text[: said.start("spec") + lower.start("version")].encode())
        span = Span(start, start + len(lower["version"]))
        changes = (Replace(source.path, span, f"3.{_OLDEST}"),)
        effect = "The project is no longer installed on older Pythons; those of users and of CI have to be newer, too."
        yield module.finding(
            "required-python",
            span,
            f"modal 1.3.0 and newer need Python 3.{_OLDEST}; this project allows {lower['version']}",
            Applicability.REVIEW,
            (Choice("newer", f"ask for Python 3.{_OLDEST} or newer", effect, changes),),
            ("1.6.4 warns on 3.10, which 1.7.0 will not support",),
            breaks_in="1.3.0",
        )
