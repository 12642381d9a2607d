"""Import files under the Modal SDK of this interpreter and say what happened. Run as a script, by `support.proof`.

Reads a list of jobs (JSON) from the first argument and writes their outcomes (JSON) to the second. One process
imports all of them, since starting the SDK takes longer than importing a file. Nothing here reaches a network:
``stand_in_server`` answers for Modal's server, and packages that are not installed are stood in for as well.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, NoReturn

RUNTIME = Path(__file__).resolve().parents[2] / "wizard" / "modal_wizard" / "verify" / "runtime"
PATIENCE = 20
"""Seconds that a job may take."""
REACHED_SERVER = ("does not run anything", "the App it is defined on is not running")


def main() -> None:
    jobs, answer = Path(sys.argv[1]), Path(sys.argv[2])
    _close_the_doors()
    packages, servers = _helpers()
    modal = importlib.import_module("modal")
    server = servers.Server()
    server.install()
    outcomes = {job["key"]: run(modal, packages, server, job) for job in json.loads(jobs.read_text("utf-8"))}
    answer.write_text(json.dumps({"version": modal.__version__, "outcomes": outcomes}), "utf-8")


def _helpers() -> tuple[Any, Any]:
    """Import what ``verify`` has too and hide it again: 0.77 ships every local module that it finds."""
    sys.path.insert(0, str(RUNTIME))
    found = [importlib.import_module(name) for name in ("stand_ins", "stand_in_server")]
    for module in found:
        del sys.modules[module.__name__]
    sys.path.remove(str(RUNTIME))
    return found[0], found[1]


def _close_the_doors() -> None:
    """Make connections and child processes impossible."""

    def refuse(*args: object, **options: object) -> NoReturn:
        raise OSError("the proof neither connects nor starts programs")

    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, refuse)
    socket.getaddrinfo = refuse
    subprocess.Popen.__init__ = refuse  # type: ignore[method-assign]


def run(modal: Any, packages: Any, server: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Import one job's file as a fresh module, deploy its apps to the stand-in for the server, then forget it."""
    root = Path(job["root"])
    with _at_most(PATIENCE), _surroundings(modal, root, job), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        error: BaseException | None = None
        deployed: dict[str, Any] = {}
        with packages.standing_in(_foreign(root).__contains__):
            try:
                module = importlib.import_module(_module_name(root, job["main"]))
                deployed = _deploy(modal, root, server) if modal.__version__ in job["deploy"] else {}
                if job["call"]:
                    _call_functions(modal, module)
            except (Exception, SystemExit) as raised:
                error = raised
        return _outcome(modal, root, caught, error) | deployed


@contextlib.contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Interrupt what takes longer, where the system can."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"took longer than {seconds} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


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


def _deploy(modal: Any, root: Path, server: Any) -> dict[str, Any]:
    """Deploy the apps of the job's modules; what is registered, or why it was refused."""
    deploy = importlib.import_module("modal.runner").deploy_app
    loaded = [module for module in list(sys.modules.values()) if _is_of(root, module)]
    found = [value for module in loaded for value in vars(module).values() if isinstance(value, modal.App)]
    server.registered.clear()
    try:
        for app in {id(app): app for app in found}.values():
            deploy(app, name="proof")
    except Exception as error:
        return {"deploy_error": f"{type(error).__name__}: {error}"}
    return {"registered": sorted(server.registered)}


@contextlib.contextmanager
def _surroundings(modal: Any, root: Path, job: dict[str, Any]) -> Iterator[None]:
    """Set what a file sees of the process, and put it back."""
    before, path, folder = set(sys.modules), list(sys.path), os.getcwd()
    os.environ["MODAL_AUTOMOUNT"] = "1" if job["automount"] else "0"
    os.chdir(root)
    sys.path[:0] = _import_path(root, job["main"])
    stub = modal.__dict__.get("Stub")
    if job["app_for_stub"]:
        modal.Stub = modal.App
    try:
        yield
    finally:
        if job["app_for_stub"]:
            modal.__dict__.pop("Stub")
            if stub is not None:
                modal.Stub = stub
        os.chdir(folder)
        sys.path[:] = path
        # all are looked at before one goes: a package without a file asks its parent where it is
        for name in [name for name in set(sys.modules) - before if _is_of(root, sys.modules[name])]:
            del sys.modules[name]


def _import_path(root: Path, main: str) -> list[str]:
    """Return where a file finds its neighbours: the root, and its own folder unless that is a package."""
    folder = (root / main).parent
    places = [str(root)] if (folder / "__init__.py").exists() else [str(folder), str(root)]
    return list(dict.fromkeys(places))


def _is_of(root: Path, module: Any) -> bool:
    """Tell whether a module lies below a folder; only packages without a file are asked for their folders."""
    file = getattr(module, "__file__", None)
    places = [file] if file else list(getattr(module, "__path__", []))
    return any(str(place).startswith(f"{root}{os.sep}") for place in places)


def _module_name(root: Path, main: str) -> str:
    """Name a file as Python would: inside its package when it is in one, else as the script that it is."""
    path = root / main
    if not (path.parent / "__init__.py").exists():
        return path.stem
    parts = [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists() and folder != root:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _outcome(
    modal: Any, root: Path, caught: list[warnings.WarningMessage], error: BaseException | None
) -> dict[str, Any]:
    # the second is gone from 1.6.4, the third came in 1.3
    names = ("DeprecationError", "PendingDeprecationError", "AsyncUsageWarning")
    kinds = tuple(getattr(modal.exception, name) for name in names if hasattr(modal.exception, name))
    said = [message for message in caught if issubclass(message.category, kinds)]
    return {
        "warnings": [{"place": _place(root, message), "text": str(message.message)} for message in said],
        "error": None if error is None else f"{type(error).__name__}: {error}",
        "error_type": None if error is None else type(error).__name__,
        "traceback": "" if error is None else "".join(traceback.format_exception(error)[-3:]),
    }


def _place(root: Path, message: warnings.WarningMessage) -> str | None:
    """Say which line of the job's files a warning is about; those raised in the SDK's own thread do not know."""
    if not message.filename.startswith(f"{root}{os.sep}"):
        return None
    return f"{Path(message.filename).relative_to(root).as_posix()}:{message.lineno}"


def _foreign(root: Path) -> set[str]:
    """Return the packages that the files below a folder import and that are neither theirs nor Python's."""
    own = {path.stem for path in root.rglob("*.py")} | {path.name for path in root.rglob("*") if path.is_dir()}
    return _imported(root) - own - sys.stdlib_module_names - {"modal", "modal_proto", "modal_version"}


def _imported(root: Path) -> set[str]:
    names: set[str] = set()
    for path in root.rglob("*.py"):
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names


if __name__ == "__main__":
    main()
