"""Which names a file imports from Modal, and where each is used."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from weakref import WeakKeyDictionary, proxy

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


def modal_imports(index: Index) -> tuple[Imported, ...]:
    """Return the names of ``modal`` that a file imports, at any depth; looked for once."""
    found = _FOUND.get(index)
    if found is None:
        found = _FOUND[index] = tuple(_imported(index))
    return found


def _imported(index: Index) -> Iterator[Imported]:
    for statement in index.imports:
        for alias in statement.names:
            path = alias.name if isinstance(statement, ast.Import) else f"{'.' * statement.level}{statement.module}"
            if path == "modal" or path.startswith("modal."):
                yield Imported(statement, alias)


_FOUND: WeakKeyDictionary[Index, tuple[Imported, ...]] = WeakKeyDictionary()


def uses(index: Index, imported: Imported) -> int:
    """Count the places that read an imported name, quoted annotations and ``__all__`` included."""
    read = _READS.get(index)
    if read is None:
        read = _READS[index] = _Reads(index)
    root, _, rest = imported.name.partition(".")
    if rest and not imported.alias.asname:
        return read.dotted(root)[imported.name]
    return read.by_import(root)[imported.statement] + read.words[root]


class _Reads:
    """What the names of a file read, counted once for all its imports: a document may have thousands."""

    def __init__(self, index: Index) -> None:
        self._index: Index = proxy(index)  # it is kept as long as the index, and does not keep that
        self._dotted: dict[str, Counter[str]] = {}
        self._by_import: dict[str, Counter[ast.AST]] = {}

    @cached_property
    def words(self) -> Counter[str]:
        """How many strings that may name variables hold each word."""
        named = (str(node.value) for node in self._index.strings if _may_name(self._index, node))
        return Counter(word for text in named for word in set(re.findall(r"\w+", text)))

    @cached_property
    def _names(self) -> defaultdict[str, list[ast.Name]]:
        names: defaultdict[str, list[ast.Name]] = defaultdict(list)
        for node in self._index.names:
            if isinstance(node.ctx, ast.Load):
                names[node.id].append(node)
        return names

    def by_import(self, name: str) -> Counter[ast.AST]:
        """Count the reads of a name by the statement that binds it, or may, where each is."""
        if name not in self._by_import:
            scopes = ((node, self._index.scopes[node]) for node in self._names.get(name, ()))
            bound = ({binding.node for binding in scope.find(node.id)} for node, scope in scopes)
            self._by_import[name] = Counter(statement for statements in bound for statement in statements)
        return self._by_import[name]

    def dotted(self, root: str) -> Counter[str]:
        """Count the attributes that hang on a name, by their text."""
        if root not in self._dotted:
            texts = (ast.unparse(node) for node in self._index.attributes if _has_root(node, root))
            self._dotted[root] = Counter(texts)
        return self._dotted[root]


_READS: WeakKeyDictionary[Index, _Reads] = WeakKeyDictionary()


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
