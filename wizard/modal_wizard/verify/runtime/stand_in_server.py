"""A stand-in for Modal's server, behind every client of the SDK: it makes up identities and writes down deployments.

An identity is a digest of what was asked for, so that two apps which ask for the same things get the same
identities. What a function is registered with can then be compared as text.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import posixpath
import re
from collections.abc import AsyncIterator
from typing import Any

PREFIXES = {
    "app_id": "ap",
    "bound_function_id": "fu",
    "class_id": "cs",
    "dict_id": "di",
    "environment_id": "en",
    "function_call_id": "fc",
    "function_id": "fu",
    "image_id": "im",
    "mount_id": "mo",
    "proxy_id": "pr",
    "queue_id": "qu",
    "sandbox_id": "sb",
    "secret_id": "st",
    "shared_volume_id": "sv",
    "task_id": "ta",
    "volume_id": "vo",
}
CONTEXT = "."
SUCCESS = 1
TOKEN = "e30.e30.e30"
"""What a token looks like that says nothing."""
DEPLOYED_METHODS = ("run",)
"""The methods of every class that is looked up by name."""
RUNS = re.compile(
    r"Map|Outputs|(?<!Sandbox)Wait|Input|Logs|FunctionCall|NextItems|Sandbox(?!Get|Wait)|Filesystem|CommandRouter|Exec"
)
REFUSAL = "the stand-in for Modal's server does not run anything"


class Server:
    """Answers calls. ``registered`` holds a text for each function and class that was deployed."""

    def __init__(self) -> None:
        self.registered: list[str] = []
        self._files: dict[str, list[str]] = {}
        self._workdirs: dict[str, str] = {}
        self._handles: dict[str, Any] = {}

    def install(self) -> None:
        """Stand behind every client from now on."""
        client = importlib.import_module("modal.client")._Client
        client._get_channel = _no_channel
        client._call_unary = lambda client, method, request, **options: self._answer(method, request)
        client._call_stream = lambda client, method, request, **options: self._stream(method)

    async def _answer(self, method: Any, request: Any) -> Any:
        reply = method.reply_type()
        name = method.name.rpartition("/")[2]
        if RUNS.search(name):
            grpclib = importlib.import_module("grpclib")
            raise grpclib.GRPCError(grpclib.Status.UNIMPLEMENTED, f"{REFUSAL} ({name})")
        identity = self._identity(name, request)
        for field in reply.DESCRIPTOR.fields:
            if field.name in PREFIXES:
                setattr(reply, field.name, f"{PREFIXES[field.name]}-{identity}")
        self._describe(name, request, reply)
        if name == "MountPutFile":
            reply.exists = True
        elif name == "ImageGetOrCreate":
            reply.result.status = SUCCESS
        elif name == "AuthTokenGet":
            reply.token = TOKEN
        elif name in ("FunctionCreate", "ClassCreate"):
            self.registered.append(_text(_registration(request, self._files)))
        return reply

    async def _stream(self, method: Any) -> AsyncIterator[Any]:
        reply = method.reply_type()
        if hasattr(reply, "result"):
            reply.result.status = SUCCESS
        yield reply

    def _describe(self, name: str, request: Any, reply: Any) -> None:
        """Fill in what the handle of a function must carry: its name, a class's methods and parameters."""
        for field in ("function", "function_data"):
            if hasattr(getattr(reply, field, None), "ranked_functions"):
                getattr(reply, field).ranked_functions.add()
        if not hasattr(getattr(reply, "handle_metadata", None), "function_name"):
            return
        handle = reply.handle_metadata
        handle.function_name = "made_up"
        if name == "FunctionCreate":
            handle.class_parameter_info.CopyFrom(request.function.class_parameter_info)
            for method, definition in request.function.method_definitions.items():
                entry = handle.method_handle_metadata[method]
                entry.function_name, entry.use_method_name, entry.is_method = definition.function_name, method, True
            self._handles[reply.function_id] = handle
        elif name == "FunctionGet" and request.object_tag.endswith(".*"):
            for method in DEPLOYED_METHODS:
                entry = handle.method_handle_metadata[method]
                entry.function_name, entry.use_method_name, entry.is_method = "made_up", method, True
            self._handles[reply.function_id] = handle
        elif name == "FunctionBindParams" and request.function_id in self._handles:
            handle.CopyFrom(self._handles[request.function_id])

    def _identity(self, name: str, request: Any) -> str:
        if name == "MountGetOrCreate":
            names = sorted(file.filename for file in request.files)
            identity = _digest([names, request.deployment_name])
            self._files[f"mo-{identity}"] = names
            return identity
        if name == "ImageGetOrCreate":
            return self._image(request.image)
        if name in ("FunctionCreate", "FunctionPrecreate"):
            return _digest(getattr(request, "function", request).function_name)
        return _digest(_as_dict(request))

    def _image(self, image: Any) -> str:
        """Identify an image by what it holds; a layer that only copies, by where the copied files land."""
        base = next((base.image_id for base in image.base_images), "")
        workdir = self._workdirs.get(base, "/")
        landed = self._landed(image, workdir)
        identity = _digest([base, landed] if landed is not None else _as_dict(image))
        for command in image.dockerfile_commands:
            if command.upper().startswith("WORKDIR "):
                workdir = posixpath.join(workdir, command.split(None, 1)[1])
        self._workdirs[f"im-{identity}"] = workdir
        return identity

    def _landed(self, image: Any, workdir: str) -> list[str] | None:
        commands = [command.split() for command in image.dockerfile_commands]
        if not image.context_mount_id or [words[0] for words in commands] != ["FROM", "COPY"] or len(commands[1]) != 3:
            return None
        _, source, target = commands[1]
        names = [name.lstrip("/") for name in self._files[image.context_mount_id]]
        place = posixpath.join(workdir, target)
        if source != CONTEXT and not target.endswith(("/", ".")):
            return [posixpath.normpath(place)]
        return sorted(posixpath.normpath(posixpath.join(place, name)) for name in names)


async def _no_channel(client: object, server_url: str) -> None:
    return None


def _registration(request: Any, files: dict[str, list[str]]) -> Any:
    """Return what a function is registered with; of its mounts, the files that they put in place.

    How a class takes its parameters is left out: that is what one section changes.
    """
    said = _as_dict(request)
    function = said.get("function", {})
    placed = (files.get(mount) or [mount] for mount in function.get("mount_ids", []))
    function["mount_ids"] = sorted({name for names in placed for name in names})
    needed = function.get("object_dependencies", [])
    function["object_dependencies"] = [each for each in needed if not each["object_id"].startswith("mo-")]
    function.pop("class_parameter_info", None)
    said.get("function_data", {}).pop("experimental_options", None)
    return said


def _as_dict(message: Any) -> Any:
    to_dict = importlib.import_module("google.protobuf.json_format").MessageToDict
    return to_dict(message, preserving_proto_field_name=True)


def _text(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True)


def _digest(value: object) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:12]
