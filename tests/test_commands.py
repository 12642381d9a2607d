"""The grammar of Modal's command line: which references need ``-m``."""

from __future__ import annotations

import pytest

from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.cli import Kind, judge

LINES = [
    ("modal run pkg.mod", Kind.MODULE),
    ("modal run pkg.mod::f --x 1", Kind.MODULE),
    ("modal --profile dev deploy pkg.mod", Kind.MODULE),
    ("modal run -d --env main pkg.mod", Kind.MODULE),
    ("modal run -qd -emain pkg.mod", Kind.MODULE),
    ("modal deploy --env=main --tag v1 pkg.mod::app", Kind.MODULE),
    ("modal run -- pkg.mod", Kind.MODULE),
    ("A=1 B='x y' .venv/bin/modal serve pkg.mod", Kind.MODULE),
    ("uv run --with modal modal deploy pkg.mod", Kind.MODULE),
    ("poetry run python -m modal deploy pkg.mod", Kind.MODULE),
    ("$ modal deploy pkg.mod", Kind.MODULE),
    ("modal deploy src", Kind.BARE),
    ("modal deploy my-app::main", Kind.BARE),
    ("modal run app.py", Kind.FINE),
    ("modal run src/app", Kind.FINE),
    ("modal run -", Kind.FINE),
    ("modal run -m pkg.mod", Kind.FINE),
    ("modal run -mq pkg.mod", Kind.FINE),
    ("modal deploy pkg.mod --env x -m", Kind.FINE),
    ("modal deploy", Kind.FINE),
    ("modal deploy $APP", Kind.FINE),
    ("modal deploy ${{ inputs.app }}", Kind.FINE),
    ("modal deploy {{app}}.mod", Kind.FINE),
    ("modal deploy <module.path>", Kind.FINE),
    ("modal shell ta-01JK4GVM4Q5W6X7Y", Kind.FINE),
    ("modal shell sb-0123456789abcdef::x", Kind.FINE),
    ("modal volume ls a.b", Kind.OTHER),
    ("python -m modal_tools run pkg.mod", Kind.OTHER),
    ("echo modal run pkg.mod", Kind.OTHER),
    ("pytest tests/modal run.mod", Kind.OTHER),
]


@pytest.mark.parametrize(("line", "kind"), LINES, ids=[line for line, _ in LINES])
def test_a_command_line_is_judged_as_the_sdk_reads_it(line: str, kind: Kind) -> None:
    assert judge(next(commands(line))).kind is kind


def test_the_place_for_the_flag_is_right_before_the_reference() -> None:
    text = "cd x &&  modal run \\\n  --env a 'pkg.mod::f' b.c # note"
    verdicts = [judge(words) for words in commands(text)]
    assert [verdict.kind for verdict in verdicts] == [Kind.OTHER, Kind.MODULE]
    reference = verdicts[1].reference
    assert reference is not None
    assert text[reference.span.start :].startswith("'pkg.mod::f'")
    assert verdicts[1].module == "pkg.mod"


def test_an_option_that_is_not_known_makes_the_verdict_unsure() -> None:
    assert judge(next(commands("modal run --fast pkg.mod"))).sure is False
    assert judge(next(commands("modal run --detach pkg.mod"))).sure is True


def test_running_text_is_searched_for_commands() -> None:
    text = "Use `modal deploy pkg.mod`, or $ modal run --env a b.c::d. Not 'modal run'."
    found = [judge(words) for words in mentions(text)]
    assert [verdict.module for verdict in found] == ["pkg.mod", "b.c", ""]
    reference = found[1].reference
    assert reference is not None
    assert text[reference.span.start : reference.span.end] == "b.c::d"
