"""What is broken now, next and later, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modal_wizard.migration.horizon import Due
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, Section
    from modal_transforms.requirements import Pin
    from modal_wizard.migration.horizon import Forecast


def headline(seen: Forecast, findings: Sequence[Finding], of_some: bool = False) -> str:
    """Return how many findings are broken now, break in the next upgrade, and later; empty where there are none.

    ``of_some`` says that others were left out, of which nothing is said.
    """
    if not findings:
        return ""
    counts = seen.counts(findings)
    now, following, later = (counts[when] for when in Due)
    if not now:
        many = counted(following, "finding")
        first = f"; the first upgrade that breaks it is {seen.following} ({many})" if following else ""
        return f"{'What is told here works' if of_some else 'Works'} with modal {_installed(seen)}{first}"
    then = [f"{later:,} later"] if later else []
    upgrade = [f"{following:,} {_break(following)} in the next upgrade ({seen.following})"] if following else []
    return ", ".join([f"{now:,} broken now with modal {_installed(seen)}", *upgrade, *then])


def short_headline(seen: Forecast, findings: Sequence[Finding]) -> str:
    """Return the same in fewer words; empty where there are no findings."""
    if not findings:
        return ""
    counts = seen.counts(findings)
    now, following, later = (counts[when] for when in Due)
    has = f"{seen.installed[0]} to {seen.installed[-1]}" if len(seen.installed) > 1 else seen.installed[-1]
    has = f"modal {has}{'' if seen.is_pinned else ', unpinned'}"
    if not now:
        first = f"; the first that breaks it is {seen.following} ({counted(following, 'finding')})" if following else ""
        return f"Works with {has}{first}"
    upgrade = [f"{following:,} {_break(following)} in {seen.following}"] if following else []
    then = [f"{later:,} later"] if later else []
    return " · ".join([f"{now:,} broken now ({has})", *upgrade, *then])


def asked_for(pins: Sequence[Pin]) -> str:
    """Return which version of modal is asked for and where, an old one first; empty where none is."""
    if not pins:
        return ""
    first = next((pin for pin in pins if pin.is_old), pins[0])
    more = f" and {len(pins) - 1} more" if len(pins) > 1 else ""
    return f"{visible(first.text)} ({visible(first.path, '␉')}{more})"


def breaking(section: Section, seen: Forecast) -> str:
    """Return when what was found of a section breaks, as the start of a sentence."""
    word = seen.breaks.get(section.slug, "")
    if word == Due.NOW.value:
        return "Broken now"
    return f"Breaks in {word}" if word else section.breaks.capitalize()


def _installed(seen: Forecast) -> str:
    if not seen.is_pinned:
        return f"{seen.installed[-1]} (the newest: no version is asked for)"
    several = len(seen.installed) > 1
    return f"{seen.installed[0]} to {seen.installed[-1]}, as asked for here and there" if several else seen.installed[0]


def _break(count: int) -> str:
    return "breaks" if count == 1 else "break"
