"""Every use of Modal's API in a file, by provenance, and whether a version of the SDK has it.

A use is a name that is imported, an attribute that is read, or an argument that is named in a call. What hangs on
something that is not there, such as a method of an object that nothing makes any more, is neither there nor missing.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from modal_transforms.analysis.calls import keyword_name, splatted
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.modal_imports import Imported, modal_imports
from modal_transforms.analysis.module import Module, Value
from modal_transforms.core.model import Span
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.named_attributes import named_attributes

SUCCESSORS = {
    "modal.Stub": "modal.App",
    "modal.AioStub": "modal.App",
    "modal.stub.Stub": "modal.App",
    "modal.app.Stub": "modal.App",
    "modal.SharedVolume": "modal.NetworkFileSystem",
    "modal.shared_volume.SharedVolume": "modal.NetworkFileSystem",
    "modal.Image.from_dockerhub": "modal.Image.from_registry",
    "modal.Image.conda": "modal.Image.micromamba",
    **{
        f"modal.{kind}.persisted": f"modal.{kind}.from_name"
        for kind in ("Volume", "NetworkFileSystem", "Dict", "Queue")
    },
}
"""What goes on under another name: what hangs on the old one is looked for there."""
_ANYTHING = {"value", "pending"}
_MOST = 8192
"""What is known of so many uses is remembered: the files of a repository use the same."""


class Presence(enum.Enum):
    """What is known of a use in one version."""

    THERE = "the version has it"
    MISSING = "the version does not have it"
    UNTOLD = "nothing tells whether the version has it"
    HANGING = "what it is asked of is not there"
    OTHER = "it is not a use of Modal's API: a value or a method of the program's own"


class ApiUse(Struct, frozen=True):
    """One use of Modal's API."""

    node: ast.alias | ast.Attribute | ast.Call
    """The alias of an import, the attribute, or the call."""
    way: str
    """What is used, as the code goes to it; for an argument, what is called."""
    name: str
    """The last word of what is used: the argument's, the attribute's, or that of what is imported."""
    presence: Presence
    argument: str = ""
    """The argument that is named, where it is one."""
    word: Span | None = None
    """Where an argument is named, or an attribute by a text."""

    def place(self, module: Module) -> Span:
        """Return where its name is written."""
        if self.word is not None:
            return self.word
        if isinstance(self.node, ast.Attribute):
            return module.source.attribute_word(self.node)
        return module.source.span(self.node)

    def symbol(self, version: str) -> str:
        """Return what is used in the shortest words: ``modal.Image().build``, ``modal.App().function(secret=)``."""
        called = _symbol(self.way, version)
        return f"{called}({self.argument}=)" if self.argument else called


def known_uses(module: Module) -> tuple[ApiUse, ...]:
    """Return the uses of Modal's API in a file, as the target has them; looked for once."""
    return module.once(_for_the_target)


def _for_the_target(module: Module) -> tuple[ApiUse, ...]:
    return tuple(api_uses(module, TARGET))


def last_symbol(use: ApiUse) -> str:
    """Return what is used, or called with an argument, in the words of the last version that had it."""
    return _last_symbol(use.way)


@lru_cache(_MOST)
def _last_symbol(way: str) -> str:
    if history.kinds(way, TARGET):
        found = history.short_name(way, TARGET)
        owner, _, name = way.rpartition(".")
        return f"{history.short_name(owner, TARGET)}.{name}" if found == way and "." in owner else found
    lifetime = history.lifetime(way)
    if lifetime is None or lifetime.gone is None:
        return _symbol(way, TARGET)
    known = history.versions()
    return history.short_name(way, known[known.index(lifetime.gone) - 1])


def shown(symbol: str) -> str:
    """Return a symbol as people write it: ``modal.Function.call``, ``secret= of modal.App.function``."""
    callee, argument = parted(symbol)
    return f"{argument}= of {callee.replace('()', '')}" if argument else callee.replace("()", "")


def parted(symbol: str) -> tuple[str, str]:
    """Return the symbol of what is called, and the argument that is named; empty where the symbol is not of one."""
    if not symbol.endswith("=)"):
        return symbol, ""
    callee, _, argument = symbol[:-2].rpartition("(")
    return callee, argument


def api_uses(module: Module, version: str) -> Iterator[ApiUse]:
    """Yield the uses of Modal's API in a file; ``version`` is the one that they are looked for in."""
    yield from _imports(module, version)
    yield from _attributes(module, version)
    yield from _named(module, version)
    yield from _arguments(module, version)


def _imports(module: Module, version: str) -> Iterator[ApiUse]:
    for imported in modal_imports(module.index):
        path = _imported_path(imported)
        if path != "modal":
            parts = path.split(".")
            named = [(".".join(parts[:end]), parts[end]) for end in range(1, len(parts))]
            found = [(_asked((owner,), name, version), owner, name) for owner, name in named]
            telling = (each for each in found if each[0] in {Presence.MISSING, Presence.UNTOLD})
            presence, owner, name = next(telling, found[-1])
            yield ApiUse(imported.alias, f"{owner}.{name}", name, presence)


def _imported_path(imported: Imported) -> str:
    if imported.alias.name == "*" and isinstance(imported.statement, ast.ImportFrom):
        return imported.statement.module or ""
    return imported.path


def _attributes(module: Module, version: str) -> Iterator[ApiUse]:
    for node in module.index.attributes:
        owners = _ways(module, node.value) if isinstance(node.ctx, ast.Load) else ()
        if owners and not _is_own(module, node):
            presence = _asked(owners, node.attr, version)
            if presence is not Presence.OTHER:
                yield ApiUse(node, f"{owners[0]}.{node.attr}", node.attr, presence)


