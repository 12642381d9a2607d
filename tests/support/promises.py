"""What a rewritten file promises: the patches are the change, it is still a program, and the rest is what it was."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator

from modal_transforms.analysis.parse import parse
from modal_transforms.core.patches import apply
from modal_transforms.core.source import SourceFile
from modal_transforms.formats import open_source
from modal_transforms.rewrite.rewrite import Rewritten
from modal_transforms.sections.autoscaler.choices import NEW_NAMES
from support.mutating import is_python, tree

_END = re.compile(rb"\r\n|\r|\n")
_LIMIT = "allow_concurrent_inputs"
"""Deleted where it is 1 or True, as that is the default, with the comments that were about it."""
_IS_CODE = re.compile(r"modal\.|@|\(")
MODAL_WORDS = frozenset("modal app stub image".split())


class Wrong(AssertionError):
    """A promise that was not kept; ``kind`` groups failures that have the same cause."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


def inspect(result: Rewritten) -> None:
    """Raise `Wrong` unless a rewritten file is the old one with the patches made, and the rest of it what it was."""
    if written(result).data != result.after.data:
        raise Wrong("patches are not the change", result.before.path)
    parse(result.after)
    if result.before.path.endswith(".ipynb"):
        _is_same_notebook(result)
        return
    if is_python(result.before.program) and not is_python(result.after.program):
        raise Wrong("does not compile any more", result.before.path)
    _ends(result)


def written(result: Rewritten) -> SourceFile:
    """Return a rewritten file as it is read again."""
    return open_source(result.before.path, apply(result.before.raw, result.raw_patches))


def _is_same_notebook(result: Rewritten) -> None:
    """Nothing but the sources of cells may differ in a notebook."""
    notebooks = [json.loads(source.raw) for source in (result.before, written(result))]
    for notebook in notebooks:
        for cell in notebook["cells"]:
            if isinstance(cell, dict) and "source" in cell:
                cell["source"] = type(cell["source"]).__name__
    if notebooks[0] != notebooks[1]:
        raise Wrong("changed more than sources", result.before.path)


def keeps_comments(result: Rewritten) -> None:
    """Raise `Wrong` when a comment of a file is gone."""
    kept = (_text(result.after.raw), result.after.text)
    said = [*_comments(result.after.raw).elements()]
    gone = [comment for comment in _lost(result) if not any(comment in text for text in kept)]
    if len(said) == _comments(result.before.raw).total():  # code that is commented out is written anew
        gone = [comment for comment in gone if not _IS_CODE.search(comment)]
    lost = [comment for comment in gone if _renamed(comment) not in map(_renamed, said)]
    if lost:
        raise Wrong("lost a comment", "\n".join(lost))


def _renamed(comment: str) -> str:
    """Return a comment with new names of arguments for old ones, without ``-m``, ``.py`` and back-ticked code."""
    words = re.sub(r"\w+", lambda word: NEW_NAMES.get(word[0], word[0]), comment)
    words = re.sub(r"""(["']?)-m\1,? ?|\.py\b""", "", words)
    return re.sub(r"`+[^`]*`+", "`", words)


def _lost(result: Rewritten) -> Counter[str]:
    """Return the comments that are gone, but for those of definitions that are gone, and of a limit of one input."""
    gone = _comments(result.before.raw) - _comments(result.after.raw)
    if gone and is_python(result.before.program) and is_python(result.after.program):
        lines = _END.split(result.before.raw)
        before = list(ast.walk(tree(result.before.program)))
        fewer = Counter(map(_name, before)) - Counter(map(_name, ast.walk(tree(result.after.program))))
        for node in before:
            name = _name(node)
            if isinstance(node, ast.stmt) and name in fewer:
                first = _first_about(lines, node) if isinstance(node, ast.Assign) else node.lineno - 1
                gone -= _comments(b"\n".join(lines[first : node.end_lineno]))
            if isinstance(node, ast.keyword) and node.arg == _LIMIT and _is_one(node.value):
                gone -= _comments(b"\n".join(lines[_first_about(lines, node) : node.end_lineno]))
    return gone


def _first_about(lines: list[bytes], node: ast.stmt | ast.keyword) -> int:
    """Return the index of the first line of the comments right above a node."""
    first = node.lineno - 1
    while first and (lines[first - 1].lstrip().startswith(b"#") or not lines[first - 1].strip()):
        first -= 1
    return first


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in {1}


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else ""


def keeps_foreign(result: Rewritten) -> None:
    """Raise `Wrong` when a statement that has nothing to do with Modal is not what it was."""
    try:
        before, after = tree(result.before.program), tree(result.after.program)
    except SyntaxError:
        return
    tainted = names_of_modal(before)
    lost = foreign(before, tainted) - foreign(after, tainted)
    lost -= Counter(each for each in lost.elements() if _brings_nothing(each, after) or ".count" in each)
    if lost:
        raise Wrong("changed what is not Modal's", "\n".join(lost))


