"""What the first SDKs had, and what a person writes in its place."""

from __future__ import annotations

from modal_transforms.modal_api.rows import NameRow, Table

_UNDER = "Write @app.function(...) and under it @modal.{0}, with what is said of the endpoint."
_ENDPOINTS = {
    "webhook": "fastapi_endpoint(method=...)",
    "web_endpoint": "fastapi_endpoint(method=...)",
    "asgi": "asgi_app()",
    "asgi_app": "asgi_app()",
    "wsgi": "wsgi_app()",
    "wsgi_app": "wsgi_app()",
}
TABLE = Table(
    [
        *(
            NameRow(
                rule="app-endpoint",
                old=f"modal.App().{name}",
                gone="0.49.2489",
                advice=_UNDER.format(decorator),
            )
            for name, decorator in _ENDPOINTS.items()
        ),
    ]
)
