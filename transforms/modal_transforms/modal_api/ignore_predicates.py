"""From ``condition=`` (keep what is true) to ``ignore=`` (leave out what is true)."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_constant

_PATTERN_FREE = frozenset({"endswith"})


class Ignore(Struct, frozen=True):
    """The new argument's value, and whether it surely keeps the same files."""

    text: str
    sure: bool


def ignore_from_condition(module: Module, condition: ast.expr) -> Ignore:
    """Return the ``ignore`` predicate that leaves out what ``condition`` did not keep."""
    source = module.source
    sure = looks_at_names_only(module, condition)
    parameter = _only_parameter(condition)
    if isinstance(condition, ast.Lambda) and parameter is not None:
        return Ignore(f"lambda {parameter}: {_negated(module, condition.body, parameter)}", sure)
    text = source.written(condition)
    called = text if isinstance(condition, (ast.Name, ast.Attribute)) else f"({text})"
    name = "path" if "path" not in {node.id for node in ast.walk(condition) if isinstance(node, ast.Name)} else "local"
    return Ignore(f"lambda {name}: not {called}(str({name}))", sure)


def _only_parameter(condition: ast.expr) -> str | None:
    if not isinstance(condition, ast.Lambda):
        return None
    given = condition.args
    others = [*given.posonlyargs, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
    return given.args[0].arg if len(given.args) == 1 and not others and not given.defaults else None


def _negated(module: Module, body: ast.expr, parameter: str) -> str:
    """Return the opposite of a predicate's body, with the parameter as the text that it was."""
    if isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.Not):
        return _as_text(module, body.operand, parameter)
    if isinstance(body, ast.Compare) and len(body.ops) == 1 and isinstance(body.ops[0], (ast.In, ast.NotIn)):
        operator = "not in" if isinstance(body.ops[0], ast.In) else "in"
        left, right = (_as_text(module, side, parameter) for side in (body.left, body.comparators[0]))
        return f"{left} {operator} {right}"
    text = _as_text(module, body, parameter)
    return f"not {text}" if isinstance(body, (ast.Call, ast.Name, ast.Attribute, ast.Subscript)) else f"not ({text})"


def _as_text(module: Module, node: ast.expr, parameter: str) -> str:
    """Return a node's text with ``str(…)`` around each use of the parameter."""
    source = module.source
    span = source.span(node)
    result, at = "", span.start
    uses = [each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id == parameter]
    for use in sorted(uses, key=lambda each: source.span(each).start):
        place = source.span(use)
        result += source.data[at : place.start].decode(source.encoding.removesuffix("-sig")) + f"str({parameter})"
        at = place.end
    return result + source.data[at : span.end].decode(source.encoding.removesuffix("-sig"))


def looks_at_names_only(module: Module, predicate: ast.expr) -> bool:
    """Tell whether a predicate judges by suffixes and file names, the same for absolute and relative paths."""
    body, parameter = _body(module, predicate)
    return body is not None and _by_name(module, body, parameter)


def _body(module: Module, predicate: ast.expr) -> tuple[ast.expr | None, str]:
    """Return what a predicate returns and the name of its parameter."""
    if isinstance(predicate, ast.Lambda):
        return predicate.body, _only_parameter(predicate) or ""
    value = module.resolve(predicate)
    node = value.node if value is not None else None
    if isinstance(node, ast.FunctionDef) and len(node.args.args) == 1:
        body = [statement for statement in node.body if not is_constant(statement)]
        if len(body) == 1 and isinstance(body[0], ast.Return):
            return body[0].value, node.args.args[0].arg
    return None, ""


def _by_name(module: Module, node: ast.expr, parameter: str) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, ast.BoolOp):
        return all(_by_name(module, value, parameter) for value in node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _by_name(module, node.operand, parameter)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return _is_file_name(left) and _is_parameter(right, parameter)
        return _is_suffix_or_name(module, left, parameter) and isinstance(right, ast.Constant)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PATTERN_FREE:
        owner = node.func.value
        names = _names_in(node.args[0]) if node.args else []
        whole = _is_parameter(owner, parameter) or _is_suffix_or_name(module, owner, parameter)
        return whole and bool(names) and all(_is_file_name(name) for name in names)
    return False


def _names_in(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _is_parameter(node: ast.expr, parameter: str) -> bool:
    """Tell whether an expression is the parameter, or its text: ``str(path)``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1:
        node = node.args[0]
    return isinstance(node, ast.Name) and node.id == parameter


def _is_file_name(node: ast.expr) -> bool:
    """Tell whether a text names a file or an ending, not a place in a tree: ``.py``, ``node_modules``."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not set(node.value) & set("/\\")


def _is_suffix_or_name(module: Module, node: ast.expr, parameter: str) -> bool:
    """Tell whether an expression is the suffix or the name of the parameter's path."""
    if isinstance(node, ast.Call) and qualified_name(module, node.func) == "os.path.basename" and len(node.args) == 1:
        return _is_parameter(node.args[0], parameter)
    if not (isinstance(node, ast.Attribute) and node.attr in {"suffix", "name"}):
        return False
    if not isinstance(node.value, ast.Call):
        return _is_parameter(node.value, parameter)
    made = qualified_name(module, node.value.func) in {"pathlib.Path", "pathlib.PurePath"}
    return made and len(node.value.args) == 1 and _is_parameter(node.value.args[0], parameter)
