"""``python-version`` in ``pyproject.toml``: what the project says of Python, beside a requirement of modal."""

from __future__ import annotations

import pytest
from support.surfaces import look, migrated

REQUIRES = '[project]\nrequires-python = "{}"\ndependencies = ["modal>=1.0"]\n'
POETRY = '[tool.poetry.dependencies]\npython = "{}"\nmodal = "^1.0"\n'


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [(REQUIRES, ">=3.8", ">=3.10"), (REQUIRES, "<4.0,>=3.9.1", "<4.0,>=3.10"), (POETRY, "^3.9", "^3.10")],
)
def test_an_old_python_is_raised(text: str, old: str, new: str) -> None:
    found = look("pyproject.toml", text.format(old).encode()).findings
    assert [(each.section, each.rule, each.breaks_in) for each in found] == [
        ("python-version", "required-python", "1.3.0")
    ]
    assert migrated("pyproject.toml", text.format(old).encode()).decode() == text.format(new)


@pytest.mark.parametrize(
    "text",
    [
        REQUIRES.format(">=3.10"),
        REQUIRES.format("==3.12.*"),
        POETRY.format("^3.11"),
        '[project]\nrequires-python = ">=3.8"\ndependencies = ["modalities"]\n# no modal here\n',
    ],
)
def test_others_stay(text: str) -> None:
    assert look("pyproject.toml", text.encode()).findings == ()
