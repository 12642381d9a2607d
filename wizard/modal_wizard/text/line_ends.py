"""Line ends of a text that was edited where only one kind of them can be typed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

_TYPED = {"\n", "\r\n", "\r"}


def with_line_ends(before: str, edited: str, newline: str) -> str:
    """Return an edited text in which every line that was there before ends as it did.

    ``edited`` is ``before`` after an editor that may have made one kind of line end of all of them: mixed ones, lone
    carriage returns, U+2028, U+0085, form feeds. Lines that are new end with ``newline``.
    """
    old, new = list(_lines(before)), list(_lines(edited))
    ends = [newline if end in _TYPED else end for _, end in new]
    matcher = SequenceMatcher(None, [text for text, _ in old], [text for text, _ in new], autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        for at in range(j_end - j if i_end - i == j_end - j else 0):  # the same lines, or as many in their place
            if old[i + at][1] and ends[j + at]:
                ends[j + at] = old[i + at][1]
    return "".join(text + end for (text, _), end in zip(new, ends, strict=True))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line of a text, and what ends it."""
    for line in text.splitlines(keepends=True):
        bare = line.splitlines()[0]
        yield bare, line[len(bare) :]
