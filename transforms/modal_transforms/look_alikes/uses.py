"""Where the words of a section stand in a file's code, with the reason why each is left alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.look_alikes import reasons
from modal_transforms.modal_api.spellings import How, LookAlikePlace, Spelling

_SHOWN = 60
_NAME = pattern(r"(?:async\s+)?(?:def|class)\s+")


def uses(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    """Yield the places that read like an old use by one spelling; those that are one are among them."""
    for find in _FINDERS[spelling.how]:
        yield from find(module, spelling)


def _calls(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for call in module.index.calls:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in spelling.words and _wanted(spelling, call):
            yield _read(module, func, spelling)


def _attributes(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in module.index.attributes:
        read = node.attr in spelling.words and isinstance(node.ctx, ast.Load)
        if read and _wanted(spelling, node):
            yield _read(module, node, spelling)


def _names(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in module.index.names:
        if node.id in spelling.words and isinstance(node.ctx, ast.Load):
            yield LookAlikePlace(module.source.span(node), reasons.of_name(module, node, spelling))


def _decorators(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for owner in (*module.index.functions, *module.index.classes):
        for decorator in owner.decorator_list:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(node, ast.Attribute) and node.attr in spelling.words:
                yield _read(module, node, spelling)
            elif isinstance(node, ast.Name) and node.id in spelling.words:
                yield LookAlikePlace(module.source.span(node), reasons.of_name(module, node, spelling))


def _imports(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in module.index.imports:
        for alias in node.names:
            if isinstance(node, ast.ImportFrom) and alias.name in spelling.words:
                weak = reasons.is_modals(node) and not reasons.is_guarded(module, node)
                yield LookAlikePlace(module.source.span(alias), reasons.of_import(module, node, alias), weak=weak)


def _definitions(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in (*module.index.functions, *module.index.classes) if spelling.when is None else ():
        if node.name in spelling.words:
            yield LookAlikePlace(_defined(module, node), reasons.of_definition(module, node))


def _keywords(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for call in module.index.calls:
        for item in call.keywords:
            if item.arg in spelling.words:
                assert item.arg is not None
                yield LookAlikePlace(
                    keyword_name(module, item), reasons.of_keyword(module, call, item.arg), _on_one_line(module, item)
                )


def _keys(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in module.index.strings:
        around = module.index.parents[node]
        if node.value in spelling.words and isinstance(around, ast.Dict) and node in around.keys:
            yield LookAlikePlace(module.source.span(node), reasons.of_dict(module, around))


def _parameters(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for function in module.index.functions:
        for argument in reasons.parameters(function):
            if argument.arg in spelling.words:
                start = module.source.span(argument).start
                end = start + len(module.source.encode(argument.arg))
                yield LookAlikePlace(Span(start, end), reasons.of_parameter(module, function))


def _fields(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    for node in module.index.names:
        owner = module.index.parents.get(module.index.parents[node])
        if node.id in spelling.words and isinstance(node.ctx, ast.Store) and isinstance(owner, ast.ClassDef):
            yield LookAlikePlace(module.source.span(node), f"a field of the class `{owner.name}`")


def _constructors(module: Module, spelling: Spelling) -> Iterator[LookAlikePlace]:
    """Constructors of classes count only beside classes of Modal's, or under a decorator that reads like Modal's."""
    beside = any("modal.App().cls()" in dict(module.decorators(node)).values() for node in module.index.classes)
    for node in module.index.functions:
        owner = module.index.parents[node]
        if node.name not in spelling.words:
            continue
        if not isinstance(owner, ast.ClassDef):
            yield LookAlikePlace(_defined(module, node), reasons.of_constructor(module, None))
        elif (beside and _takes_something(node)) or any(reasons.ends_in(each, "cls") for each in owner.decorator_list):
            yield LookAlikePlace(_defined(module, node), reasons.of_constructor(module, owner))


def _takes_something(node: FunctionNode) -> bool:
    return len([*reasons.parameters(node)]) > 1 or bool(node.args.vararg or node.args.kwarg)


def _wanted(spelling: Spelling, node: ast.AST) -> bool:
    return spelling.when is None or spelling.when(node)


def _read(module: Module, node: ast.Attribute, spelling: Spelling) -> LookAlikePlace:
    word = module.source.attribute_word(node)
    return LookAlikePlace(word, reasons.of_name(module, node, spelling), _on_one_line(module, node))


def _on_one_line(module: Module, node: ast.expr | ast.keyword) -> Span | None:
    """Return the bytes of a node that is short enough to be shown as a whole."""
    span = module.source.span(node)
    return span if node.lineno == node.end_lineno and span.end - span.start <= _SHOWN else None


def _defined(module: Module, node: FunctionNode | ast.ClassDef) -> Span:
    whole = module.source.span(node)
    match = _NAME.match(module.source.slice(whole))
    start = whole.start + (len(module.source.encode(match[0])) if match else 0)
    return Span(start, start + len(module.source.encode(node.name)))


Finder = Callable[[Module, Spelling], Iterator[LookAlikePlace]]

_FINDERS: dict[How, tuple[Finder, ...]] = {
    How.KEYWORD: (_keywords, _keys, _parameters, _fields),
    How.METHOD: (_calls, _definitions),
    How.MEMBER: (_attributes,),
    How.NAME: (_names, _attributes, _definitions, _imports),
    How.DECORATOR: (_decorators, _imports),
    How.IMPORT: (_imports,),
    How.CONSTRUCTOR: (_constructors,),
}
