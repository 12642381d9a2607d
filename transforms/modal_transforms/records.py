"""Dataclasses that cost next to nothing to make: a scan makes a hundred such classes, and objects of half of them.

For the type checker they are those of the standard library, which writes and compiles a program for every class. Here
all classes share their methods, but for the constructor, which is compiled for the first object. That a frozen object
does not change is left to the type checker: objects are made in a third of the time without a guard of their own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace

_NOTHING = object()
_IN_ORDER = (operator.lt, operator.le, operator.gt, operator.ge)


class _Field:
    """What is said of a field: how its default is made, and whether the constructor takes it."""

    __slots__ = ("default_factory", "init")

    def __init__(self, default_factory: Callable[[], Any] | None = None, init: bool = True) -> None:
        self.default_factory = default_factory
        self.init = init


class _Fields:
    """The fields as the standard library describes them, for those who ask; few do."""

    def __init__(self, names: tuple[str, ...], defaults: Mapping[str, Any]) -> None:
        self._init = {name: not isinstance(said := defaults.get(name), _Field) or said.init for name in names}

    def __get__(self, instance: object, owner: type) -> Any:
        from dataclasses import field as described
        from dataclasses import fields, make_dataclass

        plain = make_dataclass("Plain", [(name, Any, described(init=init)) for name, init in self._init.items()])
        return {each.name: each for each in fields(plain)}


def _dataclass(
    plain: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Any:
    """Make a class a dataclass; takes what this project asks of the standard library's, in the same sense."""

    def made(cls: type) -> type:
        names = tuple(cls.__dict__.get("__annotations__", ()))
        defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        parts = _methods(names, frozen, eq, order)
        parts |= {"__match_args__": names, "__dataclass_fields__": _Fields(names, defaults)}
        if slots:
            left_out = {"__dict__", "__weakref__", *names}
            own = {name: value for name, value in cls.__dict__.items() if name not in left_out}
            cls = type(cls)(cls.__name__, cls.__bases__, {**own, **parts, "__slots__": names})
        else:
            for name, value in parts.items():
                setattr(cls, name, value)
            for name, value in defaults.items():
                if isinstance(value, _Field):
                    delattr(cls, name)
        cls.__init__ = _constructor(cls, names, defaults)  # type: ignore[misc]  # each class has its own
        return cls

    return made if plain is None else made(plain)


def _methods(names: tuple[str, ...], frozen: bool, eq: bool, order: bool) -> dict[str, Any]:
    """Return the methods by which objects are compared, hashed, shown and pickled; the last in half the time."""
    values: Callable[[Any], Any] = operator.attrgetter(*names) if names else lambda _: ()

    def __eq__(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(values(self))

    def __repr__(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    def __reduce__(self: object) -> tuple[type, tuple[object, ...]]:
        return self.__class__, values(self)

    found: dict[str, Any] = {"__repr__": __repr__}
    if frozen and len(names) > 1:
        found["__reduce__"] = __reduce__
    if eq:
        found |= {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}
    if order:
        found |= {f"__{compare.__name__}__": _compared(compare, values) for compare in _IN_ORDER}
    return found


def _compared(compare: Callable[[Any, Any], bool], values: Callable[[Any], Any]) -> Any:
    return lambda one, other: (
        compare(values(one), values(other)) if other.__class__ is one.__class__ else NotImplemented
    )


def _constructor(cls: type, names: tuple[str, ...], defaults: Mapping[str, Any]) -> Any:
    """Return a constructor that gives way to a compiled one when it is first called."""

    def __init__(self: object, *given: object, **named: object) -> None:
        cls.__init__ = _compiled(cls, names, defaults)  # type: ignore[misc]
        cls.__init__(self, *given, **named)  # type: ignore[misc]

    return __init__


def _compiled(cls: type, names: tuple[str, ...], defaults: Mapping[str, Any]) -> Any:
    taken, body = ["self"], []
    known: dict[str, Any] = {"__builtins__": {}, "NOTHING": _NOTHING}
    for number, name in enumerate(names):
        default = defaults.get(name, _NOTHING)
        factory = default.default_factory if isinstance(default, _Field) else None
        known[f"default_{number}"] = _NOTHING if factory else default
        known[f"factory_{number}"] = factory
        made = f"factory_{number}()"
        if not isinstance(default, _Field) or default.init:
            taken.append(name if default is _NOTHING else f"{name}=default_{number}")
            body.append(f" self.{name} = " + (f"{made} if {name} is NOTHING else {name}" if factory else name))
        elif factory:
            body.append(f" self.{name} = {made}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec("\n".join([f"def __init__({', '.join(taken)}):", *(body or [" pass"])]), known)
    return known["__init__"]


def _replace(record: Any, /, **changes: Any) -> Any:
    """Return the same record with other values in some fields."""
    kept = {name: getattr(record, name) for name in record.__match_args__ if name not in changes}
    return record.__class__(**kept, **changes)


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _Field, _replace
