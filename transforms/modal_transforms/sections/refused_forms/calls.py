"""Calls whose values, or whose arguments by position, the SDK refuses now."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.definitions import Use, definitions, uses
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.model import (
    EVERY_VERSION,
    Applicability,
    Change,
    Choice,
    Finding,
    RemoveArgument,
    Replace,
    Span,
)

Rule = Callable[[Module, ast.Call], Finding | None]

_PORTS = ("encrypted_ports", "h2_ports", "unencrypted_ports")
_MAKERS = {
    "Client": "Client.from_env()",
    "Cls": "Cls.from_name(app, name)",
    "Environment": "Environment.from_name(name)",
    "Function": "Function.from_name(app, name)",
    "FunctionCall": "FunctionCall.from_id(id)",
    "Image": "Image.debian_slim()",
    "Proxy": "Proxy.from_name(name)",
    "Sandbox": "Sandbox.create(app=app)",
}
"""What makes the objects whose classes are not called."""
_DEEPEST = 4
"""Through how many variables a value is followed."""
_CALLED_UNTIL = {"Image": "0.52.3472"}
_KEYWORD_ONLY = "0.74.23"
_NAMED = {
    "modal.App().run": 0,
    "modal.Cls().with_options": 0,
    "modal.Function.from_name": 2,
    "modal.Cls.from_name": 2,
    **{f"modal.{name}.from_name": 1 for name in ("Dict", "Environment", "NetworkFileSystem", "Proxy", "Queue")},
    **{f"modal.{name}.from_name": 1 for name in ("Secret", "Volume")},
}
"""How many arguments each takes by position."""


def find_calls(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that the SDK refuses."""
    for call in module.index.calls:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name not in _RULES and name not in _LAST_WORDS:
            continue
        symbol = module.symbol(call.func).removesuffix(".aio")
        rule = _RULES.get(name, {}).get(symbol)
        found = rule(module, call) if rule is not None else None
        if found is None and symbol in _NAMED:
            found = _by_position(module, call, symbol)
        if found is not None:
            yield found


def _environment(module: Module, call: ast.Call) -> Finding | None:
    """``env`` takes strings alone."""
    given = argument(call, 0, "vars")
    values = given.values if isinstance(given, ast.Dict) else []
    wrong = [each for each in values if isinstance(each, ast.Constant) and isinstance(each.value, int | float)]
    if not wrong:
        return None
    changes = tuple(Replace(module.source.path, module.source.span(each), f'"{each.value!r}"') for each in wrong)
    effect = "The same text as before in the environment of the container; the image is built anew."
    return _stated(module, call, "env-text", "env takes texts alone", "0.73.66", changes, effect, places=wrong)


def _listing(module: Module, call: ast.Call) -> Finding | None:
    """A listing takes no pattern."""
    given = argument(call, 0, "path")
    text = text_of(given) if given is not None else None
    if given is None or text is None or "*" not in text:
        return None
    rest = text.removesuffix("**").removesuffix("/") or "/"
    changes: tuple[Change, ...] = ()
    if text.endswith("**") and "*" not in rest and len(call.args) == 1 and not call.keywords:
        changes = (Replace(module.source.path, module.source.span(given), f'"{rest}", recursive=True'),)
    message, effect = "a Volume's listing takes no pattern", "The same files and folders."
    advice = "List the folder, with recursive=True for all below it, and choose among the paths in Python."
    return _stated(module, call, "pattern", message, "0.62.110", changes, effect, advice, [given])


def _blocked(module: Module, call: ast.Call) -> Finding | None:
    """A sandbox without network has no ports."""
    block = keyword(call, "block_network")
    ports = [each for name in _PORTS if (each := keyword(call, name)) is not None]
    is_blocked = block is not None and isinstance(block.value, ast.Constant) and block.value.value is True
    given = [
        each.value for each in ports if not (isinstance(each.value, (ast.List, ast.Tuple)) and not each.value.elts)
    ]
    if not is_blocked or not given:
        return None
    message = "a sandbox with block_network=True can have no ports"
    advice = "Leave the ports out, or block_network."
    return _stated(module, call, "blocked-ports", message, "1.1.4", advice=advice, places=given)


def _every_sandbox(module: Module, call: ast.Call) -> Finding | None:
    if call.args or any(item.arg in {"app_id", None} for item in call.keywords):
        return None
    message = "Sandbox.list without app_id= looks through the whole environment, and warns since 1.5.4"
    advice = "Write modal.Sandbox.list(app_id=modal.App.lookup(name).app_id)."
    return _stated(module, call, "every-sandbox", message, advice=advice, since="1.5.4")


def _gpu(module: Module, call: ast.Call) -> Finding | None:
    item = keyword(call, "gpu")
    found = dict.fromkeys(_trues(module, item.value)) if item is not None else {}
    if not found:
        return None
    changes = tuple(Replace(home.source.path, home.source.span(each), '"any"') for home, each in found)
    message, effect = "gpu=True is refused", "A GPU of some kind, as gpu=True once meant."
    places = [each for home, each in found if home is module]
    return _stated(module, call, "gpu-true", message, "0.49", changes, effect, places=places)


