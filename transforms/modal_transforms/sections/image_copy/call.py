"""One call of an old method."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span

METHODS = {"copy_local_file": "add_local_file", "copy_local_dir": "add_local_dir"}


class Copy(Struct, frozen=True):
    """One call of an old method."""

    module: Module
    call: ast.Call
    name: ast.Attribute

    @property
    def old(self) -> str:
        """The old method."""
        return self.name.attr

    @property
    def new(self) -> str:
        """The method that does the same."""
        return METHODS[self.old]

    @property
    def path(self) -> str:
        """The file's path."""
        return self.module.source.path

    @property
    def span(self) -> Span:
        """The whole call, with the image it is called on."""
        return self.module.source.span(self.call)

    @property
    def method(self) -> Span:
        """The method's name."""
        return self.module.source.attribute_word(self.name)

    @property
    def is_file(self) -> bool:
        """Tell whether one file is copied."""
        return self.old == "copy_local_file"
