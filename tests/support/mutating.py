"""Ways to change a Python file as no careful person would: by lines, tokens, statements, names, layout and encoding."""

from __future__ import annotations

import ast
import io
import json
import random
import re
import textwrap
import tokenize
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORD = re.compile(r"[^\W\d]\w*")
UNICODE = ("ñandú", "变量", "ﬁeld", "Ünïcode", "мodal", "ａpp")
OPTIONS = (
    "keep_warm=1",
    "gpu=modal.gpu.H100()",
    "gpu=modal.gpu.A100(size='80GB', count=2)",
    "allow_concurrent_inputs=3",
    "container_idle_timeout=60",
    "concurrency_limit=2",
    "mounts=[modal.Mount.from_local_dir('src', remote_path='/root/src')]",
    "**options",
    "*positional",
)
DECORATORS = (
    "@app.function(keep_warm=2, gpu='any')",
    "@modal.web_endpoint(method='POST')",
    "@modal.asgi_app()",
    "@modal.build()",
    "@modal.enter()",
    "@modal.method()",
    "@app.cls(allow_concurrent_inputs=4, gpu=modal.gpu.T4())",
    "@functools.wraps(print)",
    "@(lambda f: f)",
    "@app.local_entrypoint()",
    "@modal.batched(max_batch_size=4, wait_ms=1)",
)
WRAPPINGS = (
    "if True:",
    "try:",
    "class Wrapped:",
    "async def wrapped():",
    "def wrapped(modal=None):",
    "with open('x') as modal:",
    "for each in modal.__dict__:",
    "while keep_warm := 0:",
    "match 1:\n    case 1:",
)
SNIPPETS = (
    'x = f"{modal.gpu.T4()!r:>{10}} {{}} {keep_warm=}"',
    "def hinted(a: 'modal.Image', b: modal.Function | None = None) -> modal.Cls: ...",
    "match x:\n    case modal.gpu.H100(count=n) if n > 1:\n        y = n\n"
    "    case {'gpu': modal.gpu.T4}:\n        pass",
    "modal = None",
    "import modal",
    "import modal.gpu, os",
    "from modal import *",
    "from modal import gpu, App as Application, Image",
    "if TYPE_CHECKING:\n    from modal import Mount, Stub",
    "try:\n    import modal\nexcept ImportError:\n    modal = None",
    "print((keep_warm := modal.Function.lookup('a', 'f')).remote(1))",
    "values = [modal.gpu.A10G() for modal.x in [1] if (y := modal.Cls.lookup('a', 'C')) for z in y]",
    "lookup = modal.Function.lookup; f = lookup('a', 'b'); f.keep_warm(3)",
    "async def later():\n    await modal.Function.lookup.aio('a', 'b')\n    async with app.run():\n"
    "        await f.remote.aio()",
    "g = lambda gpu=modal.gpu.T4(): modal.Cls.lookup('a', 'C')().run.remote(gpu)",
    "image = (modal.Image.debian_slim()\n    .copy_local_file('a', '/b')  # one\n\n    .pip_install('x')\n)",
    "image = image.copy_local_dir('.', '/root/x').run_commands('ls')",
    "del modal",
    "def outer():\n    global modal\n    import modal as modal\n    nonlocal_ = modal.gpu.L4()\n    return nonlocal_",
    "with modal.Image.debian_slim().imports() as i, modal.App.lookup('a', create_if_missing=True) as j: pass",
    "type Alias[T] = list[T]",
    "assert modal.gpu.H100(), 'modal run app.py'",
    "subprocess.run(['modal', 'run', 'pkg.app::main', '--gpu', 'H100'])",
    "C = modal.Cls.lookup('a', 'C').with_options(gpu=modal.gpu.H100(), keep_warm=1)",
    "x = y if modal.gpu.T4() else modal.Function.lookup('a', f'{app}')\nyy = x[modal.gpu.T4(): ]",
    "raise SystemExit(modal.Mount.from_local_python_packages('a'))",
    "@app.function(keep_warm=1, mounts=[m := modal.Mount.from_local_file('x')])\n"
    "async def decorated(*, a=1, **kw): yield",
    "@app.cls(keep_warm=1)\nclass K:\n    x: int = modal.parameter()\n"
    "    def __init__(self, a, /, b=1, *c, d: str = 'e', **f):\n"
    "        super().__init__()\n        self.a = a\n    @modal.enter(snap=True)\n    def e(self): ...",
    "K.run.remote(1); K(1, b=2).run.remote(); k = K; k().run()",
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: which kind, and numbers that say where and what."""

    kind: int
    at: int
    other: int


def mutated(text: str, mutations: Sequence[Mutation], others: Sequence[str]) -> str:
    """Return a text with all the changes made that leave it Python; a few are made though they do not."""
    for mutation in mutations:
        change = KINDS[mutation.kind % len(KINDS)]
        made = change(text, random.Random(mutation.at), others[mutation.other % len(others)])
        if len(made) < 200_000 and (mutation.other % 40 == 7 or is_python(made)):
            text = made
    return text


def is_python(text: str | bytes) -> bool:
    """Tell whether this Python can compile a text."""
    try:
        compile(tree(text), "x.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def tree(text: str | bytes) -> ast.Module:
    """Parse, without what Python says of odd code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) or [""]