def _trues(module: Module, node: ast.expr, depth: int = 0) -> Iterator[tuple[Module, ast.Constant]]:
    """Yield each ``True`` that a value may be, conditions and variables that hold nothing but GPUs followed."""
    if isinstance(node, ast.Constant):
        yield from [(module, node)] if node.value is True else []
    elif isinstance(node, ast.IfExp):
        yield from (*_trues(module, node.body, depth), *_trues(module, node.orelse, depth))
    elif isinstance(node, (ast.Name, ast.Attribute)) and depth < _DEEPEST:
        for found in definitions(module, node):
            if found.value is not None and all(map(_is_for_gpu, uses(found))):
                yield from _trues(found.module, found.value, depth + 1)


def _is_for_gpu(use: Use) -> bool:
    """Tell whether a variable is read to say which GPU, and not to decide anything."""
    around = use.module.index.parents.get(use.node)
    if isinstance(around, ast.IfExp) and around.test is not use.node:
        around = use.module.index.parents.get(around)
    return isinstance(around, ast.Assign) or (isinstance(around, ast.keyword) and around.arg == "gpu")


def _namespace(module: Module, call: ast.Call) -> Finding | None:
    item = keyword(call, "namespace")
    if item is None:
        return None
    changes = (RemoveArgument(module.source.path, module.source.span(call), module.source.span(item)),)
    message, effect = "namespace= has gone", "None: there is one namespace."
    return _stated(module, call, "namespace", message, "1.4.0", changes, effect, places=[item.value])


def _data(module: Module, call: ast.Call) -> Finding | None:
    if not call.args:
        return None
    message, advice = "Dict.ephemeral takes no data", "Make the Dict first, then call its update(...)."
    return _stated(module, call, "data", message, "1.4.0", advice=advice, places=call.args)


def _by_position(module: Module, call: ast.Call, symbol: str) -> Finding | None:
    more = call.args[_NAMED[symbol] :]
    if not more or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    name = symbol.removeprefix("modal.").replace("()", "")
    if name == "Dict.from_name" and text_of(more[0]) is None:
        message = "Dict.from_name takes no data"
        advice = "Take it out, and put what a new Dict is to hold with its put(..., skip_if_exists=True)."
        return _stated(module, call, "data", message, "1.4.0", advice=advice, places=more)
    taken = {0: "nothing", 1: "the name alone"}.get(_NAMED[symbol], "two names alone")
    message = f"{name} takes {taken} by position"
    advice = "Name the arguments: environment_name=..., client=..., and what else is given."
    return _stated(module, call, "by-position", message, _KEYWORD_ONLY, advice=advice, places=more)


def _stated(
    module: Module,
    call: ast.Call,
    rule: str,
    message: str,
    gone: str = "",
    changes: tuple[Change, ...] = (),
    effect: str = "",
    advice: str = "",
    places: Sequence[ast.expr] = (),
    since: str = "",
) -> Finding:
    spans: list[Span] = [module.source.span(each) for each in places or (call.func,)]
    called = module.source.span(call.func)
    if not changes and module.source.line_of(spans[0].start) > module.source.line_of(called.start):
        spans.append(called)  # where the SDK says that it fails
    return module.finding(
        rule if changes else f"{rule}-by-hand",
        spans,
        message,
        Applicability.REVIEW if changes else Applicability.MANUAL,
        (Choice("write", "write it as it is taken", effect, changes),) if changes else (),
        explain(module, call.func),
        "" if changes else advice,
        since=since,
        breaks_in=gone,
    )


def _constructor(module: Module, call: ast.Call) -> Finding | None:
    name = module.symbol(call.func).removeprefix("modal.")
    message = f"modal.{name} is not made by a call"
    return _stated(
        module, call, "made", message, _CALLED_UNTIL.get(name, EVERY_VERSION), advice=f"Write modal.{_MAKERS[name]}."
    )


def _volumes(module: Module, call: ast.Call) -> Finding | None:
    """Volumes are at absolute paths."""
    item = keyword(call, "volumes")
    found = [(key, known_path(module, key)) for key in _keys(item.value)] if item is not None else []
    wrong = [key for key, text in found if text is not None and not text.startswith("/")]
    if not wrong:
        return None
    message, advice = "a volume is at an absolute path", "Write the path with a slash in front."
    return _stated(module, call, "volume-path", message, EVERY_VERSION, advice=advice, places=wrong)


def _keys(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the keys of the dicts that an expression is made of: ``a | {key: value}``, ``{**{key: value}}``."""
    if isinstance(node, ast.BinOp):
        yield from (*_keys(node.left), *_keys(node.right))
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _keys(value) if key is None else [key]


def _function(module: Module, call: ast.Call) -> Finding | None:
    return _gpu(module, call) or _volumes(module, call)


_RULES: dict[str, dict[str, Rule]] = {
    "env": {"modal.Image().env": _environment},
    "listdir": {"modal.Volume().listdir": _listing},
    "iterdir": {"modal.Volume().iterdir": _listing},
    "create": {"modal.Sandbox.create": _blocked},
    "list": {"modal.Sandbox.list": _every_sandbox},
    "function": {"modal.App().function": _function},
    "cls": {"modal.App().cls": _function},
    "deploy_app": {"modal.runner.deploy_app": _namespace},
    "ephemeral": {"modal.Dict.ephemeral": _data},
    **{name: {f"modal.{name}": _constructor} for name in _MAKERS},
}
"""By the last word of what is called, and by the symbol."""
_LAST_WORDS = frozenset(symbol.rpartition(".")[2] for symbol in _NAMED)
