"""web_endpoint → fastapi_endpoint.

The new name exists from 0.73.82 on, the old one warns from 0.73.89 on and raises when it is called from 1.4.0 on,
although importing it still works. Parameters and behaviour are the same.
Guide: https://modal.com/docs/guide/modal-1-0-migration#renaming-modalweb_endpoint-to-modalfastapi_endpoint

    @modal.web_endpoint(method="POST")        ->    @modal.fastapi_endpoint(method="POST")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, RemoveArgument, Section, Span
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.fastapi_endpoint.detect import find_uses
from modal_transforms.sections.fastapi_endpoint.imports import find_imports

SECTION = Section(
    number=6,
    slug="fastapi-endpoint",
    title="web_endpoint → fastapi_endpoint",
    anchor="renaming-modalweb_endpoint-to-modalfastapi_endpoint",
    since="0.73.89",
    breaks_in="1.4.0",
    subject="rename web_endpoint to fastapi_endpoint",
    what=("modal.web_endpoint is called modal.fastapi_endpoint. Parameters and behaviour are the same."),
    why=("From 1.4.0 calling the old decorator raises DeprecationError, although importing it still works."),
    before=("@app.function()\n@modal.web_endpoint()\ndef hello(): ..."),
    after=("@app.function()\n@modal.fastapi_endpoint()\ndef hello(): ..."),
)

SPELLINGS = Spellings((spelled(How.NAME, "web_endpoint"), spelled(How.KEYWORD, "wait_for_response")))

ENDPOINTS = frozenset({"modal.web_endpoint", "modal.fastapi_endpoint", "modal.asgi_app", "modal.wsgi_app"})
LONG_GONE = {
    "webhook": "fastapi_endpoint",
    "web_endpoint": "fastapi_endpoint",
    "asgi": "asgi_app",
    "asgi_app": "asgi_app",
    "wsgi": "wsgi_app",
    "wsgi_app": "wsgi_app",
}
"""Methods of a stub or app that made endpoints; gone since 0.56."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the old decorator's uses and imports, and what else of web endpoints 1.x does not take."""
    yield from find_uses(SECTION, module)
    yield from find_imports(SECTION, module)
    for call in module.index.calls:
        item = keyword(call, "wait_for_response")
        if item is not None and module.symbol(call.func) in ENDPOINTS:
            yield _wait_for_response(module, call, item)
    for node in module.index.attributes:
        if node.attr in LONG_GONE and module.symbol(node.value) == "modal.App()":
            yield _long_gone(module, node)


def _wait_for_response(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``wait_for_response`` has been an error since 0.64.193; ``True`` was the default."""
    evidence = module.evidence(call.func)
    message = "wait_for_response does not exist any more"
    place = keyword_name(module, item)
    if isinstance(item.value, ast.Constant) and item.value.value is True:
        drop = RemoveArgument(module.source.path, module.source.span(call), module.source.span(item))
        choice = Choice("delete", "delete it", "None: an endpoint always waits for the response.", (drop,))
        return module.finding(SECTION, "endpoint-wait", place, message, Applicability.SAFE, (choice,), evidence)
    advice = (
        "Let the endpoint .spawn() a function that does the work and answer at once, and delete the argument: an "
        "endpoint always waits for the response."
    )
    return module.finding(SECTION, "endpoint-wait", place, message, Applicability.MANUAL, (), evidence, advice)


def _long_gone(module: Module, node: ast.Attribute) -> Finding:
    end = module.source.span(node).end
    place = Span(end - len(node.attr), end)
    owner = module.source.slice(module.source.span(node.value))
    advice = (
        f"Put @{owner}.function(…) with the options of the function above @modal.{LONG_GONE[node.attr]}(…) with those "
        "of the endpoint."
    )
    message = f"{owner}.{node.attr} has not existed since 0.56"
    return module.finding(
        SECTION, "endpoint-method", place, message, Applicability.MANUAL, (), module.evidence(node.value), advice
    )
