"""Old names in what a file says to people: in back-ticks in comments, docstrings and prose, and in commented-out code.

They are one decision a file and section, for review. What a name stands for there cannot be resolved: a file has to
have to do with Modal and must have nothing of its own by that name, and a text that tells of the change stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.headings import with_links
from modal_transforms.modal_api.passages import Passage, Piece, passages, pieces

_TELLS_OF_CHANGE = pattern(
    r"(?i)\b(?:renam\w+|deprecat\w+|formerly|previous(?:ly)?|used to be|(?:was|were) called|old(?:er)? "
    r"(?:names?|api|way)|legacy|(?:was|were) named|in contrast to|unlike|as opposed to|compared (?:to|with)|prior to|"
    r"hard-errors?|migrat\w+|no longer|replac\w+|removed|instead of|before 1\.0|pre-1\.0|"
    r"(?:chang|convert|switch|mov|updat|upgrad|port)ed (?:back )?(?:from|to)|"
    r"until (?:modal|version|v?\d))\b"
)
_WAS = pattern(r"(?i)\b(?:was|were|from|old|ex)\b[\s:]+[`'\"(]*(?:@?modal\.|@)*\Z")
"""What stands right before an old name that is given as the old one."""
_HISTORIES = pattern(
    r"(?i)(?:.*/)?(?:changes?|changelogs?|history|news|release[-_ ]?notes?|releases?|migrat\w*|upgrad\w*)"
    r"(?:[-_.][^/]*)?"
)
"""Documents that tell what was, by their names."""
_MODAL = pattern(r"\bModal\b")
_USES_MODAL = pattern(
    rb"\b(?:import|from|pip install|uv add)[ \t]+modal\b|(?<![\w.])modal\.(?:com\b|[A-Z]\w*\b[.(])"
    rb"|@(?:app|stub|modal)\.(?:function|cls)\b|(?<![\w./-])modal (?:run|deploy|serve|shell|token|setup)\b"
)
"""What shows that a document is about Modal: `modal` alone is a dialog in others."""


class OldName(Struct, frozen=True):
    """How an old use is written, and what it is called today."""

    written: str
    """A pattern."""
    new: Callable[[re.Match[str]], str]
    """Return what to write for a match; an empty text to leave it."""
    word: str
    """What a file without it cannot hold."""
    news: str
    """The word by which a text speaks of the new way; with it, the text tells of both and stays."""
    keyword: bool = False
    """It is the name of an argument."""
    own: bool = True
    """The word is a whole name, so that it may be one of the file's own."""
    calls: bool = False
    """With what is given to it in brackets, it means nothing else, and is taken among words of a program as well."""


def renamed(old: str, new: str, *, keyword: bool = False) -> OldName:
    """Return a name that is another one now."""
    before = r"(?<![\w.\-\"'/])" if keyword else r"(?:(?<![\w.\-/])|(?<=\bmodal\.))"
    after = r"(?![\w(\-\"'/.])" if keyword else r"(?![\w\-/])"
    return OldName(before + re.escape(old) + after, lambda match: new, old, new, keyword)


def find_in_texts(module: Module, section: Section, names: Iterable[OldName]) -> Iterator[Finding]:
    """Yield what a file says in old names, as one finding; a document's are made one with all that it shows."""
    present = [each for each in names if each.word.encode() in module.source.data]
    if not present or not _is_modals(module):
        return
    word = re.compile("|".join(each.written for each in present))
    sure = not module.source.shown or _USES_MODAL.search(module.source.data) is not None
    said = [each for each in passages(module, word) if word.search(each.text) and (sure or _MODAL.search(each.text))]
    wanted = [each for each in present if said and not (each.own and _is_own(module, each.word))]
    found: dict[Span, tuple[str, str, str]] = {}
    for passage in said:
        for span, old, new, where in _in_passage(module, passage, wanted):
            found.setdefault(span, (old, new, where))
    named = any(each.own for each in wanted)
    kept = {span: found[span] for span in _apart(sorted(found))}
    if module.source.shown:
        kept = dict(sorted(with_links(module, kept).items()))
        yield from (_finding(module, section, {span: old}, named) for span, old in kept.items())
    elif kept:
        yield _finding(module, section, kept, named)


