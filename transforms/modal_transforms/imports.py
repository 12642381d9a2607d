"""Imports of Modal's names: which ones a rewritten file needs, which ones nothing uses any more."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from modal_transforms import symbols
from modal_transforms.index import Index, build
from modal_transforms.model import Span
from modal_transforms.patches import Patch
from modal_transforms.source import SourceFile
from modal_transforms.statements import remove_statement

ImportNode = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Imported:
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
    count = sum(node.id == root for node in index.names)
    word = re.compile(rf"(?<!\w){re.escape(root)}(?!\w)")
    return count + sum(bool(word.search(str(node.value))) for node in index.strings if _may_name(index, node))


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


def tidy(
    before: Index, source: SourceFile, tree: ast.Module, needed: set[str], unwanted: frozenset[str] = frozenset()
) -> list[Patch]:
    """Return the patches of a rewritten file that bring its imports of Modal up to date.

    ``before`` is the file as it was: only what it used and the rewritten file does not is taken out. ``needed`` are
    names of ``modal`` that the rewriting brought in, ``modal`` itself among them. ``unwanted`` are imported names that
    go although nothing used them before either.
    """
    after = build(tree)
    was_used = {(i.path, i.name) for i in modal_imports(before) if uses(before, i) or i.name in unwanted}
    unused = [i for i in modal_imports(after) if (i.path, i.name) in was_used and not uses(after, i)]
    missing = {name for name in needed if not _is_bound(after, name)}
    patches: list[Patch] = []
    for statement in dict.fromkeys(imported.statement for imported in unused):
        dropped = {i.alias for i in unused if i.statement is statement}
        adopted = _adopted(after, statement, dropped, missing)
        missing -= adopted
        patches += _rewritten(source, after, statement, dropped, adopted)
    return patches + _added(source, after, missing)


def _is_bound(index: Index, name: str) -> bool:
    if name == "modal":
        return any(
            i.name.partition(".")[0] == "modal" and isinstance(i.statement, ast.Import) for i in modal_imports(index)
        )
    return any(symbols.canonical(i.path) == f"modal.{name}" and i.name == name for i in modal_imports(index))


def _adopted(index: Index, statement: ImportNode, dropped: set[ast.alias], missing: set[str]) -> set[str]:
    """Return the missing names that this statement takes up in place of those it loses."""
    if isinstance(statement, ast.Import):
        return {"modal"} & (missing | ({"modal"} if _still_wanted(index, statement) else set()))
    return missing - {"modal"} if statement.module == "modal" else set()


def _still_wanted(index: Index, statement: ast.Import) -> bool:
    """Tell whether ``import modal.gpu``, about to go, is what binds a ``modal`` that is still read."""
    others = [i for i in modal_imports(index) if isinstance(i.statement, ast.Import) and i.statement is not statement]
    binds = any(alias.asname is None and alias.name.startswith("modal.") for alias in statement.names)
    other_binds = any(i.name.partition(".")[0] == "modal" for i in others)
    return binds and not other_binds and any(node.id == "modal" for node in index.names)


def _rewritten(
    source: SourceFile, index: Index, statement: ImportNode, dropped: set[ast.alias], adopted: set[str]
) -> list[Patch]:
    kept = [alias for alias in statement.names if alias not in dropped]
    if not kept and not adopted:
        return remove_statement(source, index, statement)
    if not kept and len(statement.names) == 1 and isinstance(statement, ast.Import):
        span = source.span(statement.names[0])
        return [Patch(span.start, span.end, b"modal")]
    return _rewrite_names(source, statement, dropped, sorted(adopted))


def _rewrite_names(
    source: SourceFile, statement: ImportNode, dropped: set[ast.alias], adopted: list[str]
) -> list[Patch]:
    """Put new names in the places of dropped ones, take the other dropped ones out, append the rest."""
    patches: list[Patch] = []
    names, adopted = statement.names, list(adopted)
    going = [alias for alias in names if alias in dropped]
    for alias in list(going):
        if adopted:
            span = source.span(alias)
            patches.append(Patch(span.start, span.end, source.encode(adopted.pop(0))))
            going.remove(alias)
    for alias in going:
        patches.append(_without(source, statement, alias, going))
    kept = [alias for alias in names if alias not in going]
    if adopted:
        end = source.span(kept[-1]).end
        patches.append(Patch(end, end, source.encode("".join(f", {name}" for name in adopted))))
    return patches


def _without(source: SourceFile, statement: ImportNode, alias: ast.alias, going: list[ast.alias]) -> Patch:
    """Return the patch that takes one of several names out, its comma with it."""
    names = statement.names
    position = names.index(alias)
    span = source.span(alias)
    if any(other not in going for other in names[position + 1 :]):
        end = source.span(names[position + 1]).start
        between = source.slice(Span(span.end, end))
        if "#" in between:
            end = span.end + len(source.encode(between[: between.index(",") + 1]))
        return Patch(span.start, end, b"")
    start = source.span(names[position - 1]).end if position else span.start
    if "#" in source.slice(Span(start, span.start)):
        start = span.start
    return Patch(start, span.end, b"")


def _added(source: SourceFile, index: Index, missing: set[str]) -> list[Patch]:
    patches: list[Patch] = []
    names = sorted(missing - {"modal"})
    home = next((node for node in index.imports if _is_home(index, node)), None)
    if names and isinstance(home, ast.ImportFrom):
        end = source.span(home.names[-1]).end
        patches.append(Patch(end, end, source.encode("".join(f", {name}" for name in names))))
        names = []
    lines = (["import modal"] if "modal" in missing else []) + (
        [f"from modal import {', '.join(names)}"] if names else []
    )
    if lines:
        at = _import_place(source, index)
        patches.append(Patch(at, at, source.encode("".join(line + source.newline for line in lines))))
    return patches


def _is_home(index: Index, node: ImportNode) -> bool:
    """Tell whether a statement is a from-import of modal at the top of the module."""
    if not isinstance(node, ast.ImportFrom) or node.module != "modal" or node.level:
        return False
    return index.parents.get(node) is index.tree and node.names[0].name != "*"


def _import_place(source: SourceFile, index: Index) -> int:
    """Return where a new import goes: before the first import of Modal, else after the header of the file."""
    top: list[ast.stmt] = [node for node in index.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    modal: list[ast.stmt] = [i.statement for i in modal_imports(index) if i.statement in top]
    others = [node for node in top if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")]
    anchors = [*modal[:1], *others[:1]]
    if anchors:
        return source.line_span(anchors[0].lineno).start
    future = [node for node in top if node not in others]
    body = index.tree.body
    header = future[-1:] or [node for node in body[:1] if _is_docstring(node)]
    if header:
        return source.line_span(header[-1].end_lineno or 1).end
    return source.line_span(body[0].lineno).start if body else len(source.data)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
