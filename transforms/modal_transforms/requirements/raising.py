"""How a requirement of modal is raised to the newest version, in its own manner."""

from __future__ import annotations

from modal_transforms.core.patches import Patch
from modal_transforms.core.target import TARGET
from modal_transforms.requirements.pin import OLD_NAME, Pin
from modal_transforms.requirements.versions import CLAUSE, version


def raised_spec(spec: str, target: str) -> str:
    """Return a specifier for the version to arrive at, in the manner of an old one.

    An exact version stays exact, a compatible one compatible; a range begins at the minor version, and ends before the
    next major one where it had an end.
    """
    numbers = (*version(target), 0, 0)[:3]
    minor, patch = ".".join(map(str, numbers[:2])), ".".join(map(str, numbers))
    clauses = CLAUSE.findall(spec)
    if len(clauses) == 1:
        operator, number, star = clauses[0]
        if star:
            return f"{operator}{minor}.*"
        if operator in {"~=", "^", "~", "=", "==", "===", ""}:
            short = operator in {"~=", "^", "~", "="} and number.count(".") < 2
            return f"{operator}{minor if short else patch}"
    ends = any(operator in {"<", "<="} for operator, _, _ in clauses)
    return f">={minor},<{numbers[0] + 1}" if ends else f">={minor}"


def raised(pin: Pin, target: str = TARGET) -> tuple[Patch, ...]:
    """Return the patches that let a requirement have the version to arrive at, under the name that the SDK has today.

    Empty where there is nothing to raise, or where that is for the tool that wrote the file.
    """
    made: list[Patch] = []
    if not pin.editable:
        return ()
    if pin.name_span is not None and pin.name == OLD_NAME:
        made.append(Patch(pin.name_span.start, pin.name_span.end, b"modal"))
    if pin.spec_span is not None and pin.has_old_spec(target):
        made.append(Patch(pin.spec_span.start, pin.spec_span.end, raised_spec(pin.spec, target).encode()))
    return tuple(made)
