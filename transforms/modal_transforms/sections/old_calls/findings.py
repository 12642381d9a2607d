"""What is said of old calls, and what is sure of them."""

from __future__ import annotations

import ast

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding
from modal_transforms.sections.old_calls.callees import callee, is_generator
from modal_transforms.sections.old_calls.choices import direct, is_driver, named, renamed, sandbox

_SAFE, _REVIEW, _MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL
_WAITS = "None at run time: it waits for the result."
_ITERATES = "None at run time: it gives the results one by one."


def call_finding(module: Module, node: ast.Attribute) -> Finding:
    """State that a function is called by ``.call``: whether it yields decides on the new name."""
    remote, generator = renamed(module, node, "remote", _WAITS), renamed(module, node, "remote_gen", _ITERATES)
    definition = callee(module, node.value)
    choices: tuple[Choice, ...]
    if definition is None:
        choices, level, advice = (remote, generator), _REVIEW, "remote_gen is for functions that yield."
    else:
        choices, level, advice = (generator if is_generator(definition) else remote,), _SAFE, ""
    message = f".call is .{choices[0].key.replace('-', '_')} now"
    return module.finding(
        "call", module.source.attribute_word(node), message, level, choices, explain(module, node), advice
    )


def spawn_finding(module: Module, node: ast.Attribute, name: str) -> Finding:
    """State that a function is spawned that yields, which Modal refuses."""
    return module.finding(
        "spawn-generator",
        module.source.attribute_word(node),
        f".spawn refuses {name}, which yields, since 1.0.0",
        _MANUAL,
        (),
        explain(module, node),
        f"Loop over .remote_gen(...), or spawn a function that loops over {name} and returns a list.",
        since="0.68.5",
        breaks_in="1.0.0",
    )


def sandbox_finding(module: Module, node: ast.Attribute) -> Finding:
    """State that a sandbox is made by a method of the app."""
    found = sandbox(module, node)
    return module.finding(
        "spawn-sandbox",
        module.source.attribute_word(node),
        "app.spawn_sandbox is Sandbox.create now",
        _MANUAL if found is None else _SAFE if found[1] else _REVIEW,
        (found[0],) if found else (),
        explain(module, node),
        "Write modal.Sandbox.create(..., app=app), with the image= that the app has." if not found else "",
        breaks_in="0.72.3",
    )


def deploy_finding(module: Module, call: ast.Call) -> Finding:
    """State that ``app.deploy`` takes its name by keyword only."""
    fits = len(call.args) == 1 and not isinstance(call.args[0], ast.Starred)
    return module.finding(
        "deploy-name",
        module.source.span(call.args[0]),
        "app.deploy takes its arguments by keyword",
        _SAFE if fits else _MANUAL,
        (named(module, call),) if fits else (),
        explain(module, call.func),
        "" if fits else "Name each argument: app.deploy(name=...).",
    )


def direct_finding(module: Module, call: ast.Call) -> Finding:
    """State that a function of Modal's is called directly, which does not say where it is to run."""
    text = module.source.written(call.func)
    # A document shows excerpts of several programs, and what not to write: a name may be another one's there.
    is_sure = not module.source.shown or is_driver(module, call)
    return module.finding(
        "direct-call",
        module.source.span(call.func),
        f"{text}(...) is a function of Modal's, which cannot be called directly",
        _REVIEW if is_sure else _MANUAL,
        direct(module, call) if is_sure else (),
        explain(module, call.func),
        "" if is_sure else f"Write {text}.remote(...) to run it in a container, or {text}.local(...) to run it here.",
    )
