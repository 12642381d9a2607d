"""``-m`` before a module path on Modal's command line, in the command lines that Python files hold.

``modal run``, ``deploy``, ``serve`` and ``shell`` take a file, or with ``-m`` a module. Since 0.73.58 a module without
``-m`` warns; from 1.4.0 it is an error.
Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-invocation-for-module-mode

    subprocess.run(["modal", "deploy", "pkg.mod"])    ->    subprocess.run(["modal", "deploy", "-m", "pkg.mod"])
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from modal_transforms.commands import Kind, Verdict, Word, commands, judge, mentions
from modal_transforms.literals import Literal, literal
from modal_transforms.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.module import Module
from modal_transforms.origins import library_path

SECTION = Section(
    number=12,
    slug="module-mode",
    title="modal run -m",
    anchor="requiring-explicit-invocation-for-module-mode",
    since="0.73.58",
    breaks_in="1.4.0",
    subject="pass -m for module references",
    what=("A reference to a module (pkg.app) needs -m after the subcommand; without it, the reference must be a file."),
    why="From 1.4.0 the command stops with an error that shows the right one.",
    before="modal deploy pkg.app",
    after="modal deploy -m pkg.app",
)

HINTS = (b'"modal"', b"'modal'", b'/modal"', b"/modal'", b"modal run", b"modal deploy", b"modal serve", b"modal shell")

_SUBCOMMAND = re.compile(r"\b(?:run|deploy|serve|shell)\b")
_RUNNERS = re.compile(
    r"subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(?:system|popen|exec\w+|spawn\w+)"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_(?:exec|shell)|shlex\.split|pty\.spawn|commands\.getoutput"
)
_ADDED = "None: it runs what it ran before, and no longer stops with an error from 1.4.0 on."


def find(module: Module) -> Iterator[Finding]:
    """Yield the command lines of a file that name a module without ``-m``."""
    parts: set[ast.AST] = set()
    for words in _lists(module):
        lines = [_words(module, node) for node in words]
        verdict = judge(lines)
        if verdict.kind is not Kind.OTHER:
            parts.update(words)
        if verdict.kind not in {Kind.MODULE, Kind.BARE}:
            continue
        at = next(node for node, word in zip(words, lines, strict=True) if word is verdict.reference)
        runner = _runner(module, at)
        if runner or verdict.kind is Kind.MODULE:
            yield _finding(module, verdict, _listed(module, at), at, runner)
    for node in _strings(module):
        if node not in parts and not parts.intersection(module.index.ancestors(node)):
            yield from _in_string(module, node)


def _lists(module: Module) -> Iterator[list[ast.expr]]:
    """Yield the elements of lists, tuples and argument lists that have ``"modal"`` as an element."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        if node.value != "modal" and not str(node.value).endswith("/modal"):
            continue
        around: ast.AST = module.index.parents[node]
        while isinstance(module.index.parents.get(around), ast.BinOp):
            around = module.index.parents[around]
        if around not in seen:
            seen.add(around)
            yield _elements(around)


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_elements(node.left), *_elements(node.right)]
    return [node] if isinstance(node, ast.expr) else []


def _words(module: Module, node: ast.expr) -> Word:
    """Return an element of an argument list as a word of the command line."""
    span = module.source.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Word(node.value, span)
    if isinstance(node, ast.JoinedStr):
        written = literal(module.source, node)
        return Word(written.text if written else "", span, known=False)
    return Word("", span, known=False, many=not _is_one_word(module, node))


def _is_one_word(module: Module, node: ast.expr) -> bool:
    """Tell whether an element stands for exactly one word: not for a starred list, nor for a list that is added."""
    parent = module.index.parents.get(node)
    return not isinstance(node, ast.Starred) and not isinstance(parent, ast.BinOp)


def _runner(module: Module, node: ast.AST) -> str:
    """Return the function that starts a process with what a node is part of, directly or by a variable."""
    for around in module.index.ancestors(node):
        if isinstance(around, ast.Call):
            path = library_path(module, around.func)
            return path if _RUNNERS.fullmatch(path) else ""
        if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name):
            return _given_to(module, around.targets[0])
        if isinstance(around, ast.stmt):
            break
    return ""


def _given_to(module: Module, name: ast.Name) -> str:
    """Return the function that starts a process with a variable."""
    scope = module.index.scopes[name]
    for call in module.index.calls:
        path = library_path(module, call.func)
        given = any(isinstance(item, ast.Name) and item.id == name.id for item in call.args)
        if given and _RUNNERS.fullmatch(path) and scope in module.index.scopes[call].enclosing():
            return path
    return ""


