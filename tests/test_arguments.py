"""Arguments taken out of calls and put in, over every layout: comments stay, and the result is the call wanted."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize

import pytest
from support.cases import clean

from modal_transforms.core.model import AddArgument, Change, RemoveArgument, Span
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import open_module
from modal_transforms.rewrite.rewrite import rewrite

LAYOUTS = {
    "one line": "f(a=1, b=2, c=3)\n",
    "one line, trailing comma": "f(a=1, b=2, c=3,)\n",
    "one line, spaced": "f( a=1 , b=2 , c=3 )\n",
    "one a line": "f(\n    a=1,\n    b=2,\n    c=3,\n)\n",
    "one a line, no trailing comma": "f(\n    a=1,\n    b=2,\n    c=3\n)\n",
    "one a line, closed at once": "f(\n    a=1,\n    b=2,\n    c=3)\n",
    "aligned": "f(a=1,\n  b=2,\n  c=3)\n",
    "aligned, trailing comma": "f(a=1,\n  b=2,\n  c=3,)\n",
    "aligned, comments": "f(a=1,  # one\n  b=2,  # two\n  c=3)  # three\n",
    "tabs": "f(\n\ta=1,\t# one\n\tb=2,\n\tc=3,\n)\n",
    "comments after": "f(\n    a=1,  # one\n    b=2,  # two\n    c=3,  # three\n)\n",
    "comments after, no trailing comma": "f(\n    a=1,  # one\n    b=2,  # two\n    c=3  # three\n)\n",
    "comments above": "f(\n    # one\n    a=1,\n    # two\n    b=2,\n    # three\n    c=3,\n)\n",
    "comment on the opening line": "f(  # why\n    a=1,\n    b=2,\n    c=3,\n)\n",
    "comment before the closing line": "f(\n    a=1,\n    b=2,\n    c=3,\n    # end\n)\n",
    "comments around commas": "f(\n    a=1\n    # odd\n    ,\n    b=2\n    ,  # odder\n    c=3\n    # last\n)\n",
    "leading commas": "f(\n    a=1\n    , b=2\n    , c=3\n)\n",
    "leading commas, comments": "f(\n    a=1  # one\n    , b=2  # two\n    , c=3  # three\n)\n",
    "two a line": "f(\n    a=1, b=2,\n    c=3,\n)\n",
    "two at the end of a line": "f(\n    a=1,  # one\n    b=2, c=3  # two, three\n)\n",
    "comments inside values": (
        "f(\n    a=[\n        1,  # one\n    ],\n    b=[  # two\n        2,\n    ],\n"
        "    c=(\n        # three\n        3\n    ),\n)\n"
    ),
    "comments inside a value, one line": "f(a=1, b=[\n    2,  # two\n], c=3)\n",
    "comments inside the last value": "f(a=1, b=2, c=[\n    3,  # three\n])\n",
    "blank lines": "f(\n    a=1,\n\n    b=2,\n\n    # three\n    c=3,\n\n)\n",
    "marks in strings": "f(a='#', b=',', c=')')\n",
    "splat": "f(a=1, b=2, c=3, **rest)\n",
    "splat, one a line": "f(\n    a=1,\n    b=2,  # two\n    c=3,\n    **rest,  # all else\n)\n",
    "positional": "f(x, *y, a=1, b=2, c=3)\n",
    "call of a call": "g(\n    1\n)(a=1, b=2, c=3)\n",
    "continued": "f(a=1, \\\n  b=2, \\\n  c=3)\n",
}
GONE = [names for count in range(4) for names in itertools.combinations("abc", count)]


def _changed(source: SourceFile, gone: tuple[str, ...], added: list[str]) -> str:
    module = open_module(source)
    call = max(module.index.calls, key=lambda node: len(node.keywords))
    span = source.span(call)
    changes: list[Change] = [
        RemoveArgument(source.path, span, source.span(item)) for item in call.keywords if item.arg in gone
    ]
    changes += [AddArgument(source.path, span, text) for text in added]
    return rewrite(source, changes).after.text


def _arguments(text: str) -> list[str]:
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.Expr)
    assert isinstance(tree.value, ast.Call)
    items = [*tree.value.args, *tree.value.keywords]
    return sorted(ast.unparse(item) for item in items)


def _comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize("added", [[], ["z=9"], ["y=8", "z=9"]], ids=["none added", "one added", "two added"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_subset_can_go_and_comments_stay_but_over_nothing(layout: str, newline: str, added: list[str]) -> None:
    before = LAYOUTS[layout].replace("\n", newline)
    for gone in GONE:
        after = _changed(SourceFile("a.py", before.encode()), gone, added)
        wanted = [item for item in _arguments(before) if item.partition("=")[0] not in gone]
        assert _arguments(after) == sorted([*wanted, *added])
        lost = [comment for comment in _comments(before) if comment not in _comments(after)]
        assert [comment for comment in _comments(before) if comment not in lost] == _comments(after)
        assert not (lost and added)
        assert all(re.search(rf"^ *{comment}\r?\n *[{''.join(gone)}]=", before, re.M) for comment in lost)
        assert after.count(newline) == after.count("\n")


@pytest.mark.parametrize(
    ("before", "gone", "added", "after"),
    [
        pytest.param("f(a=1, b=2, c=3)", "c", [], "f(a=1, b=2)", id="the last"),
        pytest.param("f(a=1, b=2, c=3)", "c", ["z=9"], "f(a=1, b=2, z=9)", id="the last, for another"),
        pytest.param("f(a=1)", "a", [], "f()", id="the only one"),
        pytest.param("f()", "", ["z=9"], "f(z=9)", id="into nothing"),
        pytest.param("f(\n)", "", ["z=9"], "f(z=9)", id="into an empty line"),
        pytest.param("f(\n    a=1,\n    b=2\n)", "b", [], "f(a=1)", id="one that fits on the line goes there"),
        pytest.param("f(\n    a=1,\n    b=2,\n)", "b", [], "f(a=1)", id="and leaves its trailing comma"),
        pytest.param("f(\n    a=1,\n    b=2,\n)", "ab", [], "f()", id="all of them"),
        pytest.param("f(\n    a=1, b=2, c=3\n)", "c", [], "f(a=1, b=2)", id="several on one line that no comma ends"),
        pytest.param(
            "f(\n    a=1, b=2, c=3\n)", "b", [], "f(a=1, c=3)", id="one between others on a line of their own"
        ),
        pytest.param(
            "f(\n    a=1, b=2, c=3,\n)", "c", [], "f(\n    a=1, b=2,\n)", id="several on one line that a comma ends"
        ),
        pytest.param(
            "f(\n    a=1,\n    b=2,\n    c=3\n)", "c", [], "f(\n    a=1,\n    b=2\n)", id="two stay as they are"
        ),
        pytest.param("f(\n    a=1,\n    b=2,\n)", "b", ["z=9"], "f(a=1, z=9)", id="one and a new one"),
        pytest.param(
            f"f(\n    a='{'x' * 100}',\n    b=2,\n)",
            "b",
            [],
            f"f(\n    a='{'x' * 100}',\n)",
            id="one that does not fit",
        ),
        pytest.param(
            "f(\n    a=1,  # one\n)", "a", [], "f(\n    # one\n)", id="a comment on the last one stays on a line"
        ),
        pytest.param(
            "f(\n    a=1,  # one\n)", "", ["z=9"], "f(\n    a=1,  # one\n    z=9,\n)", id="a comment stays with its own"
        ),
        pytest.param(
            "f(\n    a=[\n        1,  # one\n    ],\n    b=2,\n)",
            "a",
            [],
            "f(\n    # one\n    b=2,\n)",
            id="a comment inside a value",
        ),
        pytest.param("f(  # why\n)", "", ["z=9"], "f(  # why\n    z=9,\n)", id="beside a comment alone"),
        pytest.param("f(**rest)", "", ["z=9"], "f(z=9, **rest)", id="before a splat"),
        pytest.param("f(x for x in y)", "", ["z=9"], "f((x for x in y), z=9)", id="a bare generator"),
        pytest.param("f((x for x in y))", "", ["z=9"], "f((x for x in y), z=9)", id="a generator in brackets"),
        pytest.param("f([\n    1,\n])", "", ["z=9"], "f([\n    1,\n], z=9)", id="after a value of several lines"),
    ],
)
def test_the_layout_is_the_call_s_own(before: str, gone: str, added: list[str], after: str) -> None:
    assert _changed(SourceFile("a.py", f"{before}\n".encode()), tuple(gone), added) == f"{after}\n"


@pytest.mark.parametrize(
    ("before", "comments", "after"),
    [
        pytest.param(
            "f(\n    a=1,  # one\n    b=2,  # two\n    c=3,\n)",
            ["# two"],
            "f(\n    a=1,  # one\n    c=3,\n)",
            id="beside it",
        ),
        pytest.param(
            "f(\n    # one\n    a=1,\n    # two,\n    # too\n    b=2,\n    # three\n    c=3,\n)",
            ["# two,", "# too"],
            "f(\n    # one\n    a=1,\n    # three\n    c=3,\n)",
            id="above it",
        ),
        pytest.param("f(\n    # two\n    b=2,  # 2\n)", ["# two", "# 2"], "f()", id="all there are"),
        pytest.param(
            "f(\n    a=1,\n    b=[\n        1,  # two\n    ],  # three\n)",
            ["# two"],
            "f(\n    a=1,\n    # three\n)",
            id="inside it",
        ),
    ],
)
def test_comments_that_are_written_elsewhere_go_too(before: str, comments: list[str], after: str) -> None:
    source = SourceFile("a.py", before.encode())
    call = open_module(source).index.calls[0]
    starts = [before.index(comment) for comment in comments]
    taken = tuple(Span(start, start + len(comment)) for start, comment in zip(starts, comments, strict=True))
    item = next(item for item in call.keywords if item.arg == "b")
    change = RemoveArgument("a.py", source.span(call), source.span(item), taken)
    assert rewrite(source, [change]).after.text == after


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "utf-8-sig", "shift_jis"])
def test_other_encodings_keep_their_bytes(encoding: str) -> None:
    letter = {"latin-1": "é", "cp1251": "ж", "utf-8-sig": "漢", "shift_jis": "漢"}[encoding]
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    before = f"# coding: {name}\nf(a='{letter}{letter}', b='{letter}',  # {letter}\n  c='{letter}')\n"
    after = _changed(SourceFile("a.py", before.encode(encoding)), ("a", "c"), ["z=9"])
    assert after == f"# coding: {name}\nf(b='{letter}', z=9  # {letter}\n  )\n"


def test_an_entry_goes_out_of_a_dict_display() -> None:
    source = SourceFile(
        "a.py",
        clean("""
        settings = {
            "a": 1,  # one
            "b": 2,
        }
    """).encode(),
    )
    module = open_module(source)
    display = next(node for node in module.index.parents if isinstance(node, ast.Dict))
    key, value = display.keys[1], display.values[1]
    assert key is not None
    entry = Span(source.span(key).start, source.span(value).end)
    span = source.span(display)
    changes: list[Change] = [RemoveArgument("a.py", span, entry), AddArgument("a.py", span, '"z": 9')]
    assert rewrite(source, changes).after.text == 'settings = {\n    "a": 1,  # one\n    "z": 9,\n}\n'
