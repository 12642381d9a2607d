"""The ways to write old calls anew."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Change, Choice, Replace, Span
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.old_calls.callees import callee, is_generator


def renamed(module: Module, node: ast.Attribute, name: str, effect: str) -> Choice:
    """Return the choice to call a function by another method, by its ``.aio`` where the result is awaited."""
    word = f"{name}.aio" if _is_awaited(module, module.index.parents[node]) else name
    change = Replace(module.source.path, module.source.attribute_word(node), word)
    return Choice(name.replace("_", "-"), f"call .{word}", effect, (change,))


def direct(module: Module, call: ast.Call) -> tuple[Choice, ...]:
    """Return the choices to run a function that is called directly here, as it ran, or in a container.

    Where an app is started for it, a container is meant. One that is looked up has no definition here to run.
    """
    end, definition = module.source.span(call.func).end, callee(module, call.func)
    name = "remote_gen" if definition is not None and is_generator(definition) else "remote"
    aio = ".aio" if _is_awaited(module, call) else ""
    effect = "It runs in a container, with the function's image."
    remote = _called(module, "in-container", end, f".{name}{aio}", effect)
    effect = "It runs here, in this process, as a direct call did until 0.55."
    local = _called(module, "here", end, ".local", effect)
    return (remote,) if definition is None else (remote, local) if is_driver(module, call) else (local, remote)


def is_driver(module: Module, node: ast.AST) -> bool:
    """Tell whether code runs where an app is started: in a local entrypoint, or in ``with app.run():``."""
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.With, ast.AsyncWith)):
            if any(module.symbol(item.context_expr) == "modal.App().run()" for item in around.items):
                return True
        elif isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return any(symbol.startswith("modal.App().local_entrypoint") for _, symbol in module.decorators(around))
    return False


def _called(module: Module, key: str, end: int, text: str, effect: str) -> Choice:
    return Choice(key, f"call {text}", effect, (Replace(module.source.path, Span(end, end), text),))


def _is_awaited(module: Module, call: ast.AST) -> bool:
    """Tell whether what a call gives is awaited, or looped over by ``async for``."""
    around = module.index.parents[call]
    if isinstance(around, ast.comprehension):
        return bool(around.is_async) and around.iter is call
    return isinstance(around, ast.Await) or (isinstance(around, ast.AsyncFor) and around.iter is call)


def sandbox(module: Module, node: ast.Attribute) -> tuple[Choice, bool] | None:
    """Return the choice to create a sandbox, and whether its image is the one of today; ``None`` if that is unclear."""
    call = _call(module, node)
    if call is None or any(item.arg is None for item in call.keywords) or keyword(call, "app"):
        return None
    owner = node.value
    if isinstance(owner, ast.Attribute) and owner.attr == "app" and module.symbol(owner.value) == "modal.App()":
        owner = owner.value
    source = module.source
    text, needed = modal_name(module, node, "Sandbox")
    changes: list[Change] = [Replace(source.path, source.span(node), f"{text}.create"), *needed]
    given = keyword(call, "image") is not None
    image = None if given else _image(module, owner)
    if image is not None:
        changes.append(AddArgument(source.path, source.span(call), f"image={image}"))
    changes.append(AddArgument(source.path, source.span(call), f"app={source.written(owner)}"))
    effect = "None at run time: the app's method called this."
    if not given and image is None:
        effect = "Without image=, it runs in Modal's default image, not in the app's."
    return Choice("create", "write Sandbox.create(..., app=...)", effect, tuple(changes)), given


def _call(module: Module, node: ast.Attribute) -> ast.Call | None:
    around = module.index.parents.get(node)
    called: ast.expr = node
    if isinstance(around, ast.Attribute) and around.attr == "aio":
        called, around = around, module.index.parents.get(around)
    return around if isinstance(around, ast.Call) and around.func is called else None


def _image(module: Module, owner: ast.expr) -> str | None:
    """Return the variable that an app has its image from, where it is one of the same file."""
    home, made = origin(module, owner)
    item = keyword(made, "image") if isinstance(made, ast.Call) and home is module else None
    return item.value.id if item is not None and isinstance(item.value, ast.Name) else None


def named(module: Module, call: ast.Call) -> Choice:
    """Return the choice to name the argument of ``app.deploy``."""
    start = module.source.span(call.args[0]).start
    change = Replace(module.source.path, Span(start, start), "name=")
    return Choice("name", "name the argument", "None at run time.", (change,))
