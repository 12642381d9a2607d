"""Every command of the wizard with its key: one key, one meaning, on all screens, in dialogs and line by line."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from msgspec import Struct

NAMED = {"plus": "+", "minus": "-", "slash": "/", "question_mark": "?", "ctrl+p": "^p", "ctrl+r": "^r"}
"""How keys with a name are shown."""


class KeyGroup(enum.Enum):
    """What a command is for, in the order in which groups are told."""

    DECIDE = "Decide"
    MOVE = "Move"
    SEE = "See"
    SECTION = "Section"
    ALWAYS = "Always"


class KeyCommand(Struct, frozen=True):
    """A command that has a key of its own."""

    id: str
    """Its name in the file of settings."""
    keys: tuple[str, ...]
    """The keys that do it, the one that is shown first; ``a`` or ``slash``."""
    words: str
    """What it does, in a few words."""
    group: KeyGroup
    where: str
    """Where it works, to be put after "works"."""
    silent: str = ""
    """Why it does nothing where it could work and does not now, as a sentence."""

    @property
    def key(self) -> str:
        """The key as it is shown and typed."""
        return shown_key(self.keys[0])


def shown_key(key: str) -> str:
    """Return a key as it is shown: ``/`` for ``slash``, ``!`` for ``exclamation_mark``."""
    if key in NAMED or "_" not in key:
        return NAMED.get(key, key)
    import unicodedata

    try:
        return unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return key


_REVIEW, _COMMIT, _SUMMARY = "in the review of a section", "on the screen of a commit", "on the summary (m)"
_OVERVIEW = "on the overview (o)"
_MOST = f"{_REVIEW}, {_COMMIT} and {_OVERVIEW}"
EVERYWHERE = _ALL = "everywhere"
"""What is said of commands that work on most screens."""
_BY_HAND = "Nothing can be applied here: e edits it, h says that you did it, n leaves it for later."
_DECIDE, _MOVE, _SEE, _SECTION, _ALWAYS = KeyGroup
_ROWS: tuple[tuple[str, str, str, KeyGroup, str, str], ...] = (
    ("accept", "a,y", "accept", _DECIDE, _REVIEW, _BY_HAND),
    ("skip", "s", "skip", _DECIDE, _REVIEW, "There is no finding here to skip."),
    ("skip-because", "r", "skip with a reason", _DECIDE, _REVIEW, "There is no finding here to skip."),
    ("edit", "e", "edit text here", _DECIDE, f"{_REVIEW} and {_COMMIT}", "There is nothing here to edit."),
    ("editor", "E", "open in your editor", _DECIDE, _REVIEW, "There is no finding here to open."),
    ("by-hand", "h", "done by hand", _DECIDE, _REVIEW, "h is for what has to be done by hand; a accepts this one."),
    ("clear", "x", "clear decision", _DECIDE, _REVIEW, "This finding is not decided."),
    ("undo", "u", "undo", _DECIDE, _ALL, "There is no decision to undo here; Z takes a commit back."),
    ("redo", "U,ctrl+r", "redo", _DECIDE, _ALL, "Nothing was undone."),
    ("next", "n", "next undecided", _MOVE, f"{_REVIEW} and {_OVERVIEW}", "Nothing else is undecided."),
    ("down", "j", "down", _MOVE, _ALL, "There is nothing to move over here."),
    ("up", "k", "up", _MOVE, _ALL, "There is nothing to move over here."),
    ("scroll-down", "J", "scroll down", _MOVE, _ALL, "There is nothing to scroll here."),
    ("scroll-up", "K", "scroll up", _MOVE, _ALL, "There is nothing to scroll here."),
    ("go-to", "g", "go to", _MOVE, f"{_REVIEW} and {_OVERVIEW}", "There is nothing here to go to."),
    ("overview", "o", "overview", _MOVE, _ALL, "The overview is shown, or something runs; esc ends that."),
    ("search", "slash", "search", _SEE, f"{_REVIEW} and {_OVERVIEW}", "There is nothing here to search."),
    ("filter", "F", "filter", _SEE, _REVIEW, "There is nothing here to filter."),
    ("side-by-side", "d", "side by side", _SEE, "where changes are shown", "There is no change here to show."),
    (
        "more-lines",
        "plus,equals_sign",
        "more lines around",
        _SEE,
        "where changes are shown",
        "There is no change here.",
    ),
    ("fewer-lines", "minus", "fewer lines around", _SEE, "where changes are shown", "There is no change here."),
    ("whole-file", "w", "whole file as it would be", _SEE, _REVIEW, "There is no change here to show."),
    ("list", "t", "hide or show the list", _SEE, _REVIEW, "There is no list here."),
    ("reasons", "i", "hide or show the reasons", _SEE, _REVIEW, "There are no reasons here."),
    ("preview", "P", "preview all accepted", _SEE, f"{_REVIEW} and {_OVERVIEW}", "Nothing is accepted yet."),
    ("copy", "Y", "copy the diff", _SEE, _REVIEW, "There is no change here to copy."),
    ("guide", "G", "open the guide", _SEE, _REVIEW, "No section is open here."),
    ("look-alikes", "l", "look-alikes", _SEE, _OVERVIEW, "Wait until all files are read."),
    ("not-read", "f", "files not read", _SEE, _ALL, "Every file was read."),
    ("safe", "A", "all safe", _SECTION, f"{_REVIEW} and {_OVERVIEW}", "No safe finding is left here."),
    ("rest", "S", "skip the rest", _SECTION, _REVIEW, "Nothing is undecided here."),
    ("many", "R", "many at once…", _SECTION, _REVIEW, "Nothing is undecided here."),
    ("commit", "c", "commit", _SECTION, _ALL, "Nothing is accepted here yet: a accepts."),
    ("commit-all", "C", "commit all", _SECTION, _MOST, "No section is finished yet."),
    ("write", "W", "write only", _SECTION, _COMMIT, "Nothing is accepted here yet."),
    ("branch", "b", "new branch", _SECTION, _COMMIT, "The first commit is made; the others follow it."),
    ("terminal", "T", "hooks in the terminal", _SECTION, _COMMIT, "There are no hooks, and nothing signs."),
    ("check", "V", "check first", _SECTION, _COMMIT, "Your settings name no pytest and no ruff."),
    (
        "own-lines",
        "D",
        "only our lines",
        _SECTION,
        _OVERVIEW,
        "No file with findings has uncommitted changes of yours.",
    ),
    ("pin", "p", "raise the pin", _SECTION, _SUMMARY, "There is no pin of modal to raise."),
    ("take-back", "Z", "take back…", _SECTION, _SUMMARY, "Nothing is written yet, so there is nothing to take back."),
    ("summary", "m", "summary", _SECTION, _OVERVIEW, "Nothing is decided yet."),
    ("verify", "v", "verify", _SECTION, f"{_OVERVIEW} and {_SUMMARY}", "Wait for what runs, or end it by esc."),
    ("palette", "ctrl+p", "commands", _ALWAYS, _ALL, ""),
    ("help", "question_mark", "help", _ALWAYS, _ALL, ""),
    ("quit", "q,ctrl+q", "quit", _ALWAYS, _ALL, "Wait for what is written, or end it by esc."),
)
COMMANDS = {row[0]: KeyCommand(row[0], tuple(row[1].split(",")), *row[2:]) for row in _ROWS}
"""All of them by their names, in the order in which they are told. Answers of dialogs (y, n) are not among them."""


def command_of(key: str) -> KeyCommand | None:
    """Return the command that a key stands for, unless a person has set it otherwise; ``None`` for no command."""
    return _BY_KEY.get(key)


_BY_KEY = {key: command for command in COMMANDS.values() for key in command.keys}


def keys_by_command(own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of each command as they are shown and typed, with a person's ``own`` in place of ours."""
    asked = {name: own[name].split(",") if name in own else each.keys for name, each in COMMANDS.items()}
    return {name: tuple(map(shown_key, keys)) for name, keys in asked.items()}
