"""What the history of the SDK answers: facts that were found by running the SDKs, and the questions themselves."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.given_back import enters, holds, iterates, returns

from modal_transforms.modal_api import history
from modal_transforms.modal_api.history import CallParameter, UnknownVersion

GONE = [
    # symbol, parameter or nothing, the last version with it, the first without
    ("modal.Image().copy_local_dir", "", "1.0.5", "1.1.0"),
    ("modal.Image().copy_local_file", "", "1.0.5", "1.1.0"),
    ("modal.Image().copy_mount", "", "0.77.0", "1.0.0"),
    ("modal.Image.from_dockerfile", "context_mount", "1.1.4", "1.2.0"),
    ("modal.Image().dockerfile_commands", "context_mount", "1.1.4", "1.2.0"),
    ("modal.Mount", "", "0.77.0", "1.0.0"),
    ("modal.mount.Mount.from_local_dir", "", "1.1.4", "1.2.0"),
    ("modal.App", "mounts", "0.77.0", "1.0.0"),
    ("modal.App().function", "mounts", "0.77.0", "1.0.0"),
    ("modal.App().cls", "mounts", "0.77.0", "1.0.0"),
    ("modal.Image().run_function", "mounts", "0.77.0", "1.0.0"),
    ("modal.Sandbox.create", "mounts", "0.77.0", "1.0.0"),
    ("modal.App().spawn_sandbox", "", "0.77.0", "1.0.0"),
    ("modal.build", "", "1.0.5", "1.1.0"),
    ("modal.App().function", "keep_warm", "1.3.5", "1.4.0"),
    ("modal.App().cls", "keep_warm", "1.3.5", "1.4.0"),
    ("modal.App().function", "concurrency_limit", "1.3.5", "1.4.0"),
    ("modal.App().function", "container_idle_timeout", "1.3.5", "1.4.0"),
    ("modal.App().function", "_experimental_buffer_containers", "1.3.5", "1.4.0"),
    ("modal.App().function", "allow_concurrent_inputs", "1.3.5", "1.4.0"),
    ("modal.Cls().with_options", "concurrency_limit", "1.3.5", "1.4.0"),
    ("modal.Cls().with_options", "allow_concurrent_inputs", "1.3.5", "1.4.0"),
    ("modal.Function().keep_warm", "", "1.3.5", "1.4.0"),
    ("modal.Function.lookup", "", "1.1.4", "1.2.0"),
    ("modal.Cls.lookup", "", "1.1.4", "1.2.0"),
    ("modal.Volume.lookup", "", "1.1.4", "1.2.0"),
    ("modal.Secret.lookup", "", "1.1.4", "1.2.0"),
    ("modal.Dict.lookup", "", "1.1.4", "1.2.0"),
    ("modal.environments.Environment.lookup", "", "1.1.4", "1.2.0"),
    ("modal.Cls.lookup", "workspace", "0.77.0", "1.0.0"),
    ("modal.Volume.from_name", "label", "0.77.0", "1.0.0"),
    ("modal.Function.from_name", "tag", "0.77.0", "1.0.0"),
    ("modal.Function.from_name", "namespace", "1.3.5", "1.4.0"),
    ("modal.Dict.from_name", "data", "1.3.5", "1.4.0"),
    ("modal.Function().resolve", "", "0.77.0", "1.0.0"),
    ("modal.Function().web_url", "", "1.3.5", "1.4.0"),
    ("modal.gpu", "", "1.3.5", "1.4.0"),
    ("modal.gpu.A100", "", "1.3.5", "1.4.0"),
    ("modal.gpu.A100", "memory", "0.64.114", "0.64.115"),
    ("modal.functions.gather", "", "1.3.5", "1.4.0"),
    ("modal.Stub", "", "0.77.0", "1.0.0"),
    ("modal.App().indexed_objects", "", "0.77.0", "1.0.0"),
    ("modal.App().function", "allow_cross_region_volumes", "1.1.4", "1.2.0"),
    ("modal.App().function", "_experimental_scheduler_placement", "1.3.5", "1.4.0"),
    ("modal.experimental.update_autoscaler", "", "1.1.4", "1.2.0"),
    ("modal.Volume.delete", "", "1.4.3", "1.5.0"),
    ("modal.Volume.create_deployed", "", "1.4.3", "1.5.0"),
    ("modal.Sandbox.open", "", "1.5.5", "1.6.0"),
    ("modal.Sandbox().mkdir", "", "1.5.5", "1.6.0"),
    ("modal.file_io", "", "1.5.5", "1.6.0"),
    ("modal.sandbox_fs", "", "1.6.1", "1.6.2"),
    ("modal.exception.PendingDeprecationError", "", "1.4.2", "1.4.3"),
    ("modal.App().run", "show_progress", "0.77.0", "1.0.0"),
    ("modal.method", "keep_warm", "0.73.83", "0.73.84"),
    ("modal.web_endpoint", "wait_for_response", "0.73.80", "0.73.81"),
    ("modal.App().function", "checkpointing_enabled", "0.65.29", "0.65.30"),
    ("modal.App().function", "interactive", "0.65.32", "0.65.33"),
    ("modal.snapshot", "", "1.6.1", "1.6.2"),
    ("modal.Function().get_raw_f", "", "1.5.5", "1.6.0"),
    ("modal.Image.conda", "", "0.73.66", "0.73.67"),
    ("modal.Function().get_current_stats().num_active_runners", "", "0.73.60", "0.73.66"),
    ("modal.sandbox.LogsReader", "", "0.67.44", "0.67.45"),
    ("modal.Dict.new", "", "0.68.40", "0.68.41"),
    ("modal.Volume.persisted", "", "0.66.18", "0.66.19"),
    ("modal.App().function", "secret", "0.64.54", "0.64.55"),
    ("modal.Stub().is_inside", "", "0.64.34", "0.64.35"),
    ("modal.Image().run_inside", "", "0.64.34", "0.64.35"),
    ("modal.container_app", "", "0.62.37", "0.62.38"),
    ("modal.SharedVolume", "", "0.62.161", "0.62.162"),
    ("modal.Stub().function", "shared_volumes", "0.62.1", "0.62.2"),
    ("modal.Function().call", "", "0.62.1", "0.62.2"),
    ("modal.Image.from_dockerhub", "", "0.62.1", "0.62.2"),
    ("modal.cls.ClsMixin", "", "0.62.1", "0.62.2"),
    ("modal.Stub().app", "", "0.62.1", "0.62.2"),
    ("modal.aio", "", "0.50.3052", "0.50.3054"),
    ("modal.Stub().webhook", "", "0.49.2537", "0.50.2539"),
]
CAME = [
    # symbol, parameter or nothing, the last version without it, the first with it
    ("modal.Image().add_local_dir", "copy", "0.66.39", "0.66.40"),
    ("modal.Image().add_local_file", "copy", "0.66.39", "0.66.40"),
    ("modal.Image().add_local_dir", "ignore", "0.68.19", "0.68.21"),
    ("modal.Image().add_local_python_source", "", "0.67.27", "0.67.28"),
    ("modal.App().function", "min_containers", "0.73.75", "0.73.76"),
    ("modal.App().cls", "scaledown_window", "0.73.75", "0.73.76"),
    ("modal.App().function", "include_source", "0.72.58", "0.73.0"),
    ("modal.Image().run_function", "include_source", "0.73.36", "0.73.37"),
    ("modal.Image().run_function", "volumes", "0.62.235", "0.62.236"),
    ("modal.Image.from_dockerfile", "context_dir", "0.73.143", "0.73.144"),
    ("modal.concurrent", "target_inputs", "0.73.131", "0.73.132"),
    ("modal.fastapi_endpoint", "", "0.73.81", "0.73.83"),
    ("modal.enter", "", "0.56.4358", "0.56.4362"),
    ("modal.enter", "snap", "0.61.22", "0.61.23"),
    ("modal.parameter", "", "0.64.47", "0.64.48"),
    ("modal.Function().hydrate", "", "0.72.38", "0.72.39"),
    ("modal.Function().get_web_url", "", "0.74.62", "0.75.0"),
    ("modal.Function().update_autoscaler", "", "0.74.45", "0.74.46"),
    ("modal.Function().autoscaler.update", "", "1.6.1", "1.6.2"),
    ("modal.Cls().with_concurrency", "", "0.75.7", "0.75.8"),
    ("modal.FunctionCall.gather", "", "0.73.68", "0.73.69"),
    ("modal.Volume.from_name", "create_if_missing", "0.60.13", "0.60.14"),
    ("modal.Volume.objects.create", "", "1.1.1", "1.1.2"),
    ("modal.Function.from_name", "client", "1.2.1", "1.2.2"),
    ("modal.App().function", "single_use_containers", "1.2.6", "1.3.0"),
    ("modal.App.lookup", "", "0.64.108", "0.64.109"),
    ("modal.Image().pip_install", "extra_options", "0.63.34", "0.63.35"),
    ("modal.enable_output", "", "0.63.78", "0.63.79"),
    ("modal.FunctionCall", "", "0.73.43", "0.73.44"),
]


def has(symbol: str, parameter: str, version: str) -> bool:
    found = history.lifetime(symbol)
    return history.takes(symbol, parameter, version) if parameter else bool(found and found.contains(version))


@pytest.mark.parametrize(("symbol", "parameter", "last", "first"), GONE, ids=lambda value: value or "itself")
def test_what_went_was_there_until_then(symbol: str, parameter: str, last: str, first: str) -> None:
    assert has(symbol, parameter, last)
    assert not has(symbol, parameter, first)
    found = history.parameter_lifetime(symbol, parameter) if parameter else history.lifetime(symbol)
    assert found
    assert found.gone == first


@pytest.mark.parametrize(("symbol", "parameter", "last", "first"), CAME, ids=lambda value: value or "itself")
def test_what_came_is_there_since_then(symbol: str, parameter: str, last: str, first: str) -> None:
    assert not has(symbol, parameter, last)
    assert has(symbol, parameter, first)
    found = history.parameter_lifetime(symbol, parameter) if parameter else history.lifetime(symbol)
    assert found
    assert first in [span.since for span in found.ranges]
    assert found.gone is None


@pytest.mark.parametrize("symbol", ["modal.App.lookup", "modal.web_endpoint", "modal.mount.Mount", "modal.cls.Obj"])
def test_what_stays_is_there(symbol: str) -> None:
    assert history.exists(symbol, "1.6.4")


# what calls take


def test_parameters_come_by_position_first_with_their_kinds() -> None:
    assert history.parameters("modal.Image().add_local_dir", "1.6.4") == (
        CallParameter("local_path", "positional", required=True),
        CallParameter("remote_path", "positional", required=True),
        CallParameter("copy", "keyword", required=False),
        CallParameter("ignore", "keyword", required=False),
    )


def test_a_class_takes_what_its_constructor_takes() -> None:
    names = [parameter.name for parameter in history.parameters("modal.App", "0.77.0") or ()]
    assert names == ["name", "image", "include_source", "mounts", "secrets", "volumes"]


def test_an_old_name_that_a_wrapper_still_takes_is_renamed() -> None:
    found = {each.name: each.kind for each in history.parameters("modal.Volume.from_name", "0.77.0") or ()}
    assert found["label"] == "renamed"
    assert found["name"] == "positional"


def test_what_collects_keywords_takes_any() -> None:
    assert history.takes("modal.web_endpoint", "whatever", "1.6.4")
    assert history.parameter_lifetime("modal.web_endpoint", "whatever") is None


@pytest.mark.parametrize("symbol", ["modal.exception", "modal.Function().web_url", "modal.nothing", "other.thing"])
def test_what_cannot_be_called_has_no_parameters(symbol: str) -> None:
    assert history.parameters(symbol, "0.77.0") is None
    assert not history.takes(symbol, "name", "0.77.0")


# what calls give


@pytest.mark.parametrize(
    ("symbol", "given"),
    [
        ("modal.App", "modal.App()"),
        ("modal.Image.debian_slim", "modal.Image()"),
        ("modal.Image().pip_install", "modal.Image()"),
        ("modal.App.lookup", "modal.App()"),
        ("modal.App.lookup.aio", "modal.App()"),
        ("modal.App().function()", "modal.Function()"),
        ("modal.App().cls()", "modal.Cls()"),
        ("modal.Cls()", "modal.cls.Obj()"),
        ("modal.Cls().with_options", "modal.Cls()"),
        ("modal.Function().spawn", "modal.FunctionCall()"),
        ("modal.Volume().hydrate", "modal.Volume()"),
        ("modal.App().function", None),
        ("modal.Function().remote", None),
        ("modal.is_local", None),
        ("modal.nothing", None),
    ],
)
def test_a_call_gives(symbol: str, given: str | None) -> None:
    assert returns(symbol) == given


def test_a_property_holds_an_object() -> None:
    assert holds("modal.Sandbox().filesystem", "1.6.4") == "modal.sandbox.sandbox.SandboxFilesystem()"
    assert holds("modal.Function().web_url") is None


def test_with_and_for_give_objects() -> None:
    assert enters("modal.App().run") == "modal.App()"
    assert iterates("modal.Sandbox.list") == "modal.Sandbox()"
    assert enters("modal.Image.debian_slim") is None


def test_what_follows_a_value_of_the_person_is_not_missing() -> None:
    assert history.exists("modal.Function().remote().anything.at().all", "1.6.4")
    assert not history.exists("modal.Function().call", "1.6.4")


def test_a_method_of_the_persons_class_is_not_missing() -> None:
    assert history.exists("modal.Cls()().predict", "1.6.4")
    assert history.lifetime("modal.Cls()().predict") is None


def test_what_such_a_class_itself_had_has_a_lifetime() -> None:
    found = history.lifetime("modal.cls.Obj().keep_warm")
    assert found
    assert found.gone == "1.4.0"
    assert history.exists("modal.cls.Obj().keep_warm", "1.4.0")  # it could be the person's own method


@pytest.mark.parametrize("symbol", ["modal._utils.async_utils.synchronizer", "modal.App()._local_state"])
def test_a_private_name_is_not_missing(symbol: str) -> None:
    assert history.exists(symbol, "1.6.4")
    assert history.lifetime(symbol) is None


def test_a_private_name_of_an_experiment_has_a_lifetime() -> None:
    found = history.lifetime("modal.Function()._experimental_spawn")
    assert found
    assert found.gone is None


def test_only_what_has_an_aio_has_it() -> None:
    assert history.exists("modal.App.lookup.aio", "1.6.4")
    assert not history.exists("modal.Function.from_name.aio", "1.6.4")


# near to what is gone


@pytest.mark.parametrize(
    ("symbol", "near"),
    [
        ("modal.Image().copy_local_dir", "modal.Image().add_local_dir"),
        ("modal.functions.gather", "modal.FunctionCall.gather"),
        ("modal.Mount", "modal.mount.Mount"),
        ("modal.Function().web_url", "modal.Function().get_web_url"),
    ],
)
def test_the_nearest_is_named_first(symbol: str, near: str) -> None:
    assert history.nearest(symbol, "1.6.4")[0] == near


def test_what_is_named_as_near_exists() -> None:
    for symbol, parameter, _, first in GONE:
        if not parameter:
            assert all(history.exists(each, first) for each in history.nearest(symbol, first))


# versions


@pytest.mark.parametrize("version", ["0.34.0", "0.48.1", "not a version", ""])
def test_of_what_nobody_read_nothing_is_known(version: str) -> None:
    with pytest.raises(UnknownVersion):
        history.exists("modal.App", version)


@pytest.mark.parametrize(
    ("version", "answer"),
    [("1.0.99", True), ("1.1.0.dev3", False), ("9.9", False), ("1.1", False), ("0.77.1.dev0", True)],
)
def test_a_version_that_was_not_read_answers_as_the_one_before(version: str, answer: bool) -> None:
    assert history.exists("modal.build", version) is answer


def test_versions_are_compared_by_their_numbers() -> None:
    assert history.version_key("v1.3.0.post1") == history.version_key("1.3") == (1, 3, 0)
    assert history.version_key("0.9.10") > history.version_key("0.9.9")


def test_a_thing_that_went_and_came_back_has_two_spans() -> None:
    found = history.lifetime("modal.App().deploy")
    assert found
    assert len(found.ranges) > 1
    assert found.contains("1.0.0")
    assert not found.contains("0.74.0")
    assert found.gone is None


def test_asking_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "import msgspec\n"
        "before = set(sys.modules)\n"
        "from modal_transforms.modal_api import history, surface\n"
        "read_at_import = surface.surface.cache_info().misses\n"
        "history.exists('modal.App', '1.0.0')\n"
        "heavy = {'libcst', 'textual', 'git', 'subprocess', 'difflib'} & (set(sys.modules) - before)\n"
        "sys.exit(f'{read_at_import} {heavy}' if read_at_import or heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
