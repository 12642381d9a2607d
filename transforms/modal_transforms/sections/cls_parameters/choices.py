"""The ways to do without a constructor: declare the parameters of a class, name them at its calls."""

from __future__ import annotations

from modal_transforms.core.model import Choice
from modal_transforms.sections.cls_parameters.call_sites import Calling
from modal_transforms.sections.cls_parameters.future_annotations import Future
from modal_transforms.sections.cls_parameters.rewrite import ConstructorPlan


def declare(plan: ConstructorPlan, calling: Calling, drop: Future) -> Choice:
    """Return the choice to declare what a constructor took, with the calls and the imports that go with it."""
    asks = tuple(item.ask for item in plan.wires.values() if item.ask is not None)
    changes = (*plan.changes(), *drop.changes, *calling.changes)
    return Choice("parameters", _label(plan, calling), _effect(plan), changes, asks)


def name_parameters(calling: Calling) -> Choice:
    """Return the choice to name the parameters at calls."""
    effect = "The remote call works: by position it is refused."
    return Choice("name", "name the parameters", effect, tuple(calling.changes))


def _label(plan: ConstructorPlan, calling: Calling) -> str:
    parts = ["declare parameters"] if plan.wires else []
    parts += [f"move the rest to @modal.enter() {plan.method_name}"] if plan.has_logic else []
    parts += ["name them at the calls"] if calling.sites else []
    return ", ".join(parts) or "take it out"


def _effect(plan: ConstructorPlan) -> str:
    if not plan.has_logic:
        if not plan.wires:
            return "None at run time: it does nothing."
        return "The attributes are set as before; calls have to name the parameters."
    return (
        f"{plan.method_name} runs once in each container before other enter methods; the constructor also ran "
        "wherever the class was called locally."
    )
