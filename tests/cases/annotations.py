"""Cases of the section ``annotations``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

LATER = Proof(old_before=Sdk.ACCEPTS, why="0.77 does not look annotations up")
BY_HAND = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
HEAD = 'import modal\n\napp = modal.App("a")\n\n'


def method(header: str) -> str:
    """Return a file with one class of Modal's, whose method has this header."""
    return f"{HEAD}@app.cls()\nclass A:\n    @modal.method()\n    def run{header}: ...\n"


def function(header: str) -> str:
    """Return a file with one function of Modal's with this header."""
    return f"{HEAD}@app.function()\ndef run{header}: ...\n"


CASES = [
    Case(
        "in-the-brackets-of-types",
        method("(self, x: dict[str, [float]])"),
        method("(self, x: dict[str, list[float]])"),
        ("annotation",),
        proof=LATER,
    ),
    Case(
        "of-what-is-batched",
        method("(self, x: [float]) -> list[float]").replace(
            "modal.method()", "modal.batched(max_batch_size=2, wait_ms=1)"
        ),
        method("(self, x: list[float]) -> list[float]").replace(
            "modal.method()", "modal.batched(max_batch_size=2, wait_ms=1)"
        ),
        ("annotation",),
        proof=LATER,
    ),
    Case(
        "where-list-is-something-else",
        "import modal\n\napp = modal.App('a')\n\n@app.cls()\nclass A:\n    def list(self): ...\n\n"
        "    @modal.method()\n    def run(self, x: [float]): ...\n",
        "import modal\n\napp = modal.App('a')\n\n@app.cls()\nclass A:\n    def list(self): ...\n\n"
        "    @modal.method()\n    def run(self, x: [float]): ...\n",
        ("annotation",),
        Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        "parameter-of-a-method",
        method("(self, a, values: [float], b: int = 1)"),
        method("(self, a, values: list[float], b: int = 1)"),
        ("annotation",),
        proof=LATER,
    ),
    Case(
        "several-of-a-function",
        function("(values: [\n    float\n], *rest: [str]) -> [float]"),
        function("(values: list[\n    float\n], *rest: list[str]) -> list[float]"),
        ("annotation",) * 3,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="of a function, it shows when it is run"),
    ),
    Case(
        "what-a-person-has-to-say",
        method("(self, pair: [int, str], sizes: {'a': int})"),
        method("(self, pair: [int, str], sizes: {'a': int})"),
        ("annotation", "annotation"),
        Applicability.MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "lists-in-lists",
        method("(self, rows: [[float]], names: [[[str]]])"),
        method("(self, rows: list[list[float]], names: list[list[list[str]]])"),
        ("annotation", "annotation"),
        proof=LATER,
    ),
    Case(
        "a-dict-in-a-list",
        method("(self, rows: [{'a': int}])"),
        method("(self, rows: [{'a': int}])"),
        ("annotation",),
        Applicability.MANUAL,
        proof=BY_HAND,
    ),
]

NEAR_MISSES = [
    NearMiss("types", method("(self, values: list[float], sizes: dict[str, int])")),
    NearMiss("a-function-of-their-own", "import modal\n\ndef run(values: [float]): ...\n"),
    NearMiss("a-default", function("(values=[1.0])")),
    NearMiss(
        "what-a-function-takes", "from typing import Callable\n" + method("(self, f: Callable[[int], [str]] = print)")
    ),
]
