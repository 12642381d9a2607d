"""How much of Modal's API a repository uses, and how much of that the target does not have, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modal_transforms.core.model import ApiUses


def sentence(found: ApiUses, target: str) -> str:
    """Return the sentence; empty where nothing of Modal's API is used."""
    if not found.uses:
        return ""
    return f"{_many(found.uses)} of Modal's API; {_missing(found, target)}{_untold(found.untold)}."


def brief(found: ApiUses, target: str) -> str:
    """Return the same for a line that has little room, to be put after something else."""
    if not found.uses:
        return ""
    return f" · {_many(found.uses)} of the API, {f'{found.missing:,} not' if found.missing else 'all'} in {target}"


def _many(uses: int) -> str:
    return "1 use" if uses == 1 else f"{uses:,} uses"


def _missing(found: ApiUses, target: str) -> str:
    if not found.missing:
        return f"{'it is' if found.uses == 1 else 'all are'} in {target}"
    said = f"{found.missing:,} {'is' if found.missing == 1 else 'are'} not in {target}"
    if found.unknown == found.missing:
        return said
    return f"{said}, {found.unknown:,} of them explained by no section" if found.unknown else said


def _untold(count: int) -> str:
    return f"; of {count:,} nothing can be told (private or made-up names)" if count else ""
