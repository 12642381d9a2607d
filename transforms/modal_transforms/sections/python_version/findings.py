"""What is said of an old Python, and which newer ones are proposed."""

from __future__ import annotations

import ast
import re

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section
from modal_transforms.modal_api.lookups.tokens import name_of
from modal_transforms.sections.python_version.detect import OldVersion

_NEWER = ("3.11", "3.12")
_LAST = 10
"""The minor version that 1.6.4 still builds with most image builders."""
_CHECK = (
    "Check that what the image installs has wheels for it; where functions are serialized, the Python that deploys has "
    "to be the same."
)
_BY_HAND = "Choose 3.11 or newer, and change with it what line {0} says of {1}."
_UNSAID = (
    'Say the version: micromamba(python_version="3.11"). With image builder 2023.12 it was 3.9 where nothing was '
    "said; since 1.3.0 it is the Python that deploys."
)


def version_finding(module: Module, section: Section, old: OldVersion) -> Finding:
    """State that images have an old Python."""
    place, version = module.source.span(old.node), f"3.{old.minor}"
    written = module.source.slice(place)
    if old.minor == _LAST:
        message = f"Python {version} in an image: 1.6.4 warns of it, 1.7.0 will not run it"
        since, breaks_in = "1.6.4", "1.7.0"
    else:
        message = f"Python {version} in an image: it is not built since 1.3.0"
        since, breaks_in = "", "1.3.0"
    named = re.search(rf"\bcp3{old.minor}\b|\bpython3\.{old.minor}\b".encode(), module.source.data)
    if named is not None:
        advice = f"{_BY_HAND.format(module.source.line_of(named.start()), named[0].decode())} {_CHECK}"
        return module.finding(
            section,
            "python-version-by-hand",
            place,
            message,
            Applicability.MANUAL,
            evidence=explain(module, old.calls[0].func),
            advice=advice,
            since=since,
            breaks_in=breaks_in,
        )
    choices = tuple(
        Choice(
            f"python{new}",
            f"Python {new}",
            f"The image is built anew, with Python {new}.",
            (Replace(module.source.path, place, written.replace(str(old.node.value), new)),),
        )
        for new in _NEWER
    )
    return module.finding(
        section,
        "python-version",
        place,
        message,
        Applicability.REVIEW,
        choices,
        explain(module, old.calls[0].func),
        _CHECK,
        since=since,
        breaks_in=breaks_in,
    )


def unsaid_finding(module: Module, section: Section, call: ast.Call) -> Finding:
    """State that the Python of an image is another one with a newer SDK."""
    assert isinstance(call.func, ast.Attribute)
    place = name_of(module, call.func) or module.source.span(call.func)
    message = "micromamba() without a version: with image builder 2023.12 another Python since 1.3.0"
    return module.finding(
        section,
        "python-unsaid",
        place,
        message,
        Applicability.MANUAL,
        evidence=explain(module, call.func),
        advice=_UNSAID,
    )
