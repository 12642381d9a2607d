"""Which version of modal a repository asks for: read from requirements of every kind, and how to raise it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.core.model import Section, Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import byte_offsets
from modal_transforms.core.target import NEWEST
from modal_transforms.formats import may_require

Version = tuple[int, ...]

_SPEC = r"(?P<spec>(?:[ \t]*(?:,[ \t]*)?(?:===?|~=|!=|<=?|>=?|\^)[ \t]*[\w.*+!-]+)*)"
"""Any number of clauses; each is read in one way only, so that a line that fits nothing is left in one pass."""
_NAME = r"(?<![\w./-])(?P<name>modal(?:-client)?)(?P<extras>\[[\w, -]*\])?"
_LINE = re.compile(rf"^[ \t]*(?:-[ \t]+)?[\"']?{_NAME}{_SPEC}[ \t]*(?=[\"',;#\\\r]|$|--)", re.MULTILINE)
_QUOTED = re.compile(rf"(?<=[\"']){_NAME}{_SPEC}[ \t]*(?:;[^\"'\n]*)?(?=[\"'])")
_INSTALL = re.compile(r"(?:pip3?|uv|poetry|pdm)[ \t]+(?:pip[ \t]+)?(?:install|add)\b")
_INSTALLED = re.compile(rf"(?<=[ \t\"']){_NAME}{_SPEC}")
_COMMAND_END = re.compile(r"[\n;&|]|$")
_TABLE = re.compile(
    r"^[ \t]*[\"']?(?P<name>modal(?:-client)?)[\"']?[ \t]*=[ \t]*(?:\{[^}\n]*?version[ \t]*=[ \t]*)?"
    r"(?P<quote>[\"'])(?P<spec>[^\"'\n]*)(?P=quote)",
    re.MULTILINE,
)
_CONDA = re.compile(r"^[ \t]*-[ \t]+(?:[\w-]+::)?(?P<name>modal)(?P<spec>=[\d.*]+)[ \t]*(?=#|\r|$)", re.MULTILINE)
_LOCKED = re.compile(
    r"name = \"modal\"\s+version = \"(?P<spec>[^\"]+)\"|\"modal\": \{[^{}]*?\"version\": \"(?P<json>[^\"]+)\""
)
_CLAUSE = re.compile(r"(?:(===?|~=|!=|<=?|>=?|\^|~|=)[ \t]*)?v?(\d+(?:\.\d+)*)(\.\*)?[\w.+!-]*")
_DIGITS = 18
"""A longer number is in no version; it is taken for the largest of so many digits."""
_HASHED = re.compile(r"[^\n]*?(?:\\\r?\n[^\n]*?)?--hash")
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?(?:requirements|constraints|reqs)(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_LOCKS = frozenset("uv.lock poetry.lock pdm.lock Pipfile.lock pylock.toml".split())


class Pin(Struct, frozen=True):
    """One requirement of modal. ``span`` are the bytes of what is written for it."""

    path: str
    line: int
    text: str
    """As written: ``modal==0.73.5``."""
    spec: str
    lowest: Version | None
    """The lowest version that it allows, where it says so."""
    below: Version | None
    """What it allows is below this, where it says so."""
    span: Span
    editable: bool = True

    @property
    def allows_newest(self) -> bool:
        """Tell whether the newest version may be installed."""
        return self.below is None or self.below > NEWEST

    @property
    def is_old(self) -> bool:
        """Tell whether it allows a version before 1.0, or keeps the newest one out."""
        return not self.allows_newest or (self.lowest is not None and self.lowest < (1,))

    def breaks(self, section: Section) -> bool:
        """Tell whether the old spelling of a section surely fails with every version that this allows."""
        if self.lowest is None or not section.breaks_in:
            return False
        return self.lowest >= version(section.breaks_in)

    def may_break(self, section: Section) -> bool:
        """Tell whether the old spelling of a section fails with the highest version that this allows."""
        return bool(section.breaks_in) and (self.below is None or self.below > version(section.breaks_in))


def _numbers(text: str) -> Version:
    return tuple(int(part) if len(part) <= _DIGITS else 10**_DIGITS for part in text.split("."))


def version(text: str) -> Version:
    """Return the numbers of a version, without zeros at its end."""
    numbers = [*_numbers(text)]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def may_pin(path: str) -> bool:
    """Tell, by its name, whether a file lists requirements."""
    name = PurePosixPath(path).name
    known = name in _LOCKS or name in {"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "tox.ini"}
    return known or _REQUIREMENTS.fullmatch(name) is not None or name.startswith(("environment", "conda"))


def pins_of(path: str, data: bytes) -> tuple[Pin, ...]:
    """Return the requirements of modal that a file states, in order."""
    if not may_require(path, data):
        return ()
    text = data.decode("utf-8", "surrogateescape")
    found = {(pin.span.start): pin for pin in _pins(_Listing(path, text), text)}
    return tuple(found[start] for start in sorted(found))


class _Listing:
    """A text that lists requirements, and where its characters are in the file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._offsets = byte_offsets(text)

    def written(self, match: re.Match[str], editable: bool = True) -> Pin:
        """Return the requirement that a match is, from its name to its last clause."""
        end = match.start("spec") + len(match["spec"].rstrip())
        return self.pin(match.start("name"), end, match["spec"].strip(), editable)

    def pin(self, start: int, end: int, spec: str, editable: bool = True) -> Pin:
        """Return what the characters from ``start`` to ``end`` ask for."""
        low, below = bounds(spec)
        written = self._text[start:end]
        listed = f"modal{spec}" if spec[:1] in "=<>~!^" else f"modal {spec}"
        shown = written if written.startswith("modal") else listed
        line = bisect_left(self._ends, start) + 1
        span = Span(self._offsets[start], self._offsets[end])
        return Pin(self.path, line, shown, spec, low, below, span, editable)


