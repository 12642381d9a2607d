"""Where one secret is given, or a secret is made by the class itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import ArgumentRow, Table, given_argument, uses_of
from modal_transforms.sections.secrets.findings import dict_finding, secret_finding

_TABLE = Table(
    [
        ArgumentRow(
            rule="secret",
            callees=("modal.App().function", "modal.App().cls", "modal.Image().run_function"),
            old="secret",
            new="secrets",
        )
    ]
)


def find_secrets(module: Module, section: Section) -> Iterator[Finding]:
    """Yield what becomes of each ``secret=`` and of each ``modal.Secret({...})``."""
    for use, _ in uses_of(module, _TABLE):
        given = given_argument(module, use.node, "secret") if isinstance(use.node, ast.Call) else None
        if given is not None and isinstance(use.node, ast.Call):
            yield secret_finding(module, section, use.node, given, use.place(module))
    for call in module.index.calls:
        if module.symbol(call.func) == "modal.Secret":
            yield dict_finding(module, section, call)
