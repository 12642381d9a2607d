"""Import modules under the Modal SDK of this interpreter and say what happened. Run as a script.

Reads questions (JSON) from the first argument, and answers each in a process of its own, forked when the SDK is there
already: starting that takes longer than importing a module. Prints how each process ended. Where the system cannot
fork, the first question alone is answered, by this process.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import signal
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LONGEST = 2000
"""Characters of an error or a warning that are told."""
_ADOPTS = 36
"""To `prctl`: what has lost its parent becomes a child of this process."""
_SDK = ("modal", "synchronicity", "modal_proto")


class Examination:
    """What is done with each module: it is imported, and Modal's server is stood in for meanwhile."""

    def server(self, servers: Any, question: Mapping[str, Any]) -> Any:
        """Return what stands in for the server, of the module `stand_in_server`."""
        return servers.Server()

    def examine(
        self, load: Callable[[], types.ModuleType], server: Any, question: Mapping[str, Any], said: dict[str, Any]
    ) -> None:
        """Import the module by ``load``, and add to the answer what else there is to say; may raise anything."""
        load()


def serve() -> None:
    """Answer all questions, one after the other, each in a process of its own."""
    tell = silence()
    walls, stand_ins, servers = helpers()
    cut = walls.cut_network()
    adopt()
    with contextlib.suppress(Exception):  # raised again where it is answered
        importlib.import_module("modal")
    gc.freeze()  # else each child would copy what it does not change
    for question in json.loads(Path(sys.argv[1]).read_text("utf-8")):
        child = os.fork() if hasattr(os, "fork") else 0
        if not child:
            with open(question["answer"], "w", encoding="utf-8") as written:  # before the walls
                _alone(question)
                walls.limit(question["seconds"])
                walls.raise_walls(Path(question["root"]).parent, question.get("copied", 0.0))
                json.dump({"cut": cut} | answer(question, Examination(), stand_ins, servers), written)
            os._exit(0)  # neither threads that the module started nor what it registered for the end hold us
        status = os.waitpid(child, 0)[1]
        end_rest(child)
        tell(os.waitstatus_to_exitcode(status))


def silence() -> Callable[[int], object]:
    """Have standard output lead nowhere from now on; returns what tells over it how an answer's process ended."""
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return lambda status: os.write(told, b"%d\n" % status)


def adopt() -> None:
    """Have what a module starts become ours when its parent ends, where the system does that: Linux."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_ADOPTS, 1, 0, 0, 0)


def end_rest(child: int) -> None:
    """End what the process of a module started and left behind: its group, and what became ours."""
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):  # there is none, or none any more
        while True:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            for each in _children():
                os.kill(each, signal.SIGKILL)
                os.waitpid(each, 0)


def _children() -> list[int]:
    """Return our children, as ``/proc`` has them; raises `ChildProcessError` where there is none."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc") if sys.platform.startswith("linux") else ()):
        with contextlib.suppress(OSError):
            stat = Path("/proc", name, "stat").read_text("utf-8", "replace")
            if int(stat.rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(name))
    if not found:
        raise ChildProcessError
    return found


