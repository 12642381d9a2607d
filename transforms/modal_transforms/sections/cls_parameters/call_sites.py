"""Where a class is constructed, in all files, and how those calls pass its parameters by keyword."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from modal_transforms.analysis.definitions import dependents, knowing
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, NeedImport, Replace, Site, Span
from modal_transforms.modal_api.classes import ModalClass, app_name_of, defined, is_same, source_of
from modal_transforms.sections.cls_parameters.wire_types import Given, Send, Wire


class Caller(Struct, frozen=True):
    """One call that constructs the class."""

    module: Module
    call: ast.Call
    doubt: str = ""
    """Why it might be another class, for one that is looked up by name."""
    is_looked_up: bool = False
    """Whether it finds the class by its name, and so may be deployed without it."""

    @property
    def place(self) -> str:
        """The file and line."""
        return f"{self.module.source.path}:{self.call.lineno}"

    @property
    def site(self) -> Site:
        """The call as a place of a finding."""
        return self.module.source.site(self.module.source.span(self.call))


class Calling(Struct):
    """What the callers need: changes, and what cannot be done for them."""

    changes: list[Change] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What keeps the rewrite from being complete."""
    apart: list[str] = field(default_factory=list)
    """The changed calls that find the class by its name."""


def callers(found: ModalClass) -> list[Caller]:
    """Return the calls that construct a class: of the class itself, and of what is looked up by its name."""
    known = knowing(found.user, found.node.name) if found.is_decorated else dependents(found.user)
    files = [found.user, found.home, *known, *knowing(found.home, found.node.name)]
    made: dict[tuple[str, int, int], Caller] = {}
    for module in {file.source.path: file for file in files}.values():
        for call, node in module.once(_constructions).get(found.node.name, ()):
            if is_same(node, found.node):
                made.setdefault((module.source.path, call.lineno, call.col_offset), Caller(module, call))
    for caller in _looked_up(found):
        made.setdefault((caller.module.source.path, caller.call.lineno, caller.call.col_offset), caller)
    return list(made.values())


def _constructions(module: Module) -> dict[str, list[tuple[ast.Call, ast.ClassDef]]]:
    """Return the calls of a file that construct a class of Modal's, and the class, by the name of the class."""
    made: dict[str, list[tuple[ast.Call, ast.ClassDef]]] = {}
    for call in module.index.calls:
        for node in _constructed(module, call):
            made.setdefault(node.name, []).append((call, node))
    return made


def _constructed(module: Module, call: ast.Call) -> Iterator[ast.ClassDef]:
    source = source_of(module, call.func)
    if source is not None:
        yield from [source.definition] if source.definition is not None else []
    elif isinstance(call.func, ast.Name):
        values = [module.resolve_binding(binding) for binding in module.reaching(call.func)]
        symbol = "modal.Cls()"
        nodes = [value.node for value in values if value is not None and value.symbol == symbol]
        yield from (node for node in nodes if isinstance(node, ast.ClassDef))


def _looked_up(found: ModalClass) -> Iterator[Caller]:
    """Yield the calls of ``modal.Cls.from_name("app", "Name")``, in any file."""
    project = found.home.project
    name, app = found.node.name, app_name_of(found)
    files = [found.home] if project is None else [*project.mentioning(name.encode(), b"Cls")]
    for module in files:
        for call in module.index.calls:
            if not (call.args or call.keywords) or module.symbol(call.func) != "modal.Cls()":
                continue
            source = source_of(module, call.func)
            if source is None or source.lookup is None or source.names[1] != name:
                continue
            given = source.names[0]
            if given is None or app is None:
                doubt = f"{name} is looked up there in an app whose name is not written out"
                yield Caller(module, call, doubt, True)
            elif given == app:
                yield Caller(module, call, _others(found, app), True)


def _others(found: ModalClass, app: str) -> str:
    """Say which other classes an app has by the name of a class."""
    known = defined(found.home, app, found.node.name)
    places = [f"{each.home.source.path}:{each.node.lineno}" for each in known if not is_same(each.node, found.node)]
    return f"{found.node.name} may also be {' or '.join(places)}" if places else ""


def given_for(calls: list[Caller], names: list[str]) -> dict[str, list[Given]]:
    """Return what callers pass for each parameter."""
    given: dict[str, list[Given]] = {}
    for caller in calls:
        if any(isinstance(node, ast.Starred) for node in caller.call.args):
            continue
        pairs = [*zip(names, caller.call.args, strict=False)]
        pairs += [(item.arg, item.value) for item in caller.call.keywords if item.arg]
        for name, node in pairs:
            given.setdefault(name, []).append((caller.module, node))
    return given


