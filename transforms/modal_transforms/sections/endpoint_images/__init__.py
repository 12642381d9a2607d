"""Web endpoints in images that do not install fastapi, which the SDK no longer brings.

modal.Image.debian_slim()    ->    modal.Image.debian_slim().pip_install("fastapi[standard]")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from modal_transforms.analysis.definitions import Definition
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.core.model import AddArgument, Applicability, Choice, Finding, Section, Span
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.fastapi_images import REASON, FastapiTold, fastapi_in, function_of
from modal_transforms.modal_api.images import Extension, extend_definition, extend_image, image_definition
from modal_transforms.rewrite.line_length import line_length

SECTION = Section(
    slug="endpoint-images",
    title="Images of web endpoints",
    breaks_in="0.74.39",
    subject="install fastapi in the images of web endpoints",
    what="A web endpoint needs fastapi in its image; images of builder version 2024.10 or later do not hold it.",
    why="The container of the endpoint fails as soon as it starts.",
    before="modal.Image.debian_slim()",
    after='modal.Image.debian_slim().pip_install("fastapi[standard]")',
)

_ENDPOINTS = frozenset({"modal.fastapi_endpoint", "modal.web_endpoint"})
_PACKAGE = '"fastapi[standard]"'
_STEP = f".pip_install({_PACKAGE})"
_INSTALLERS = frozenset({"pip_install", "uv_pip_install"})
_SAID = {
    FastapiTold.NOT_INSTALLED: "does not install fastapi",
    FastapiTold.NOT_NAMED: "installs packages, fastapi not by its name",
}


def find(module: Module) -> Iterator[Finding]:
    """Yield the web endpoints of a file whose image does not install fastapi."""
    together: dict[object, list[tuple[ast.Call, Deployed]]] = {}
    for call in module.index.calls:
        if module.symbol(call.func) in _ENDPOINTS and (found := function_of(module, call)) is not None:
            image = image_definition(found)
            together.setdefault(image.binding if image is not None else found.call, []).append((call, found))
    for places in together.values():
        told = fastapi_in(places[0][1])
        if told in _SAID:
            yield _finding(module, places, told)


def _finding(module: Module, places: Sequence[tuple[ast.Call, Deployed]], told: FastapiTold) -> Finding:
    found, image = places[0][1], image_definition(places[0][1])
    made = _extension(found, image)
    name = f"The image {image.name}" if image is not None else f"The image of {found.name}"
    joins = made is not None and isinstance(made.changes[0], AddArgument)
    effect = (
        "The step that installs packages takes fastapi too, and what it needs; it is run again."
        if joins
        else "One more step of the image, which installs fastapi and what it needs."
    )
    if image is not None or found.source is ImageSource.APP:
        effect += " All that runs in this image gets it."
    choices = (Choice("install", "install fastapi", effect, made.changes),) if made is not None else ()
    return module.finding(
        "endpoint-image" if choices else "endpoint-image-by-hand",
        [_place(module, each.call.func) for _, each in places],
        f"{name} {_SAID[told]}, which a web endpoint needs",
        Applicability.REVIEW if choices else Applicability.MANUAL,
        choices,
        (f"S{REASON[1:].rstrip('.')}",),
        "" if choices else f"Add {_STEP} to it.",
    )


def _place(module: Module, function: ast.expr) -> Span:
    """Return where ``function`` or ``cls`` is written: the app before it may be called otherwise soon."""
    return (
        module.source.attribute_word(function) if isinstance(function, ast.Attribute) else module.source.span(function)
    )


def _extension(found: Deployed, image: Definition | None) -> Extension | None:
    written, home = (image.value, image.module) if image is not None else (found.image, found.image_module)
    step = _plain_step(home, written)
    if step is not None:
        columns = line_length(home)
        return Extension((AddArgument(home.source.path, home.source.span(step), _PACKAGE, columns),))
    if image is None:
        return extend_image(found, _STEP, build_step=True)
    changes = extend_definition(image, _STEP, build_step=True)
    return Extension(changes) if changes is not None else None


def _plain_step(module: Module, image: ast.expr | None) -> ast.expr | None:
    """Return the call, or the list in it, of the last step of a chain that installs packages by their names alone."""
    while isinstance(image, ast.Call) and isinstance(image.func, ast.Attribute):
        if image.func.attr in _INSTALLERS and not image.keywords and module.symbol(image.func.value) == "modal.Image()":
            only = image.args[0] if len(image.args) == 1 else None
            given = only.elts if isinstance(only, ast.List) else image.args
            named = [text_of(each) or "-" for each in given]
            if named and not any(name.startswith("-") or " " in name for name in named):
                return only if isinstance(only, ast.List) else image
        image = image.func.value
    return None
