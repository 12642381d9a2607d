"""The grammar of Modal's command line, as far as ``-m`` goes.

Pure text: a shell line, an argument list or a line of a document becomes words, and `judge` says whether they are a
``modal run``, ``deploy``, ``serve`` or ``shell`` of a module that lacks ``-m``. The SDK's own rule: what stands before
``::`` is a file when it ends with ``.py``, else a module; what exists on disk does not matter.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.command_line import HOLE, SUBCOMMANDS, Word
from modal_transforms.core.patterns import pattern

OPTIONS_WITH_VALUES = frozenset(
    "-e --env -n --name --tag -w --write-result --timeout --strategy --profile -c --cmd --image --add-python --volume "
    "--add-local --secret --cpu --memory --gpu --cloud --region --runtime".split()
)
FLAGS = frozenset(
    "-q --quiet -d --detach -i --interactive --timestamps --stream-logs --no-stream-logs --pty --no-pty -h --help "
    "--no-quiet --no-detach --no-interactive".split()
)
WRAPPERS = frozenset(
    "uv uvx poetry pdm pipenv pipx hatch rye pixi conda mamba micromamba env sudo time nohup exec command nice timeout "
    "doppler op dotenv infisical chamber aws-vault caffeinate direnv mise if then else elif while until do ! {".split()
)
"""Words that may come before ``modal`` on its command line; environment assignments may as well."""

_ASSIGNMENT = pattern(r"[A-Za-z_]\w*=")
_PYTHON = pattern(r"(?:.*[/\\])?python[\d.]*(?:\.exe)?")
_MODAL = pattern(r"(?:.*[/\\])?modal(?:\.exe)?")
_DOTTED = pattern(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_LOOSE = pattern(r"[\w\0-]+(?:\.[\w\0-]+)+")
_BARE = pattern(r"[\w-]+")
_IDENTITY = pattern(r"(?:ta|sb|im|fu|ap|fc|cs|mo)-\w+")
_HIDDEN = pattern(r"\$?\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|\$(?:\w+|[*@<^+?])")
_PATH = pattern(r"[/\\]")
_PLACEHOLDER = pattern(r"[<>*\[\]{}]")
_VARIABLE = pattern(
    r"@?\$(?:\(|\{|\{\{ *)?(?:MODAL(?:_?(?:CMD|BIN|CLI|EXE|COMMAND))?|modal(?:_?(?:cmd|bin|cli|exe|command))?)"
    r"(?:\)| *\}\}|\})?"
)
"""A variable that holds the command itself: ``$(MODAL)`` of a Makefile."""


class ReferenceKind(enum.Enum):
    """What a command line is, with regard to ``-m``."""

    OTHER = "not a modal command that takes a reference"
    FINE = "right as it is"
    MODULE = "a module without -m"
    BARE = "a single name, taken for a module"
    UNSEEN = "a variable that may be a module or a file"


class Verdict(Struct, frozen=True):
    """What was made of a command line. ``-m`` belongs right before ``reference``."""

    kind: ReferenceKind
    reason: str = ""
    subcommand: str = ""
    reference: Word | None = None
    sure: bool = True
    """False where something before the reference, or in it, cannot be seen."""
    values: tuple[str, ...] = ()
    """What the reference stands for, where it is a variable whose values can be seen."""

    @property
    def named(self) -> str:
        """The module for people: what the reference stands for where nothing else can be said of it."""
        if "\0" in self.module and self.values:
            return ", ".join(value.partition("::")[0] for value in self.values)
        return self.module.replace("\0", "{…}")

    @property
    def module(self) -> str:
        """The module that the reference names."""
        return self.reference.text.partition("::")[0] if self.reference else ""


def judge(words: Sequence[Word]) -> Verdict:
    """Say whether the words of one command need ``-m``."""
    words = [part for word in words for part in _parts(word)]
    at = next((at for at in _calls(words) if words[at].known and words[at].text in SUBCOMMANDS), None)
    if at is None:
        return Verdict(ReferenceKind.OTHER)
    name = words[at].text
    sure, flagged, unseen = True, False, None
    rest = iter(range(at + 1, len(words)))
    for index in rest:
        word = words[index]
        unseen = word if word.many else unseen
        if (word.many and not word.values) or _is_option(word):
            flagged = flagged or any(_is_module_flag(said) for said in _said(word))
            if OPTIONS_WITH_VALUES.intersection(_said(word)):
                next(rest, None)
            sure = sure and _is_known_option(word)
        elif word.text != "--" or not word.known:
            later = () if name == "run" else words[index + 1 :]
            if flagged or any("-m" in _said(other) for other in later):
                return Verdict(ReferenceKind.FINE, "has -m", name, word)
            return _by_values(word, name) if word.values else _reference(word, name, sure)
    if unseen is not None and not flagged:
        return Verdict(ReferenceKind.UNSEEN, "a list", name, unseen, False)
    return Verdict(ReferenceKind.FINE, "has -m" if flagged else "names nothing", name)


def _parts(word: Word) -> Iterator[Word]:
    """Yield a variable that stands for several words as that many variables; anything else as it is."""
    parts = word.values[0].split() if len(word.values) == 1 and not word.known else ()
    if len(parts) > 1:
        yield from (replace(word, values=(part,)) for part in parts)
    else:
        yield word


def _is_option(word: Word) -> bool:
    said = _said(word)
    return bool(said) and all(each.startswith("-") and each not in {"-", "--"} for each in said)


def _said(word: Word) -> tuple[str, ...]:
    """Return what a word may be, as far as that can be seen."""
    return (word.text,) if word.known else word.values


def _by_values(word: Word, subcommand: str) -> Verdict:
    """Judge a variable by what it may stand for: all modules, all files, or some of each."""
    found = [_reference(Word(value, word.span), subcommand, False) for value in word.values]
    kinds = {verdict.kind for verdict in found}
    if any(re.search(r"\s", value) for value in word.values):
        kind, reason = ReferenceKind.UNSEEN, "several words in a variable"
    elif kinds == {ReferenceKind.FINE}:
        kind, reason = ReferenceKind.FINE, found[0].reason
    elif ReferenceKind.FINE in kinds:
        kind, reason = ReferenceKind.UNSEEN, "modules and files in a variable"
    else:
        kind = ReferenceKind.BARE if kinds == {ReferenceKind.BARE} else ReferenceKind.MODULE
        reason = "a variable"
    return Verdict(kind, reason, subcommand, word, False, word.values)


def _is_module_flag(option: str) -> bool:
    return bool(re.fullmatch(r"-[qdi]*m[qdi]*", option))


def _is_known_option(word: Word) -> bool:
    option = word.text.partition("=")[0]
    return word.known and (
        option in OPTIONS_WITH_VALUES or option in FLAGS or bool(re.match(r"-[qdi]+$|-[ewnc]", option))
    )


def command_at(words: Sequence[Word]) -> int | None:
    """Return the index of the word behind ``modal``, and its profile, in a call of Modal's command line."""
    return next(_calls(words), None)