def _alone(question: Mapping[str, Any]) -> None:
    """Make this process one of a module: in a group of its own, with an empty home, ended when it takes too long."""
    if hasattr(os, "fork"):
        os.setpgid(0, 0)
        signal.alarm(question["seconds"])
    os.environ.update(dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR"), question["home"]))


def answer(question: Mapping[str, Any], examination: Examination, stand_ins: Any, servers: Any) -> dict[str, Any]:
    """Import the module that a question is about, and return what came of it."""
    root = Path(question["root"])
    os.chdir(root)
    said: dict[str, Any] = {"error": None}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            importlib.import_module("modal")
            server = examination.server(servers, question)
            with contextlib.suppress(AttributeError):  # a version whose clients are made otherwise asks in vain
                server.install()
            sys.path[:0] = [str(root / each) for each in question["path"]]
            sys.path += [str(root / each) for each in question["last"]]
            stand_ins.stand_in(_foreign(root, frozenset(question["own"])))
            examination.examine(lambda: _import(root, question["module"], question["file"]), server, question, said)
        except BaseException as error:
            said["error"] = _told(root, error)
    said["warnings"] = [_warned(root, each) for each in caught if each.category.__module__.startswith("modal")]
    return said


def _import(root: Path, name: str, file: str) -> types.ModuleType:
    """Import a module by its name; by its file, where an import cannot say the name or means another module by it."""
    if "." not in Path(file).stem and name not in sys.modules:
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(f"{Path(file).stem.replace('.', '_')}_", root / file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def helpers() -> tuple[Any, Any, Any]:
    """Import our siblings and hide them again: 0.77 ships every local module that it finds in ``sys.modules``."""
    sys.path.insert(0, str(HERE))
    found = [importlib.import_module(name) for name in ("walls", "stand_ins", "stand_in_server")]
    for module in found:
        del sys.modules[module.__name__]
    sys.path.remove(str(HERE))
    return found[0], found[1], found[2]


def _foreign(root: Path, own: frozenset[str]) -> Callable[[str], bool]:
    """Stand in only for what the repository's files import and is not theirs: the SDK looks for some in vain."""

    def is_foreign(package: str) -> bool:
        return package not in own and package not in _SDK and _lies_in(root, _importer())

    return is_foreign


def _importer() -> str:
    """Return the file that imports."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and (
        frame.f_code.co_filename.startswith("<frozen importlib")
        or frame.f_globals.get("__name__") == "importlib"
        or Path(frame.f_code.co_filename).parent == HERE
    ):
        frame = frame.f_back
    return frame.f_code.co_filename if frame is not None else ""


def _told(root: Path, error: BaseException) -> dict[str, Any]:
    """Return an error with the last line of the repository that led to it, and whether it is Modal's."""
    frames = list(traceback.extract_tb(error.__traceback__))
    place = next((each for each in reversed(frames) if _lies_in(root, each.filename)), None)
    path, line = (Path(place.filename), place.lineno) if place else (None, None)
    if isinstance(error, SyntaxError) and error.filename and _lies_in(root, error.filename):
        path, line = Path(error.filename), error.lineno
    return {
        "text": _cut(f"{type(error).__name__}: {_said(error)}".rstrip(": ")),
        "path": path.relative_to(root).as_posix() if path else None,
        "line": line,
        "modals": _is_modals(root, error, frames),
    }


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(it does not say what)"


def _cut(text: str) -> str:
    """Return text that can be written, and no more of it than is read."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]} ... ({len(text)} characters)"
    return cut.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_modals(root: Path, error: BaseException, frames: list[traceback.FrameSummary]) -> bool:
    """Tell whether the SDK refuses something, as opposed to an error of the repository's own."""
    if type(error).__name__ == "ConnectionError" or "stand-in for Modal's server" in _said(error):
        return False  # it wants to be answered, or to run something, while it is imported
    if "stood-in" in _said(error):
        return False  # the value is not the repository's but one of ours
    if type(error).__module__.partition(".")[0] in _SDK:
        return True
    if isinstance(error, ImportError):
        return (error.name or "").partition(".")[0] in _SDK
    if isinstance(error, AttributeError):
        subject = getattr(error, "obj", None)
        kind = subject if isinstance(subject, type | types.ModuleType) else type(subject)
        home = kind.__name__ if isinstance(kind, types.ModuleType) else kind.__module__
        if home.partition(".")[0] in _SDK:
            return True
    inner = Path(frames[-1].filename).parts if frames else ()
    return isinstance(error, TypeError | ValueError | AttributeError) and any(name in inner for name in _SDK)


def _warned(root: Path, message: warnings.WarningMessage) -> dict[str, Any]:
    known = _lies_in(root, message.filename)
    return {
        "text": _cut(" ".join(str(message.message).split())),
        "path": Path(message.filename).relative_to(root).as_posix() if known else None,
        "line": message.lineno if known else None,
        "modals": True,
    }


def _lies_in(root: Path, filename: str) -> bool:
    return filename.startswith(f"{root}{os.sep}")


if __name__ == "__main__":
    serve()
