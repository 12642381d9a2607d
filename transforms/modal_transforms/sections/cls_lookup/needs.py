"""What the brackets after a class need: the parameters that it cannot do without, where its definition is in sight."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Ask
from modal_transforms.modal_api.classes import Source, app_name_of, defined, required_parameters


class Needs(Struct, frozen=True):
    """The text of the brackets, what it asks for, and why a person should look."""

    text: str = "()"
    asks: tuple[Ask, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Tell whether empty brackets are known to do."""
        return not self.doubts


def needs(module: Module, source: Source | None) -> Needs:
    """Return what instantiating a class needs."""
    if source is not None and source.definition is not None:
        required = required_parameters(source.module, source.definition)
        return _needs(source.definition.name, required, f"{source.module.source.path}:{source.definition.lineno}")
    app, name = source.names if source is not None else (None, None)
    if name is None:
        return Needs(doubts=("the class is not in sight: if it has parameters, they go in the brackets",))
    return looked_up(module, app, name)


def looked_up(module: Module, app: str | None, name: str) -> Needs:
    """Return what instantiating a class needs that is looked up by its name."""
    found = defined(module, app, name) if name.isidentifier() else []
    if len(found) != 1:
        where = "is not defined in this repository" if not found else "is defined more than once in this repository"
        return Needs(doubts=(f"{name} {where}: if it has parameters, they go in the brackets",))
    known = found[0]
    place = f"{known.home.source.path}:{known.node.lineno}"
    result = _needs(name, required_parameters(known.home, known.node), place)
    if app is None or app_name_of(known) is None:
        doubt = f"{name} is taken to be the class at {place}; the name of its app is not written out"
        return Needs(result.text, result.asks, (*result.doubts, doubt))
    return result


def _needs(name: str, required: list[str] | None, place: str) -> Needs:
    if required is None:
        return Needs(doubts=(f"{name} ({place}) inherits from a class that is not in this repository",))
    if not required:
        return Needs()
    asks = tuple(Ask(f"value-{item}", f"Value of {item} (Python)", "", r".+") for item in required)
    text = ", ".join(f"{ask.key.removeprefix('value-')}={ask.placeholder}" for ask in asks)
    return Needs(f"({text})", asks, (f"{name} ({place}) cannot do without {', '.join(required)}: say the value",))
