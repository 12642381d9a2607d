"""The Python that a project says it runs with, where the SDK that it requires cannot be installed on that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.requirements import pins_of

_SAID = pattern(r"^(?:requires-python|python)[ \t]*=[ \t]*([\"'])(?P<spec>[^\"'\n]*)\1", re.MULTILINE)
_LOWER = pattern(r"(?:>=|\^|~=|~)[ \t]*(?P<version>3\.(?P<minor>\d+)(?:\.\d+)?)")
_OLDEST = 10
"""Python 3.10 is the oldest that modal 1.3.0 and newer can be installed on."""


def required(module: Module, section: Section) -> Iterator[Finding]:
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
            section,
            "required-python",
            span,
            f"modal 1.3.0 and newer need Python 3.{_OLDEST}; this project allows {lower['version']}",
            Applicability.REVIEW,
            (Choice("newer", f"ask for Python 3.{_OLDEST} or newer", effect, changes),),
            ("1.6.4 warns on 3.10, which 1.7.0 will not support",),
            breaks_in="1.3.0",
        )
