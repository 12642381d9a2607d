"""Functions that their decorators refuse now."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, RemoveArgument, Replace, Span
from modal_transforms.modal_api.deployments import deployed

_SERVERS = frozenset({"modal.asgi_app", "modal.wsgi_app"})
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_CALLED = frozenset(
    [f"modal.App().{name}" for name in ("function", "cls", "local_entrypoint")]
    + [f"modal.{name}" for name in ("method", "enter", "exit", "asgi_app", "wsgi_app", "fastapi_endpoint")]
)
"""The decorators that are called, also where nothing is given to them."""


def find_definitions(module: Module) -> Iterator[Finding]:
    """Yield the functions of a file that the SDK refuses."""
    for call in module.index.calls:
        node = module.index.parents.get(call)
        if isinstance(node, _FUNCTION) and call in node.decorator_list and module.symbol(call.func) in _SERVERS:
            yield from _server(module, node, call)
    for node in (*module.index.functions, *module.index.classes):
        for decorator, symbol in module.decorators(node):
            if symbol in _CALLED:
                yield _bare(module, decorator)
    for found in deployed(module):
        retries = keyword(found.call, "retries")
        if retries is not None and isinstance(found.definition, _FUNCTION) and _yields(found.definition):
            yield _generator(module, found.call, retries)


def _bare(module: Module, decorator: ast.expr) -> Finding:
    end = module.source.span(decorator).end
    change = Replace(module.source.path, Span(end, end), "()")
    return module.finding(
        "parentheses",
        module.source.span(decorator),
        f"@{module.source.written(decorator)} is called: it lacks its parentheses",
        Applicability.REVIEW,
        (Choice("write", "write the parentheses", "None: nothing is given to it.", (change,)),),
        explain(module, decorator),
        breaks_in="0.49",
    )


def _server(module: Module, node: FunctionNode, call: ast.Call) -> Iterator[Finding]:
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    given += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    is_method = isinstance(module.index.parents.get(node), ast.ClassDef)
    own = given[1:] if is_method or (given and given[0].arg == "self") else given
    if own:
        yield module.finding(
            "server-parameters",
            [module.source.span(each) for each in own],
            f"{node.name} has parameters, which asgi_app and wsgi_app refuse",
            Applicability.MANUAL,
            evidence=explain(module, call.func),
            advice="Take the parameters out, and read the values inside, from the environment or a Secret.",
            breaks_in="1.0.0",
        )


def _generator(module: Module, call: ast.Call, retries: ast.keyword) -> Finding:
    drop = RemoveArgument(module.source.path, module.source.span(call), module.source.span(retries))
    effect = "None: a generator was never started again."
    return module.finding(
        "generator-retries",
        module.source.span(retries),
        "retries= does not go with a function that yields",
        Applicability.REVIEW,
        (Choice("delete", "delete it", effect, (drop,)),),
        explain(module, call.func),
        breaks_in="0.73.64",
    )


def _yields(node: FunctionNode) -> bool:
    """Tell whether a function is a generator: it yields itself, not one that is defined in it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(each, (*_FUNCTION, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(each)
    return False