def _pins(listing: _Listing, text: str) -> Iterator[Pin]:
    path = listing.path
    name = PurePosixPath(path).name
    suffix = PurePosixPath(path).suffix
    if name in _LOCKS:
        for match in _LOCKED.finditer(text):
            group = "spec" if match["spec"] else "json"
            spec = match[group] if match[group].startswith("=") else f"=={match[group]}"
            yield listing.pin(match.start(group), match.end(group), spec, editable=False)
        return
    if _REQUIREMENTS.fullmatch(name) or name == "setup.cfg" or suffix in {".yml", ".yaml"} and may_pin(path):
        for match in _LINE.finditer(text):
            yield listing.written(match, editable=_HASHED.match(text, match.end()) is None)
        yield from map(listing.written, _CONDA.finditer(text))
        return
    if name in {"pyproject.toml", "Pipfile"}:
        for match in _TABLE.finditer(text):
            if not re.match(r"[^\n]*[./:]", match["spec"]) or re.fullmatch(r"[\^~<>=!\d.,* ]+", match["spec"]):
                yield listing.pin(match.start("spec"), match.end("spec"), match["spec"])
    if suffix in {".py", ".toml"} or name in {"Pipfile", "tox.ini"}:
        for match in _QUOTED.finditer(text):
            if match["spec"] or suffix == ".toml":
                yield listing.written(match)
    if suffix != ".py":
        yield from (listing.written(match) for match in _installed(text) if match["spec"])


def _installed(text: str) -> Iterator[re.Match[str]]:
    """Yield the first mention of modal after each ``pip install`` and the like, in the same command."""
    at = end = 0
    while install := _INSTALL.search(text, at):
        if install.start() >= end:
            ends = _COMMAND_END.search(text, install.end())
            end = ends.start() if ends else len(text)
        match = _INSTALLED.search(text, install.end(), end)
        if match:
            yield match
        at = match.end() if match else end


def bounds(spec: str) -> tuple[Version | None, Version | None]:
    """Return the lowest version that a specifier allows, and the one that all it allows are below."""
    lows: list[Version] = []
    highs: list[Version] = []
    for operator, number, star in _CLAUSE.findall(spec):
        parts = _numbers(number)
        exact = operator in {"==", "===", "="} or not operator
        if operator in {">=", ">", "~=", "^", "~"} or exact:
            lows.append(parts)
        if operator in {"<", "<="} or (exact and not star and operator != "="):
            highs.append(parts if operator == "<" else (*parts, *(0,) * (3 - len(parts)), 1))
        elif star or operator == "=":
            highs.append(_next(parts, len(parts)))
        elif operator == "~=":
            highs.append(_next(parts, max(1, len(parts) - 1)))
        elif operator == "~":
            highs.append(_next(parts, min(2, len(parts))))
        elif operator == "^":
            first = next((n for n, part in enumerate(parts) if part), len(parts) - 1)
            highs.append(_next(parts, first + 1))
    return (max(lows) if lows else None), (min(highs) if highs else None)


def _next(parts: Version, length: int) -> Version:
    return (*parts[: length - 1], parts[length - 1] + 1)


def raised_spec(spec: str) -> str:
    """Return a specifier for the newest version, in the manner of an old one.

    An exact version stays exact, a compatible one compatible; a range begins at the newest minor version, and ends
    before the next major one where it had an end.
    """
    minor, patch = ".".join(map(str, NEWEST[:2])), ".".join(map(str, NEWEST))
    clauses = _CLAUSE.findall(spec)
    if len(clauses) == 1:
        operator, number, star = clauses[0]
        if star:
            return f"{operator}{minor}.*"
        if operator in {"~=", "^", "~", "=", "==", "===", ""}:
            short = operator in {"~=", "^", "~", "="} and number.count(".") < 2
            return f"{operator}{minor if short else patch}"
    ends = any(operator in {"<", "<="} for operator, _, _ in clauses)
    return f">={minor},<{NEWEST[0] + 1}" if ends else f">={minor}"


def raised(pin: Pin) -> Patch | None:
    """Return the patch that lets a requirement have the newest version; ``None`` where there is nothing to raise."""
    if not pin.editable or not pin.spec or not pin.is_old:
        return None
    new = raised_spec(pin.spec)
    if pin.text.startswith("modal") and pin.span.end - pin.span.start == len(pin.text):
        extras = re.search(r"\[[^\]]*\]", pin.text)
        new = f"modal{extras[0] if extras else ''}{new}"
    return Patch(pin.span.start, pin.span.end, new.encode())
