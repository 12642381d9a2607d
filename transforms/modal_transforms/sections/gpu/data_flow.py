"""Where the object of a ``modal.gpu`` call goes, and who reads something off it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from modal_transforms.analysis.definitions import Definition, definitions, uses
from modal_transforms.analysis.index import Binding
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.sections.gpu.type_checks import asked_kind

_CARRIERS = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Starred, ast.keyword)
_INSPECTING = frozenset({"isinstance", "issubclass", "repr", "type", "vars", "getattr", "hasattr"})
_PRINTING = frozenset({"print", "str", "format"})
_HARMLESS = frozenset({"dict", "list", "tuple"})
_HARMLESS_LIBRARY = frozenset({"os.environ.get", "os.getenv"})


class Read(Struct, frozen=True):
    """A place that needs the object to be more than a string."""

    module: Module
    node: ast.expr
    """``owner.count``, or the expression that is inspected."""

    @property
    def where(self) -> str:
        """The place in words."""
        source = self.module.source
        span = source.span(self.node)
        return f"`{' '.join(source.slice(span).split())}` at line {source.line_of(span.start)} of {source.path}"


class Travel(Struct):
    """What becomes of one object."""

    binding: Binding | None = None
    """The name that is bound to just this call, by a statement of its own."""
    counts: list[Read] = field(default_factory=list)
    """Reads of ``.count`` of that name."""
    checks: list[Read] = field(default_factory=list)
    """``isinstance`` of that name and a class, which its string answers."""
    inspections: list[Read] = field(default_factory=list)
    """What a string cannot answer."""
    suspects: list[Read] = field(default_factory=list)
    """Reads of ``.count`` that may be of this object, which has gone where it cannot be followed."""
    doubts: list[str] = field(default_factory=list)
    """Why a person should look."""


def travel(module: Module, call: ast.Call) -> Travel:
    """Return what becomes of the object that a call makes."""
    found = Travel()
    node, parent = _carried(module, call)
    escapes = node is not call
    if isinstance(parent, (ast.Attribute, ast.FormattedValue)):
        found.inspections.append(Read(module, parent if isinstance(parent, ast.Attribute) else call))
    elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
        escapes |= _note_assigned(module, call, node, parent, found)
    elif isinstance(parent, ast.Call):
        _note_argument(module, call, parent, found)
        escapes = not module.symbol(parent.func).startswith("modal.")
    elif isinstance(parent, ast.arguments):
        escapes |= _note_default(module, node, parent, found)
    elif isinstance(parent, (ast.Return, ast.Lambda)):
        _note_results(module, parent, found)
        escapes = True
    else:
        found.doubts.append("the object is used here in a way that may not suit a string")
    if escapes:
        _note_strays(module, found)
    return found


def _carried(module: Module, node: ast.AST) -> tuple[ast.AST, ast.AST]:
    """Return the expression that hands an object on, and what it hands it to."""
    parent = module.index.parents[node]
    while isinstance(parent, _CARRIERS) and not (isinstance(parent, ast.Dict) and node in parent.keys):
        node, parent = parent, module.index.parents[parent]
    return node, parent


def _note_assigned(
    module: Module, call: ast.Call, node: ast.AST, statement: ast.Assign | ast.AnnAssign, found: Travel
) -> bool:
    """Note the reads of the names that a statement binds; tell whether it puts the object anywhere else."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    escapes = any(not isinstance(target, ast.Name) for target in targets) or module.index.scopes[statement].is_class
    for target in targets:
        if isinstance(target, ast.Name):
            scope = module.index.scopes[target]
            for binding in (b for b in scope.find(target.id) if b.node is statement):
                if node is call and len(targets) == 1:
                    found.binding = binding
                escapes |= _note_uses(module, binding, found)
    return escapes


def _note_default(module: Module, node: ast.AST, arguments: ast.arguments, found: Travel) -> bool:
    """Note the reads of the parameter that has the object as its default."""
    scope = module.index.inner[module.index.parents[arguments]]
    bindings = [b for each in scope.bindings.values() for b in each if b.value is node]
    escapes = [_note_uses(module, binding, found) for binding in bindings]
    return any(escapes)


def _note_uses(module: Module, binding: Binding, found: Travel) -> bool:
    """Note the reads of a name; tell whether one of them puts the object anywhere else."""
    escapes = False
    direct = found.binding is binding
    for use in uses(Definition(module, binding)):
        node, parent = _carried(use.module, _item(use.module, use.node))
        is_count = isinstance(parent, ast.Attribute) and parent.attr == "count" and not _is_called(use.module, parent)
        if is_count and direct and node is use.node and isinstance(parent, ast.Attribute):
            found.counts.append(Read(use.module, parent))
        elif direct and isinstance(parent, ast.Call) and node in parent.args[:1] and asked_kind(use.module, parent):
            found.checks.append(Read(use.module, parent))
        else:
            escapes |= _note_place(use.module, use.node, node, parent, found)
    if module.index.scopes[binding.node].is_class:
        _note_members(module, binding.name, found)
    return escapes


