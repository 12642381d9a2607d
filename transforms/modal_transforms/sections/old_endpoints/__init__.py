"""Web endpoints that were decorators of the app: before 0.50, and not rewritten.

What takes their place has another shape, two decorators. Each is explained where it stands.

    @stub.webhook(method="POST")    ->    @app.function()
                                          @modal.fastapi_endpoint(method="POST")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import NameRow, Table, find_rows

SECTION = Section(
    slug="old-endpoints",
    title="Endpoints of the first SDKs",
    breaks_in="0.49.2489",
    subject="write endpoints under the decorator of the function",
    what="app.webhook, app.asgi, app.wsgi and their kin are decorators of modal under @app.function().",
    why="AttributeError as soon as the file is imported.",
    before='@stub.webhook(method="POST")\ndef f(): ...',
    after='@app.function()\n@modal.fastapi_endpoint(method="POST")\ndef f(): ...',
)

_UNDER = "Write @app.function(...) and under it @modal.{0}, with what is said of the endpoint."
_ENDPOINTS = {
    "webhook": "fastapi_endpoint(method=...)",
    "web_endpoint": "fastapi_endpoint(method=...)",
    "asgi": "asgi_app()",
    "asgi_app": "asgi_app()",
    "wsgi": "wsgi_app()",
    "wsgi_app": "wsgi_app()",
}
_TABLE = Table(
    [
        *(
            NameRow(rule="app-endpoint", old=f"modal.App().{name}", gone="0.49.2489", advice=_UNDER.format(decorator))
            for name, decorator in _ENDPOINTS.items()
        )
    ]
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the endpoints of the first SDKs that a file has."""
    yield from find_rows(module, _TABLE)
