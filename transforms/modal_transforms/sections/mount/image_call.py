"""A call of ``Image.add_local_*`` in the making."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.module import Module

IGNORE_CHANGED = (
    "the predicate looks at more than file names: since 0.76.0 it is given paths relative to the added folder, "
    "before that absolute ones"
)


class AddedFiles(Struct, frozen=True):
    """A call of ``Image.add_local_*``.

    ``doubts`` say what a person should look at; ``others`` are other calls that might be meant, by the key of their
    choice.
    """

    method: str
    arguments: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    others: tuple[tuple[str, AddedFiles], ...] = ()

    def link(self, copy: bool = False) -> str:
        """Return the text of the call, from its dot on."""
        arguments = list(self.arguments)
        if copy:
            place = next((i for i, text in enumerate(arguments) if text.startswith("ignore=")), len(arguments))
            arguments.insert(place, "copy=True")
        return f".{self.method}({', '.join(arguments)})"

    def other(self, key: str) -> AddedFiles:
        """Return the call of another choice, this one when it has none."""
        return dict(self.others).get(key, self)


def quoted(text: str, like: str = '"') -> str:
    """Return a string literal."""
    literal = repr(text)
    return literal if like == "'" or '"' in text else f'"{literal[1:-1]}"'


def written(module: Module, node: ast.expr | ast.keyword) -> str:
    """Return the text of a node."""
    return module.source.written(node)
