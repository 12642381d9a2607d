"""The grammar of Modal's command line: which references need ``-m``."""

from __future__ import annotations

import pytest

from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.cli import ReferenceKind, judge

LINES = [
    ("modal run pkg.mod", ReferenceKind.MODULE),
    ("modal run pkg.mod::f --x 1", ReferenceKind.MODULE),
    ("modal --profile dev deploy pkg.mod", ReferenceKind.MODULE),
    ("modal run -d --env main pkg.mod", ReferenceKind.MODULE),
    ("modal run -qd -emain pkg.mod", ReferenceKind.MODULE),
    ("modal deploy --env=main --tag v1 pkg.mod::app", ReferenceKind.MODULE),
    ("modal run -- pkg.mod", ReferenceKind.MODULE),
    ("A=1 B='x y' .venv/bin/modal serve pkg.mod", ReferenceKind.MODULE),
    ("uv run --with modal modal deploy pkg.mod", ReferenceKind.MODULE),
    ("poetry run python -m modal deploy pkg.mod", ReferenceKind.MODULE),
    ("$ modal deploy pkg.mod", ReferenceKind.MODULE),
    ("modal deploy src", ReferenceKind.BARE),
    ("modal deploy my-app::main", ReferenceKind.BARE),
    ("modal run app.py", ReferenceKind.FINE),
    ("modal run src/app", ReferenceKind.FINE),
    ("modal run -", ReferenceKind.FINE),
    ("modal run -m pkg.mod", ReferenceKind.FINE),
    ("modal run -mq pkg.mod", ReferenceKind.FINE),
    ("modal deploy pkg.mod --env x -m", ReferenceKind.FINE),
    ("modal deploy", ReferenceKind.FINE),
    ("modal deploy $APP", ReferenceKind.UNSEEN),
    ("modal deploy ${{ inputs.app }}", ReferenceKind.UNSEEN),
    ("modal deploy {{app}}.mod", ReferenceKind.UNSEEN),
    ("modal deploy apps/$APP", ReferenceKind.FINE),
    ("modal deploy $APP.py::f", ReferenceKind.FINE),
    ("modal deploy <module.path>", ReferenceKind.FINE),
    ("modal shell ta-01JK4GVM4Q5W6X7Y", ReferenceKind.FINE),
    ("modal shell sb-0123456789abcdef::x", ReferenceKind.FINE),
    ("modal volume ls a.b", ReferenceKind.OTHER),
    ("python -m modal_tools run pkg.mod", ReferenceKind.OTHER),
    ("echo modal run pkg.mod", ReferenceKind.OTHER),
    ("pytest tests/modal run.mod", ReferenceKind.OTHER),
]


@pytest.mark.parametrize(("line", "kind"), LINES, ids=[line for line, _ in LINES])
def test_a_command_line_is_judged_as_the_sdk_reads_it(line: str, kind: ReferenceKind) -> None:
    assert judge(next(commands(line))).kind is kind


def test_the_place_for_the_flag_is_right_before_the_reference() -> None:
    text = "cd x &&  modal run \\\n  --env a 'pkg.mod::f' b.c # note"
    verdicts = [judge(words) for words in commands(text)]
    assert [verdict.kind for verdict in verdicts] == [ReferenceKind.OTHER, ReferenceKind.MODULE]
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