def _calls(words: Sequence[Word]) -> Iterator[int]:
    first = next((index for index, word in enumerate(words) if not _is_prefix(word)), len(words))
    tried: set[int] = set()
    for index, word in enumerate(words):
        if not (_is_modal(word) and _may_precede(words, min(first, index), index)):
            continue
        at = index + 1
        while at not in tried and at + 1 < len(words) and words[at].text.startswith("--profile"):
            tried.add(at)
            at += 1 if "=" in words[at].text else 2
        if at < len(words):
            yield at


def _is_modal(word: Word) -> bool:
    return bool(_MODAL.fullmatch(word.text)) if word.known else bool(_VARIABLE.fullmatch(word.text))


def _is_prefix(word: Word) -> bool:
    """Tell whether a word before a command is no part of it: an assignment, a prompt."""
    return bool(_ASSIGNMENT.match(word.text)) or word.text in {"$", "%", ">", "!"}


def _may_precede(words: Sequence[Word], start: int, end: int) -> bool:
    """Tell whether the words from ``start`` to ``end``, before ``modal``, leave it the command that is run."""
    while end - start >= 2 and words[end - 1].text == "-m":
        python = words[end - 2]
        if python.known and not _PYTHON.fullmatch(python.text):
            break
        end -= 2
    return start >= end or (words[start].known and words[start].text.rpartition("/")[2] in WRAPPERS)


def _reference(word: Word, subcommand: str, sure: bool) -> Verdict:
    def verdict(kind: ReferenceKind, reason: str, certain: bool = True) -> Verdict:
        return Verdict(kind, reason, subcommand, word, certain)

    module, found, _ = word.text.partition("::")
    if module.endswith(".py"):
        return verdict(ReferenceKind.FINE, "names a file")
    if module == "-":
        return verdict(ReferenceKind.FINE, "reads the program from standard input")
    if subcommand == "shell" and _IDENTITY.fullmatch(module):
        return verdict(ReferenceKind.FINE, "names a running container, a sandbox or an image")
    seen = word.known or (bool(found) and HOLE not in module and "$" not in module)
    if seen and _DOTTED.fullmatch(module):
        return verdict(ReferenceKind.MODULE, "a dotted module path", sure)
    if _LOOSE.fullmatch(module) and (seen or HOLE in module) and not module.startswith(HOLE):
        return verdict(ReferenceKind.MODULE, "a dotted module path", False)
    if seen and _BARE.fullmatch(module):
        return verdict(ReferenceKind.BARE, "a single name")
    if word.known or _PATH.search(_HIDDEN.sub("", module)):
        return verdict(ReferenceKind.FINE, "no module path")
    if has_placeholder(module):
        return verdict(ReferenceKind.FINE, "a placeholder")
    return verdict(ReferenceKind.UNSEEN, "a variable", False)


def has_placeholder(reference: str) -> bool:
    """Tell whether a reference holds what people put something else in for: ``<script>.py``."""
    return bool(_PLACEHOLDER.search(_HIDDEN.sub("", reference)))
