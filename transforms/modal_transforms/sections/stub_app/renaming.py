"""The variable ``stub`` of a file, and all that follows when it is called ``app``: in every file that knows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct, field

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.modal_api.passages import passages, pieces
from modal_transforms.sections.stub_app.commands import naming
from modal_transforms.sections.stub_app.importers import exported, in_settings, is_from, knowing, read, taken, unlocated
from modal_transforms.sections.stub_app.scopes import (
    declared,
    global_names,
    is_top,
    is_written_there,
    scope_of,
    taken_at,
    unbound_names,
)

OLD, NEW = "stub", "app"
_EXAMPLE = pattern(r"^[ \t]*>>>.*\bstub\b", re.M)
_SAID = pattern(r"(?<![\w.$/:\-])stub(?=\.[A-Za-z_]| = |$)")


class Place(Struct, frozen=True):
    """Bytes of a file that say the old name, and what is written there."""

    source: SourceFile
    span: Span
    text: str = NEW


class Renaming(Struct):
    """What is renamed, filled while the files are gone through."""

    places: dict[Place, None] = field(default_factory=dict)
    renamed: set[str] = field(default_factory=set)
    """The files in which the variable itself gets the new name."""
    kept: dict[str, int] = field(default_factory=dict)
    """The files that go on calling it by the old name, and the line at which the new one is taken."""
    commented: set[Span] = field(default_factory=set)
    """Places in comments, which nothing runs."""
    unseen: list[str] = field(default_factory=list)
    """What may mean the variable, which nothing here tells: commands, imports."""

    def add(self, source: SourceFile, spans: Iterator[Span] | list[Span], text: str = NEW) -> None:
        """Take up places of a file."""
        self.places.update(dict.fromkeys(Place(source, span, text) for span in spans))


def hindrance(module: Module) -> int:
    """Return the line at which a file cannot have the new name for its variable; 0 where it can."""
    nodes = _own_names(module)
    wrong = [node.lineno for node in nodes if not is_written_there(module, node)]
    return min(wrong, default=0) or taken_at(module, nodes, NEW) or int(_has_submodule(module))


def _has_submodule(module: Module) -> bool:
    """Tell whether a file is that of a package with a module of the new name: importing it would hide the variable."""
    folder, _, name = module.source.path.rpartition("/")
    files = module.project.files if module.project is not None else frozenset()
    return name == "__init__.py" and not files.isdisjoint({f"{folder}/{NEW}.py", f"{folder}/{NEW}/__init__.py"})


def _own_names(module: Module) -> list[ast.Name]:
    """Return the places that say a file's own variable; in a document, also where it shows only uses."""
    nodes = global_names(module, OLD)
    if not nodes or module.source.shown or "*" in module.index.module.bindings:
        nodes = [*nodes, *unbound_names(module, OLD)]
    return nodes


def renaming(home: Module) -> Renaming:
    """Return what follows when the variable of a file gets the new name."""
    made = Renaming()
    _rename(home, made)
    made.unseen += [*unlocated(home, OLD), *_in_examples(home), *in_settings(home, OLD)]
    for command, path in naming(home):
        own = command.source.path == home.source.path and home.source.shown
        if path in made.renamed or (path is None and own):
            made.add(command.source, [command.place])
        elif path is None and set("${") & set(command.file):
            line = command.source.line_of(command.place.start)
            made.unseen.append(
                f"{command.source.path}:{line} names {command.file}::{OLD}, and what that is cannot be seen"
            )
    return made


def _in_examples(module: Module) -> Iterator[str]:
    """Say which lines of the doctests in a file name the variable."""
    for node in module.index.strings:
        if isinstance(node.value, str) and _EXAMPLE.search(node.value):
            yield f"an example in the text at line {node.lineno} names it"


def _rename(module: Module, made: Renaming) -> None:
    source = module.source
    made.renamed.add(source.path)
    made.add(source, [source.span(node) for node in _own_names(module)])
    made.add(source, [*declared(module, OLD), *exported(module, OLD)])
    for span, is_comment in _said(module):
        made.add(source, [span])
        made.commented.update([span] if is_comment else [])
    for other in knowing(module, OLD):
        made.add(other.source, list(read(other, module, OLD)))
        for statement, alias in taken(other, module, OLD):
            _follow(other, module, statement, alias, made)


def _said(module: Module) -> Iterator[tuple[Span, bool]]:
    """Yield the places in comments, docstrings and prose whose code says the variable, and whether it is a comment."""
    if OLD.encode() in module.source.data:
        for passage in passages(module, _SAID):
            for piece in pieces(passage, _SAID):
                for match in _SAID.finditer(passage.text, piece.start, piece.end):
                    span = passage.span(*match.span())
                    if module.source.slice(span) == OLD:
                        yield span, passage.where == "a comment"


def _follow(other: Module, home: Module, statement: ast.ImportFrom, alias: ast.alias, made: Renaming) -> None:
    """Rename what an import of another file takes from one that is renamed."""
    path, start = other.source.path, other.source.span(alias).start
    name = Span(start, start + len(OLD))
    if alias.name == "*":
        if path not in made.renamed and not other.index.module.bindings.get(OLD):
            _rename(other, made)
        return
    if alias.asname is not None:
        made.add(other.source, [name])
        return
    line = _hindrance_of(other, home, statement)
    if line:
        made.kept.setdefault(path, line)
        made.add(other.source, [name], f"{NEW} as {OLD}")
        return
    made.add(other.source, [name])
    if not is_top(other.index.scopes[statement]):
        names = [each for each in other.index.names if each.id == OLD]
        made.add(other.source, [other.source.span(each) for each in names if _is_of(other, each, statement)])
    elif path not in made.renamed:
        _rename(other, made)


def _is_of(module: Module, node: ast.Name, statement: ast.stmt) -> bool:
    return scope_of(module, node, OLD) is module.index.scopes[statement]


def _hindrance_of(other: Module, home: Module, statement: ast.ImportFrom) -> int:
    """Return the line for which a file has to go on with the old name for what it imports; 0 where it need not."""
    scope = other.index.scopes[statement]
    for binding in scope.bindings.get(OLD, []):
        if not _is_same(other, binding, home):
            return getattr(binding.node, "lineno", 1)
    if is_top(scope):
        return hindrance(other)
    inside = [node for node in other.index.names if node.id == NEW and scope in other.index.scopes[node].enclosing()]
    bound = [getattr(binding.node, "lineno", 1) for binding in scope.bindings.get(NEW, [])]
    return min([*bound, *(node.lineno for node in inside)], default=0)


def _is_same(module: Module, binding: Binding, home: Module) -> bool:
    """Tell whether a binding is an import of the variable, or the ``None`` in place of it."""
    if isinstance(binding.value, ast.Constant) and binding.value.value is None:
        return True
    node = binding.node
    return binding.kind is BindingKind.IMPORT and isinstance(node, ast.ImportFrom) and is_from(module, node, home, OLD)
