"""Values that a choice asks for: what is wrong with one that cannot be written."""

from __future__ import annotations

from modal_transforms.core.model import Ask

_RULES = {
    Ask("", "", "").pattern: "only letters, digits, dots, hyphens and underscores",
    r"[1-9]\d*": "a whole number, 1 or more",
}
"""What a pattern asks for, in words."""


def not_a_value(ask: Ask, answer: str) -> str:
    """Return why an answer cannot be taken: what is asked for, the rule that it breaks, an example."""
    if not answer:
        return f"{ask.prompt}: a value is needed."
    rule = _RULES.get(ask.pattern)
    if rule is None and ask.pattern.replace("|", "").isalnum():
        rule = f"one of {', '.join(ask.pattern.split('|'))}"
    wanted = f": {rule}" if rule else ""
    example = f", as in {ask.default}" if ask.default else ""
    return f"{answer} is no {_thing(ask)}{wanted}{example}."


def _thing(ask: Ask) -> str:
    """Return what is asked for, to be put after "is no": ``name of the Volume``."""
    first, _, others = ask.prompt.partition(" ")
    return f"{first.lower() if first.istitle() else first} {others}".strip()
