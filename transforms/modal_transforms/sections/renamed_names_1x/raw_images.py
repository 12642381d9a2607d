"""``experimental.raw_registry_image(tag)`` becomes ``Image.from_registry(tag)``, where no login comes with it."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Site

_SAME = frozenset({"tag", "path", "force_build"})
"""The arguments that are taken under the same names."""


def as_it_takes(module: Module, finding: Finding) -> Finding:
    """Return the finding of a raw image: for a person alone where the new name does not take what is given."""
    calls = module.once(_calls)
    fitting = [_fits(calls[site]) for site in finding.sites if site in calls]
    is_read_otherwise = len(fitting) < max(1, len(finding.sites) - 1)
    if all(fitting) and not is_read_otherwise:
        return replace(finding, advice="")
    return replace(finding, applicability=Applicability.MANUAL, choices=())


def _calls(module: Module) -> dict[Site, ast.Call]:
    """Return the calls of a file by the name that is called."""
    source = module.source
    called = ((call, call.func) for call in module.index.calls if isinstance(call.func, (ast.Attribute, ast.Name)))
    return {
        source.site(source.attribute_word(name) if isinstance(name, ast.Attribute) else source.span(name)): call
        for call, name in called
    }


def _fits(call: ast.Call) -> bool:
    return len(call.args) <= 1 and {item.arg for item in call.keywords} <= _SAME
