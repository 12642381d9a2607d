"""Keep the number of GPUs in a name of its own, for those who read ``.count`` of the object."""

from __future__ import annotations

import ast
import re

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Change, Finding, Replace, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.sections.gpu.data_flow import Read, Travel
from modal_transforms.sections.gpu.gpu_string import STRINGS, Gpu, Refused, read_call
from modal_transforms.sections.gpu.string_code import code_of
from modal_transforms.sections.gpu.type_checks import asks_string

_SUFFIX = pattern(r"_?(config|cfg|type|spec|object)$", re.IGNORECASE)


class Kept(Struct, frozen=True):
    """The changes that keep a count."""

    name: str
    effect: str
    calls: tuple[ast.Call, ...]
    changes: tuple[Change, ...]
    reads: tuple[tuple[Module, Span], ...]

    def with_sites(self, finding: Finding) -> Finding:
        """Return the finding with the places that read the count."""
        sites = tuple(module.source.site(span) for module, span in self.reads)
        return replace(finding, sites=(*finding.sites, *sites))


def keep_count(gpu: Gpu, found: Travel) -> Kept:
    """Return how to keep the count of a bound object; raises `Refused`."""
    module = gpu.module
    binding, gpus = bound_objects(module, found)
    given = _own_name(module, gpus, binding)
    name = given or _new_name(binding.name, [module, *(read.module for read in found.counts)])
    changes: list[Change] = []
    for each in gpus:
        changes += _changes_of(each, name, new=not given)
    reads = [(read.module, _span(read)) for read in found.counts]
    for read in found.counts:
        changes += _changes_of_read(module, binding, read, name)
    for other in dict.fromkeys(read.module for read in found.counts):
        mine = [read for read in found.counts if read.module is other]
        changes += _changes_of_imports(module, other, binding, mine, name)
    changes += [asks_string(check.module, check.node) for check in found.checks]
    effect = f"None: {name} holds the number, and the string is put together from it."
    calls = tuple(each.call for each in gpus)
    places = (*reads, *((check.module, check.module.source.span(check.node)) for check in found.checks))
    return Kept(name, effect, calls, tuple(dict.fromkeys(changes)), places)


def bound_objects(module: Module, found: Travel) -> tuple[Binding, list[Gpu]]:
    """Return the name of a bound object, and all objects that the name stands for; raises `Refused`."""
    binding = found.binding
    if binding is None:
        raise Refused("the object has no name of its own")
    bindings = binding.scope.bindings.get(binding.name, [])
    if binding not in bindings:
        raise Refused(f"`{binding.name}` is a global that a function sets")
    return binding, [_gpu_of(module, other) for other in bindings]


def _gpu_of(module: Module, binding: Binding) -> Gpu:
    """Return the GPU object that a binding of the name gives."""
    call = binding.value
    kind = module.symbol(call.func).removeprefix("modal.gpu.") if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or kind not in STRINGS or not _has_lines(module, binding.node):
        raise Refused(f"`{binding.name}` gets other values too, or shares its line")
    return read_call(module, call, kind)


