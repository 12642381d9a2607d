"""``app.image``: read, where it is not there any more, and set, where it has no effect any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import definition, dependents, is_conditional, origin
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    AddArgument,
    AddLine,
    Applicability,
    Change,
    Choice,
    Finding,
    RemoveStatement,
    Replace,
    Span,
)
from modal_transforms.modal_api.deployments import App, app_of, functions_of
from modal_transforms.modal_api.naming import is_free
from modal_transforms.rewrite.assigned import assigned

_SAME = "None at run time: it is the same image."


def find_images(module: Module) -> Iterator[Finding]:
    """Yield the images that a file reads from its apps, or gives them after they are made."""
    reads: dict[ast.Call | None, list[ast.Attribute]] = {}
    for node in module.index.attributes:
        if node.attr != "image" or module.symbol(node.value) != "modal.App()":
            continue
        if isinstance(node.ctx, ast.Store):
            yield _given_later(module, node)
        elif isinstance(node.ctx, ast.Load):
            reads.setdefault(_app(module, node), []).append(node)
    for app, nodes in reads.items():
        yield _read(module, app, nodes)


def _app(module: Module, node: ast.Attribute) -> ast.Call | None:
    """Return the call that makes an app, if it is in this file."""
    home, made = origin(module, node.value)
    return made if isinstance(made, ast.Call) and home is module else None


def _read(module: Module, app: ast.Call | None, nodes: list[ast.Attribute]) -> Finding:
    image = keyword(app, "image") if app is not None else None
    choice = _by_name(module, app, image, nodes) if app is not None and image is not None else None
    return module.finding(
        "app-image",
        [_word(module, node) for node in nodes],
        "app.image has gone: the image is what App(image=...) was given",
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (choice,) if choice else (),
        explain(module, nodes[0]),
        "" if choice else "Keep the image in a variable, and read that.",
        breaks_in="1.6.0",
    )


def _by_name(module: Module, app: ast.Call, given: ast.keyword, nodes: list[ast.Attribute]) -> Choice | None:
    """Return the choice to read the image from a variable, one that is there or one that is put before the app."""
    path, source = module.source.path, module.source
    changes: list[Change] = []
    image = given.value
    if isinstance(image, ast.Name):
        found = definition(module, image)
        if found is None or not found.is_plain:
            return None
        name = image.id
    else:
        name = next((each for each in ("image", "app_image") if is_free(module, each)), "")
        moved = assigned(source, name, given) if name else None
        if moved is None:
            return None
        changes.append(AddLine(path, source.span(module.index.statement(app)), moved[0], True))
        changes.append(Replace(path, moved[1], name))
    changes += [Replace(path, source.span(node), name) for node in nodes]
    return Choice("variable", f"read {name}", _SAME, tuple(changes))


def _given_later(module: Module, node: ast.Attribute) -> Finding:
    choice = _given_at_once(module, node) or _given_to_each(module, node) or _given_to_a_later_app(module, node)
    return module.finding(
        "app-image-set",
        _word(module, node),
        "app.image = ... has no effect any more: functions run in Modal's default image",
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (choice,) if choice else (),
        explain(module, node),
        "" if choice else "Give the image to App(image=...), or to each function.",
        breaks_in="1.6.0",
    )


def _given_at_once(module: Module, node: ast.Attribute) -> Choice | None:
    """Return the choice to give the image to ``App(...)``, where that has none and the image is made before it."""
    app, statement = _app(module, node), module.index.statement(node)
    if app is None or not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return None
    found = definition(module, statement.value) if isinstance(statement.value, ast.Name) else None
    made = module.index.statement(app)
    if found is None or found.module is not module or not found.is_plain or keyword(app, "image"):
        return None
    if any(item.arg is None for item in app.keywords) or found.statement.lineno >= made.lineno:
        return None
    path, source = module.source.path, module.source
    changes = (
        AddArgument(path, source.span(app), f"image={found.name}"),
        RemoveStatement(path, source.span(statement)),
    )
    return Choice("argument", f"write App(..., image={found.name})", _SAME, changes)


def _given_to_each(module: Module, node: ast.Attribute) -> Choice | None:
    """Return the choice to give the image to each function, where all that it is for are seen in this file."""
    app, statement = app_of(module, node.value), module.index.statement(node)
    if app is None or not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return None
    users = [each for each in functions_of(app) if each.image is statement.value]
    scope, value = module.index.scopes[statement], statement.value
    seen = all(each.module is module and module.index.scopes[each.call] is scope for each in users)
    if (
        not users
        or not seen
        or keyword(app.call, "image")
        or is_conditional(module, statement)
        or _is_read(module, app)
    ):
        return None
    path, source = module.source.path, module.source
    changes: list[Change] = []
    found = definition(module, value) if isinstance(value, ast.Name) else None
    if found is not None and found.module is module and found.is_plain:
        name = found.name
        changes.append(RemoveStatement(path, source.span(statement)))
    else:
        name = next((each for each in ("image", "app_image") if is_free(module, each)), "")
        changes.append(Replace(path, source.span(node), name))
    changes += [AddArgument(path, each.span, f"image={name}") for each in users if each.call.lineno > statement.lineno]
    return Choice("functions", f"write image={name} at each function", _SAME, tuple(changes)) if name else None


def _given_to_a_later_app(module: Module, node: ast.Attribute) -> Choice | None:
    """Return the choice to make the app after its image, where nothing reads the app in between."""
    app, statement = app_of(module, node.value), module.index.statement(node)
    found = definition(module, node.value)
    if app is None or found is None or found.module is not module or not found.is_plain or found.value is not app.call:
        return None
    made, source = found.statement, module.source
    reads = [each for each in module.index.names if each.id == found.name and made.lineno <= each.lineno]
    early = [each for each in reads if each.lineno < statement.lineno and isinstance(each.ctx, ast.Load)]
    together = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    same = module.index.scopes[made] is module.index.scopes[statement] and not is_conditional(module, statement)
    text = source.written(made)
    if early or not together or not same or keyword(app.call, "image") or "\n" in text or _is_read(module, app):
        return None
    image = definition(module, statement.value) if isinstance(statement, ast.Assign) else None
    has_name = image is not None and image.module is module and image.is_plain and image.value is not None
    free = next((each for each in ("image", "app_image") if is_free(module, each)), "")
    name = image.name if image is not None and has_name else free
    comma = "" if text.endswith("()") else ", "
    later = f"{text[:-1].rstrip(', ')}{comma}image={name})"
    given = source.span(statement) if has_name else source.span(node)
    changes = (
        RemoveStatement(source.path, source.span(made)),
        Replace(source.path, given, later if has_name else name),
        *(() if has_name else (AddLine(source.path, source.span(statement), later),)),
    )
    return Choice("later", f"make the app after its image, with image={name}", _SAME, changes) if name else None


def _is_read(module: Module, app: App) -> bool:
    """Tell whether this file, or one that imports it, reads the image of an app."""
    return any(
        attribute.attr == "image" and isinstance(attribute.ctx, ast.Load) and app_of(each, attribute.value) == app
        for each in (module, *dependents(module, "image"))
        for attribute in each.index.attributes
    )


def _word(module: Module, node: ast.Attribute) -> Span:
    return module.source.attribute_word(node)