def delete_line(text: str, chance: random.Random, other: str) -> str:
    """Take a line out."""
    lines = _lines(text)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def duplicate_line(text: str, chance: random.Random, other: str) -> str:
    """Write a line twice."""
    lines = _lines(text)
    at = chance.randrange(len(lines))
    return "".join([*lines[:at], lines[at], *lines[at:]])


def swap_lines(text: str, chance: random.Random, other: str) -> str:
    """Exchange two neighbours."""
    lines = _lines(text)
    at = chance.randrange(len(lines))
    lines[at : at + 2] = reversed(lines[at : at + 2])
    return "".join(lines)


def delete_token(text: str, chance: random.Random, other: str) -> str:
    """Take a word or a sign out."""
    tokens = TOKEN.findall(text) or [""]
    del tokens[chance.randrange(len(tokens))]
    return "".join(tokens)


def duplicate_token(text: str, chance: random.Random, other: str) -> str:
    """Write a word or a sign twice."""
    tokens = TOKEN.findall(text) or [""]
    at = chance.randrange(len(tokens))
    return "".join([*tokens[:at], tokens[at], *tokens[at:]])


def foreign_token(text: str, chance: random.Random, other: str) -> str:
    """Put a word of another file in the place of one."""
    tokens, words = TOKEN.findall(text) or [""], WORD.findall(other) or ["x"]
    places = [at for at, token in enumerate(tokens) if WORD.fullmatch(token)] or [0]
    tokens[chance.choice(places)] = chance.choice(words)
    return "".join(tokens)


def swap_tokens(text: str, chance: random.Random, other: str) -> str:
    """Exchange two words."""
    tokens = TOKEN.findall(text) or [""]
    places = [at for at, token in enumerate(tokens) if WORD.fullmatch(token)] or [0]
    a, b = chance.choice(places), chance.choice(places)
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return "".join(tokens)


