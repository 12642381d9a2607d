"""Lines at the end of a commit message that git reads as ``Key: value``."""

from __future__ import annotations

from modal_transforms.core.patterns import pattern

_TRAILER = pattern(r"[A-Za-z0-9-]+: \S")


def with_trailer(message: str, line: str) -> str:
    """Return a message that ends in a trailer, in the block of those that it has; an empty ``line`` adds nothing."""
    if not line:
        return message
    body = message.rstrip()
    last = body.rpartition("\n\n")[2].split("\n")
    is_block = "\n\n" in body and all(map(_TRAILER.match, last))
    return f"{body}\n{line}\n" if is_block else f"{body}\n\n{line}\n"