def _named(module: Module, version: str) -> Iterator[ApiUse]:
    """Yield the attributes that ``getattr`` has to find by a text."""
    for found in named_attributes(module):
        owners = () if found.may_be_missing else _ways(module, found.owner)
        if owners:
            presence = _asked(owners, found.name, version)
            if presence is not Presence.OTHER:
                place = module.source.span(found.call.args[1])
                yield ApiUse(found.call, f"{owners[0]}.{found.name}", found.name, presence, word=place)


def _is_own(module: Module, node: ast.Attribute) -> bool:
    """Tell whether an attribute is what a class of this program that derives from one of Modal's has by the name."""
    value = module.resolve(node)
    return value is not None and value.symbol.startswith("local.")


def _arguments(module: Module, version: str) -> Iterator[ApiUse]:
    for call in module.index.calls:
        ways = _ways(module, _taker(module, call)) if call.keywords else ()
        if ways:
            named = [(item.arg, keyword_name(module, item)) for item in call.keywords if item.arg is not None]
            named += [(entry.name, entry.key) for entry in splatted(module, call)]
            for name, word in named:
                presence = _taken(ways, name, version)
                if presence is not Presence.OTHER:
                    yield ApiUse(call, ways[0], name, presence, name, word)


def _taker(module: Module, call: ast.Call) -> ast.expr:
    """Return what takes the keywords of a call: what it calls, or what `functools.partial` will call with them."""
    is_partial = bool(call.args) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "partial"
    return call.args[0] if is_partial and qualified_name(module, call.func) == "functools.partial" else call.func


def patches(module: Module, version: str) -> Iterator[ast.Attribute]:
    """Yield the attributes of modules and classes of Modal's that a file sets."""
    for node in module.index.attributes:
        if isinstance(node.ctx, ast.Store):
            kinds = {kind for way in _ways(module, node.value) for kind in history.kinds(way, version)}
            if kinds and kinds <= {"module", "class"}:
                yield node


def _ways(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return the ways to what an expression surely is of Modal's, under the names of today."""
    value = module.resolve(node)
    if value is None or not value.sure:
        return ()
    if _is_method(module, node, value):
        return ("modal.Function()",)
    return _of_today(value.written)


def _is_method(module: Module, node: ast.expr, value: Value) -> bool:
    """Tell whether an expression is a method of a class that is seen, which Modal has made a function of its own."""
    if value.symbol == "local.function":
        return value.node is not None and _is_made_modals(value.module, value.node)
    if not (value.symbol.startswith("modal.Obj().") and isinstance(node, ast.Attribute)):
        return False
    if value.symbol != f"modal.Obj().{node.attr}":
        return False
    owner = module.resolve(node.value)
    body = owner.node.body if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    named = [each for each in body if getattr(each, "name", "") == node.attr]
    return owner is not None and bool(named) and all(_is_made_modals(owner.module, each) for each in named)


def _is_made_modals(module: Module, node: ast.AST) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return any(symbol == "modal.method()" for _, symbol in module.decorators(node))


@lru_cache(_MOST)
def _of_today(ways: tuple[str, ...]) -> tuple[str, ...]:
    """Return ways with what goes on under another name called by that one."""
    return tuple(dict.fromkeys(map(_succeeded, ways)))


def _succeeded(way: str) -> str:
    for old, new in SUCCESSORS.items():
        if way == old or way.startswith((f"{old}.", f"{old}(")):
            return new + way[len(old) :]
    return way


@lru_cache(_MOST)
def _asked(owners: tuple[str, ...], name: str, version: str) -> Presence:
    """Tell what is known of an attribute of something, by the ways to that."""
    return _agreed({_presence(owner, f"{owner}.{name}", version) for owner in owners})


def _presence(owner: str, way: str, version: str) -> Presence:
    of = history.kinds(owner, version)
    if not of:
        return Presence.HANGING
    if of <= _ANYTHING or "unnamed" in of:
        return Presence.OTHER
    found = history.kinds(way, version)
    if not found:
        return Presence.MISSING
    if found == {"unnamed"}:
        return Presence.UNTOLD if way.rpartition(".")[2].startswith("_") else Presence.OTHER
    return Presence.THERE


@lru_cache(_MOST)
def _taken(ways: tuple[str, ...], name: str, version: str) -> Presence:
    """Tell what is known of an argument that is named in a call, by the ways to what is called."""
    return _agreed({_argument(way, name, version) for way in ways})


def _argument(way: str, name: str, version: str) -> Presence:
    of = history.kinds(way, version)
    if not of:
        return Presence.HANGING
    if of <= _ANYTHING or "unnamed" in of or history.parameters(way, version) is None:
        return Presence.OTHER
    return Presence.THERE if history.takes(way, name, version) else Presence.MISSING


def _agreed(several: set[Presence]) -> Presence:
    """Return what holds whichever way a value came; missing is only what is so in all cases."""
    if len(several) == 1:
        return several.pop()
    return Presence.THERE if Presence.THERE in several else Presence.OTHER


@lru_cache(_MOST)
def _symbol(way: str, version: str) -> str:
    """Return what a way leads to in the shortest words, or where it leads nowhere, its last step there."""
    if history.kinds(way, version):
        return history.short_name(way, version)
    owner, _, name = way.rpartition(".")
    return f"{history.short_name(owner, version)}.{name}" if history.kinds(owner, version) else way
