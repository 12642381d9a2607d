"""Files land where they landed: what 0.77.0 places for a case before equals what 1.6.4 places after."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.cases import Sdk
from support.placing import Placed, placed
from support.proof import ProofCase, proof_cases
from support.sdk import SdkMissing

from modal_transforms.core.model import Applicability

pytestmark = pytest.mark.xdist_group("sdk")

MOVING = frozenset({"workdir", "inside", "only-python"})
"""Choices that put files elsewhere on purpose."""
CASES = [
    case
    for case in proof_cases()
    if case.slug in {"mount", "image-copy"}
    and case.is_python
    and case.case.applicability is not Applicability.MANUAL
    and case.case.choice not in MOVING
    and case.case.proof.old_before is not Sdk.FAILS
]
Mapping = dict[str, tuple[Placed, Placed]]

ALSO = {
    "mount-run-function": "image",
    "mount-image-of-the-app-without-a-name": "g",
}
"""What has the files from now on although it did not before, as the finding says."""
UNTOLD = {
    "image-copy-image-of-a-module-that-is-not-there": "there is no image",
    "mount-app-with-an-image-beside-it-that-functions-in-other-files-have": "its functions are in another file",
    "image-copy-relative-to-the-root": "a space in the target was two words of a COPY command",
    "mount-class-with-build-steps-to-come": "modal.build, another section's matter, is gone from 1.6.4",
    "mount-context-with-other-names": "the person is told to rename the sources of COPY",
    "mount-packages-in-a-list": "0.77 takes the list and cannot ship it",
    "mount-packages-not-in-sight": "there is no package",
}
"""Cases of which the SDKs cannot say where files land."""


def _deployed_from(path: str, id: str) -> ProofCase:
    """Return a case as what is deployed from another of its files, whose methods run no more while an image is built.

    They are another section's matter, gone from 1.6.4.
    """
    found = next(each for each in CASES if each.id == id)
    case = found.case
    text = case.files[path].replace("@modal.build()", "")
    files, files_after = {case.path: case.before}, {case.path: case.after}
    seen_from = replace(case, id=f"{case.id}-{path}", path=path, before=text, after=text)
    return replace(found, case=replace(seen_from, files=files, files_after=files_after))


ELSEWHERE = _deployed_from("tasks.py", "mount-app-with-an-image-beside-it-that-functions-in-other-files-have")


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    """Where files land, before and after, by case."""
    try:
        return placed([*CASES, ELSEWHERE], tmp_path_factory.mktemp("placed"))
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_files_land_where_they_landed(mapping: Mapping, case: ProofCase) -> None:
    before, after = mapping[case.id]
    if case.id in UNTOLD:
        assert before.error or after.error or before.places != after.places
        return
    assert before.error is None
    assert after.error is None
    gained = {name: places for name, places in after.places.items() if ALSO.get(case.id) == name}
    assert all(places.items() > before.places[name].items() for name, places in gained.items())
    assert {**before.places, **gained} == after.places


def test_files_land_where_they_landed_when_the_functions_are_in_another_file(mapping: Mapping) -> None:
    before, after = mapping[ELSEWHERE.id]
    assert (before.error, after.error) == (None, None)
    assert before.places == after.places
    assert {name: "/root/x.txt" in places for name, places in after.places.items()} == {"Model.*": True, "f": True}


def test_most_cases_place_files_of_their_own(mapping: Mapping) -> None:
    """Equal places of nothing would prove nothing."""
    own = [id for id, (before, _) in mapping.items() if any(set(p) - {"/root/main.py"} for p in before.places.values())]
    assert len(own) >= 0.8 * len(CASES)


def test_exceptions_are_those_of_cases() -> None:
    assert ALSO.keys() | UNTOLD.keys() <= {case.id for case in CASES}