def _note_place(module: Module, value: ast.expr, node: ast.AST, parent: ast.AST, found: Travel) -> bool:
    """Note what an object is used for at one place; tell whether that puts it anywhere else."""
    where = f"at line {value.lineno} of {module.source.path}"
    if isinstance(parent, ast.Attribute):
        if not _is_called(module, parent):
            found.inspections.append(Read(module, parent))
    elif isinstance(parent, ast.Match):
        found.inspections.append(Read(module, value))
    elif isinstance(parent, ast.FormattedValue):
        found.doubts.append(f"its text is used {where}")
    elif isinstance(parent, ast.Call):
        _note_argument(module, value, parent, found)
        return not module.symbol(parent.func).startswith("modal.")
    elif _is_compared(node, parent):
        found.doubts.append(f"it is compared {where}, which means the same only if both are strings then")
        return True
    return not isinstance(parent, ast.Expr)


def _is_compared(node: ast.AST, parent: ast.AST) -> bool:
    """Tell whether an object is compared with something that may be another, or looked up by."""
    if isinstance(parent, ast.Compare):
        others = (each for each in (parent.left, *parent.comparators) if each is not node)
        return not all(isinstance(each, ast.Constant) and each.value is None for each in others)
    return isinstance(parent, ast.Dict) or (isinstance(parent, ast.Subscript) and parent.slice is node)


def _note_results(module: Module, statement: ast.AST, found: Travel) -> None:
    """Note what is done with the results of the function that gives an object back."""
    function = module.function_around(statement) if isinstance(statement, ast.Return) else None
    bindings = module.index.scopes[function].bindings.get(function.name, []) if function is not None else []
    for binding in (each for each in bindings if each.node is function):
        for use in uses(Definition(module, binding)):
            call = use.module.index.parents[use.node]
            if isinstance(call, ast.Call) and call.func is use.node:
                _note_place(use.module, call, *_carried(use.module, _item(use.module, call)), found)


def _note_members(module: Module, name: str, found: Travel) -> None:
    """Note where the text of a class's attribute is used, by its name."""
    for node in module.index.attributes:
        if node.attr == name and isinstance(node.ctx, ast.Load):
            _, parent = _carried(module, node)
            if isinstance(parent, ast.FormattedValue):
                found.doubts.append(f"its text may be used at line {node.lineno} of {module.source.path}")


def attribute_reads(module: Module, binding: Binding) -> list[Read]:
    """Return the attributes that are read off a name."""
    found = Travel()
    _note_uses(module, binding, found)
    return found.inspections


def _item(module: Module, node: ast.expr) -> ast.expr:
    """Return ``name[key]`` for the ``name`` in it."""
    parent = module.index.parents[node]
    while isinstance(parent, ast.Subscript) and parent.value is node:
        node, parent = parent, module.index.parents[parent]
    return node


def _is_called(module: Module, node: ast.Attribute) -> bool:
    parent = module.index.parents[node]
    return isinstance(parent, ast.Call) and parent.func is node


def _note_argument(module: Module, node: ast.expr, caller: ast.Call, found: Travel) -> None:
    if isinstance(caller.func, ast.Name) and not module.index.scopes[caller].find(caller.func.id):
        if caller.func.id in _INSPECTING:
            found.inspections.append(Read(module, caller))
        if caller.func.id in _PRINTING:
            found.doubts.append(f"its text is used at line {caller.lineno} of {module.source.path}")
        if caller.func.id in _INSPECTING | _PRINTING | _HARMLESS:
            return
    modal = module.symbol(caller.func).startswith("modal.")
    if not modal and qualified_name(module, caller.func) not in _HARMLESS_LIBRARY:
        name = module.source.written(caller.func)
        found.doubts.append(f"`{name}` gets the object at line {caller.lineno}, and gets a string then")


def _note_strays(module: Module, found: Travel) -> None:
    """Note the places that read ``.count`` of something called a GPU which cannot be followed to where it is made."""
    known = {id(read.node) for read in [*found.counts, *found.inspections]}
    for read in module.once(_strays):
        if id(read.node) not in known:
            symbol = read.module.symbol(read.node.value) if isinstance(read.node, ast.Attribute) else ""
            (found.inspections if symbol else found.suspects).append(read)


def _strays(module: Module) -> list[Read]:
    importers = module.project.importers(module.source.path, b"count") if module.project else ()
    return [read for where in dict.fromkeys([module, *importers]) for read in _counts_of_gpus(where)]


def _counts_of_gpus(module: Module) -> Iterator[Read]:
    for node in module.index.attributes:
        if node.attr != "count" or not isinstance(node.ctx, ast.Load) or _is_called(module, node):
            continue
        symbol = module.symbol(node.value)
        last = getattr(node.value, "attr", getattr(node.value, "id", ""))
        named_so = not symbol and "gpu" in str(last).lower()
        if named_so or (symbol.startswith("modal.gpu.") and not _is_followed(module, node.value)):
            yield Read(module, node)


def _is_followed(module: Module, node: ast.expr) -> bool:
    """Tell whether a name is bound to nothing but calls that make GPU objects, which are followed from there."""
    found = definitions(module, node)
    calls = [(each.module, each.value) for each in found if isinstance(each.value, ast.Call)]
    made = [call for where, call in calls if where.symbol(call.func).startswith("modal.gpu.")]
    return bool(found) and len(made) == len(found)
