"""Which endpoints have an image without fastapi, and the step that installs it: once for an image with a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from modal_transforms.analysis.definitions import Definition
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Section, Span
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.fastapi_images import REASON, FastapiTold, fastapi_in, function_of
from modal_transforms.modal_api.images import Extension, extend_definition, extend_image, image_definition

_ENDPOINTS = frozenset({"modal.fastapi_endpoint", "modal.web_endpoint"})
_STEP = '.pip_install("fastapi[standard]")'
_SAID = {
    FastapiTold.NOT_INSTALLED: "does not install fastapi",
    FastapiTold.NOT_NAMED: "installs packages, fastapi not by its name",
}


def find_endpoints(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the endpoints of a file whose image does not install fastapi, those of one image together."""
    together: dict[object, list[tuple[ast.Call, Deployed]]] = {}
    for call in module.index.calls:
        if module.symbol(call.func) in _ENDPOINTS and (found := function_of(module, call)) is not None:
            image = image_definition(found)
            together.setdefault(image.binding if image is not None else found.call, []).append((call, found))
    for places in together.values():
        told = fastapi_in(places[0][1])
        if told in _SAID:
            yield _finding(module, section, places, told)


def _finding(
    module: Module, section: Section, places: Sequence[tuple[ast.Call, Deployed]], told: FastapiTold
) -> Finding:
    found, image = places[0][1], image_definition(places[0][1])
    made = _extension(found, image)
    name = f"The image {image.name}" if image is not None else f"The image of {found.name}"
    effect = "One more step of the image, which installs fastapi and what it needs."
    if image is not None or (made is not None and made.others):
        effect += " All that runs in this image gets it."
    choices = (Choice("install", "install fastapi", effect, made.changes),) if made is not None else ()
    return module.finding(
        section,
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
    if image is None:
        return extend_image(found, _STEP, build_step=True)
    changes = extend_definition(image, _STEP, build_step=True)
    return Extension(changes) if changes is not None else None
