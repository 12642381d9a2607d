"""Imports of a rewritten file: which of Modal's and the standard library's it needs, and which nothing uses now."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator

from modal_transforms.analysis.index import Binding, Index, Scope
from modal_transforms.analysis.modal_imports import Imported, ImportNode, modal_imports, only_for_types, uses
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.import_names import change_names
from modal_transforms.rewrite.statements import remove_statement


def tidy(
    before: Index, source: SourceFile, after: Index, needed: set[str], unwanted: frozenset[str] = frozenset()
) -> list[Patch]:
    """Return the patches of a rewritten file that bring its imports of Modal up to date.

    Only what the file used ``before`` and does not ``after`` is taken out. ``needed`` are names of ``modal`` that the
    rewriting brought in (``name`` or ``name as alias``), ``modal`` itself among them. ``unwanted`` are imported names
    that go although nothing used them before either.
    """
    was_used = {(i.path, i.name) for i in modal_imports(before) if uses(before, i) or i.name in unwanted}
    idle = _unread_beside(before) if source.shown else set()
    unused = [i for at, i in _each_of(after) if at[:2] in was_used and at not in idle and not uses(after, i)]
    plan = _Plan(after, {i.alias for i in unused})
    binds_modal = any("." in imported.name for imported in unused) and any(n.id == "modal" for n in after.names)
    for name in sorted(needed | ({"modal"} if binds_modal else set())):
        plan.provide(name)
    patches: list[Patch] = []
    for statement in after.imports:
        dropped = {alias for alias in statement.names if alias in plan.dropped}
        adopted = plan.adopted.get(statement, [])
        if adopted or len(dropped) < len(statement.names):
            patches += change_names(source, statement, dropped, adopted) if dropped or adopted else []
        else:
            patches += remove_statement(source, after, statement)
    if source.shown:
        return patches
    return patches + [_new_lines(source, after, program, names) for program, names in plan.lines]


def _each_of(index: Index) -> Iterator[tuple[tuple[str, str, int], Imported]]:
    """Yield the imports of Modal, each with what it is of, its name, and which one of that it is in the file."""
    seen: Counter[tuple[str, str]] = Counter()
    for imported in modal_imports(index):
        what = imported.path, imported.name
        seen[what] += 1
        yield (*what, seen[what]), imported


def _unread_beside(index: Index) -> set[tuple[str, str, int]]:
    """Return the imports of ``modal`` in a document whose own block does not read what they bind."""
    modal = [(at, imported) for at, imported in _each_of(index) if imported.path == "modal"]
    roots = {imported.name.partition(".")[0] for _, imported in modal}
    loads = (node for node in index.names if node.id in roots and isinstance(node.ctx, ast.Load))
    read = {(node.id, id(index.program(node))) for node in loads}
    return {at for at, i in modal if (i.name.partition(".")[0], id(index.program(i.statement))) not in read}


class _Plan:
    """Which import statement takes up which new names; what no statement can take gets a line of its own."""

    def __init__(self, index: Index, dropped: set[ast.alias]) -> None:
        self.index = index
        self.dropped = dropped
        self.adopted: dict[ImportNode, list[str]] = {}
        self.new: dict[int, tuple[Scope, list[str]]] = {}

    @property
    def lines(self) -> list[tuple[Scope, list[str]]]:
        """The names that need a line of their own, by the program that reads them."""
        return list(self.new.values())

    def provide(self, name: str) -> None:
        """Find a place for one name, unless everything that reads it finds it bound."""
        bound = name.rpartition(" as ")[2]
        reads = [node for node in self.index.names if node.id == bound and isinstance(node.ctx, ast.Load)]
        lost = [node for node in reads if not self._is_bound(bound, self.index.scopes[node])]
        if not lost and (reads or self._is_bound(bound, self.index.module)):
            return
        groups: dict[int, tuple[Scope, list[ast.Name]]] = {} if lost else {0: (self.index.module, [])}
        for node in lost:
            program = self.index.program(node)
            groups.setdefault(id(program), (program, []))[1].append(node)
        for program, nodes in groups.values():
            self._provide(name, program, nodes)

    def _provide(self, name: str, program: Scope, lost: list[ast.Name]) -> None:
        """Find a place for one name in the program that reads it, or in one that it sees."""
        homes = self._homes(name)
        for home in (each for seen in program.enclosing() for each in homes if self.index.program(each) is seen):
            function = _function_around(self.index, home)
            if function is None or any(function in self.index.ancestors(node) for node in lost):
                taken = self.adopted.setdefault(home, [])
                taken += [name] if name not in taken else []
                lost = [node for node in lost if function and function not in self.index.ancestors(node)]
                if not lost:
                    return
        self.new.setdefault(id(program), (program, []))[1].append(name)

    def _is_bound(self, name: str, scope: Scope) -> bool:
        return any(self._holds(binding) for binding in scope.find(name))

    def _holds(self, binding: Binding) -> bool:
        node = binding.node
        if only_for_types(self.index, node):
            return False
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            return True
        names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) == binding.name]
        return not self.dropped.issuperset(names)

    def _homes(self, name: str) -> list[ImportNode]:
        """Return the statements that can take a name up, the best first."""
        fitting: list[ImportNode] = []
        for node in self.index.imports:
            if only_for_types(self.index, node):
                continue
            if name == "modal":
                going = any(alias in self.dropped and not alias.asname for alias in node.names)
                fitting += [node] if isinstance(node, ast.Import) and going else []
            elif isinstance(node, ast.ImportFrom) and node.module == "modal" and not node.level:
                fitting += [node] if node.names[0].name != "*" else []
        return sorted(fitting, key=self._rank)

    def _rank(self, node: ImportNode) -> tuple[bool, bool, bool]:
        nested = self.index.parents.get(node) is not self.index.tree
        loses = any(alias in self.dropped for alias in node.names)
        return _function_around(self.index, node) is not None, not loses, nested


def _function_around(index: Index, node: ast.AST) -> ast.AST | None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return next((around for around in index.ancestors(node) if isinstance(around, functions)), None)


def _new_lines(source: SourceFile, index: Index, program: Scope, names: list[str]) -> Patch:
    """Return the patch that imports names by lines of their own."""
    taken = [name for name in names if name != "modal"]
    lines = ["import modal"] if len(taken) < len(names) else []
    lines += [f"from modal import {', '.join(taken)}"] if taken else []
    text = "".join(line + source.newline for line in lines)
    at, blank_before, blank_after = _import_place(source, index, program)
    if at and source.data[at - 1 : at] not in {b"\n", b"\r"}:
        text = source.newline + text
    text = (source.newline if blank_before else "") + text + (source.newline if blank_after else "")
    return Patch(at, at, source.encode(text))


def _import_place(source: SourceFile, index: Index, program: Scope) -> tuple[int, bool, bool]:
    """Return where a new import goes, and whether a blank line is wanted before and after it.

    Before the first import of Modal, else before the first of another package, else after the last import, else
    after the header of the file.
    """
    body = [node for node in index.tree.body if index.scopes[node] is program]
    top: list[ImportNode] = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    modal = {i.statement for i in modal_imports(index)}
    others = [node for node in top if not _comes_early(node)]
    anchors: list[ImportNode] = [*(node for node in top if node in modal), *others]
    for anchor in anchors[:1]:
        return source.line_span(anchor.lineno).start, False, False
    header: list[ast.stmt] = [*top[-1:]] or [node for node in body[:1] if _is_docstring(node)]
    if header:
        at = source.line_span(header[-1].end_lineno or 1).end
        following = source.data[at:].lstrip(b" \t\f")[:1]
        return at, True, following not in {b"", b"\r", b"\n"}
    if not body:
        return len(source.data), False, False
    first = body[0]
    lines = [first.lineno, *(node.lineno for node in getattr(first, "decorator_list", []))]
    return source.line_span(min(lines)).start, False, True


def _comes_early(node: ImportNode) -> bool:
    """Tell whether an import is of the standard library: those come first in a file."""
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    return all(alias.name.partition(".")[0] in sys.stdlib_module_names for alias in node.names)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def import_modules(source: SourceFile, index: Index, modules: set[str]) -> list[Patch]:
    """Return the patches that import modules which the file does not import at its top yet."""
    top = [node for node in index.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    known = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names if not alias.asname}
    lines = "".join(f"import {module}{source.newline}" for module in sorted(modules - known))
    if not lines:
        return []
    others = [node for node in top if not _is_future(node)]
    first = next((node for node in others if _is_standard(node)), others[0] if others else None)
    if first is not None:
        at = source.line_span(first.lineno).start
        return [Patch(at, at, source.encode(lines))]
    return [_after_header(source, index, lines)]


def _after_header(source: SourceFile, index: Index, lines: str) -> Patch:
    body = index.tree.body
    header = [node for node in body if _is_future(node)] or [node for node in body[:1] if _is_docstring(node)]
    if header:
        at = source.line_span(header[-1].end_lineno or 1).end
        return Patch(at, at, source.encode(source.newline + lines))
    at = source.line_span(body[0].lineno).start if body else len(source.data)
    return Patch(at, at, source.encode(lines + source.newline))


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    name = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    return name.partition(".")[0] in sys.stdlib_module_names and not getattr(node, "level", 0)
