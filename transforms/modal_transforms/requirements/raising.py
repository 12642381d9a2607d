"""How a requirement of modal is raised to the target, in its own manner."""

from __future__ import annotations

from modal_transforms.core.patches import Patch
from modal_transforms.core.target import NEWEST
from modal_transforms.requirements.pin import OLD_NAME, Pin
from modal_transforms.requirements.versions import CLAUSE, Version


def raised_spec(spec: str, target: Version = NEWEST) -> str:
    """Return a specifier for the target, in the manner of an old one.

    An exact version stays exact, a compatible one compatible; a range begins at the target's minor version, and ends
    before the next major one where it had an end. Where the target is not the newest, none allows a later minor one.
    """
    minor, patch = _text(target[:2]), _text(target)
    after = _text((target[0], target[1] + 1)) if target < NEWEST else ""
    clauses = CLAUSE.findall(spec)
    if len(clauses) == 1:
        operator, number, star = clauses[0]
        if star:
            return f"{operator}{minor}.*"
        if operator in {"==", "===", ""}:
            return f"{operator}{patch}"
        if operator in {"~", "="} or (operator in {"~=", "^"} and not after):
            return f"{operator}{minor if number.count('.') < 2 else patch}"
        if operator == "~=":
            return f"~={patch}"
    ends = any(operator in {"<", "<="} for operator, _, _ in clauses)
    return f">={minor},<{after or target[0] + 1}" if ends or after else f">={minor}"


def _text(numbers: Version) -> str:
    return ".".join(map(str, numbers))


def raised(pin: Pin, target: Version = NEWEST) -> tuple[Patch, ...]:
    """Return the patches that let a requirement have the target, under the name that the SDK has today.

    Empty where there is nothing to raise, or where that is for the tool that wrote the file.
    """
    if not pin.editable or not pin.is_before(target):
        return ()
    made = []
    if pin.name_span is not None and pin.name == OLD_NAME:
        made.append(Patch(pin.name_span.start, pin.name_span.end, b"modal"))
    if pin.spec_span is not None and pin.has_old_spec(target):
        made.append(Patch(pin.spec_span.start, pin.spec_span.end, raised_spec(pin.spec, target).encode()))
    return tuple(made)
