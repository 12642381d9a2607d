"""``X.lookup`` → ``X.from_name``, and what goes with it: ``.resolve()``, ``.web_url``, ``label=`` and ``tag=``.

``lookup`` asked Modal at once; ``from_name`` asks at first use, and ``.hydrate()`` after it at once again. From 1.2.0
only ``App.lookup`` is left, and it stays. ``Function.lookup("app", "Cls.method")`` belongs to ``cls-lookup`` and
``Mount.lookup`` to ``mount``.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-the-lookup-method-on-modal-objects

    modal.Function.lookup("app", "f")       ->    modal.Function.from_name("app", "f")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import OldName, find_in_texts
from modal_transforms.sections.lookup.detect import (
    find_lookups,
    find_named_urls,
    find_old_keywords,
    find_references,
    find_resolves,
    find_web_urls,
)

SECTION = Section(
    number=8,
    slug="lookup",
    title=".lookup → .from_name",
    anchor="deprecating-the-lookup-method-on-modal-objects",
    since="0.72.56",
    breaks_in="1.2.0",
    subject="replace .lookup by .from_name",
    what=(
        "Objects are found with from_name, which does not talk to Modal until the object is used. "
        ".hydrate() asks at once, as lookup did. App.lookup stays."
    ),
    why=(
        "From 1.2.0 lookup does not exist. A missing object is reported at first use instead of here, "
        "unless the code hydrates."
    ),
    before='f = modal.Function.lookup("my-app", "f")',
    after='f = modal.Function.from_name("my-app", "f")',
)

STAYS = {"modal.App.lookup": "App.lookup is not deprecated"}
SPELLINGS = Spellings((spelled(How.METHOD, "lookup", STAYS), spelled(How.MEMBER, "web_url")))

NAMES = (
    OldName(
        r"(?<![\w.])(?:modal\.)?(?:Function|Cls|Dict|Queue|Volume|NetworkFileSystem|Secret)\.lookup(?!\w)",
        lambda match: match[0].replace(".lookup", ".from_name"),
        "lookup",
        "from_name",
        own=False,
    ),
)
"""What comments, docstrings and prose call by its old name."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the lookups of a file and the old spellings around them."""
    linked: set[tuple[str, int]] = set()
    for finding in find_lookups(module):
        linked |= {(site.path, site.span.start) for site in finding.sites[1:]}
        yield finding
    yield from find_references(module)
    yield from find_old_keywords(module)
    yield from find_resolves(module)
    yield from find_web_urls(module, linked)
    yield from find_named_urls(module)
    yield from find_in_texts(module, SECTION, NAMES)
