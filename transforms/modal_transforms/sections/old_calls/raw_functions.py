"""``f.get_raw_f()(x)`` becomes ``f.local(x)``, which runs the same function here; ``f.local`` can be handed on, too.

Who looks into the function, at its text, its docstring or its signature, needs the function itself. Only a private name
gives that: ``f._raw_f_``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Site, Span

RULE = "raw-function"
_PRIVATE, _SINCE = "_raw_f_", "1.5.5"
_SAME = "None: the function runs here, in this process, as it did."
_HANDED_ON = " Who asks what was handed on for its name, its text or its signature sees those of .local."
_IS_PRIVATE = (
    f" {_PRIVATE} is the same function by a private name, which another version may take away: the SDK has no public "
    "one for it."
)


def with_local(module: Module, finding: Finding) -> Finding:
    """Return the finding of the ``get_raw_f`` of a file, with the choice to write what is there today."""
    found = [module.once(_raw).get(site) for site in finding.sites]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return finding
    choice = _choice(module, known)
    return replace(finding, applicability=Applicability.REVIEW, choices=(choice,), advice="")


class _RawFunction(Struct, frozen=True):
    """The place of ``get_raw_f()``, and what is done with the function that it gives."""

    span: Span
    is_called: bool
    is_looked_into: bool


def _choice(module: Module, found: Sequence[_RawFunction]) -> Choice:
    """Return the choice to run functions by ``.local``, and to look into others by the private name."""
    names = dict.fromkeys(_PRIVATE if each.is_looked_into else "local" for each in found)
    changes = tuple(
        Replace(module.source.path, each.span, _PRIVATE if each.is_looked_into else "local") for each in found
    )
    effect = _SAME
    if not all(each.is_called or each.is_looked_into for each in found):
        effect += _HANDED_ON
    if _PRIVATE in names:
        effect += _IS_PRIVATE
    label = " and ".join(f".{name}" for name in names)
    key, needs = ("private", _SINCE) if _PRIVATE in names else ("local", "")
    return Choice(key, f"write {label}", effect, changes, needs=needs)


def _raw(module: Module) -> dict[Site, _RawFunction]:
    """Return the functions that are asked for, by where the name ``get_raw_f`` is."""
    found: dict[Site, _RawFunction] = {}
    for node in module.index.attributes:
        call = call_of(module.index, node) if node.attr == "get_raw_f" else None
        if call is None or call.args or call.keywords:
            continue
        is_called = call_of(module.index, call) is not None
        is_looked_into = not is_called and not _is_run_later(module, call, module.index.parents[call])
        word = module.source.attribute_word(node)
        whole = Span(word.start, module.source.span(call).end)
        found[module.source.site(word)] = _RawFunction(whole, is_called, is_looked_into)
    return found


def _is_run_later(module: Module, value: ast.Call, around: ast.AST) -> bool:
    """Tell whether a function is handed to a call, or kept under a name that is only called or handed on."""
    if isinstance(around, (ast.Call, ast.keyword)):
        return not _looks_into(module, around)
    target = around.targets[0] if isinstance(around, ast.Assign) and len(around.targets) == 1 else None
    reads = [each for each in module.index.names if isinstance(target, ast.Name) and each.id == target.id]
    kept = [each for each in reads if isinstance(each.ctx, ast.Load) and _is(module, each, value)]
    return bool(kept) and all(
        isinstance(parent := module.index.parents[each], ast.Call) and not _looks_into(module, parent) for each in kept
    )


def _is(module: Module, name: ast.Name, value: ast.Call) -> bool:
    return any(binding.value is value for binding in module.reaching(name))


def _looks_into(module: Module, node: ast.Call | ast.keyword) -> bool:
    """Tell whether a call asks a function what it is, and does not run it: ``inspect.signature(f)``."""
    call = module.index.parents[node] if isinstance(node, ast.keyword) else node
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return name.startswith("inspect.") or name in {"getattr", "hasattr", "isinstance", "type", "repr", "str", "print"}


def find_tested(module: Module) -> Iterator[Finding]:
    """Yield the ``get_raw_f`` of names that ``isinstance`` tells to be functions of Modal."""
    for node in module.index.attributes:
        if node.attr == "get_raw_f" and isinstance(node.value, ast.Name) and not module.symbol(node.value):
            tests = [each.test for each in module.index.ancestors(node) if isinstance(each, ast.If)]
            if any(_tells(module, test, node.value.id) for test in tests):
                found = module.finding(
                    RULE,
                    module.source.attribute_word(node),
                    "modal.Function.get_raw_f went in 1.6.0",
                    Applicability.MANUAL,
                    evidence=(f"{node.value.id} is tested to be a modal.Function",),
                    advice="Call .local(...), or keep the work in a plain function that this one calls.",
                    breaks_in="1.6.0",
                )
                yield with_local(module, found)


def _tells(module: Module, test: ast.expr, name: str) -> bool:
    if not isinstance(test, ast.Call) or ast.unparse(test.func) != "isinstance" or len(test.args) != 2:
        return False
    return ast.unparse(test.args[0]) == name and module.symbol(test.args[1]) == "modal.Function"