def is_never_given(calls: list[Caller], names: list[str], name: str) -> bool:
    """Tell whether no call in sight passes a parameter, nor anything unpacked that it may be among.

    ``names`` are those that may be given by position, in order.
    """
    unpacked = any(
        any(isinstance(node, ast.Starred) for node in each.call.args) or any(k.arg is None for k in each.call.keywords)
        for each in calls
    )
    return not unpacked and name not in given_for(calls, names)


def made_keyword(calls: list[Caller], names: list[str], wires: Mapping[str, Wire]) -> Calling:
    """Return the changes that pass every parameter by its name, as the class takes it now.

    ``names`` are those that may be given by position, in order.
    """
    result = Calling()
    for caller in calls:
        changes = [*_positional(caller, names, wires, result), *_keywords(caller, wires)]
        if any(isinstance(change, NeedImport) for change in changes) and not is_json_free(caller.module):
            result.notes.append(f"{caller.place}: `json` is something else in this file")
        if caller.doubt and changes:
            result.notes.append(f"{caller.place}: {caller.doubt}")
        if changes:
            result.sites.append(caller.site)
            result.changes += changes
            result.apart += [caller.place] if caller.is_looked_up else []
    return result


def _positional(caller: Caller, names: list[str], wires: Mapping[str, Wire], result: Calling) -> Iterator[Change]:
    call = caller.call
    if any(isinstance(node, (ast.Starred, ast.GeneratorExp)) for node in call.args):
        result.notes.append(f"{caller.place} passes *arguments or a generator: name the parameters there by hand")
        result.sites.append(caller.site)
        return
    if len(call.args) > len(names):
        text = f"{caller.place} passes {len(call.args)} arguments by position, the class takes {len(names)}"
        result.notes.append(text)
        result.sites.append(caller.site)
        return
    previous, separator = caller.module.source.span(call.func).end, b"("
    for name, node in zip(names, call.args, strict=False):
        at = _start(caller.module, previous, node, separator)
        yield Replace(caller.module.source.path, Span(at, at), f"{name}=")
        previous, separator = caller.module.source.span(node).end, b","
        yield from _value(caller.module, node, wires.get(name))


def _start(module: Module, previous: int, node: ast.expr, separator: bytes) -> int:
    """Return where an argument begins, brackets around it included: after the bracket or comma before it."""
    source = module.source
    at, end, passed = previous, source.span(node).start, False
    while at < end:
        char = source.data[at : at + 1]
        if char == b"#":
            at = source.line_at(at).end
        elif passed and char not in b" \t\f\r\n\\":
            return at
        else:
            passed = passed or char == separator
            at += 1
    return end


def _keywords(caller: Caller, wires: Mapping[str, Wire]) -> Iterator[Change]:
    for item in caller.call.keywords:
        if item.arg:
            yield from _value(caller.module, item.value, wires.get(item.arg))


def _value(module: Module, node: ast.expr, wire: Wire | None) -> Iterator[Change]:
    """Yield the changes that make a value what travels."""
    if wire is None or wire.send is Send.AS_IS:
        return
    path, span = module.source.path, module.source.span(node)
    if wire.send is Send.EMPTY_FOR_NONE:
        if isinstance(node, ast.Constant):
            if node.value is None:
                yield Replace(path, span, '""')
        elif not isinstance(node, ast.JoinedStr) and not _is_text(module, node):
            yield from _around(module, node, "", ' or ""')
    elif wire.send is Send.JSON:
        yield from _around(module, node, "json.dumps(", ")", True)
        yield NeedImport(path, "json")
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield from _around(module, node, '"', '"', True)
    elif not isinstance(node, (ast.Constant, ast.JoinedStr)):
        yield from _around(module, node, "str(", ")", True)


def _around(module: Module, node: ast.expr, before: str, after: str, closed: bool = False) -> Iterator[Change]:
    path, span = module.source.path, module.source.span(node)
    if not closed and not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        before, after = f"({before}", f"){after}"
    if before:
        yield Replace(path, Span(span.start, span.start), before)
    yield Replace(path, Span(span.end, span.end), after)


def _is_text(module: Module, node: ast.expr) -> bool:
    """Tell whether a name is a parameter that is annotated as ``str``."""
    if not isinstance(node, ast.Name):
        return False
    bindings = module.reaching(node)
    return bool(bindings) and all(isinstance(b.annotation, ast.Name) and b.annotation.id == "str" for b in bindings)


def is_json_free(module: Module) -> bool:
    """Tell whether ``json`` is the module of that name in a file, or nothing yet."""
    return all(binding.module == "json" for binding in module.index.module.bindings.get("json", []))