def _brings_nothing(statement: str, module: ast.Module) -> bool:
    """Tell whether a statement imports what nothing reads in a module: it goes with the annotations that read it."""
    node = ast.parse(statement).body[0]
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return False
    names = {each.asname or each.name.partition(".")[0] for each in node.names}
    return not names & {each.id for each in ast.walk(module) if isinstance(each, ast.Name)}


def _ends(result: Rewritten) -> None:
    """A file with one kind of line end keeps it, in new lines too."""
    before, after = _kinds_of_ends(result.before.raw), _kinds_of_ends(result.after.raw)
    if len(before) == 1 and not after <= before:
        raise Wrong("wrote other line ends", f"{before} {after}")


def _kinds_of_ends(data: bytes) -> set[bytes]:
    return set(_END.findall(data))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _comments(data: bytes) -> Counter[str]:
    try:
        return Counter(
            token.string.strip()
            for token in tokenize.tokenize(io.BytesIO(b"\n".join(_END.split(data))).readline)
            if token.type == tokenize.COMMENT
        )
    except (tokenize.TokenError, SyntaxError, UnicodeError):
        return Counter()


def names_of_modal(module: ast.Module) -> frozenset[str]:
    """Return the names of a file that have to do with Modal, by a coarse look of our own.

    Those are the names that a statement, a decorator or a header has beside such a name.
    """
    parts = _parts(module)
    words = [_words(node) for node in parts]
    words += [
        _words(each) | {node.name} for node in ast.walk(module) if isinstance(node, ast.ClassDef) for each in _own(node)
    ]
    annotated = [each for each in ast.walk(module) if isinstance(each, ast.arg) and each.annotation is not None]
    words += [_words(each) | {each.arg} for each in annotated]
    tainted = set(MODAL_WORDS)
    for node in parts:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and _is_ours(node):
            tainted |= {each.asname or each.name.partition(".")[0] for each in node.names}
    grown = 0
    while grown != len(tainted):
        grown = len(tainted)
        for names in words:
            if names & tainted:
                tainted |= names
    return frozenset(tainted)


def foreign(module: ast.Module, tainted: frozenset[str]) -> Counter[str]:
    """Return the statements of a file that hold none of the names that have to do with Modal."""
    makers = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name in tainted]
    inside = {id(each) for node in makers for each in ast.walk(node) if isinstance(each, (ast.Return, ast.Assign))}
    inside |= {id(each) for node in ast.walk(module) if _is_touched(node, tainted) for each in ast.walk(node)}
    return Counter(
        ast.unparse(node)
        for node in _parts(module)
        if isinstance(node, ast.stmt) and id(node) not in inside and not _words(node) & tainted and not _is_ours(node)
    )


def _is_touched(node: ast.AST, tainted: frozenset[str]) -> bool:
    return isinstance(node, ast.ClassDef) and (bool(node.decorator_list) or node.name in tainted)


def _is_ours(node: ast.AST) -> bool:
    """Tell whether a statement imports something of Modal's or of the repository's, or says nothing by itself."""
    if isinstance(node, ast.Import):
        return any(each.name.partition(".")[0] not in sys.stdlib_module_names for each in node.names)
    if isinstance(node, ast.ImportFrom):
        home = (node.module or "").partition(".")[0]
        return node.level > 0 or home == "__future__" or home not in sys.stdlib_module_names
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, (ast.Pass, ast.Global, ast.Nonlocal))


def _parts(module: ast.Module) -> list[ast.AST]:
    """Return the statements without a body, and what heads those with one."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found += [ast.Tuple([ast.Name(node.name), each], ast.Load()) for each in node.decorator_list]
        if (
            isinstance(node, (ast.expr, ast.arguments, ast.withitem, ast.pattern))
            or isinstance(node, ast.stmt)
            and not hasattr(node, "body")
            and not isinstance(node, ast.Match)
        ):
            found.append(node)
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _own(node: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield what runs with a class's body, in its blocks too: what heads them as well, but not what functions do."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from each.decorator_list
        elif isinstance(each, (ast.stmt, ast.ExceptHandler, ast.match_case)) and {"body", "cases"} & set(each._fields):
            waiting += ast.iter_child_nodes(each)
        else:
            yield each


def _words(node: ast.AST) -> set[str]:
    nodes = list(ast.walk(node))
    names = {each.id for each in nodes if isinstance(each, ast.Name)}
    names |= {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    names |= {each.attr for each in nodes if isinstance(each, ast.Attribute)} & {"modal"}
    texts = [each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return names | {"modal" for text in texts if "modal" in text}
