"""Read what a ``mounts=`` argument holds: the calls that add files, in order, variables and lists followed."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.definitions import Definition, definition, definitions, is_conditional, uses
from modal_transforms.analysis.index import Binding, walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none

_DEEPEST = 20
_CHANGING = frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"})
_DEPLOYED = frozenset({"modal.Mount.from_name", "modal.Mount.lookup"})


class MountKind(enum.Enum):
    """What a call adds."""

    DIR = "add_local_dir"
    FILE = "add_local_file"
    PACKAGES = "add_local_python_source"


_KINDS = {
    "modal.Mount.from_local_dir": MountKind.DIR,
    "modal.Mount().add_local_dir": MountKind.DIR,
    "modal.Mount.from_local_file": MountKind.FILE,
    "modal.Mount().add_local_file": MountKind.FILE,
    "modal.Mount.from_local_python_packages": MountKind.PACKAGES,
}
_BY_CLASS = {"local_dir": MountKind.DIR, "local_file": MountKind.FILE}


class MountCall(Struct, frozen=True):
    """One call that adds files to a mount."""

    module: Module
    call: ast.Call
    kind: MountKind

    @property
    def given(self) -> ast.Call:
        """The call with its arguments under the names of ``from_local_dir``: ``Mount(remote_dir, local_dir=...)``."""
        local = keyword(self.call, f"local_{self.kind.value.rpartition('_')[2]}")
        remote = argument(self.call, 0, "remote_dir")
        if local is None or remote is None:
            return self.call
        rest = [item for item in self.call.keywords if item.arg in {"condition", "recursive"}]
        return ast.Call(self.call.func, [local.value], [ast.keyword("remote_path", remote), *rest])

    @property
    def is_constructor(self) -> bool:
        """Tell whether it is a call of the class, which put a file into ``remote_dir``."""
        return self.given is not self.call


class Reading(Struct, frozen=True):
    """What was read: the entries in order, and the variables that hold them."""

    entries: tuple[MountCall, ...] = ()
    variables: tuple[Definition, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.entries + other.entries, tuple(dict.fromkeys(self.variables + other.variables)))


class NotPlain(Exception):
    """What files are meant shows only at run time; the message says why, as the end of a sentence."""


def read_list(module: Module, node: ast.expr, depth: int = 0) -> Reading:
    """Return what a list of mounts holds; raises `NotPlain`."""
    if is_none(node):
        return Reading()
    if isinstance(node, (ast.List, ast.Tuple)):
        result = Reading()
        for element in node.elts:
            starred = isinstance(element, ast.Starred)
            value = element.value if isinstance(element, ast.Starred) else element
            result += read_list(module, value, depth + 1) if starred else read_mount(module, value, depth + 1)
        return result
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return read_list(module, node.left, depth + 1) + read_list(module, node.right, depth + 1)
    if isinstance(node, (ast.Name, ast.Attribute)):
        found = _variable(module, node, depth)
        _never_changed(found, module.source.written(node))
        assert found.value is not None
        return Reading((), (found,)) + read_list(found.module, found.value, depth + 1)
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        raise NotPlain("the mounts are made in a loop")
    raise NotPlain(_reason(module, node, "the list of mounts"))


def read_mount(module: Module, node: ast.expr, depth: int = 0) -> Reading:
    """Return what one mount holds; raises `NotPlain`."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        found = _variable(module, node, depth)
        assert found.value is not None
        return Reading((), (found,)) + read_mount(found.module, found.value, depth + 1)
    if not isinstance(node, ast.Call):
        raise NotPlain(_reason(module, node, "the mount"))
    symbol = module.symbol(node.func)
    if symbol in _DEPLOYED:
        raise NotPlain("the mount was deployed under a name, which 1.x cannot look up")
    kind = _made_by_class(node) if symbol == "modal.Mount" else _KINDS.get(symbol)
    if kind is None:
        raise NotPlain(_reason(module, node, "the mount"))
    _check_arguments(node, kind)
    before = Reading()
    if symbol.startswith("modal.Mount()"):
        assert isinstance(node.func, ast.Attribute)
        before = read_mount(module, node.func.value, depth + 1)
    return before + Reading((MountCall(module, node, kind),))


def _made_by_class(call: ast.Call) -> MountKind | None:
    """Return what a call of the class adds, as it was until 0.49; ``None`` where it does not say which, or where to."""
    kinds = [kind for name, kind in _BY_CLASS.items() if keyword(call, name) is not None]
    return kinds[0] if len(kinds) == 1 and argument(call, 0, "remote_dir") is not None else None


def _check_arguments(call: ast.Call, kind: MountKind) -> None:
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    if any(item.arg is None for item in call.keywords) or (starred and kind is not MountKind.PACKAGES):
        raise NotPlain("the arguments of the mount are unpacked from elsewhere")


def _variable(module: Module, node: ast.Name | ast.Attribute, depth: int) -> Definition:
    text = module.source.written(node)
    found = definition(module, node)
    if found is None:
        several = len(definitions(module, node)) > 1
        raise NotPlain(f"`{text}` is {'set in several places' if several else 'not set in sight'}")
    if found.value is None or depth > _DEEPEST:
        raise NotPlain(f"`{text}` is not set by a plain assignment")
    if is_conditional(found.module, found.statement):
        raise NotPlain(f"`{text}` is set in a branch or a loop")
    return found


def _never_changed(found: Definition, text: str) -> None:
    for use in uses(found):
        around = use.module.index.parents.get(use.node)
        if isinstance(around, ast.Attribute) and around.attr in _CHANGING:
            raise NotPlain(f"`{text}` is changed after it is made")


def _reason(module: Module, node: ast.expr, what: str) -> str:
    if isinstance(node, ast.Call):
        value = module.resolve(node.func)
        name = module.source.written(node.func)
        local = value is not None and value.symbol.startswith("local.")
        return f"{what} is made by {'the function ' if local else ''}`{name}`"
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        return f"{what} depends on a condition"
    return f"{what} is made in a way that cannot be followed"


def outer_names(module: Module, node: ast.AST) -> Iterator[tuple[ast.Name, list[Binding]]]:
    """Yield the names that an expression reads and does not bind itself, with what may give them their values."""
    inside = set(walk(node))
    for each in inside:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            bindings = module.reaching(each)
            if not any(binding.scope.node in inside for binding in bindings):
                yield each, bindings


def check_visible(entry: MountCall, module: Module, at: ast.AST) -> bool:
    """Tell whether an entry's arguments mean at ``at`` what they mean where they are written.

    Raises `NotPlain` when they surely do not; false where a name is bound more than once, so that it may differ.
    """
    if at in set(entry.module.index.ancestors(entry.call)) and entry.module is module:
        return True
    scope = module.index.scopes.get(at, module.index.module)
    sure = True
    for part in [*entry.call.args, *entry.call.keywords]:
        for name, bindings in outer_names(entry.module, part):
            if entry.module is not module:
                if bindings:
                    raise NotPlain(f"the mount is made of `{name.id}`, which belongs to {entry.module.source.path}")
                continue
            seen = scope.find(name.id)
            if any(binding not in seen for binding in bindings):
                raise NotPlain(f"the mount is made of `{name.id}`, which this place does not know")
            sure = sure and len(seen) <= 1
    return sure
