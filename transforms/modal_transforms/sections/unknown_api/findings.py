"""What is said of a use that the target does not have: until when it existed, and what is near to it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache

from modal_transforms.analysis.definitions import is_conditional, knowing
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    EVERY_VERSION,
    Applicability,
    Change,
    Choice,
    DropImport,
    Finding,
    RemoveStatement,
)
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import SUCCESSORS, ApiUse, parted, shown
from modal_transforms.sections.unknown_api.objects import given_object, object_finding

RULE, UNREAD = "unknown-api", "unknown-import"
_NOTHING_NEAR = "Nothing there is called like it; Modal's reference tells what there is."

_ADVICE = {
    "modal.App().function(wait_for_response=)": "Delete the argument: an endpoint always waits.",
    "modal.App().serve": "Run `modal serve FILE`, or use modal.serving.serve_app(app, ...) in a with block.",
    "modal.S3Mount": "Write modal.CloudBucketMount(bucket_name, secret=...), among the volumes.",
    "modal.Volume().download": "Loop over volume.read_file(path), or run `modal volume get NAME PATH`.",
    "modal.Volume().upload": "Put files in a with block: `with volume.batch_upload() as batch: batch.put_file(...)`.",
    "modal.Image().extend": "Write the steps one by one: dockerfile_commands, run_commands, pip_install.",
    "modal.Sandbox.create(entrypoint_args=)": "Give the words of the command by position.",
    "modal.Sandbox().exec(cmds=)": "Give the words of the command by position.",
    "modal.file_io": "Use sb.filesystem, with absolute paths.",
}


def unknown_finding(module: Module, uses: Sequence[ApiUse], target: str) -> Finding:
    """State that a file uses something, in all its places, that the target does not have."""
    first = uses[0].node
    symbol = _known_as(uses[0], target)
    name = given_object(module, uses[0])
    if name:
        return object_finding(module, uses[0], name)
    node = first.func if isinstance(first, ast.Call) else first
    choice = _without_import(module, [use.node for use in uses])
    return module.finding(
        UNREAD if choice else RULE,
        [use.place(module) for use in uses],
        message(symbol, target),
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (choice,) if choice else (),
        () if isinstance(node, ast.alias) else explain(module, node),
        "" if choice else _ADVICE.get(symbol) or _near(symbol, target),
        breaks_in=_breaks_in(symbol, target),
    )


def _known_as(use: ApiUse, target: str) -> str:
    """Return what is used in the shortest words, or by the way to it where only that tells when it existed."""
    symbol = use.symbol(target)
    if use.argument or lifetime(symbol) is not None:
        return symbol
    owner, _, name = use.way.rpartition(".")
    brackets = "()" if owner.endswith("()") else ""
    way = f"{history.short_name(owner.removesuffix('()'), target)}{brackets}.{name}"
    return way if lifetime(way) is not None else symbol


def _breaks_in(symbol: str, target: str) -> str:
    """Return the version in which a symbol that the target does not have fails."""
    found = lifetime(symbol)
    if found is None:
        return target if history.may_have_existed(symbol) else EVERY_VERSION
    return found.gone or target


def message(symbol: str, target: str) -> str:
    """Say until when a symbol existed that the target does not have."""
    found = lifetime(symbol)
    if found is None and not symbol.endswith("=)") and history.may_have_existed(symbol):
        return f"{shown(symbol)} is not in {target}"
    if found is None:
        return f"no version of the SDK has {shown(symbol)}"
    if found.gone is None:
        return f"{shown(symbol)} exists from {found.introduced} on, not in {target}"
    known = history.versions()
    return f"{shown(symbol)} exists until {known[known.index(found.gone) - 1]}, not in {target}"


@cache
def lifetime(symbol: str) -> history.Lifetime | None:
    """Return when something existed, under the last of the names that it went by."""
    callee, argument = parted(symbol)
    before = [old + callee[len(new) :] for old, new in SUCCESSORS.items() if callee.startswith((f"{new}.", f"{new}("))]
    asked = (
        history.parameter_lifetime(way, argument) if argument else history.lifetime(way) for way in (callee, *before)
    )
    found = [each for each in asked if each is not None]
    return max(found, key=lambda each: history.version_key(each.gone or "999"), default=None)


def _near(symbol: str, target: str) -> str:
    callee, argument = parted(symbol)
    if argument:
        near = tuple(f"{each}=" for each in history.nearest_parameters(callee, argument, target))
    else:
        near = tuple(shown(each) for each in history.nearest(symbol, target) if not each.startswith("modal.cli."))
    return f"Near to it: {', '.join(near)}." if near else _NOTHING_NEAR


def _without_import(module: Module, nodes: Sequence[ast.AST]) -> Choice | None:
    """Return the choice to take out the one import that something is used by; ``None`` where it is read, or guarded."""
    alias = nodes[0]
    if len(nodes) > 1 or not isinstance(alias, ast.alias) or module.source.path.endswith("__init__.py"):
        return None
    statement = module.index.statement(alias)
    name = alias.asname or alias.name
    bindings = module.index.module.bindings.get(name, [])
    own = next((each for each in bindings if each.node is statement), None)
    if own is None or not isinstance(statement, ast.ImportFrom) or is_conditional(module, statement):
        return None
    here = (node for node in module.index.names if node.id == name and isinstance(node.ctx, ast.Load))
    if any(own in module.reaching(node) for node in here) or list(knowing(module, name)):
        return None
    if any(node.value == name for node in module.index.strings):
        return None
    change: Change = RemoveStatement(module.source.path, module.source.span(statement))
    if len(statement.names) > 1:
        if len(bindings) > 1:
            return None
        change = DropImport(module.source.path, name)
    return Choice("delete", "delete the import", "None: nothing reads the name.", (change,))
