"""``experimental.raw_registry_image(tag)`` becomes ``Image.from_registry(tag)``, where no login comes with it."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.rows import calls_of

_SAME = frozenset({"tag", "path", "force_build"})
"""The arguments that are taken under the same names."""


def as_it_takes(module: Module, finding: Finding) -> Finding:
    """Return the finding of a raw image: for a person alone where the new name does not take what is given."""
    calls = calls_of(module, finding)
    if calls is not None and all(map(_fits, calls)):
        return replace(finding, advice="")
    return replace(finding, applicability=Applicability.MANUAL, choices=())


def _fits(call: ast.Call) -> bool:
    return len(call.args) <= 1 and {item.arg for item in call.keywords} <= _SAME