def _is_modals(module: Module) -> bool:
    """Tell whether a file has to do with Modal, or is a document that tells what is."""
    if module.source.shown:
        return _HISTORIES.fullmatch(module.source.path) is None
    if any(alias.name.split(".")[0] == "modal" for node in module.index.imports for alias in node.names):
        return True
    named = (getattr(node, "module", None) or "" for node in module.index.imports)
    return any(name.split(".")[0] == "modal" for name in named) or (
        module.project is not None and module.project.reaches_modal(module.source.path)
    )


def _in_passage(module: Module, passage: Passage, names: Sequence[OldName]) -> Iterator[tuple[Span, str, str, str]]:
    """Yield the old names in the code of a passage: the bytes of each, what it is, what to write, what holds it."""
    wanted = [name for name in names if name.news not in passage.text]
    tells = _TELLS_OF_CHANGE.search(passage.text) is not None or len(wanted) < len(names)
    word = re.compile("|".join(each.written for each in wanted)) if wanted else None
    for piece in pieces(passage, word) if word else ():
        where = "commented-out code" if piece.is_line else passage.where
        for name in wanted if piece.is_line or not tells else ():
            for match in re.compile(name.written).finditer(passage.text, piece.start, piece.end):
                new, span = name.new(match), passage.span(*match.span())
                fits = not (piece.is_line and name.keyword) or _is_argument(passage.text, piece, match)
                fits = fits and not _is_the_old_one(passage.text, match)
                if new and fits and module.source.slice(span) == match[0]:
                    yield span, match[0], new, where
    for name in wanted if not tells else ():
        for match in re.finditer(name.written, passage.text) if name.calls and passage.where != "the text" else ():
            new, span = name.new(match), passage.span(*match.span())
            fits = match[0].endswith(")") and not _is_the_old_one(passage.text, match)
            if new and fits and module.source.slice(span) == match[0]:
                yield span, match[0], new, passage.where


def _is_the_old_one(text: str, match: re.Match[str]) -> bool:
    """Tell whether a text gives a name as what something was."""
    return _WAS.search(text[max(0, match.start() - 20) : match.start()]) is not None


def _is_argument(text: str, piece: Piece, match: re.Match[str]) -> bool:
    """Tell whether a name in a line of code is that of an argument."""
    before = text[piece.start : match.start()].rstrip()
    given = re.match(r"\s*=(?!=)", text[match.end() : match.end() + 20])
    return given is not None and (before.endswith(("(", ",")) or (piece.is_argument and not before))


def _is_own(module: Module, word: str) -> bool:
    """Tell whether a file has something of its own by a name, or, for a document, a file of the repository has."""
    if word in module.once(_own):
        return True
    if not module.source.shown or module.project is None:
        return False
    return any(word in other.once(_own) for other in module.project.mentioning(word.encode()))


def _own(module: Module) -> frozenset[str]:
    """Return the names that a file gives to what is its own: parameters, definitions, variables, fields."""
    index = module.index
    found = {node.id for node in index.names if isinstance(node.ctx, ast.Store)}
    found |= {node.attr for node in index.attributes if isinstance(node.ctx, ast.Store)}
    for function in index.functions:
        arguments = function.args
        found.add(function.name)
        found |= {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    found |= {node.name for node in index.classes}
    return frozenset(found)


def _apart(spans: list[Span]) -> list[Span]:
    """Return the spans that do not overlap the one before."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _finding(module: Module, section: Section, found: dict[Span, tuple[str, str, str]], named: bool) -> Finding:
    """State what is said in old names; ``named`` tells that the file was looked through for something of that name."""
    pairs = list(dict.fromkeys((old, new) for old, new, _ in found.values()))
    old, new = pairs[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    label = f"write {new}" if len(pairs) == 1 else f"write {', '.join(dict.fromkeys(new for _, new in pairs))}"
    changes = tuple(Replace(module.source.path, span, new) for span, (_, new, _) in found.items())
    evidence = [f"in {where}, not run" for _, _, where in found.values()]
    if named:
        what = "document" if module.source.shown else "file"
        evidence.append(f"taken for Modal's: nothing of this {what}'s own has the name")
    return module.finding(
        f"{section.slug}-text",
        list(found),
        f"the text says {old}, which is {new} now{more}",
        Applicability.REVIEW,
        (Choice("text", label, "None at run time: the words say what 1.x calls it.", changes),),
        tuple(dict.fromkeys(evidence)),
    )
