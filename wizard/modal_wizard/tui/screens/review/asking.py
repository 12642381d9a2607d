"""What a decision asks the person for: the values of a choice, the reason of a skip."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modal_transforms.core.model import Choice, Finding
from modal_wizard.tui.dialogs.choose import Typing
from modal_wizard.tui.host import Host


def ask_values(host: Host, finding: Finding, choice: Choice, then: Callable[[Mapping[str, str]], None]) -> None:
    """Ask for what a choice needs, beginning with what was answered before; nothing follows where that is left."""
    from modal_wizard.tui.dialogs.form import Values

    def answered(values: Mapping[str, str] | None) -> None:
        if values is not None:
            then(values)

    host.push_screen(Values(choice, dict(host.migration.decision(finding).values)), answered)


def ask_reason(host: Host, finding: Finding, proposed: str, then: Callable[[str], None]) -> None:
    """Ask why a finding is skipped, beginning with what was said before, or else what is ``proposed``."""

    def typed(reason: str | None) -> None:
        if reason is not None:
            then(reason)

    reason = host.migration.decision(finding).reason or proposed
    hint = "The reason is kept for the summary and the pull request; it may be empty."
    host.push_screen(Typing("Why is this skipped?", hint, reason, "skip"), typed)
