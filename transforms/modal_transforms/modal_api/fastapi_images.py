"""Whether the image of an endpoint installs fastapi, which newer images no longer hold by themselves."""

from __future__ import annotations

import ast
from enum import Enum, auto

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import Deployed, ImageSource, deployed

REASON = "since 0.74.39 the SDK does not bring it, and images of builder version 2024.10 or later do not hold it."
_FACTORIES = frozenset({"modal.Image.debian_slim", "modal.Image.micromamba"})
_HARMLESS = frozenset(
    "add_local_dir add_local_file add_local_python_source apt_install copy_local_dir copy_local_file entrypoint env "
    "workdir".split()
)
"""Steps that install no package of Python."""
_INSTALLERS = frozenset({"pip_install", "uv_pip_install", "micromamba_install"})
_BRINGING = frozenset("bentoml chromadb gradio langserve litellm mlflow sglang vllm".split())
"""Packages that need fastapi themselves."""
_NAME = pattern(r"[^\w.-]")
_LONGEST = 200


class FastapiTold(Enum):
    """What an image's steps tell of fastapi."""

    INSTALLED = auto()
    NOT_INSTALLED = auto()
    NOT_NAMED = auto()
    """Packages are installed, fastapi not by its name: one of them may bring it."""
    BROUGHT = auto()
    """A package is installed that is known to need it."""
    UNSEEN = auto()
    """Not all steps can be seen."""


def fastapi_advice(module: Module, decorator: ast.expr) -> str:
    """Return what to check of the image that an endpoint runs in; empty where it installs fastapi."""
    found = function_of(module, decorator)
    if found is None:
        return ""
    told = fastapi_in(found)
    if told in {FastapiTold.INSTALLED, FastapiTold.BROUGHT}:
        return ""
    if told is FastapiTold.UNSEEN:
        return f"Check that the image of {found.name} installs fastapi[standard]: {REASON}"
    unless = ", unless one of its packages brings it" if told is FastapiTold.NOT_NAMED else ""
    verb = "name" if told is FastapiTold.NOT_NAMED else "install"
    return f'The image of {found.name} does not {verb} fastapi; add .pip_install("fastapi[standard]"){unless}: {REASON}'


def fastapi_in(found: Deployed) -> FastapiTold:
    """Tell whether the image of a function or class installs fastapi."""
    if found.image is not None:
        return _installs(found.image_module, found.image)
    return FastapiTold.NOT_INSTALLED if found.source is ImageSource.DEFAULT else FastapiTold.UNSEEN


def function_of(module: Module, decorator: ast.expr) -> Deployed | None:
    """Return the function or class that a decorator of a function or method belongs to."""
    around = [node for node in module.index.ancestors(decorator) if not isinstance(node, (ast.expr, ast.keyword))]
    if not around or not isinstance(around[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    owners = {around[0], *(node for node in around[1:2] if isinstance(node, ast.ClassDef))}
    return next((each for each in deployed(module) if each.definition in owners), None)


def _installs(module: Module, image: ast.expr) -> FastapiTold:
    """Tell whether an image's steps install fastapi."""
    sure, missing = True, FastapiTold.NOT_INSTALLED
    for _ in range(_LONGEST):
        module, image = origin(module, image)
        if not isinstance(image, ast.Call):
            return FastapiTold.UNSEEN
        symbol = module.symbol(image.func)
        if symbol in _FACTORIES:
            return missing if sure else FastapiTold.UNSEEN
        if not symbol.startswith("modal.Image().") or not isinstance(image.func, ast.Attribute):
            return FastapiTold.UNSEEN
        said = _texts(image)
        if any("fastapi" in text for text in said):
            return FastapiTold.INSTALLED
        if any(_NAME.split(text, maxsplit=1)[0].lower() in _BRINGING for text in said):
            return FastapiTold.BROUGHT
        sure = sure and (image.func.attr in _HARMLESS or (image.func.attr in _INSTALLERS and _is_written_out(image)))
        missing = FastapiTold.NOT_NAMED if image.func.attr in _INSTALLERS else missing
        image = image.func.value
    return FastapiTold.UNSEEN


def _texts(call: ast.Call) -> list[str]:
    given = [*call.args, *(item.value for item in call.keywords)]
    nodes = [part for node in given for part in ast.walk(node)]
    return [part.value for part in nodes if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _is_written_out(call: ast.Call) -> bool:
    return all(isinstance(part, (ast.Constant, ast.List, ast.Load)) for arg in call.args for part in ast.walk(arg))
