"""Bytes, text and positions agree, whatever the encoding and the line endings."""

from __future__ import annotations

import ast

import pytest

from modal_transforms.core.model import Span
from modal_transforms.core.source import SourceFile, Unreadable

FILES = [
    pytest.param(b"x = 1\ny = call('a')\n", id="plain"),
    pytest.param(b"x = 1\r\ny = call('a')\r\n", id="crlf"),
    pytest.param(b"x = 1\ry = call('a')\r", id="cr"),
    pytest.param(b"x = 1\r\ny = 2\nz = call('a')\r", id="mixed"),
    pytest.param(b"\xef\xbb\xbfcall('a')\nx = 1", id="bom"),
    pytest.param("é = 'é'; y = call('a')".encode(), id="utf-8"),
    pytest.param("# coding: latin-1\né = 'é'; y = call('a')\n".encode("latin-1"), id="latin-1"),
    pytest.param("# -*- coding: shift_jis -*-\ns = '表'; y = call('a')\n".encode("shift_jis"), id="shift-jis"),
    pytest.param(b"x = 1\n\x0cy = call('a')\n", id="form-feed"),
    pytest.param("s = '\u2028\U0001f600'; y = call('a')\n".encode(), id="line-separator-and-emoji"),
]


@pytest.mark.parametrize("data", FILES)
def test_a_node_is_found_in_the_files_own_bytes(data: bytes) -> None:
    source = SourceFile("a.py", data)
    call = next(node for node in ast.walk(ast.parse(data)) if isinstance(node, ast.Call))
    span = source.span(call)
    assert data[span.start : span.end] == b"call('a')"
    assert source.slice(span) == "call('a')"
    site = source.site(span)
    assert (
        source.text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")[site.line - 1][site.column - 1 :]
        .startswith("call")
    )


@pytest.mark.parametrize("data", FILES)
def test_text_goes_back_to_the_same_bytes(data: bytes) -> None:
    source = SourceFile("a.py", data)
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    assert bom + source.encode(source.text) == data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"x = '\xe9'\n", id="not-utf-8"),
        pytest.param(b"# coding: no-such-thing\n", id="unknown-encoding"),
        pytest.param(b"# coding: utf-7\nx = '+AGEAYgBj-'\n", id="does-not-read-back"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable, match="utf|encoding|coding"):
        SourceFile("a.py", data).text  # noqa: B018


def test_lines_and_newlines_are_the_files_own() -> None:
    source = SourceFile("a.py", b"a\r\n  b\r\nc")
    assert source.newline == "\r\n"
    assert source.line_span(2) == Span(3, 8)
    assert source.indent_at(6) == "  "
    assert source.position(9) == (3, 2)


def test_an_attribute_is_found_as_it_is_written() -> None:
    source = SourceFile("a.py", "modal.ﬁeld()\n".encode())  # Python reads the first two letters apart
    node = ast.parse(source.text).body[0]
    assert isinstance(node, ast.Expr)
    assert isinstance(node.value, ast.Call)
    assert isinstance(node.value.func, ast.Attribute)
    assert node.value.func.attr == "field"
    assert source.slice(source.attribute_word(node.value.func)) == "ﬁeld"
