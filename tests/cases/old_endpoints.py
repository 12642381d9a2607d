"""Cases of the section ``old-endpoints``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

MANUAL = Applicability.MANUAL
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")


def case(id: str, decorator: str) -> Case:
    """Return a case of one endpoint, which a person rewrites."""
    code = f'import modal\n\napp = modal.App("a")\n\n@{decorator}\ndef f(): ...\n'
    return Case(id, code, code, ("app-endpoint",), MANUAL, proof=BY_HAND)


CASES = [
    case("webhook", 'app.webhook(method="POST")'),
    case("web-endpoint", "app.web_endpoint()"),
    case("asgi", "app.asgi()"),
    case("asgi-app", "app.asgi_app"),
    case("wsgi", "app.wsgi(cpu=1)"),
    case("wsgi-app", "app.wsgi_app()"),
]

NEAR_MISSES = [
    NearMiss("todays", 'import modal\n\napp = modal.App("a")\n\n@app.function()\n@modal.asgi_app()\ndef f(): ...\n'),
    NearMiss("of-another-app", "import modal\nfrom theirs import app\n\n@app.webhook()\ndef f(): ...\n"),
]
