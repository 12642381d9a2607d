"""Say which local file lands where in each function's container, under the SDK of this interpreter. Run as a script.

Does as ``deploying.py``, but that the stand-in for Modal's server
writes down, for each function, sandbox and image, the place of every file that the SDK sends for it.
"""

from __future__ import annotations

import hashlib
import importlib
import posixpath
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
SANDBOX = ("SandboxCreate", "SandboxCreateV2")
Places = dict[str, str]
"""Places in a container and the local file that lands there."""


def _deploying() -> Any:
    """Import our neighbour and hide it again: the SDK may ship what it finds."""
    sys.path.insert(0, str(HERE))
    found = importlib.import_module("deploying")
    sys.path.remove(str(HERE))
    del sys.modules["deploying"]
    return found


deploying = _deploying()


class Placement(deploying.Deployment):  # type: ignore[misc, name-defined]  # known at run time only
    """Deploys a file's apps, and says what was put where for them."""

    def server(self, servers: Any, question: Mapping[str, Any]) -> Any:
        return _recorder(servers)(Path(question["root"]).parent, Path(question["home"]))

    def examine(
        self, load: Callable[[], ModuleType], server: Any, question: Mapping[str, Any], said: dict[str, Any]
    ) -> None:
        said["places"] = server.places
        super().examine(load, server, question, said)

    def deploy(self, modal: Any, server: Any) -> dict[str, Any]:
        """Deploy the apps; where they have no function, a made-up one for each image."""
        said: dict[str, Any] = super().deploy(modal, server)
        if server.places or "deploy_error" in said:
            return said
        probe = modal.App("probe")
        for (_, name), image in self.defined().items():
            if isinstance(image, modal.Image):
                probe.function(image=image, name=name, serialized=True)(lambda: None)
        try:
            importlib.import_module("modal.runner").deploy_app(probe, name="probe")
        except Exception as error:
            return {"deploy_error": f"{type(error).__name__}: {error}"}
        return said


def _recorder(servers: Any) -> Any:
    """Return a stand-in for the server that writes down where files land."""

    class Recorder(servers.Server):  # type: ignore[misc]  # the class is only known at run time
        def __init__(self, tree: Path, home: Path) -> None:
            """Know the local files of a folder and of the user's home."""
            super().__init__()
            self.places: dict[str, Places] = {}
            self._local = _digests(tree) | {digest: f"~/{name}" for digest, name in _digests(home).items()}
            self._mounted: dict[str, Places] = {}
            self._in_image: dict[str, Places] = {}

        def _identity(self, name: str, request: Any) -> str:
            identity: str = super()._identity(name, request)
            if name == "MountGetOrCreate":
                sent = {file.filename: self._local.get(file.sha256_hex, "?") for file in request.files}
                self._mounted[f"mo-{identity}"] = sent
            elif name in SANDBOX:
                self._place("sandbox", request.definition)
            elif name == "FunctionCreate":
                self._place(request.function.function_name, request.function)
            return identity

        async def _answer(self, method: Any, request: Any) -> Any:
            name = method.name.rpartition("/")[2]
            if name in SANDBOX:
                self._identity(name, request)
            return await super()._answer(method, request)

        def _image(self, image: Any) -> str:
            identity: str = super()._image(image)
            base = next((base.image_id for base in image.base_images), "")
            before = self._in_image.get(base, {})
            context = self._mounted.get(image.context_mount_id, {})
            self._in_image[f"im-{identity}"] = before | _copied(image, context, self._workdirs.get(base, "/"), before)
            return identity

        def _place(self, name: str, definition: Any) -> None:
            places = dict(self._in_image.get(definition.image_id, {}))
            for mount in definition.mount_ids:
                places |= self._mounted.get(mount, {})
            self.places[name] = {posixpath.normpath(place): local for place, local in places.items()}

    return Recorder


def _copied(image: Any, context: Places, workdir: str, before: Places) -> Places:
    """Return what the ``COPY`` commands of a layer put where."""
    folders = {"/", "/root", *(str(folder) for place in before for folder in PurePosixPath(place).parents)}
    found: Places = {}
    for command in image.dockerfile_commands:
        words = command.split()
        if words[0].upper() == "WORKDIR":
            workdir = posixpath.join(workdir, words[1])
        if words[0].upper() == "COPY" and len(words) == 3:
            source, target = posixpath.normpath(posixpath.join("/", words[1])), posixpath.join(workdir, words[2])
            into = target.endswith(("/", ".")) or target in {*folders, workdir}
            for name, local in context.items():
                place = _landed(source, target, into, posixpath.normpath(posixpath.join("/", name)))
                if place is not None:
                    found[place] = local
    return found


def _landed(source: str, target: str, into: bool, name: str) -> str | None:
    """Return where one file of the context goes, as ``docker build`` has it."""
    if name == source:
        return posixpath.join(target, posixpath.basename(name)) if into else target
    folder = source.rstrip("/") + "/"
    return posixpath.normpath(posixpath.join(target, name.removeprefix(folder))) if name.startswith(folder) else None


def _digests(folder: Path) -> dict[str, str]:
    """Return the files below a folder by the digest of what is in them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path.relative_to(folder).as_posix() for path in files}


if __name__ == "__main__":
    deploying.serve(Placement())
