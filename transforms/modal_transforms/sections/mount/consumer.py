"""What mounts were given to: a function, an app, a sandbox, a step of an image's build."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.sections.mount.image_call import AddedFiles
from modal_transforms.sections.mount.mount_list import Reading


class Consumer(Struct, frozen=True):
    """One ``mounts=`` argument: the call or dict it is in, and what it holds."""

    module: Module
    rule: str
    what: str
    """What takes the files, in the message: ``f``, ``the app``."""
    call: ast.Call
    container: Span
    argument: Span
    reading: Reading
    additions: tuple[AddedFiles, ...]
    doubts: tuple[str, ...] = ()
