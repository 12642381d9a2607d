"""The file of settings: read once when the wizard opens, and written when the person changes how things look.

Nothing in it can end the program: what is wrong is said in a sentence, and left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from modal_transforms.core.patterns import pattern
from modal_wizard.config.commands import COMMANDS, shown_key
from modal_wizard.files.safe_io import replace_named
from modal_wizard.text.sanitize import visible

NAME = "settings.toml"
LARGEST = 100_000
"""Bytes; a larger file is none of ours."""
MOST_LINES = 200
_KEY = pattern(r"[!-~]|(ctrl|shift|alt)\+\w+|\w+")
_AT_MOST_SHOWN = 60
_VIEW = ("side_by_side", "list", "reasons")
_LONG = {"+": "plus", "-": "minus", "/": "slash", "_": "underscore"}
_FIXED = (*"123456789", "enter", "escape", "space", "tab", "up", "down", "left", "right")
_PLAIN = pattern(r"[ -!#-\[\]-~]*")
"""Text that needs no escapes between quotation marks."""


class ViewSettings(Struct, frozen=True):
    """How changes are looked at."""

    side_by_side: bool = False
    context: int | None = None
    """Lines around a change; ``None`` for as many as there is room for."""
    list: bool = True
    """Whether the list of findings is shown."""
    reasons: bool = True


class PersonalSettings(Struct, frozen=True):
    """What a person has set; ``problems`` says in sentences what of it could not be taken."""

    theme: str = ""
    view: ViewSettings = field(default_factory=ViewSettings)
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by the names of commands, as Textual takes them: ``{"accept": "space,y"}``."""
    problems: tuple[str, ...] = ()
    place: Path | None = None
    """The file; ``None`` where none is to be written, as the person's own text in it cannot be read."""


def place() -> Path:
    """Return where the file of settings is, whether it exists or not."""
    from platformdirs import user_config_path

    return user_config_path("modal-wizard", appauthor=False) / NAME


def read(file: Path) -> PersonalSettings:
    """Return what a file of settings says; the defaults where there is none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return PersonalSettings(place=file)
    except OSError as error:
        return PersonalSettings(problems=(f"{visible(str(file))} was not read: {error.strerror}.",))
    try:
        if len(data) > LARGEST:
            raise ValueError("it is too large to be a file of settings")
        said = _parsed(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # a fault of TOML is one of them
        why = visible(str(error).split("\n")[0])
        return PersonalSettings(problems=(f"{visible(str(file))} is left as it is and was not taken: {why}.",))
    return _settings(said, file)


def _parsed(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _settings(said: Mapping[str, Any], file: Path) -> PersonalSettings:
    wrong = [
        f"there is no setting {_short(name)}." for name in said if name not in {"theme", "keys", *_VIEW, "context"}
    ]
    theme = said.get("theme", "")
    if not isinstance(theme, str):
        wrong.append("theme has to be a name in quotation marks.")
        theme = ""
    asked = said.get("keys", {})
    if not isinstance(asked, dict):
        wrong.append('keys has to be a table: [keys], and below it lines such as accept = "a".')
        asked = {}
    view, keys = _view(said, wrong), _keys(asked, wrong)
    return PersonalSettings(theme, view, keys, tuple(f"{NAME}: {sentence}" for sentence in wrong), file)


def _view(said: Mapping[str, Any], wrong: list[str]) -> ViewSettings:
    view = ViewSettings()
    for name in _VIEW:
        value = said.get(name, getattr(view, name))
        if isinstance(value, bool):
            view = replace(view, **{name: value})
        else:
            wrong.append(f"{name} has to be true or false.")
    lines = said.get("context")
    if lines is None or (type(lines) is int and 0 <= lines <= MOST_LINES):
        return replace(view, context=lines)
    wrong.append(f"context has to be a number of lines, at most {MOST_LINES}.")
    return view


def _keys(asked: Mapping[str, object], wrong: list[str]) -> dict[str, str]:
    """Return the keys that can be taken; two commands of one key are both left as they were."""
    taken: dict[str, list[str]] = {}
    for name, value in asked.items():
        pressed = [value] if isinstance(value, str) else value
        if name not in COMMANDS:
            wrong.append(f"there is no command {_short(name)}; ? and the README name them.")
        elif not (isinstance(pressed, list) and pressed and all(_is_key(each) for each in pressed)):
            wrong.append(f"{name}: {_short(str(value))} is no key; a, ctrl+g and f2 are.")
        else:
            taken[name] = [_long(each) for each in pressed]
    return {name: ",".join(keys) for name, keys in _without_conflicts(taken, wrong)}


def _without_conflicts(taken: dict[str, list[str]], wrong: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Leave out, until none is left, what would give one key to two commands; a command always keeps its own key."""
    while clashes := list(_clashes(taken)):
        for key, names in clashes:
            wrong.append(f"{shown_key(key)} would be {' and '.join(names)} at once: their own keys stay.")
            for name in names:
                taken.pop(name, None)
    yield from taken.items()


def _clashes(taken: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    owners: dict[str, list[str]] = {}
    for name, command in COMMANDS.items():
        for key in dict.fromkeys(taken.get(name, command.keys)):
            owners.setdefault(key, []).append(name)
    for fixed in _FIXED:
        if fixed in owners:
            owners[fixed].append("a key that is always the same")
    yield from ((key, names) for key, names in owners.items() if len(names) > 1)


def _is_key(key: object) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def _long(key: str) -> str:
    """Return a key by its long name, as Textual calls it: ``slash`` for ``/``."""
    import unicodedata

    if len(key) > 1 or key.isalnum():
        return key
    return _LONG.get(key) or unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")


def _short(text: str) -> str:
    shown = visible(text, " ")
    return shown if len(shown) <= _AT_MOST_SHOWN else f"{shown[:_AT_MOST_SHOWN]}…"


def save(settings: PersonalSettings, root: Path, changed: Mapping[str, str | bool | int]) -> None:
    """Write some settings into the file, old or new at any moment; every other line of the person's stays.

    ``root`` is the repository, in which no link is followed. Raises `OSError`, `UnsafePath` or `ValueError`, with the
    file as it was.
    """
    if settings.place is None:
        raise ValueError("the file of settings has to be put right first")
    try:
        text = settings.place.read_bytes().decode("utf-8")
    except FileNotFoundError:
        text = ""
    new = changed_text(text, changed)
    if _parsed(new) != {**_parsed(text), **changed}:
        raise ValueError("the file of settings is written in a way that only you can change")
    settings.place.parent.mkdir(parents=True, exist_ok=True)
    replace_named(root, settings.place, new.encode("utf-8"))


def changed_text(text: str, changed: Mapping[str, str | bool | int]) -> str:
    """Return a file's text with some settings changed: their own lines, or new ones above the first table."""
    lines = text.splitlines(keepends=True)
    end = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    for name, value in changed.items():
        line = f"{name} = {_toml(value)}\n"
        at = next((at for at in range(end) if re.match(rf"\s*{name}\s*=", lines[at])), None)
        if at is not None:
            lines[at] = line
            continue
        if end and not lines[end - 1].endswith("\n"):
            lines[end - 1] += "\n"
        lines.insert(end, line)
        end += 1
    return "".join(lines)


def _toml(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"{_short(value)} cannot be kept")
    return f'"{value}"'
