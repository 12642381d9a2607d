"""Names that take other arguments now, or are asked of something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    Applicability,
    Change,
    Choice,
    DropImport,
    Finding,
    RemoveArgument,
    Replace,
    Span,
)
from modal_transforms.modal_api.lookups.tokens import name_of
from modal_transforms.modal_api.naming import modal_name

_CLUSTERED, _STOP = "modal.experimental.clustered", "modal.experimental.stop_app"
_MEMBERS = "modal.Environment().members."


def find_calls(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that are written in another way now."""
    for call in module.index.calls:
        symbol = module.symbol(call.func) if isinstance(call.func, (ast.Attribute, ast.Name)) else ""
        if symbol == _CLUSTERED:
            yield _clustered(module, call)
        elif symbol.removesuffix(".aio") == _STOP:
            yield _stopped(module, call, symbol == _STOP)
        elif symbol.removesuffix(".aio").startswith(_MEMBERS):
            yield from _members(module, call)


def _clustered(module: Module, call: ast.Call) -> Finding:
    """``modal.clustered`` takes ``size`` and ``rdma``, by name."""
    source, names = module.source, [item.arg for item in call.keywords]
    broadcast = keyword(call, "broadcast")
    is_default = broadcast is None or (isinstance(broadcast.value, ast.Constant) and broadcast.value.value is True)
    is_plain = len(call.args) <= 1 and set(names) <= {"size", "broadcast", "rdma"} and is_default
    changes: tuple[Change, ...] = ()
    if is_plain and not any(isinstance(each, ast.Starred) for each in call.args):
        text, needed = modal_name(module, call.func, "clustered")
        changes = (Replace(source.path, source.span(call.func), text), *needed, *_dropped(call.func, source.path))
        if call.args:
            start = source.span(call.args[0]).start
            changes += (Replace(source.path, Span(start, start), "size="),)
        if broadcast is not None:
            changes += (RemoveArgument(source.path, source.span(call), source.span(broadcast)),)
    effect = "The same cluster; every input reaches all containers. Needs modal 1.6.0 or newer."
    message = "modal.experimental.clustered is modal.clustered now, and warns"
    advice = "Write modal.clustered(size=..., rdma=...), which takes no more."
    return _stated(module, call, "clustered", message, changes, effect, advice, "1.6.0")


def _stopped(module: Module, call: ast.Call, is_plain: bool) -> Finding:
    """An app is looked up, and stopped itself."""
    source = module.source
    named = {item.arg for item in call.keywords}
    changes: tuple[Change, ...] = ()
    if is_plain and len(call.args) == 1 and named <= {"client", "environment_name"}:
        text, needed = modal_name(module, call.func, "App")
        end = source.span(call).end
        changes = (
            Replace(source.path, source.span(call.func), f"{text}.lookup"),
            Replace(source.path, Span(end, end), ".stop()"),
            *needed,
            *_dropped(call.func, source.path),
        )
    effect = "The same app is stopped. Needs modal 1.6.3 or newer."
    message = "modal.experimental.stop_app is App.lookup(name).stop() now, and warns"
    advice = "Write (await modal.App.lookup.aio(name)).stop.aio(), awaited, or modal.App.lookup(name).stop()."
    return _stated(module, call, "stop-app", message, changes, effect, advice, "1.6.3")


def _members(module: Module, call: ast.Call) -> Iterator[Finding]:
    """``members`` is ``roles``; a member is no longer removed, but given no access."""
    node = call.func
    while isinstance(node, ast.Attribute) and node.attr != "members":
        last, node = node.attr, node.value
    if not isinstance(node, ast.Attribute):
        return
    name = name_of(module, node)
    changes: tuple[Change, ...] = ()
    if name is not None and last in {"list", "update"}:
        changes = (Replace(module.source.path, name, "roles"),)
    message = f"Environment.members.{last} warns; roles takes its place"
    advice = 'Write environment.roles.update(users={"name": "no-access"}).'
    effect = "The same. Needs modal 1.5.3 or newer."
    yield _stated(module, call, "members", message, changes, effect, advice, "1.5.3")


def _dropped(callee: ast.expr, path: str) -> tuple[Change, ...]:
    """Return the change that takes out what was imported for the old name alone."""
    return (DropImport(path, callee.id),) if isinstance(callee, ast.Name) else ()


def _stated(
    module: Module,
    call: ast.Call,
    rule: str,
    message: str,
    changes: tuple[Change, ...],
    effect: str,
    advice: str,
    since: str,
) -> Finding:
    choices = (Choice("write", "what it is called today", effect, changes, needs=since),) if changes else ()
    return module.finding(
        rule if choices else f"{rule}-by-hand",
        module.source.span(call.func),
        message,
        Applicability.REVIEW if choices else Applicability.MANUAL,
        choices,
        explain(module, call.func),
        "" if choices else advice,
        since=since,
    )
