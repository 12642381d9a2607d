"""The cases under the real SDKs: 0.77.0 warns of the old spelling, 1.6.4 refuses it, and both take the new one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from support.cases import Sdk, clean
from support.proof import SIDES, Outcomes, ProofCase, job_key, proof_cases
from support.sdk import NEW, OLD

from modal_transforms.sections import REGISTRY

CASES = proof_cases()
STUB = [case for case in CASES if case.is_python and case.uses_stub]
GPU = [case for case in CASES if case.is_python and case.slug == "gpu"]
SUGGESTED = re.compile(r"""Use `gpu=["']([^"']+)["']` instead""")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_sdk_does_what_the_case_says(sdk_outcomes: Outcomes, case: ProofCase, version: str, side: str) -> None:
    expected = case.expected(version, side)
    if expected is None:
        assert case.case.proof.why
        return
    outcome = sdk_outcomes[job_key(version, case.id, side)]
    assert outcome.kind is expected, f"modal {version} on {side}: {outcome}"


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_case_that_claims_less_than_the_whole_says_why(case: ProofCase) -> None:
    proof = case.case.proof
    assert proof.why or (proof.old_before, proof.old_after) == (Sdk.WARNS, Sdk.ACCEPTS)
    assert proof.why or (proof.new_before, proof.new_after) == (Sdk.FAILS, Sdk.ACCEPTS)


@pytest.mark.parametrize("case", STUB, ids=[case.id for case in STUB])
def test_a_stub_era_case_lacks_only_its_app(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """``Stub`` is not a section's matter: with ``modal.App`` in its place both SDKs take the rewritten file."""
    for version in (OLD, NEW):
        outcome = sdk_outcomes[job_key(version, case.id, "after", app_for_stub=True)]
        assert outcome.kind is Sdk.ACCEPTS, f"modal {version}: {outcome}"


@pytest.mark.parametrize("case", GPU, ids=[case.id for case in GPU])
def test_a_gpu_is_named_as_the_sdk_suggests(sdk_outcomes: Outcomes, case: ProofCase) -> None:
    """The warnings of 0.77.0 say which string is meant by an object that was used."""
    outcome = sdk_outcomes[job_key(OLD, case.id, "before")]
    suggested = {name for warning in outcome.warnings for name in SUGGESTED.findall(warning)}
    written = {text for body in case.texts("after").values() for text in _strings(clean(body))}
    counted = {text.partition(":")[0] for text in written if text.endswith(":")}
    assert all(name in written or name.partition(":")[0] in counted for name in suggested)


def _strings(code: str) -> Iterator[str]:
    """Yield the strings of a file, the fixed beginnings of formatted ones among them."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_section_that_looks_for_something_is_proved() -> None:
    """Cases are what a section stands on."""
    proved = {case.slug for case in CASES}
    assert {rule.SECTION.slug for rule in REGISTRY if rule.HINTS} - proved == set()