def _listed(module: Module, at: ast.expr) -> Replace:
    """Return the change that puts ``"-m"`` before an element, on a line of its own where the elements have theirs."""
    source = module.source
    span = source.span(at)
    written = source.slice(span)
    quote = '"' if '"' in written[:3] else "'"
    start = source.line_span(source.line_of(span.start)).start
    own_line = not source.data[start : span.start].strip()
    gap = source.newline + source.indent_at(span.start) if own_line else " "
    return Replace(source.path, Span(span.start, span.start), f"{quote}-m{quote},{gap}")


def _strings(module: Module) -> Iterator[ast.expr]:
    """Yield the strings and f-strings that may hold a command line."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        text = str(node.value)
        parent = module.index.parents[node]
        whole = parent if isinstance(parent, ast.JoinedStr) else node
        if "modal" in text and _SUBCOMMAND.search(text) and whole not in seen:
            seen.add(whole)
            yield whole


def _in_string(module: Module, node: ast.expr) -> Iterator[Finding]:
    written = literal(module.source, node)
    if written is None:
        return
    runner = _runner(module, node)
    lines = commands(written.text) if runner else mentions(written.text)
    for words in lines:
        verdict = judge(words)
        if verdict.reference is None or not (verdict.kind is Kind.MODULE or (runner and verdict.kind is Kind.BARE)):
            continue
        at = verdict.reference.span.start
        place = written.spans[at]
        insert = Replace(module.source.path, Span(place.start, place.start), "-m ")
        yield _finding(module, verdict, insert, _reference_span(written, verdict.reference), runner, text=not runner)


def _reference_span(written: Literal, word: Word) -> Span:
    return written.span(word.span.start, word.span.end)


def _finding(
    module: Module, verdict: Verdict, insert: Replace, at: ast.expr | Span, runner: str, text: bool = False
) -> Finding:
    place = at if isinstance(at, Span) else module.source.span(at)
    reference = verdict.module.replace("\0", "{…}")
    evidence = [f"run by {runner}" if runner else "shown, not run" if text else "written as an argument list"]
    evidence += _on_disk(module, verdict.module)
    choices = [Choice("module", f"modal {verdict.subcommand} -m {reference}", _ADDED, (insert,))]
    rule, message = "module-mode", f"modal {verdict.subcommand} takes the module {reference} only with -m"
    applicability = Applicability.SAFE if runner and verdict.sure else Applicability.REVIEW
    if text:
        rule, message = "module-mode-text", f"the text shows modal {verdict.subcommand} {reference} without -m"
        choices = [Choice("module", choices[0].label, "None at run time: what is shown works with 1.x.", (insert,))]
    elif verdict.kind is Kind.BARE:
        rule, applicability = "module-mode-bare", Applicability.REVIEW
        choices += _as_file(module, verdict, place)
    elif not verdict.sure:
        evidence.append("a part of the command line cannot be seen: make sure that it does not bring -m already")
    return module.finding(SECTION, rule, place, message, applicability, tuple(choices), tuple(evidence))


def _on_disk(module: Module, dotted: str) -> list[str]:
    """Say which file or folder of the repository a module path names, if any."""
    found = _path(module, dotted)
    return [f"`{dotted}` is {found}"] if found else []


def _path(module: Module, dotted: str) -> str | None:
    """Return the file or folder that a module path names, from the root or from a folder above this file."""
    files = module.project.files if module.project else frozenset()
    stem = dotted.replace(".", "/")
    for folder in ("", *(f"{parent}/" for parent in PurePosixPath(module.source.path).parents)):
        for candidate in (f"{folder}{stem}.py", f"{folder}{stem}/__init__.py"):
            if candidate in files:
                return candidate
        if any(path.startswith(f"{folder}{stem}/") for path in files):
            return f"{folder}{stem}/"
    return None


def _as_file(module: Module, verdict: Verdict, place: Span) -> list[Choice]:
    """Return the other way to name a single module: its file, when there is one where commands are started."""
    name = verdict.module
    if _path(module, name) != f"{name}.py" or verdict.reference is None:
        return []
    written = module.source.slice(place)
    changed = Replace(module.source.path, place, written.replace(name, f"{name}.py", 1))
    effect = f"Runs {name}.py as a file, from the folder that holds it."
    return [Choice("file", f"modal {verdict.subcommand} {name}.py", effect, (changed,))]