def _statements(text: str) -> list[ast.stmt]:
    """Return all statements; none where lone returns make more lines for the parser than for us."""
    try:
        return (
            []
            if "\r" in text.replace("\r\n", "\n")
            else [node for node in ast.walk(tree(text)) if isinstance(node, ast.stmt)]
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _rows(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1, node.end_lineno or node.lineno


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def wrap(text: str, chance: random.Random, other: str) -> str:
    """Put a statement, and some that follow it, into a block."""
    statements = _statements(text)
    if not statements:
        return text
    lines = text.split("\n")
    start, end = _rows(chance.choice(statements))
    later = [
        stop for begin, stop in map(_rows, statements) if stop > end and _indent(lines[begin]) == _indent(lines[start])
    ]
    end = chance.choice([end, *later])
    opening = chance.choice(WRAPPINGS)
    space, deeper = _indent(lines[start]), "        " if "\n" in opening else "    "
    closing = [f"{space}finally:", f"{space}    pass"] if opening == "try:" else []
    inside = [deeper + line if line.strip() else line for line in lines[start:end]]
    return "\n".join([*lines[:start], *textwrap.indent(opening, space).split("\n"), *inside, *closing, *lines[end:]])


def insert_snippet(text: str, chance: random.Random, other: str) -> str:
    """Write an odd statement before another."""
    statements = _statements(text)
    lines = text.split("\n")
    row = _rows(chance.choice(statements))[0] if statements else 0
    snippet = textwrap.indent(chance.choice(SNIPPETS), _indent(lines[row]))
    return "\n".join([*lines[:row], snippet, *lines[row:]])


def splice(text: str, chance: random.Random, other: str) -> str:
    """Write a statement of another file before one of this."""
    theirs = _statements(other)
    if not theirs:
        return text
    start, end = _rows(chance.choice(theirs))
    piece = textwrap.dedent("\n".join(other.split("\n")[start:end]))
    lines = text.split("\n")
    statements = _statements(text)
    row = _rows(chance.choice(statements))[0] if statements else 0
    return "\n".join([*lines[:row], textwrap.indent(piece, _indent(lines[row])), *lines[row:]])


def decorate(text: str, chance: random.Random, other: str) -> str:
    """Decorate a function or a class, also with what is of another section."""
    makers = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = [node for node in _statements(text) if isinstance(node, makers)]
    if not defined:
        return text
    theirs = [node for node in _statements(other) if isinstance(node, makers) and node.decorator_list]
    decorator = chance.choice(DECORATORS)
    if theirs and chance.random() < 0.5:
        decorator = "@" + ast.unparse(chance.choice(chance.choice(theirs).decorator_list))
    lines = text.split("\n")
    node = chance.choice(defined)
    row = chance.choice([_rows(node)[0], node.lineno - 1])
    return "\n".join([*lines[:row], _indent(lines[row]) + decorator, *lines[row:]])


def _signs(text: str) -> list[tuple[tokenize.TokenInfo, int]]:
    """Return the tokens of a text with their offsets; those up to a fault when it has one."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            found.append((token, starts[min(token.start[0], len(starts)) - 1] + token.start[1]))
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    return found


def _after_sign(text: str, chance: random.Random, signs: str, pieces: Sequence[str]) -> str:
    places = [
        offset + 1 for token, offset in _signs(text) if token.type == tokenize.OP and token.string in signs.split()
    ]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice(pieces) + text[at:]


def comment_in_call(text: str, chance: random.Random, other: str) -> str:
    """Write a comment, or only a line end, inside brackets."""
    return _after_sign(text, chance, "( , [", ["  # a note\n    ", "\n", "\n\n  # alone\n", " # type: ignore\n", "\t"])


def continuation(text: str, chance: random.Random, other: str) -> str:
    """Continue a line by a backslash."""
    return _after_sign(text, chance, "= . , ( @ + :", [" \\\n    ", "\\\n", "\t\\\n\t"])


def option(text: str, chance: random.Random, other: str) -> str:
    """Give a call one more argument."""
    return _after_sign(text, chance, "(", [f"{each}, " for each in OPTIONS])


def parenthesise(text: str, chance: random.Random, other: str) -> str:
    """Put an expression in brackets."""
    try:
        nodes = [node for node in ast.walk(tree(text)) if isinstance(node, ast.expr) and node.lineno == node.end_lineno]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    if not nodes:
        return text
    node = chance.choice(nodes)
    lines = text.split("\n")
    if node.lineno > len(lines):
        return text
    line = lines[node.lineno - 1].encode()
    start, end = node.col_offset, node.end_col_offset or 0
    left, right = chance.choice(
        [("(", ")"), ("(\n", "\n)"), ("( # c\n ", " # d\n)"), ("(x := ", ")"), ("(", ",)"), ("[*", "]")]
    )
    lines[node.lineno - 1] = (line[:start] + left.encode() + line[start:end] + right.encode() + line[end:]).decode()
    return "\n".join(lines)


def join_statements(text: str, chance: random.Random, other: str) -> str:
    """Write two lines as one, with a semicolon."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    if at + 1 >= len(lines) or _indent(lines[at]) != _indent(lines[at + 1]) or "#" in lines[at]:
        return text
    return "\n".join(
        [*lines[:at], f"{lines[at]}{chance.choice(['; ', ';'])}{lines[at + 1].lstrip()}", *lines[at + 2 :]]
    )


def rename(text: str, chance: random.Random, other: str) -> str:
    """Call something by another name, everywhere in the file."""
    words = sorted(set(WORD.findall(text)) - {"modal"}) or ["x"]
    word, new = chance.choice(words), chance.choice([*UNICODE, "modal", "gpu", "keep_warm", "app", "Image"])
    return re.sub(rf"\b{re.escape(word)}\b", new, text)


def alias(text: str, chance: random.Random, other: str) -> str:
    """Import Modal, or a name of it, by another name."""
    if chance.random() < 0.5:
        new = chance.choice(["m", "_modal", "ﬁ", "modal_"])
        return re.sub(
            r"\bmodal\.", f"{new}.", re.sub(r"^(\s*)import modal$", rf"\1import modal as {new}", text, flags=re.M)
        )
    line = re.search(r"^from modal import ([^(\n]*)$", text, re.M)
    names = WORD.findall(line[1]) if line else []
    if line is None or not names:
        return text
    name = chance.choice(names)
    body = re.sub(rf"\b{name}\b", f"{name}_", text[line.end() :])
    return text[: line.start(1)] + line[1].replace(name, f"{name} as {name}_", 1) + body


def reindent(text: str, chance: random.Random, other: str) -> str:
    """Indent by tabs, or by another number of blanks."""
    unit = chance.choice(["\t", "  ", "        ", " "])
    return re.sub(r"^(?:    )+", lambda found: unit * (len(found[0]) // 4), text, flags=re.M)


def blanks(text: str, chance: random.Random, other: str) -> str:
    """Leave blanks at the end of lines, form feeds between them, and no end of the last."""
    lines = text.split("\n")
    for _ in range(3):
        at = chance.randrange(len(lines))
        lines[at] = chance.choice([lines[at] + "  ", lines[at] + "\t", "\f" + lines[at], lines[at] + "  # é変"])
    return "\n".join(lines).rstrip("\n") + chance.choice(["", "\n", "\n\n\n", "\n    ", "\n# end", "\n\f\n"])


KINDS: tuple[Callable[[str, random.Random, str], str], ...] = (
    delete_line,
    duplicate_line,
    swap_lines,
    delete_token,
    duplicate_token,
    foreign_token,
    swap_tokens,
    wrap,
    wrap,
    insert_snippet,
    insert_snippet,
    splice,
    splice,
    decorate,
    decorate,
    comment_in_call,
    comment_in_call,
    continuation,
    option,
    option,
    parenthesise,
    parenthesise,
    join_statements,
    rename,
    alias,
    reindent,
    blanks,
)

ENDS = ("\n", "\n", "\n", "\r\n", "\r\n", "\r", "mixed")
CODINGS = ("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "latin-1", "cp1252", "shift_jis", "iso8859-15")


def encoded(text: str, number: int) -> bytes:
    """Return a text as bytes, with line ends and an encoding that the number says; UTF-8 where that cannot say it."""
    chance = random.Random(number)
    ends, coding = chance.choice(ENDS), chance.choice(CODINGS)
    if not coding.startswith("utf-8"):
        text = f"# -*- coding: {coding} -*-\n{text}"
    if ends == "mixed":
        text = "".join(line + chance.choice(["\n", "\r\n", "\r"]) for line in text.split("\n"))
    else:
        text = text.replace("\n", ends)
    try:
        data = text.encode(coding)
        return data if data.decode(coding) == text else text.encode()
    except UnicodeError:
        return text.encode("utf-8", "replace")


def as_notebook(text: str, number: int) -> bytes:
    """Return a program as a notebook, laid out in one of the ways in which notebooks are."""
    chance = random.Random(number)
    lines = text.splitlines(keepends=True)
    cut = chance.randrange(len(lines) + 1)
    parts = [lines[:cut], lines[cut:]]
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# ünï\n", "modal run x.py"]}
    ]
    for part in parts:
        source = part if chance.random() < 0.7 else "".join(part)
        cells.append({"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source})
    indent, ascii_only = chance.choice([1, 1, 2, None, "\t"]), chance.random() < 0.5
    written = json.dumps(
        {"cells": cells, "metadata": {"big": 10**40}, "nbformat": 4}, indent=indent, ensure_ascii=ascii_only
    )
    return (written + chance.choice(["", "\n"])).encode("utf-8", "surrogatepass")


def as_document(text: str, number: int) -> bytes:
    """Return a program as a block of a Markdown file."""
    chance = random.Random(number)
    space = chance.choice(["", "", "   ", "> "])
    body = "".join(space + line for line in f"```python\n{text.rstrip()}\n```\n".splitlines(keepends=True))
    written = f"# How\n\n{body}\nThen `modal run pkg/app.py`.\n"
    return written.replace("\n", chance.choice(["\n", "\r\n"])).encode("utf-8", "surrogatepass")
