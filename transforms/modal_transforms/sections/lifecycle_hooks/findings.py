"""What is said of a method that containers ran because of its name."""

from __future__ import annotations

from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.sections.lifecycle_hooks.choices import called, marked
from modal_transforms.sections.lifecycle_hooks.hooks import Hook


def hook_finding(hook: Hook, section: Section) -> Finding:
    """State that a container does not run a method any more."""
    name = f"{hook.owner.name}.{hook.method.name}"
    when = "starts" if hook.decorator == "enter" else "ends"
    others = hook.is_entered_by_with or hook.is_called_by_name
    return hook.module.finding(
        section,
        hook.decorator,
        hook.name_span,
        f"{name} is not run any more when a container {when}",
        Applicability.REVIEW,
        (called(hook) if others else marked(hook),),
        tuple(_evidence(hook)),
        _advice(hook, others),
    )


def _evidence(hook: Hook) -> list[str]:
    return [f"{hook.owner.name} is a class that Modal runs, or a base of one"]


def _advice(hook: Hook, others: bool) -> str:
    if hook.partner:
        return (
            f"{hook.partner} is there as well, and both are run now: containers used to run one of them, the "
            "async one for async functions. Keep one where they do the same."
        )
    if others:
        return f"{hook.method.name} is called elsewhere as well, so it stays; check that it may run twice."
    if hook.parameters and hook.reads_parameters:
        return "Modal gives None for all three: what the method does after an exception never happens."
    return ""
