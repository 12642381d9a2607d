"""Traps between sections: each rewrite is right alone, and together they must not take each other's files away."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.cases import Case, clean
from support.placing import Placed, placed
from support.proof import ProofCase
from support.sdk import SdkMissing

from traps.seen import look

pytestmark = pytest.mark.xdist_group("sdk")

HELPER = {"helper.py": "X = 1\n"}
PROGRAMS = {
    # SDK fact 2: mounts of an app reach every function in addition to its own
    "an_app_with_mounts_whose_functions_get_images_of_their_own": """
        import modal

        import helper

        app = modal.App("a", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

        @app.function(mounts=[modal.Mount.from_local_dir("own", remote_path="/own")])
        def f(): ...

        @app.function()
        def g(): ...
    """,
    "an_app_with_mounts_and_a_named_image_that_is_built_on": """
        import modal

        import helper

        image = modal.Image.debian_slim()
        bigger = image.pip_install("numpy")
        app = modal.App("a", image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

        @app.function(image=bigger)
        def f(): ...

        @app.function()
        def g(): ...
    """,
    # SDK facts 1 and 3: no build step after files that are only mounted
    "a_class_with_build_methods_mounts_and_local_modules": """
        import modal

        import helper

        app = modal.App("a")
        image = modal.Image.debian_slim()

        @app.cls(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        class C:
            @modal.build()
            @modal.enter()
            def load(self):
                self.x = 1

            @modal.method()
            def go(self): ...

        @app.function(image=image)
        def f(): ...
    """,
    "an_app_with_mounts_and_a_class_with_a_build_method": """
        import modal

        app = modal.App("a", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

        @app.cls()
        class C:
            @modal.build()
            def fetch(self):
                print("building")

            @modal.method()
            def go(self): ...
    """,
}
STARTING = frozenset({"C.load"})
"""Methods that run no more while the image is built."""


def with_all_sections(program: str) -> str:
    """Return a program with all that is recommended taken, and then what is offered only once that is written."""
    first = look("", program, files=HELPER).text()
    then = look("", first, files=HELPER)
    return then.text() if any(finding.choices for finding in then.findings) else first


CASES = [
    ProofCase("traps", Case(id, program, with_all_sections(program), ("any",), files=HELPER))
    for id, program in PROGRAMS.items()
]


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Placed, Placed]]:
    """Where files land, by program: under 0.77.0 before, under 1.6.4 after."""
    try:
        return placed(CASES, tmp_path_factory.mktemp("placed"))
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=[case.case.id for case in CASES])
def test_all_sections_together_keep_every_file_where_it_was(
    mapping: Mapping[str, tuple[Placed, Placed]], case: ProofCase
) -> None:
    before, after = mapping[case.id]
    assert before.error is None
    assert after.error is None, case.case.after
    for name, places in before.places.items():
        now = after.places.get(name) or after.places.get(name.partition(".")[2])  # a method that became a function
        if now is not None or name not in STARTING:
            assert places.items() <= (now or {}).items(), case.case.after


def test_mounts_of_an_app_stay_with_functions_that_get_images_for_other_reasons() -> None:
    case = next(case for case in CASES if "images_of_their_own" in case.id)
    assert clean(case.case.after).splitlines()[6:] == [
        ")",
        "",
        "@app.function(",
        "    image=(",
        "        modal.Image.debian_slim()",
        '        .add_local_dir("data", remote_path="/data")',
        '        .add_local_dir("own", remote_path="/own")',
        '        .add_local_python_source("helper")',
        "    ),",
        ")",
        "def f(): ...",
        "",
        "@app.function(",
        "    image=(",
        "        modal.Image.debian_slim()",
        '        .add_local_dir("data", remote_path="/data")',
        '        .add_local_python_source("helper")',
        "    ),",
        ")",
        "def g(): ...",
    ]