def _has_lines(module: Module, statement: ast.AST) -> bool:
    """Tell whether a statement is an assignment to one name that begins its line."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    start = module.source.span(statement).start
    before = module.source.slice(Span(module.source.line_at(start).start, start))
    return not before.strip() and (isinstance(statement, ast.AnnAssign) or len(statement.targets) == 1)


def _own_name(module: Module, gpus: list[Gpu], binding: Binding) -> str:
    """Return the name that the count is given by, where it is a constant beside the object."""
    count = gpus[0].count
    if len(gpus) != 1 or not isinstance(count, ast.Name):
        return ""
    bindings = binding.scope.bindings.get(count.id, [])
    return count.id if len(bindings) == 1 and bindings[0].kind is BindingKind.ASSIGN else ""


def _new_name(old: str, modules: list[Module]) -> str:
    """Return a name for the number that no file at hand uses."""
    stem = _SUFFIX.sub("", old) or old
    candidates = [f"{stem}_COUNT" if old.isupper() else f"{stem}_count"]
    candidates += [f"{old}_COUNT" if old.isupper() else f"{old}_count"]
    candidates += [f"{candidates[0]}_{number}" for number in range(2, 9)]
    for name in candidates:
        word = re.compile(rf"(?<!\w){name}(?!\w)".encode())
        if not any(word.search(module.source.data) for module in modules):
            return name
    raise Refused("no free name for the number was found")


def ask_strings(gpu: Gpu, found: Travel) -> tuple[Kept, tuple[str, ...]]:
    """Return how to compare strings where the type of a bound object is asked for, and doubts; raises `Refused`."""
    binding, gpus = bound_objects(gpu.module, found)
    spellings = [each.spelling() for each in gpus]
    path, source = gpu.module.source.path, gpu.module.source
    changes: list[Change] = [
        Replace(path, source.span(each.call), spelling.text) for each, spelling in zip(gpus, spellings, strict=True)
    ]
    changes += [asks_string(check.module, check.node) for check in found.checks]
    places = tuple((check.module, check.module.source.span(check.node)) for check in found.checks)
    calls = tuple(each.call for each in gpus)
    kept = Kept(binding.name, "None: the string tells the same.", calls, tuple(dict.fromkeys(changes)), places)
    return kept, tuple(doubt for spelling in spellings for doubt in spelling.doubts)


def _changes_of(gpu: Gpu, name: str, new: bool) -> list[Change]:
    source = gpu.module.source
    changes: list[Change] = [Replace(source.path, source.span(gpu.call), gpu.spelling(counted_by=name).text)]
    if new:
        number = code_of(gpu.module, gpu.count).text if gpu.count is not None else "1"
        if "\n" in number:
            raise Refused("the count is written over several lines")
        statement = gpu.module.index.statement(gpu.call)
        changes.append(AddLine(source.path, source.span(statement), f"{name} = {number}", before=True))
    return changes


def _span(read: Read) -> Span:
    """Return the bytes of ``owner.count``."""
    source = read.module.source
    span = source.span(read.node)
    if not re.fullmatch(r"[\w.]+\s*\.\s*count", source.slice(span)):
        raise Refused(f"{read.where} cannot be rewritten")
    return span


def _changes_of_read(home: Module, binding: Binding, read: Read, name: str) -> list[Change]:
    source, span = read.module.source, _span(read)
    owner = read.node.value if isinstance(read.node, ast.Attribute) else read.node
    if isinstance(owner, ast.Name):
        if read.module is home and name in _shadowing(read, binding):
            raise Refused(f"`{name}` is something else at line {source.line_of(span.start)}")
        return [Replace(source.path, span, name)]
    if isinstance(owner, ast.Attribute):
        start = source.attribute_word(owner).start
        return [Replace(source.path, Span(start, span.end), name)]
    raise Refused(f"{read.where} cannot be rewritten")


def _shadowing(read: Read, binding: Binding) -> set[str]:
    """Return the names that scopes between a read and the constant bind themselves."""
    names: set[str] = set()
    for scope in read.module.index.scopes[read.node].enclosing():
        if scope is binding.scope:
            break
        names |= scope.bindings.keys()
    return names


def _changes_of_imports(home: Module, module: Module, binding: Binding, reads: list[Read], name: str) -> list[Change]:
    """Return the changes that make a from-import of the object bring the number."""
    if module is home:
        return []
    changes: list[Change] = []
    for read in reads:
        owner = read.node.value if isinstance(read.node, ast.Attribute) else read.node
        if isinstance(owner, ast.Name):
            changes += _changes_of_import(home, module, owner, reads, name)
    return changes


def _changes_of_import(home: Module, module: Module, owner: ast.Name, reads: list[Read], name: str) -> list[Change]:
    bound = module.reaching(owner)
    statement = bound[0].node if len(bound) == 1 else None
    if not isinstance(statement, ast.ImportFrom) or module.project is None:
        raise Refused(f"where `{owner.id}` comes from at line {owner.lineno} of {module.source.path} is not clear")
    where = module.project.imported(module.source.path, bound[0].module, "")
    if where is None or where.module is not home:
        raise Refused(f"{module.source.path} imports `{owner.id}` by way of another file")
    alias = next(alias for alias in statement.names if (alias.asname or alias.name) == owner.id)
    span = module.source.span(alias)
    counted = {id(read.node.value) for read in reads if isinstance(read.node, ast.Attribute)}
    others = [node for node in module.index.names if node.id == owner.id and id(node) not in counted]
    if others or module.source.path.endswith("__init__.py"):
        return [Replace(module.source.path, Span(span.end, span.end), f", {name}")]
    return [Replace(module.source.path, span, name)]
