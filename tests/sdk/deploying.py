"""Import files under the Modal SDK of this interpreter, deploy their apps and call their functions. Run as a script.

Asks as ``modal-wizard verify`` does, whose program answers, and besides for more. One process answers all: a process
for each, as ``verify`` has, would take twice as long.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

RUNTIME = Path(__file__).resolve().parents[2] / "wizard" / "modal_wizard" / "verify" / "runtime"
REACHED_SERVER = ("does not run anything", "the App it is defined on is not running")


def program() -> Any:
    """Import the program of ``verify`` and hide it again: 0.77 ships every local module that it finds."""
    sys.path.insert(0, str(RUNTIME))
    found = importlib.import_module("import_modules")
    sys.path.remove(str(RUNTIME))
    del sys.modules["import_modules"]
    return found


class Deployment(program().Examination):  # type: ignore[misc]  # known at run time only
    """Deploys what a file defines to the stand-in for the server, and calls its functions."""

    def examine(
        self, load: Callable[[], ModuleType], server: Any, question: Mapping[str, Any], said: dict[str, Any]
    ) -> None:
        modal, self._before = importlib.import_module("modal"), set(sys.modules)
        os.environ["MODAL_AUTOMOUNT"] = "1" if question["automount"] else "0"
        if question["app_for_stub"]:
            modal.Stub = modal.App  # type: ignore[attr-defined]
        module = load()
        if modal.__version__ in question["deploy"]:
            said |= self.deploy(modal, server)
        if question["call"]:
            _call_functions(modal, module)

    def deploy(self, modal: Any, server: Any) -> dict[str, Any]:
        """Deploy the apps of a file and its neighbours; what is registered, or why it was refused."""
        deploy = importlib.import_module("modal.runner").deploy_app
        found = [value for value in self.defined().values() if isinstance(value, modal.App)]
        try:
            for app in {id(app): app for app in found}.values():
                deploy(app, name="proof")
        except Exception as error:
            return {"deploy_error": f"{type(error).__name__}: {error}"}
        return {"registered": sorted(server.registered)}

    def defined(self) -> dict[tuple[str, str], Any]:
        """Return what the file and its neighbours define, by module and name."""
        loaded = [(name, module) for name, module in sys.modules.items() if name not in self._before]
        return {(of, name): value for of, module in loaded for name, value in vars(module).items()}


@contextlib.contextmanager
def _restored(root: str) -> Iterator[None]:
    """Put back what answering a question about a folder changes of this process."""
    modal = importlib.import_module("modal")
    modules, path, finders = set(sys.modules), list(sys.path), list(sys.meta_path)
    stub = vars(modal).get("Stub")
    try:
        yield
    finally:
        sys.path[:], sys.meta_path[:] = path, finders
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file.startswith(root) if file else hasattr(sys.modules[name], "__path__"):
                del sys.modules[name]
        vars(modal).pop("Stub", None)
        if stub is not None:
            modal.Stub = stub  # type: ignore[attr-defined]


def serve(deployment: Any) -> None:
    """Answer all questions in this process, which ends when one takes too long: the rest is asked anew."""
    shared = program()
    tell = shared.silence()
    walls, stand_ins, servers = shared.helpers()
    walls.cut_network()
    questions = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    importlib.import_module("modal")
    _look_up_once()
    walls.raise_walls(Path(sys.argv[1]).parent)
    for question in questions:
        signal.alarm(question["seconds"])
        os.environ["HOME"] = question["home"]
        with _restored(question["root"]):
            said = shared.answer(question, deployment, stand_ins, servers)
        Path(question["answer"]).write_text(json.dumps(said), "utf-8")
        tell(0)


def _look_up_once() -> None:
    """Have 0.77 find the distribution of a module once: it asks for each module that is loaded, at each function."""
    packages = importlib.import_module("modal._utils.package_utils")
    packages.get_file_formats = cache(packages.get_file_formats)  # type: ignore[attr-defined]


def _call_functions(modal: Any, module: ModuleType) -> None:
    """Call what a file defines. A call that got through to the server did what the SDK allows."""
    for value in list(vars(module).values()):
        function = _raw(value) if isinstance(value, modal.Function) else value
        if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
            continue
        try:
            result = function(*[_argument(modal, wanted) for wanted in _required(function)])
            if inspect.iscoroutine(result):
                asyncio.run(result)
        except Exception as error:
            if not any(reached in said for reached in REACHED_SERVER for said in _said(error)):
                raise


def _said(error: BaseException | None) -> Iterator[str]:
    """Yield what an error says, and what those say that it was raised for."""
    while error is not None:
        yield str(error)
        error = error.__cause__ or error.__context__


def _raw(function: Any) -> object:
    """Return what a registered function was made of; one that is only known by name was made elsewhere."""
    with contextlib.suppress(AssertionError, AttributeError):
        return function.get_raw_f()
    return None


def _required(function: FunctionType) -> list[str]:
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    found = inspect.signature(function).parameters.values()
    return [each.name for each in found if each.kind in named and each.default is inspect.Parameter.empty]


def _argument(modal: Any, name: str) -> Any:
    if name == "sandbox":
        return modal.Sandbox.from_id("sb-1", client=modal.Client.from_env())
    if name == "client":
        return modal.Client.from_env()
    return "/path" if name == "path" else name


if __name__ == "__main__":
    serve(Deployment())
