"""Image.copy_local_* → add_local_*.

The new methods exist since 0.66.40, the old ones warn from 0.72.11 on and are gone in 1.1.0. ``copy=True`` makes an
image layer, as the old methods did. Remote paths have to be absolute now; relative ones counted from the working
directory of the build, which is ``/`` unless the image says otherwise.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-imagecopy_-methods

    image.copy_local_dir("data", "/data")        ->    image.add_local_dir("data", "/data", copy=True)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.deployments import Deployed, deployed
from modal_transforms.modal_api.image_chain import assigned, chain_after
from modal_transforms.modal_api.images import image_uses
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import OldName, find_in_texts
from modal_transforms.sections.image_copy.call import METHODS, Copy
from modal_transforms.sections.image_copy.findings import copy_finding, of_unseen_image

SECTION = Section(
    number=1,
    slug="image-copy",
    title="Image.copy_* → add_local_*",
    anchor="deprecating-imagecopy_-methods",
    since="0.72.11",
    breaks_in="1.1.0",
    subject="replace Image.copy_local_* by add_local_*",
    what=(
        "Image.copy_local_file and Image.copy_local_dir are now add_local_file and add_local_dir. The "
        "new methods want an absolute remote path, and add files when a container starts unless "
        "copy=True makes an image layer, as before."
    ),
    why=(
        "From 1.1.0 the old methods do not exist. copy=True keeps what runs: later build steps need the "
        "files in a layer."
    ),
    before='image = modal.Image.debian_slim().copy_local_dir("data", "/data")',
    after='image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)',
)

SPELLINGS = Spellings((spelled(How.METHOD, "copy_local_file copy_local_dir"),))

NAMES = (
    OldName(
        r"(?<![\w\-])copy_local_(?P<what>dir|file)(?!\w)(?P<given>\([^()`\n]+\))?",
        lambda match: f"add_local_{match['what']}" + (f"{match['given'][:-1]}, copy=True)" if match["given"] else ""),
        "copy_local",
        "add_local_",
        own=False,
    ),
)
"""What comments, docstrings and prose call by its old name."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``copy_local_file`` and ``copy_local_dir``."""
    yield from _find_copies(module)
    yield from find_in_texts(module, SECTION, NAMES)


def _find_copies(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``copy_local_file`` and ``copy_local_dir``."""
    for call in module.index.calls:
        name = call.func
        if isinstance(name, ast.Attribute) and name.attr in METHODS:
            copy = Copy(module, call, name)
            if module.symbol(name) == f"modal.Image().{name.attr}":
                yield copy_finding(copy)
            elif module.resolve(name.value) is None and (users := _users(copy)):
                yield of_unseen_image(copy_finding(copy), users)


def _users(copy: Copy) -> tuple[Deployed, ...]:
    """Return the functions and classes that run in the image that the chain gives."""
    module = copy.module
    end = [copy.call, *chain_after(module, copy.call)][-1]
    given = module.index.parents.get(end)
    if isinstance(given, ast.keyword) and given.arg == "image":
        return tuple(found for found in deployed(module) if found.call is module.index.parents[given])
    return tuple(user for found in assigned(module, end) for user in image_uses(found).functions)
