"""The cases under the real SDKs: 0.77.0 warns of the old spelling, 1.6.4 refuses it, and both take the new one."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.cases import Sdk, clean
from support.proof import SIDES, Outcomes, ProofCase, job_key, proof_cases
from support.sdk import NEW, OLD

from modal_transforms.core.model import Applicability
from modal_transforms.sections import REGISTRY

pytestmark = pytest.mark.xdist_group("sdk")

CASES = proof_cases()
PYTHON = [case for case in CASES if case.is_python]
STUB = [case for case in PYTHON if case.uses_stub and case.case.applicability is not Applicability.MANUAL]
GPU = [case for case in PYTHON if case.slug == "gpu" and case.case.applicability is not Applicability.MANUAL]
SAFE = [case for case in PYTHON if case.is_safe]
SUGGESTED = re.compile(r"""Use `gpu=["']([^"']+)["']` instead""")


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_sdks_do_what_the_case_says(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """Each of the two with each side; a case that claims less than the whole says why."""
    proof = case.case.proof
    claimed = {(version, side): case.expected(version, side) for version in (OLD, NEW) for side in SIDES}
    assert proof.why or list(claimed.values()) == [Sdk.WARNS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS]
    for (version, side), expected in claimed.items():
        if expected is not None:
            outcome = sdk_outcomes[job_key(version, case.id, side)]
            assert outcome.kind is expected, f"modal {version} on {side}: {outcome}"


@pytest.mark.parametrize("case", STUB, ids=[case.id for case in STUB])
def test_a_stub_era_case_lacks_only_its_app(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """``Stub`` is the matter of another section: with ``modal.App`` in its place both SDKs take the rewritten file."""
    for version in (OLD, NEW):
        outcome = sdk_outcomes[job_key(version, case.id, "after", app_for_stub=True)]
        assert outcome.kind is Sdk.ACCEPTS, f"modal {version}: {outcome}"


@pytest.mark.parametrize("case", SAFE, ids=[case.id for case in SAFE])
def test_a_safe_rewrite_deploys_the_same(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """Under 0.77.0 both sides register functions with the same settings, images and places of files."""
    before, after = (sdk_outcomes[job_key(OLD, case.id, side)] for side in SIDES)
    if before.registered is None:
        assert before.error or before.deploy_error
        return
    assert after.registered is not None, str(after)
    assert _settings(case, after.registered) == _settings(case, before.registered)


def _settings(case: ProofCase, registered: tuple[str, ...]) -> list[Any]:
    """Return what functions are registered with; how parameters travel is what ``cls-parameters`` changes.

    A limit of one input is the same as none: a container takes ``max_concurrent_inputs or 1`` at a time.
    """
    found = [json.loads(text) for text in registered]
    for each in found:
        function = each.get("function", each)
        if function.get("max_concurrent_inputs") == 1:
            del function["max_concurrent_inputs"]
    for each in found if case.slug == "cls-parameters" else ():
        each.get("function", each).pop("class_parameter_info", None)
    return found


@pytest.mark.parametrize("case", PYTHON, ids=[case.id for case in PYTHON])
def test_what_the_old_sdk_deploys_the_new_one_deploys_after_the_rewrite(
    sdk_outcomes: Outcomes, case: ProofCase
) -> None:
    """Some mistakes show only when an app is deployed, such as a build step after files that are only mounted."""
    old = sdk_outcomes[job_key(OLD, case.id, "after")]
    new = sdk_outcomes[job_key(NEW, case.id, "after", app_for_stub=case.uses_stub)]
    if old.registered is not None and new.kind is not Sdk.FAILS:
        assert new.deploy_error is None


@pytest.mark.parametrize("case", GPU, ids=[case.id for case in GPU])
def test_a_gpu_is_named_as_the_sdk_suggests(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """The warnings of 0.77.0 say which string is meant by an object that was used."""
    outcome = sdk_outcomes[job_key(OLD, case.id, "before")]
    suggested = {name.upper() for warning in outcome.warnings for name in SUGGESTED.findall(warning)}
    written = {text.upper() for body in case.texts("after").values() for text in _strings(clean(body))}
    begun = tuple(text for text in written if text.endswith((":", "-")))
    assert all(name in written or f"{name}:".startswith(begun) for name in suggested)


def _strings(code: str) -> Iterator[str]:
    """Yield the strings of a file, the fixed beginnings of formatted ones among them."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_section_that_looks_for_something_is_proved() -> None:
    """Cases are what a section stands on."""
    proved = {case.slug for case in CASES}
    assert {rule.slug for rule in REGISTRY if rule.hints} - proved == set()
