"""The keyword given to functions of this program, or to a partial, that hand it on to ``app.function``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.sections.concurrent.argument import KEYWORD, MESSAGE, Keyword

_MADE = frozenset({"modal.App().function()", "modal.App().cls()", "modal.Function()", "modal.Cls()"})


def on_wrapper(given: Keyword) -> Iterator[Finding]:
    """Yield a finding where the keyword reaches Modal through something that takes any keyword."""
    module, call = given.module, given.call
    callee = module.resolve(call.func)
    node = callee.node if callee is not None and callee.symbol == "local.function" else None
    hands_on = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _takes_any(node)
    if hands_on and module.symbol(call) in _MADE:
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        yield _manual(given, f"Give {node.name} a parameter of its own for the limit, and let it put ")
    elif call.args and qualified_name(module, call.func) == "functools.partial":
        handed = module.symbol(call.args[0])
        if handed in DECORATORS:
            yield _manual(given, "Take it out of the partial, and put ")


def _takes_any(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return node.args.kwarg is not None and all(argument.arg != KEYWORD for argument in named)


def _manual(given: Keyword, start: str) -> Finding:
    advice = f"{start}modal.concurrent(max_inputs=…) directly under app.function or app.cls where they decorate."
    return given.module.finding(
        given.section, "concurrent-elsewhere", given.place, MESSAGE, Applicability.MANUAL, (), given.evidence, advice
    )
