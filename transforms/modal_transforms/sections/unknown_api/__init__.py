"""Uses of Modal's API that the target SDK does not have, and that no other section explains.

What the SDK had in which version is known from its wheels. A name that is imported, an attribute that is read or an
argument that is named counts if it surely is Modal's; what only the running program knows is not guessed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import ApiUses, Finding, LookAlike, Section, Span
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api.api_uses import ApiUse, Presence, api_uses, known_uses, patches
from modal_transforms.modal_api.guards import adds_itself, gets_made_up_names, is_guarded, made_up_names
from modal_transforms.modal_api.mounted import is_import_of_others, is_mounted_elsewhere
from modal_transforms.sections.unknown_api.explained import Explained, Words
from modal_transforms.sections.unknown_api.findings import lifetime, unknown_finding
from modal_transforms.sections.unknown_api.objects import without_reads
from modal_transforms.sections.unknown_api.shadowed import find_shadowed

SECTION = Section(
    slug="unknown-api",
    title="What the target SDK does not have",
    subject="replace what the SDK does not have any more",
    what="Names, attributes and arguments of Modal's that no section above explains and that the target SDK lacks.",
    why="An import of such a name fails at once; an attribute or an argument when its line is run.",
    before="modal.Stub()",
    after="modal.App()",
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file uses that the newest SDK does not have, as if no other section found anything."""
    yield from look(module, (), {})[0]


def look(
    module: Module, findings: Iterable[Finding], words: Words, target: str = TARGET
) -> tuple[list[Finding], ApiUses]:
    """Return what a file uses that a target lacks and no finding of the other sections explains, and all uses counted.

    ``words`` are those that each section explains uses of.
    """
    uses = known_uses(module) if target == TARGET else tuple(api_uses(module, target))
    missing = [use for use in uses if use.presence is Presence.MISSING]
    others = Explained(module.source.path, findings if missing else (), words)
    explained, unknown = 0, dict[str, list[ApiUse]]()
    for use in missing:
        if others.holds(use.symbol(target).encode(), use.place(module), use.node) or _is_mounted(module, use):
            explained += 1
        elif not _is_expected(module, use, target):
            unknown.setdefault(use.symbol(target), []).append(use)
    found = without_reads([unknown_finding(module, places, target) for places in unknown.values()])
    found += find_shadowed(module)
    left = sum(map(len, unknown.values()))
    return found, ApiUses(len(uses), explained + left, left, sum(1 for _ in _untold(module, uses, target)))


def _is_mounted(module: Module, use: ApiUse) -> bool:
    """Tell whether a use makes a mount that other files mount: the findings are there."""
    if use.way != "modal.Mount" or isinstance(use.node, ast.Call):
        return False
    if isinstance(use.node, ast.alias):
        return is_import_of_others(module, use.node)
    return is_mounted_elsewhere(module, use.node)


def untold(module: Module) -> Iterator[LookAlike]:
    """Yield the places of which nothing tells whether the SDK has what they use, and why."""
    for span, why in _untold(module, known_uses(module), TARGET):
        yield LookAlike(SECTION.slug, module.source.site(span), why)


def _untold(module: Module, uses: Iterable[ApiUse], target: str) -> Iterator[tuple[Span, str]]:
    for use in uses:
        if use.presence is Presence.UNTOLD:
            yield use.place(module), "a private name, of which the SDK promises nothing"
    for node in patches(module, target):
        yield module.source.span(node), "the program puts it there itself"
    for call in made_up_names(module):
        yield module.source.span(call), "the name is made when the program runs"


def _is_expected(module: Module, use: ApiUse, target: str) -> bool:
    """Tell whether the program is prepared for what is missing, or puts it there itself."""
    if is_guarded(module, use.node):
        return True
    if use.argument:
        return False
    if isinstance(use.node, ast.Attribute) and gets_made_up_names(module, module.symbol(use.node.value)):
        return True
    return adds_itself(module, use.name, anywhere=lifetime(use.symbol(target)) is None)
