"""Which names a file imports from Modal, and where each is used."""

from __future__ import annotations

import ast
import re

from msgspec import Struct

from modal_transforms.analysis.index import Index

ImportNode = ast.Import | ast.ImportFrom


class Imported(Struct, frozen=True):
    """One name that an import statement binds."""

    statement: ImportNode
    alias: ast.alias

    @property
    def name(self) -> str:
        """The bound name; a dotted path for ``import modal.gpu``."""
        return self.alias.asname or self.alias.name

    @property
    def path(self) -> str:
        """What the name stands for."""
        if isinstance(self.statement, ast.ImportFrom):
            return f"{self.statement.module}.{self.alias.name}"
        return self.alias.name


def modal_imports(index: Index) -> list[Imported]:
    """Return the names of ``modal`` that a file imports, at any depth."""
    found = []
    for statement in index.imports:
        for alias in statement.names:
            path = alias.name if isinstance(statement, ast.Import) else f"{'.' * statement.level}{statement.module}"
            if path == "modal" or path.startswith("modal."):
                found.append(Imported(statement, alias))
    return found


def uses(index: Index, imported: Imported) -> int:
    """Count the places that read an imported name, quoted annotations and ``__all__`` included."""
    root, _, rest = imported.name.partition(".")
    if rest and not imported.alias.asname:
        return sum(ast.unparse(node) == imported.name for node in index.attributes if _has_root(node, root))
    count = sum(node.id == root and _reads(index, node, imported) for node in index.names)
    word = re.compile(rf"(?<!\w){re.escape(root)}(?!\w)")
    return count + sum(bool(word.search(str(node.value))) for node in index.strings if _may_name(index, node))


def _reads(index: Index, node: ast.Name, imported: Imported) -> bool:
    """Tell whether a name is read where the import is what binds it, or may be."""
    bindings = index.scopes[node].find(node.id)
    return isinstance(node.ctx, ast.Load) and any(binding.node is imported.statement for binding in bindings)


def _has_root(node: ast.Attribute, root: str) -> bool:
    value: ast.expr = node
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name) and value.id == root


def _may_name(index: Index, node: ast.Constant) -> bool:
    """Tell whether a string may name a variable: in ``__all__`` or in an annotation."""
    previous: ast.AST = node
    for around in index.ancestors(node):
        if isinstance(around, (ast.Assign, ast.AugAssign)):
            targets = around.targets if isinstance(around, ast.Assign) else [around.target]
            return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
        if isinstance(around, (ast.AnnAssign, ast.arg)) and around.annotation is previous:
            return True
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)) and around.returns is previous:
            return True
        previous = around
    return False


def only_for_types(index: Index, node: ast.AST) -> bool:
    """Tell whether a statement is seen by type checkers only."""
    inside: ast.AST = node
    for around in index.ancestors(node):
        if isinstance(around, ast.If) and inside in around.body and ast.unparse(around.test).endswith("TYPE_CHECKING"):
            return not isinstance(around.test, ast.UnaryOp)
        inside = around
    return False
