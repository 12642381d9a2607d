"""What is said of an old Python, and which newer ones are proposed."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.comment_lines import comments_above
from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.lookups.tokens import name_of
from modal_transforms.requirements.versions import bounds, version
from modal_transforms.sections.python_version.detect import OldVersion

_NEWER = ("3.11", "3.12")
_LAST = 10
"""The minor version that 1.6.4 still builds with most image builders."""
_CHECK = (
    "Check that what the image installs has wheels for it; where functions are serialized, the Python that deploys has "
    "to be the same."
)
_WARNED = "1.6.4 warns of it, 1.7.0 will not run it"
_REFUSED = "it is not built since 1.3.0"
_BY_HAND = "Choose 3.11 or newer, and change with it what line {0} says of {1}."
_SAID = "Line {0} says: {1}. Choose 3.11 or newer once that does not hold any more."
_NAMED = pattern(r"(?<![\w.])3\.(?:[6-9]|1\d)\b")
"""A version of Python 3 in a comment."""
_PROJECT = "{0} asks for Python {1}, and {2} installs that project: change it there first, lock it, then say it here."
_UNSAID = (
    'Say the version: micromamba(python_version="3.11"). With image builder 2023.12 it was 3.9 where nothing was '
    "said; since 1.3.0 it is the Python that deploys."
)

_INSTALLS = {"modal.Image().uv_sync": "requires-python", "modal.Image().poetry_install_from_file": "python"}
"""What installs a project, and where that looks for the versions of Python that the project runs on."""


def version_finding(module: Module, old: OldVersion) -> Finding:
    """State that images have an old Python; one that other lines or the project name as well is left to a person."""
    is_last = old.minor == _LAST
    message = f"Python 3.{old.minor} in an image: {_WARNED if is_last else _REFUSED}"
    asked = module.once(_asked)
    fitting = [each for each in _NEWER if asked is None or asked.allows(each)]
    named = re.search(rf"\bcp3{old.minor}\b|\bpython3\.{old.minor}\b".encode(), module.source.data)
    by_hand = "" if named is None else _BY_HAND.format(module.source.line_of(named.start()), named[0].decode())
    said = _said(module, old)
    if said is not None and not by_hand:
        by_hand = _SAID.format(*said)
    if asked is not None and not fitting:
        by_hand = _PROJECT.format(asked.path, asked.spec, asked.step)
    return module.finding(
        "python-version-by-hand" if by_hand else "python-version",
        module.source.span(old.node),
        message,
        Applicability.MANUAL if by_hand else Applicability.REVIEW,
        () if by_hand else tuple(_newer(module, old, each) for each in fitting),
        explain(module, old.calls[0].func),
        f"{by_hand} {_CHECK}".lstrip(),
        since="1.6.4" if is_last else "",
        breaks_in="1.7.0" if is_last else "1.3.0",
    )


def _said(module: Module, old: OldVersion) -> tuple[int, str] | None:
    """Return the first comment at an image that names a version of Python, and its line."""
    source = module.source
    for call in old.calls:
        span = source.span(module.index.statement(call))
        first, end = source.line_of(span.start), source.line_at(span.end).end
        above = [place.start for place, _ in comments_above(module, first)]
        start = min([span.start, *above])
        for at, text in comments(source):
            if start <= at < end and _NAMED.search(text):
                return source.line_of(at), text.lstrip("# ")
    return None


def _newer(module: Module, old: OldVersion, new: str) -> Choice:
    place = module.source.span(old.node)
    text = module.source.slice(place).replace(str(old.node.value), new)
    change = Replace(module.source.path, place, text)
    return Choice(f"python{new}", f"Python {new}", f"The image is built anew, with Python {new}.", (change,))


def unsaid_finding(module: Module, call: ast.Call) -> Finding:
    """State that the Python of an image is another one with a newer SDK."""
    assert isinstance(call.func, ast.Attribute)
    place = name_of(module, call.func) or module.source.span(call.func)
    message = "micromamba() without a version: with image builder 2023.12 another Python since 1.3.0"
    return module.finding(
        "python-unsaid",
        place,
        message,
        Applicability.MANUAL,
        evidence=explain(module, call.func),
        advice=_UNSAID,
        since="1.3.0",
    )


class _Asked(Struct, frozen=True):
    """What a project says of its Python, and where."""

    path: str
    spec: str
    """As written: ``==3.10.*``."""
    step: str
    """The method of the image that installs the project."""

    def allows(self, python: str) -> bool:
        """Tell whether some release of a Python (``3.11``) is among those that the project runs on."""
        low, below = bounds(self.spec)
        wanted = version(python)
        return (below is None or below > wanted) and (low is None or low[:2] <= wanted)


def _asked(module: Module) -> _Asked | None:
    steps = [call.func for call in module.index.calls if module.symbol(call.func) in _INSTALLS]
    if not steps or module.project is None:
        return None
    for folder in PurePosixPath(module.source.path).parents:
        path = str(folder / "pyproject.toml")
        spec = _spec(module.project.data(path), _INSTALLS[module.symbol(steps[0])])
        if spec:
            return _Asked(path, spec, module.source.written(steps[0]).rpartition(".")[2])
    return None


def _spec(data: bytes | None, key: str) -> str:
    """Return what a ``pyproject.toml`` has for a key, a text; empty where it has nothing."""
    found = re.search(rf"""^[ \t]*{key}[ \t]*=[ \t]*["']([^"'\n]+)["']""".encode(), data or b"", re.MULTILINE)
    return found[1].decode(errors="replace") if found else ""
