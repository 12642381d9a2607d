"""What the commands of the plain prompt do, one line each; their letters are those of the screens."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from modal_wizard.config.commands import COMMANDS, KeyGroup, command_of, shown_key

_SAID = {
    "accept": ("", "accept the change that is shown"),
    "skip": ("", "skip: leave it as it is"),
    "skip-because": ("REASON", "skip, with a reason; without one it is asked for"),
    "edit": ("", "write the lines yourself, statement by statement, in your editor (as git finds it)"),
    "editor": ("", "open your editor on the whole file; where there is nothing to apply, on the file itself"),
    "by-hand": ("", "you changed it by hand: look at the files again"),
    "clear": ("", "clear the decision"),
    "undo": ("", "undo, without limit"),
    "redo": ("", "redo"),
    "next": ("", "the next undecided finding, then the next section; n now: the next that is broken now"),
    "down": ("", "the next finding, decided or not, over the borders of sections"),
    "up": ("", "the finding before"),
    "go-to": ("WORDS", "go to a section, a file or a finding in which the words occur; file:line goes there"),
    "overview": ("N", "overview; with a number or a name, open that section"),
    "search": ("WORDS", "the same as g"),
    "more-lines": ("N", "the finding again, with more lines around the change, or with N"),
    "fewer-lines": ("", "the finding again, with fewer lines around"),
    "whole-file": ("", "the whole file as it would be"),
    "preview": ("", "everything that is accepted and not written yet, file by file"),
    "guide": ("", "the address of the section in Modal's guide"),
    "look-alikes": ("", "what only reads like old code and stays as it is, and why"),
    "not-read": ("", "files that were not read"),
    "safe": ("", "accept every safe finding left in the section; A all: of all sections"),
    "rest": ("", "skip all that is undecided in the section"),
    "many": (
        "",
        "many at once: all that is proposed; the rest of a rule, a file, the section; mute the rule, or unmute",
    ),
    "commit": ("", "commit the section"),
    "commit-all": ("", "commit all finished sections, one after another"),
    "write": ("", "write the section's files without a commit"),
    "branch": ("NAME", "make the commits on a new branch"),
    "own-lines": ("", "commit only our lines of files that hold uncommitted changes of yours, or not"),
    "pin": ("", "raise the required version of modal, in a commit of its own"),
    "take-back": ("", "take a commit back by a new one, or bring back what was written without one"),
    "summary": ("", "the summary, as Markdown"),
    "verify": ("", "import what uses Modal under the real SDK, before and now"),
    "help": ("", "this list"),
    "quit": ("", "quit; every decision is kept"),
}
_GROUPS = {KeyGroup.DECIDE: "To decide:", KeyGroup.MOVE: "To move:", KeyGroup.SEE: "To see:"}
_WIDTH = 10


def help_lines(keys: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the list of commands with their keys, group by group."""
    for group in KeyGroup:
        if group is not KeyGroup.ALWAYS:
            yield _GROUPS.get(group, "To do with sections and commits:")
        own = (name for name, command in COMMANDS.items() if command.group is group and name in _SAID)
        for name in own:
            takes, said = _SAID[name]
            also = [key for key in keys[name][1:] if len(key) == 1]
            too = f"; {' and '.join(also)} {'do' if len(also) > 1 else 'does'} it too" if also else ""
            yield f"  {f'{keys[name][0]} {takes}':<{_WIDTH}} {said}{too}"
        if group is KeyGroup.DECIDE:
            yield f"  {'1 to 9':<{_WIDTH}} show another of the choices; then a accepts it"


def unknown(word: str, known: Collection[str]) -> str:
    """Return what to say of a word that is no command here, ``word`` made safe to show."""
    command = next((each for key in (word, *_long(word)) if (each := command_of(key)) is not None), None)
    if command is not None and command.id not in known:
        return f"{word} ({command.words}) is for the screens, not line by line."
    return f"There is no command {word}; ? lists them."


def _long(word: str) -> Iterator[str]:
    yield from (key for command in COMMANDS.values() for key in command.keys if shown_key(key) == word)
