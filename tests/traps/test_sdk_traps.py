"""What plain search-and-replace would write, under modal 1.6.4: why the traps are traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from support.cases import Sdk, clean
from support.proof import Outcome, import_job, import_under, job_key, write_files
from support.sdk import NEW, SdkMissing

from traps.seen import HEAD

pytestmark = pytest.mark.xdist_group("sdk")


@dataclass(frozen=True)
class Plain:
    """A program as a search-and-replace leaves it, and how 1.6.4 takes it."""

    id: str
    program: str
    says: str = ""
    """What the SDK says when the file is imported; nothing where it accepts it."""
    deploying: str = ""
    """What the SDK says only when the app is deployed."""


PLAIN = [
    # SDK fact 1
    Plain("a_relative_target", 'image.add_local_dir("d", "d")', "only supports absolute remote_path values"),
    Plain("no_target", 'image.add_local_file("a.txt")', "missing 1 required positional argument: 'remote_path'"),
    Plain(
        "a_path_as_the_target_of_a_file",
        'import pathlib\nimage.add_local_file("a.txt", pathlib.PurePosixPath("/a.txt"))',
        "has no attribute 'endswith'",
    ),
    Plain(
        "a_build_step_after_mounted_files",
        '@app.function(image=image.add_local_dir("d", "/d").env({"A": "b"}), serialized=True)\ndef f(): ...',
        deploying="build step after using `image.add_local_*`",
    ),
    # SDK fact 2
    Plain("an_empty_list_of_mounts", "@app.function(mounts=[])\ndef f(): ...", "unexpected keyword argument 'mounts'"),
    Plain("the_target_of_the_guide", 'image.add_local_dir("data", "root/data")', "only supports absolute"),
    Plain("a_list_of_packages", 'image.add_local_python_source(["a"])', "InvalidError"),
    # SDK fact 3
    Plain(
        "run_function_of_a_function_of_the_app",
        "@app.function()\ndef fetch(): ...\n\nimage.run_function(fetch)",
        "must be a function, not",
    ),
    Plain(
        "one_volume_in_two_directories",
        'V = modal.Volume.from_name("v", create_if_missing=True)\n\n'
        '@app.function(serialized=True, volumes={"/a": V, "/b": V})\ndef f(): ...',
        "The same Volume cannot be mounted in multiple locations",
    ),
    Plain(
        "a_volume_at_slash_root",
        '@app.function(serialized=True, volumes={"/root": modal.Volume.from_name("v")})\ndef f(): ...',
        "cannot be mounted at '/root'",
    ),
    # SDK fact 5
    Plain("keep_warm_of_none", "@app.function(keep_warm=None)\ndef f(): ...", "DeprecationError"),
    Plain("a_window_of_one_second", "@app.function(scaledown_window=1)\ndef f(): ...", "InvalidError"),
    Plain("a_window_of_two_hours", "@app.function(scaledown_window=60 * 120)\ndef f(): ...", "InvalidError"),
    Plain("true_containers", "@app.function(serialized=True, min_containers=True)\ndef f(): ...", "TypeError"),
    # SDK fact 6
    Plain("an_import_of_web_endpoint", "from modal import web_endpoint"),
    # SDK fact 7
    Plain(
        "concurrent_above_the_function",
        "@modal.concurrent(max_inputs=2)\n@app.function()\ndef f(): ...",
        "swap the order",
    ),
    Plain(
        "concurrent_on_a_method",
        "@app.cls()\nclass C:\n    @modal.concurrent(max_inputs=2)\n    @modal.method()\n    def f(self): ...",
        "cannot be used on methods",
    ),
    # SDK fact 8
    Plain("a_namespace", 'modal.Volume.from_name("v", namespace=1)', "unexpected keyword argument 'namespace'"),
    Plain("an_id_that_nobody_asked_for", 'modal.Volume.from_name("v").object_id', "AttributeError"),
    Plain("an_aio_of_from_name", 'modal.Volume.from_name.aio("v")', "has no attribute 'aio'"),
    # SDK fact 9
    Plain("a_float", "@app.cls()\nclass C:\n    x: float = modal.parameter()", "InvalidError"),
    Plain("a_union_with_none", "@app.cls()\nclass C:\n    x: str | None = modal.parameter()", "AttributeError"),
    Plain("no_annotation", "@app.cls()\nclass C:\n    x = modal.parameter()", "InvalidError"),
    Plain("a_quoted_annotation", '@app.cls()\nclass C:\n    x: "str" = modal.parameter()', "AttributeError"),
    Plain("a_nullary_constructor", "@app.cls()\nclass C:\n    def __init__(self): ...", "InvalidError"),
    Plain("a_constructor_of_an_exception", "@app.cls()\nclass C(Exception): ...", "InvalidError"),
    Plain(
        "a_dataclass",
        "import dataclasses\n\n@app.cls()\n@dataclasses.dataclass\nclass C:\n    x: str",
        "InvalidError",
    ),
    Plain(
        "a_required_one_after_a_default",
        "@app.cls()\nclass C:\n    n: int = modal.parameter(default=1)\n    x: str = modal.parameter()\n\n"
        '    @modal.method()\n    def f(self): ...\n\nC(x="a").f.local()',
        "non-default argument follows default argument",
    ),
    Plain("a_wrong_default", "@app.cls()\nclass C:\n    x: str = modal.parameter(default=3)"),
    # SDK fact 10
    Plain("a_method_by_name", 'modal.Function.from_name("x", "C.f")', "Invalid Function name"),
    Plain("a_method_of_no_instance", "@app.cls()\nclass C:\n    @modal.method()\n    def f(self): ...\n\nC.f.remote"),
    # SDK fact 11
    Plain("an_unused_import_of_gpu", "from modal import gpu", "ImportError"),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """What 1.6.4 does with each program."""
    folder = tmp_path_factory.mktemp("plain")
    jobs = []
    for plain in PLAIN:
        root = folder / plain.id
        write_files(root, {"main.py": (HEAD + "\n" + clean(plain.program)).encode()})
        jobs.append({**import_job(root, "main.py", deploy=[NEW]), "id": plain.id, "side": "plain"})
    try:
        return import_under(NEW, jobs, folder)
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.mark.parametrize("plain", PLAIN, ids=[plain.id for plain in PLAIN])
def test_the_sdk_takes_a_plain_rewrite_as_the_facts_say(outcomes: Mapping[str, Outcome], plain: Plain) -> None:
    outcome = outcomes[job_key(NEW, plain.id, "plain")]
    assert outcome.kind is (Sdk.FAILS if plain.says else Sdk.ACCEPTS), str(outcome)
    assert plain.says in (outcome.error or "")
    assert plain.deploying in (outcome.deploy_error or "")
