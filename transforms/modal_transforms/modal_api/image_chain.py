"""What surrounds the steps of an image: the folder in which they run, and what comes on top of them."""

from __future__ import annotations

import ast
import itertools
import posixpath

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition, definition, is_conditional
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path
from modal_transforms.analysis.scopes import Binding, Scope
from modal_transforms.modal_api.deployments import Deployed, app_of, deployed, functions_of
from modal_transforms.modal_api.images import image_uses

_LONGEST = 200
_PLAIN_FACTORIES = frozenset({"modal.Image.debian_slim", "modal.Image.micromamba", "modal.Image.conda"})


def build_workdir(module: Module, image: ast.expr) -> str | None:
    """Return the working directory after an image's steps, names followed; ``None`` when it cannot be told.

    It is ``/`` unless ``.workdir("/x")`` set another; of a Dockerfile or a registry image only that is known.
    """
    folders: list[str] = []
    for _ in range(_LONGEST):
        if isinstance(image, (ast.Name, ast.Attribute)):
            named = definition(module, image)
            if named is None or named.value is None or is_conditional(named.module, named.statement):
                return None
            module, image = named.module, named.value
            continue
        if not isinstance(image, ast.Call):
            return None
        symbol = module.symbol(image.func)
        if symbol in _PLAIN_FACTORIES:
            return posixpath.normpath(posixpath.join("/", *reversed(folders)))
        if not symbol.startswith("modal.Image().") or not isinstance(image.func, ast.Attribute):
            return None
        if symbol in {"modal.Image().workdir", "modal.Image().dockerfile_commands"}:
            folder = known_path(module, image.args[0]) if image.args and symbol.endswith("workdir") else None
            if folder is None:
                return None
            folders.append(folder)
            if folder.startswith("/"):
                return posixpath.normpath(posixpath.join("/", *reversed(folders)))
        image = image.func.value
    return None


_NO_STEPS = frozenset({"imports", "run_inside"})
_SETTINGS = frozenset({"env", "workdir"})
_DEEPEST = 6


def gets_build_steps(found: Deployed) -> bool:
    """Tell whether a class has ``@modal.build`` methods, which may become steps on top of its image."""
    return isinstance(found.definition, ast.ClassDef) and _has_build_method(found.module, found.definition, 0)


def _has_build_method(module: Module, node: ast.ClassDef, depth: int) -> bool:
    for method in node.body:
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = [_callee(module, decorator) for decorator in method.decorator_list]
            if "modal.build" in names:
                return True
    parents = [module.resolve(base) for base in node.bases] if node in module.index.scopes and depth < _DEEPEST else []
    return any(
        _has_build_method(value.module, value.node, depth + 1)
        for value in parents
        if value is not None and isinstance(value.node, ast.ClassDef)
    )


def _callee(module: Module, decorator: ast.expr) -> str:
    return module.symbol(decorator.func if isinstance(decorator, ast.Call) else decorator)


def chain_after(module: Module, call: ast.Call) -> list[ast.Call]:
    """Return the calls that follow one in its chain: ``.copy_local_dir(…).pip_install(…)``."""
    chain = [call]
    while isinstance(name := module.index.parents.get(chain[-1]), ast.Attribute):
        following = module.index.parents.get(name)
        if not (isinstance(following, ast.Call) and following.func is name):
            break
        chain.append(following)
    return chain[1:]


def nothing_follows(module: Module, call: ast.Call) -> bool:
    """Tell whether a step of an image is surely its last build step, wherever the image goes from there."""
    after = chain_after(module, call)
    return not any(_builds(each) for each in after) and _ends(module, after[-1] if after else call)


def runs_as_is(module: Module, call: ast.Call) -> bool:
    """Tell whether something is seen that runs in the image that a chain gives, as it is: a function, a sandbox."""
    image = [call, *chain_after(module, call)][-1]
    if not isinstance(module.index.parents.get(image), (ast.Assign, ast.AnnAssign)):
        return not isinstance(module.index.parents.get(image), ast.Expr)
    used = [image_uses(each) for each in assigned(module, image)]
    return any(each.functions or each.other for each in used)


def settings_after(module: Module, call: ast.Call) -> list[ast.Call]:
    """Return the steps after one that only set variables or the working directory, where surely nothing else follows.

    They may as well come before a step with an absolute target; empty where other steps follow, or none.
    """
    after = chain_after(module, call)
    settings = all(isinstance(each.func, ast.Attribute) and each.func.attr in _SETTINGS for each in after)
    return after if after and settings and _ends(module, after[-1]) else []


def _builds(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    if not call.func.attr.startswith("add_local_"):
        return call.func.attr not in _NO_STEPS
    copied = keyword(call, "copy")
    return copied is not None and not (isinstance(copied.value, ast.Constant) and copied.value.value is False)


def _ends(module: Module, image: ast.expr) -> bool:
    """Tell whether nothing is built on what an expression gives."""
    around = module.index.parents.get(image)
    if isinstance(around, (ast.Assign, ast.AnnAssign)):
        variables = assigned(module, image)
        return bool(variables) and all(_variable_ends(each) for each in variables)
    call = module.index.parents.get(around) if isinstance(around, ast.keyword) and around.arg == "image" else None
    return isinstance(around, ast.Expr) or (isinstance(call, ast.Call) and _takes(module, call))


def _variable_ends(image: Definition) -> bool:
    used = image_uses(image)
    runs = all(_takes(use.module, use.module.index.parents.get(_keyword(use.module, use.node))) for use in used.other)
    return runs and not used.extended and not any(_adds_layers(found) for found in used.functions)


def _keyword(module: Module, node: ast.expr) -> ast.AST:
    around = module.index.parents.get(node)
    return around if isinstance(around, ast.keyword) and around.arg == "image" else module.tree


def _takes(module: Module, call: ast.AST | None) -> bool:
    """Tell whether a call runs something in the image as it is: a function, a class, an app's, a sandbox."""
    if not isinstance(call, ast.Call):
        return False
    found = next((each for each in deployed(module) if each.call is call), None)
    if found is not None:
        return not _adds_layers(found)
    app = app_of(module, call)
    if app is not None:
        return not any(_adds_layers(each) for each in functions_of(app))
    return module.symbol(call.func).startswith("modal.Sandbox")


def _adds_layers(found: Deployed) -> bool:
    """Tell whether Modal builds on the image of a function or class: ``@modal.build`` methods; 0.72 did for proxies."""
    return gets_build_steps(found) or keyword(found.call, "proxy") is not None


def assigned(module: Module, value: ast.expr) -> list[Definition]:
    """Return the variables that an expression is assigned to."""
    statement = module.index.parents.get(value)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return []
    known = module.once(_by_value).get((module.index.scopes[statement], value), ())
    return [Definition(module, binding) for binding in known]


def _by_value(module: Module) -> dict[tuple[Scope, ast.expr], list[Binding]]:
    """Return the bindings of each scope by the expression that gives them their value."""
    found: dict[tuple[Scope, ast.expr], list[Binding]] = {}
    for scope in dict.fromkeys(module.index.scopes.values()):
        for binding in itertools.chain.from_iterable(scope.bindings.values()):
            if binding.value is not None:
                found.setdefault((scope, binding.value), []).append(binding)
    return found
