"""What to do where everything of a section is decided, in the same words on the screens and line by line."""

from __future__ import annotations

from modal_wizard.migration.migration import Migration
from modal_wizard.text.grammar import counted


def onward(migration: Migration, slug: str, commits: bool) -> str:
    """Return what comes next, keys between stars; ``commits`` says that there is a repository to commit to."""
    left = sum(migration.tally(one.slug).pending for one in migration.sections)
    ready = len(migration.ready_sections()) if commits else 0
    done = f"*C* commits all {ready} finished sections" if ready > 1 else "*o* goes back to the sections"
    further = f"*n* goes on: {counted(left, 'finding')} left in other sections" if left else done
    return f"*c* shows the commit, {further}." if migration.tally(slug).is_ready else f"{further}."
