"""Where the function goes that a build method becomes: above what names it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from modal_transforms.analysis.index import walk
from modal_transforms.core.model import Change, Extend
from modal_transforms.core.source import SourceFile
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.sections.build_decorator.extraction import Extracted, above
from modal_transforms.sections.build_decorator.methods import BuildMethod

CARRIED = ("secrets", "gpu", "volumes", "cpu", "memory", "network_file_systems")
"""The options of a class that its build method had, too."""


def place_of(method: BuildMethod, function: Extracted, found: Deployed, extension: Iterable[Change]) -> int | None:
    """Return where the function goes so that the image of a class can name it.

    An image that is written within its app's definition is above the class: the function goes above the app. ``None``
    where that is in another file, or where something that is named there has no value yet.
    """
    steps = [change for change in extension if isinstance(change, Extend)]
    if any(step.path != method.module.source.path for step in steps):
        return None
    first = min((step.at for step in steps), default=function.place)
    if first >= function.place:
        return function.place
    module = method.module
    statement = next(each for each in module.tree.body if module.source.span(each).end > first)
    known = module.index.module.bindings
    names = {each.id for value in _evaluated(method, found) for each in walk(value) if isinstance(each, ast.Name)}
    if any(getattr(binding.node, "lineno", 0) >= statement.lineno for name in names for binding in known.get(name, ())):
        return None
    return above(module.source, statement.lineno)


def blank_above(source: SourceFile, place: int) -> str:
    """Return the line ends that two blank lines above the beginning of a line lack; none at the top of the file."""
    above_it = source.data[:place].decode("latin-1").splitlines()
    blank = len(above_it) - len("\n".join(above_it).rstrip().splitlines())
    return source.newline * (2 - blank) if blank < len(above_it) else ""


def _evaluated(method: BuildMethod, found: Deployed) -> Iterator[ast.expr]:
    """Yield what is evaluated where the function is defined or named: options, and what it says to return."""
    yield from (item.value for item in method.options)
    yield from (item.value for item in found.call.keywords if item.arg in {*CARRIED, "secret"})
    if method.node.returns is not None:
        yield method.node.returns
