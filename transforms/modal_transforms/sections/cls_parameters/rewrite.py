"""The changes that turn one constructor into ``modal.parameter`` annotations and an ``@modal.enter()`` method."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from modal_transforms.analysis.calls import keyword, splatted
from modal_transforms.core.model import AddLine, Change, DropIfUnused, NeedImport, RemoveStatement, Replace, Span
from modal_transforms.modal_api.classes import ModalClass, bases
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.cls_parameters.constructor import Constructor, Parameter, is_idle
from modal_transforms.sections.cls_parameters.constructor_comments import Comment, WrittenSignature
from modal_transforms.sections.cls_parameters.wire_types import Wire

_TYPING = frozenset({"typing", "typing_extensions"})
ENTER_NAMES = ("setup", "set_up", "on_enter", "initialize", "prepare_container")


class ConstructorPlan(Struct):
    """What a constructor becomes."""

    found: ModalClass
    constructor: Constructor
    wires: Mapping[str, Wire]
    written: WrittenSignature
    fixed: Mapping[str, str] = {}
    """The defaults of parameters that cannot be declared and that nobody gives, by name."""
    kept: list[ast.stmt] = []
    """The statements that move to a method."""
    local: list[str] = []
    """Parameters that the method reads into a variable of their name first."""

    def __post_init__(self) -> None:
        self.local = [p.name for p in self.constructor.parameters if self._is_local(p.name)]
        self.kept = [item for item in self.constructor.node.body if not self._goes(item)]

    @property
    def path(self) -> str:
        """The file of the class."""
        return self.constructor.home.source.path

    @property
    def has_logic(self) -> bool:
        """Tell whether anything is left for a method to do."""
        return any(item is not self.constructor.docstring for item in self.kept)

    def _is_local(self, name: str) -> bool:
        """Tell whether a parameter has to be read into a variable: it is changed, or restored for several readers."""
        reads = self.constructor.reads(name)
        if name in self.fixed:
            return reads is None or bool(reads) or self.constructor.is_rebound(name)
        if reads is None or self.constructor.is_rebound(name):
            return True
        return self.wires[name].restore != "{}" and bool(reads) and not self._is_only_stored(name)

    def _is_only_stored(self, name: str) -> bool:
        """Tell whether the one thing done with a parameter is to assign it."""
        names = self.constructor.names(name)
        around = self.constructor.home.index.parents[names[0]]
        return len(names) == 1 and isinstance(around, (ast.Assign, ast.AnnAssign)) and around.value is names[0]

    def _goes(self, item: ast.stmt) -> bool:
        """Tell whether a statement has nothing left to do."""
        if is_idle(item):
            return item is not self.constructor.docstring
        stored = self.constructor.stored(item)
        return bool(stored) and all(n not in self.local and self.wires[n].restore == "{}" for n in stored)

    @property
    def method_name(self) -> str:
        """A name for the method that nothing in the class has yet."""
        home, owner = self.constructor.home, self.constructor.owner
        taken = {*self.wires, *self.fixed}
        for module, node in [(home, owner), *((m, b) for m, b, _ in bases(home, owner) if b is not None)]:
            scope = module.index.inner[node]
            taken |= {*scope.bindings, *scope.attributes}
        numbered = (f"setup_{number}" for number in range(2, len(taken) + 3))
        return next(name for name in [*ENTER_NAMES, *numbered] if name not in taken)

    def changes(self) -> list[Change]:
        """Return the changes of the class's own file."""
        parameter, needs = modal_name(self.constructor.home, self.constructor.node, "parameter")
        changes: list[Change] = list(needs) if self.wires else []
        for item in self.constructor.owner.body:
            if isinstance(item, ast.AnnAssign) and item.value is None and self._is_redeclared(item):
                changes.append(RemoveStatement(self.path, self.constructor.home.source.span(item)))
        changes += self._as_method(parameter) if self.has_logic else self._as_annotations(parameter)
        if any("json." in f"{wire.restore} {wire.default}" for wire in self.wires.values()):
            changes.append(NeedImport(self.path, "json"))
        return [*changes, *self._types_that_go()]

    def _types_that_go(self) -> Iterator[Change]:
        """Yield the changes that take out imports from ``typing`` that only the constructor's annotations read."""
        home = self.constructor.home
        annotations = [each.node.annotation for each in self.constructor.parameters if each.node.annotation]
        names = {node.id for each in annotations for node in ast.walk(each) if isinstance(node, ast.Name)}
        quoted = {word for each in home.index.strings for word in re.findall(r"\w+", str(each.value))}
        for name in sorted(names - quoted):
            for binding in home.index.module.bindings.get(name, []):
                statement = home.index.statement(binding.node)
                if isinstance(statement, ast.ImportFrom) and statement.module in _TYPING:
                    yield DropIfUnused(self.path, home.source.span(statement), name)

    def _is_redeclared(self, item: ast.AnnAssign) -> bool:
        return isinstance(item.target, ast.Name) and item.target.id in self.wires

    # --- a constructor that only stores ----------------------------------------------------------------------

    def _as_annotations(self, parameter: str) -> list[Change]:
        source, node = self.constructor.home.source, self.constructor.node
        lines = [*self._docstring_comment(), *self._declarations(parameter, self.written.comments)]
        if not lines:
            return [RemoveStatement(self.path, source.span(node))]
        if not self.wires and len(self.constructor.owner.body) == 1:
            lines.append("pass")
        indent = source.newline + source.indent_at(source.span(node).start)
        return [Replace(self.path, source.span(node), indent.join(lines))]

    def _docstring_comment(self) -> Iterator[str]:
        item = self.constructor.docstring
        if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
            for line in str(item.value.value).strip().splitlines():
                yield f"# {line.strip()}".rstrip()

    # --- a constructor that does more ------------------------------------------------------------------------

    def _as_method(self, parameter: str) -> list[Change]:
        home, node = self.constructor.home, self.constructor.node
        span = home.source.span(node)
        enter, needs = modal_name(home, node, "enter")
        signature = tuple(c for c in self.written.comments if c.line <= self.written.last_line)
        head = self._declarations(parameter, signature)
        text = "\n".join([*head, *([""] if head else []), f"@{enter}({'snap=True' if self._snapshots() else ''})"])
        name = re.compile(r"def\s+(__init__)").search(home.source.slice(span))
        assert name is not None
        start = span.start + len(home.source.encode(home.source.slice(span)[: name.start(1)]))
        changes: list[Change] = [
            *needs,
            AddLine(self.path, span, text, before=True),
            Replace(self.path, Span(start, start + len("__init__")), self.method_name),
        ]
        if self.constructor.parameters:
            this = home.source.written(self.constructor.named[0])
            changes.append(Replace(self.path, self.written.brackets, f"({this})"))
        return [*changes, *self._body()]

    def _body(self) -> Iterator[Change]:
        constructor, source = self.constructor, self.constructor.home.source
        first = next(item for item in constructor.node.body if item is not constructor.docstring)
        for item in constructor.node.body:
            if self._goes(item):
                yield RemoveStatement(self.path, source.span(item))
        lines = [f"{name} = {self._restored(name)}" for name in self.local]
        if lines and first.lineno > self.written.last_line:
            yield AddLine(self.path, source.span(first), "\n".join(lines), before=True)
        elif lines:
            at = source.span(first).start
            yield Replace(self.path, Span(at, at), "".join(f"{line}; " for line in lines))
        removed = [source.span(item) for item in constructor.node.body if self._goes(item)]
        for name in self.wires:
            for span in [] if name in self.local else constructor.reads(name) or []:
                if not any(gone.contains(span) for gone in removed):
                    yield Replace(self.path, span, self._restored(name))

    def _restored(self, name: str) -> str:
        if name in self.fixed:
            return self.fixed[name]
        return self.wires[name].restore.format(f"{self.constructor.this}.{name}")

    def _snapshots(self) -> bool:
        """Tell whether the method has to run before a memory snapshot is taken, as the constructor did."""
        call = self.found.call
        own = keyword(call, "enable_memory_snapshot")
        values = [own.value] if own else []
        values += [e.value for e in splatted(self.found.user, call) if e.name == "enable_memory_snapshot"]
        values += self._snapped_elsewhere()
        return any(not (isinstance(value, ast.Constant) and not value.value) for value in values)

    def _snapped_elsewhere(self) -> Iterator[ast.expr]:
        """Yield what ``snap`` is in the class's other ``@modal.enter(snap=…)``."""
        for item in self.constructor.owner.body:
            for decorator in getattr(item, "decorator_list", []):
                if isinstance(decorator, ast.Call) and self.constructor.home.symbol(decorator.func) == "modal.enter":
                    snap = keyword(decorator, "snap")
                    yield from [snap.value] if snap else []

    # --- the annotations --------------------------------------------------------------------------------------

    def _declarations(self, parameter: str, comments: tuple[Comment, ...]) -> list[str]:
        """Return the lines that declare the parameters, required ones first, each with the comments it had."""
        groups: dict[str, tuple[list[str], list[str]]] = {p.name: ([], []) for p in self.constructor.parameters}
        loose: list[str] = []
        for comment in comments:
            name = self._owner(comment)
            if name is None or name in self.fixed:
                loose.append(comment.text)
            else:
                groups[name][0 if comment.own else 1].append(comment.text)
        lines: list[str] = []
        declared = (item for item in self.constructor.parameters if item.name in self.wires)
        for item in sorted(declared, key=lambda p: self.wires[p.name].default is not None):
            above, beside = groups[item.name]
            lines += [*above, "  ".join([self._declaration(item, parameter), *beside])]
        return [*loose, *lines]

    def _declaration(self, item: Parameter, parameter: str) -> str:
        wire = self.wires[item.name]
        given = "" if wire.default is None else f"default={wire.default}"
        return f"{item.name}: {wire.type} = {parameter}({given})"

    def _owner(self, comment: Comment) -> str | None:
        """Return the parameter that a comment is about: that of its line, or the next one."""
        places: list[tuple[int, str]] = []
        for item in self.constructor.parameters:
            last = item.default if item.default is not None else item.node
            places.append((last.end_lineno or 0, item.name))
        for statement in self.constructor.node.body:
            places += [(statement.end_lineno or 0, name) for name in self.constructor.stored(statement)[:1]]
        for line, name in places:
            if line == comment.line or (comment.own and line > comment.line):
                return name
        return None
