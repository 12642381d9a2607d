"""What a person has typed and not taken, told when the wizard starts: nobody opens an edit again to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.sections import every_section
from modal_wizard.migration.migration import Migration
from modal_wizard.session.drafts import MESSAGE, Drafts
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

_MANY = 3


def waiting(migration: Migration, drafts: Drafts) -> Iterator[str]:
    """Yield a sentence for edits, one for messages, and one for what editors saved too late; none where none waits."""
    keys = drafts.waiting()
    edits = [f"{visible(each.site.path)}:{each.site.line}" for each in migration.known(keys)]
    if edits:
        more = f" and {len(edits) - _MANY} more" if len(edits) > _MANY else ""
        yield (
            f"{counted(len(edits), 'edit')} that you typed and did not take: {', '.join(edits[:_MANY])}{more}. "
            "e there goes on with it."
        )
    titles = [section.title for section in every_section() if MESSAGE + section.slug in keys]
    if titles:
        yield f"Your commit message is kept for: {', '.join(titles)}."
    yield from saved_late(drafts)


def saved_late(drafts: Drafts) -> Iterator[str]:
    """Yield a sentence for each text that an editor saved after its edit was over, or that could not be taken up."""
    for place in drafts.unclaimed():
        yield f"An editor's text came too late, or is no UTF-8, and is in {visible(str(place))}."
