"""The string that a call such as ``modal.gpu.A100(size="80GB", count=n)`` stands for."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.constants import number
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.sections.gpu.string_code import Code, Part, code_of, or_else, written

GPU = "modal.gpu"
STRINGS = {"T4": "T4", "L4": "L4", "A10G": "A10G", "H100": "H100", "L40S": "L40S", "A100": "A100", "Any": "any"}
"""What the classes of ``modal.gpu`` are called as strings."""
_BY_POSITION = frozenset({"T4", "L4"})
_SIZES: dict[object, str] = {None: "40GB", "": "40GB", "40GB": "40GB", "80GB": "80GB"}
_MEMORY = {0: "40GB", 20: "40GB", 40: "40GB", 80: "80GB"}
_SMALL = "20 GB of an A100 went before 0.56; the smallest has 40"


class Refused(Exception):
    """The call has no string that means the same; the message says why."""


class GpuSpelling(Struct, frozen=True):
    """What to write for a call."""

    text: str
    doubts: tuple[str, ...] = ()
    """Why a person should look."""
    notes: tuple[str, ...] = ()
    """What the values of its parts are, where the code shows them."""


class Told(Struct, frozen=True):
    """What is said of one part of a string; ``shown`` tells that the code shows a value which fits."""

    text: str
    shown: bool


class Gpu(Struct, frozen=True):
    """A call of a class of ``modal.gpu``, its arguments told apart."""

    module: Module
    call: ast.Call
    kind: str
    arguments: dict[str, ast.expr]
    doubts: tuple[str, ...] = ()

    @property
    def count(self) -> ast.expr | None:
        """What is given for ``count``."""
        return self.arguments.get("count")

    def spelling(self, counted_by: str = "") -> GpuSpelling:
        """Return the string; ``counted_by`` is a name to take the number from. Raises `Refused`."""
        model, seen = self._model()
        count, counted = self._number()
        if counted_by:
            count, counted = [":", Code(counted_by)], ()
        text = written(self.module, [STRINGS[self.kind], *model, *count])
        told = (*seen, *counted)
        doubts = (each.text for each in told if not each.shown)
        return GpuSpelling(text, (*self.doubts, *doubts), tuple(each.text for each in told if each.shown))

    def _number(self) -> tuple[list[Part], tuple[Told, ...]]:
        """Return what the string has for the count, and what to say of it."""
        node = self.count
        if node is None:
            return [], ()
        if isinstance(node, ast.Constant) and type(node.value) is int:
            if node.value < 1:
                raise Refused(f"the count is {node.value}: leave gpu= out where none is wanted")
            return [f":{node.value}"] if node.value > 1 else [], ()
        if isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)):
            raise Refused("the count is not a whole number above 0")
        value = number(self.module, node)
        return [":", code_of(self.module, node)], (self._told("count", node, type(value) is int and value > 0),)

    def _model(self) -> tuple[list[Part], tuple[Told, ...]]:
        """Return what an A100 has after its name, and what to say of it."""
        if self.kind != "A100":
            return [], ()
        size, memory = self.arguments.get("size"), self.arguments.get("memory")
        if size is not None and memory is not None:
            raise Refused("both size and memory are given")
        if memory is not None:
            return self._by_memory(memory)
        if size is None:
            return ["-40GB"], ()
        if isinstance(size, ast.Constant):
            if size.value not in _SIZES:
                raise Refused(f"there is no A100 of size {size.value!r}; there are 40GB and 80GB")
            return [f"-{_SIZES[size.value]}"], ()
        shown = _is_size(self.module, size)
        code = code_of(self.module, size) if shown else or_else(self.module, size, "40GB")
        return ["-", code], (self._told("size", size, shown),)

    def _by_memory(self, memory: ast.expr) -> tuple[list[Part], tuple[Told, ...]]:
        if not isinstance(memory, ast.Constant):
            value = number(self.module, memory)
            if value is not None and (type(value) is not int or value not in _MEMORY):
                raise Refused(f"there is no A100 with memory={value!r}; there are 40 and 80")
            as_written: list[Part] = [code_of(self.module, memory), "GB"]
            code = [_MEMORY[value]] if isinstance(value, int) and _MEMORY[value] != f"{value}GB" else as_written
            small = (Told(_SMALL, False),) if value == 20 else ()
            return ["-", *code], (self._told("memory", memory, value is not None), *small)
        if type(memory.value) is not int or memory.value not in _MEMORY:
            raise Refused(f"there is no A100 with memory={memory.value!r}; there are 40 and 80")
        return [f"-{_MEMORY[memory.value]}"], (Told(_SMALL, False),) if memory.value == 20 else ()

    def _told(self, name: str, node: ast.expr, shown: bool) -> Told:
        text = f"the {name} is `{code_of(self.module, node).text}`"
        where, value = origin(self.module, node)
        if value is not node and isinstance(value, ast.Constant):
            line = where.source.line_of(where.source.span(value).start)
            elsewhere = "" if where is self.module else f" of {where.source.path}"
            return Told(f"{text}, which is {value.value!r}: line {line}{elsewhere}", shown)
        if shown and (known := number(self.module, node)) is not None:
            return Told(f"{text}, which is {known}", shown)
        return Told(text if shown else f"{text}, worked out when the program runs", shown)


def read_call(module: Module, call: ast.Call, kind: str) -> Gpu:
    """Return a call with its arguments told apart; raises `Refused`."""
    if any(isinstance(node, ast.Starred) for node in call.args) or any(item.arg is None for item in call.keywords):
        raise Refused("its arguments are unpacked here")
    arguments = {item.arg: item.value for item in call.keywords if item.arg is not None}
    unknown = sorted(arguments.keys() - ({"count", "size", "memory"} if kind == "A100" else {"count"}))
    if unknown:
        raise Refused(f"modal.gpu.{kind} never took {', '.join(unknown)}")
    if not call.args:
        return Gpu(module, call, kind, arguments)
    if len(call.args) > 1 or kind == "A100" or "count" in arguments:
        raise Refused(f"modal.gpu.{kind} does not take these arguments by position")
    doubts = () if kind in _BY_POSITION else (f"{kind} took no count by position: this call has failed so far",)
    return Gpu(module, call, kind, {"count": call.args[0]}, doubts)


def _is_size(module: Module, node: ast.expr) -> bool:
    """Tell whether an expression surely gives one of the sizes, never an empty one."""
    if isinstance(node, ast.IfExp):
        return _is_size(module, node.body) and _is_size(module, node.orelse)
    value = origin(module, node)[1]
    return isinstance(value, ast.Constant) and value.value in {"40GB", "80GB"}
