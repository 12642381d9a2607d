"""``app.is_inside()``: whether the program runs in a container, or in one with a certain image."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span
from modal_transforms.modal_api.naming import modal_name

_QUESTIONS = frozenset({"modal.App().is_inside", "modal.is_inside"})
_FOR_ANY = "is_inside has gone: modal.is_local() tells where the program runs"
_FOR_AN_IMAGE = "is_inside has gone: image.imports() is for what only containers of the image have"
_SAME = "The imports happen in containers of that image, as so far; a failure of one says what it is for."
_FALLBACKS = (
    "In containers of other images the names keep the values that stood under else; where the program runs outside of "
    "containers they do unless the imports work there."
)
_TRIED = (
    "The block is tried everywhere, and stops without an error at what fails there: only in containers of that image "
    "a failure counts. What does not fail takes effect everywhere."
)


def find_questions(module: Module) -> Iterator[Finding]:
    """Yield each ``app.is_inside()``."""
    for call in module.index.calls if b"is_inside" in module.source.data else ():
        if module.symbol(call.func) in _QUESTIONS:
            choices = tuple(filter(None, (_as_imports(module, call), _as_question(module, call))))
            yield module.finding(
                "is-inside",
                module.source.span(call.func),
                _FOR_AN_IMAGE if choices[0].key == "imports" else _FOR_ANY,
                Applicability.REVIEW,
                choices,
                explain(module, call.func),
            )


def _as_imports(module: Module, call: ast.Call) -> Choice | None:
    """Return the choice to write ``with image.imports():`` for a condition over imports, or on a certain image."""
    statement = module.index.parents.get(call)
    if not (isinstance(statement, ast.If) and statement.test is call):
        return None
    given = argument(call, 0, "image")
    image = given if given is not None else _image_of_app(module, call)
    imports = [isinstance(each, (ast.Import, ast.ImportFrom)) for each in statement.body]
    if image is None or not (any(imports) if given is not None else all(imports)):
        return None
    span = Span(module.source.span(statement).start, module.source.span(call).end)
    if module.source.slice(span)[:2] != "if":
        return None
    text = f"with {module.source.written(image)}.imports()"
    effect = _SAME if all(imports) else _TRIED
    if not statement.orelse:
        return Choice("imports", f"write {text}", effect, (Replace(module.source.path, span, text),))
    moved = _fallbacks_above(module, statement) if all(imports) else None
    if moved is None:
        return None
    above, gone = moved
    changes = (Replace(module.source.path, span, above + text), Replace(module.source.path, gone, ""))
    return Choice("imports", f"write {text}, after what stands under else", _FALLBACKS, changes)


def _fallbacks_above(module: Module, statement: ast.If) -> tuple[str, Span] | None:
    """Return what stands under ``else`` as lines above the statement, and where it is; it only gives names values."""
    source, rest = module.source, statement.orelse
    if not all(isinstance(each, (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)) for each in rest):
        return None
    start, body_end, end = (source.span(each) for each in (statement, statement.body[-1], rest[-1]))
    first = source.line_at(body_end.end).end
    below = source.line_at(first).end
    if source.slice(Span(first, below)).strip() != "else:":
        return None
    last = source.line_at(end.end).end
    lines = source.slice(Span(below, last)).splitlines()
    own, inner = source.indent_at(start.start), source.indent_at(source.span(rest[0]).start)
    if any(line.strip() and not line.startswith(inner) for line in lines):
        return None
    kept = [line.removeprefix(inner) for line in lines]
    return "".join(f"{line}{source.newline}{own}" for line in kept), Span(first, last)


def _image_of_app(module: Module, call: ast.Call) -> ast.Name | None:
    """Return the variable that the app which is asked has its image from."""
    if not isinstance(call.func, ast.Attribute):
        return None
    home, made = origin(module, call.func.value)
    item = keyword(made, "image") if isinstance(made, ast.Call) and home is module else None
    return item.value if item is not None and isinstance(item.value, ast.Name) else None


def _as_question(module: Module, call: ast.Call) -> Choice:
    """Return the choice to ask ``not modal.is_local()``."""
    text, needed = modal_name(module, call, "is_local")
    around = module.index.parents.get(call)
    if isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not):
        change = Replace(module.source.path, module.source.span(around), f"{text}()")
    else:
        plain = isinstance(around, (ast.If, ast.IfExp, ast.BoolOp, ast.Assign, ast.Return, ast.While, ast.Assert))
        change = Replace(module.source.path, module.source.span(call), f"not {text}()" if plain else f"(not {text}())")
    effect = "It holds in every container, also in those of other images."
    return Choice("is-local", f"ask not {text}()", effect, (change, *needed))
