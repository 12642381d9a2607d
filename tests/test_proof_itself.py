"""The proof notices rewrites that are wrong: it is only worth something if it can fail."""

from __future__ import annotations

import pytest
from support.cases import Case, Proof, Sdk
from support.proof import SIDES, Outcome, ProofCase, job_key, prove
from support.sdk import NEW, OLD

pytestmark = pytest.mark.xdist_group("sdk")

COPIED = """
    import modal

    image = modal.Image.debian_slim().copy_local_file("a.txt", "/opt/a.txt").run_commands("cat /opt/a.txt")
    app = modal.App("a", image=image)

    @app.function({options})
    def f(): ...
"""
ADDED = COPIED.replace('copy_local_file("a.txt", "/opt/a.txt")', "add_local_file({added})")
KEPT = '"a.txt", "/opt/a.txt", copy=True'

CASES = {
    "right": (COPIED, ADDED, KEPT, "max_containers=2"),
    "moved": (COPIED, ADDED, '"a.txt", "/srv/a.txt", copy=True', "max_containers=2"),
    "not-copied": (COPIED, ADDED, '"a.txt", "/opt/a.txt"', "max_containers=2"),
    "other-number": (COPIED, ADDED, KEPT, "max_containers=3"),
    "other-name": (COPIED, ADDED, KEPT, "min_containers=2"),
}
CALLED = Case(
    id="called",
    before="""
        import modal

        async def find(name):
            return await modal.Function.lookup.aio("app", name)
    """,
    after="""
        import modal
        import not_installed.at_all as other

        @other.decorator
        def find(name):
            return other.Thing(modal.Function.from_name("app", name).remote())
    """,
    rules=(),
    proof=Proof(calls=True),
)

Seen = dict[tuple[str, str, str], Outcome]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Outcomes by case, SDK version and side."""
    cases = [CALLED]
    for id, (before, after, added, options) in CASES.items():
        old = before.format(options="concurrency_limit=2")
        cases.append(Case(id, old, after.format(added=added, options=options), rules=()))
    outcomes = prove([ProofCase("x", case) for case in cases], tmp_path_factory.mktemp("wrong"))
    return {
        (case.id, v, s): outcomes[job_key(v, f"x-{case.id}", s)] for case in cases for v in (OLD, NEW) for s in SIDES
    }


def test_a_right_rewrite_deploys_the_same(seen: Seen) -> None:
    registered = seen["right", OLD, "before"].registered
    assert registered
    assert registered == seen["right", OLD, "after"].registered
    assert seen["right", NEW, "after"].registered


@pytest.mark.parametrize("id", ["moved", "other-number", "other-name"])
def test_a_rewrite_that_means_something_else_deploys_something_else(seen: Seen, id: str) -> None:
    assert seen[id, OLD, "after"].kind is Sdk.ACCEPTS
    assert seen[id, OLD, "after"].registered
    assert seen[id, OLD, "after"].registered != seen[id, OLD, "before"].registered


def test_a_build_step_after_files_that_are_only_mounted_is_refused(seen: Seen) -> None:
    for version in (OLD, NEW):
        outcome = seen["not-copied", version, "after"]
        assert outcome.kind is Sdk.ACCEPTS
        assert "build step" in (outcome.deploy_error or "")


def test_functions_are_called_and_packages_that_are_missing_stood_in_for(seen: Seen) -> None:
    kinds = {(version, side): seen["called", version, side].kind for version in (OLD, NEW) for side in SIDES}
    assert kinds[OLD, "before"] is Sdk.WARNS
    assert kinds[OLD, "after"] is Sdk.ACCEPTS
    assert kinds[NEW, "before"] is Sdk.FAILS
    assert kinds[NEW, "after"] is Sdk.ACCEPTS
    assert seen["called", NEW, "before"].error_type == "AttributeError"


def test_a_warning_names_its_line(seen: Seen) -> None:
    [copied, renamed] = seen["right", OLD, "before"].warnings
    assert copied.startswith("main.py:3: ")
    assert renamed.startswith("main.py:6: ")
    assert "concurrency_limit -> max_containers" in renamed
