"""What Modal raises or gives as another thing now: exceptions of its transport, addresses of tunnels."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding

_ERRORS = frozenset({"grpclib.GRPCError", "grpclib.exceptions.GRPCError"})


def find_results(module: Module) -> Iterator[Finding]:
    """Yield what a file expects of Modal that comes otherwise now."""
    data = module.source.data
    if b"GRPCError" in data:
        for node in walk(module.tree):
            if isinstance(node, ast.Try):
                yield from _transport(module, node)
    if b"unencrypted" in data:
        for node in walk(module.tree):
            if isinstance(node, (ast.With, ast.AsyncWith)):
                yield from _tunnel(module, node)


def _transport(module: Module, node: ast.Try) -> Iterator[Finding]:
    """Errors of the transport are Modal's own exceptions now."""
    caught = [
        kind
        for handler in node.handlers
        if handler.type is not None
        for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])
        if qualified_name(module, kind) in _ERRORS
    ]
    inside = [each for statement in node.body for each in ast.walk(statement) if isinstance(each, ast.Call)]
    if caught and any(module.symbol(each.func).startswith("modal.") for each in inside):
        yield module.finding(
            "transport-error",
            [module.source.span(each) for each in caught],
            "Modal raises exceptions of its own where GRPCError came before",
            Applicability.MANUAL,
            evidence=("lookups raise modal.exception.NotFoundError since 1.1.0; .status of others warns since 1.3.0",),
            advice="Catch modal.exception.NotFoundError, or modal.exception.Error for all of them.",
            since="1.1.0",
        )


def _tunnel(module: Module, node: ast.With | ast.AsyncWith) -> Iterator[Finding]:
    """The address of a tunnel without encryption is no ``url``."""
    for item in node.items:
        call, name = item.context_expr, item.optional_vars
        if not isinstance(call, ast.Call) or not isinstance(name, ast.Name):
            continue
        plain = keyword(call, "unencrypted")
        if plain is None or not isinstance(plain.value, ast.Constant) or plain.value.value is not True:
            continue
        if module.symbol(call.func).removesuffix(".aio") != "modal.forward":
            continue
        reads = [each for statement in node.body for each in ast.walk(statement) if isinstance(each, ast.Attribute)]
        found = [each for each in reads if each.attr == "url" and ast.unparse(each.value) == name.id]
        if found:
            yield module.finding(
                "tunnel-url",
                [module.source.span(each) for each in found],
                "url of an unencrypted tunnel warns since 1.4.0",
                Applicability.MANUAL,
                advice="Read tcp_socket, or forward the port without unencrypted=True and read url.",
                since="1.4.0",
            )
