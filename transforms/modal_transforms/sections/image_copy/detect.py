"""Where an image copies local files by an old method."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.deployments import Deployed, deployed
from modal_transforms.modal_api.image_chain import assigned, chain_after
from modal_transforms.modal_api.images import image_uses
from modal_transforms.sections.image_copy.call import METHODS, Copy
from modal_transforms.sections.image_copy.findings import copy_finding, of_unseen_image


def find_copies(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the calls of ``copy_local_file`` and ``copy_local_dir``."""
    for call in module.index.calls:
        name = call.func
        if isinstance(name, ast.Attribute) and name.attr in METHODS:
            copy = Copy(module, call, name)
            if module.symbol(name) == f"modal.Image().{name.attr}":
                yield copy_finding(copy, section)
            elif module.resolve(name.value) is None and (users := _users(copy)):
                yield of_unseen_image(copy_finding(copy, section), users)


def _users(copy: Copy) -> tuple[Deployed, ...]:
    """Return the functions and classes that run in the image that the chain gives."""
    module = copy.module
    end = [copy.call, *chain_after(module, copy.call)][-1]
    given = module.index.parents.get(end)
    if isinstance(given, ast.keyword) and given.arg == "image":
        return tuple(found for found in deployed(module) if found.call is module.index.parents[given])
    return tuple(user for found in assigned(module, end) for user in image_uses(found).functions)
