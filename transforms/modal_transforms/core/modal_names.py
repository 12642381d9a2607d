"""What Modal's public names are called, and what calling or reading them gives.

A symbol is a dotted path such as ``modal.Image`` or ``modal.gpu.A100``; a trailing ``()`` means an instance or a
result: ``modal.App()`` is an app, ``modal.App().function()`` the decorator that it returns.
"""

from __future__ import annotations

from functools import cache

from modal_transforms.core.patterns import pattern

_OBJECTS = frozenset(
    "App Cls Dict Environment Function Image Mount NetworkFileSystem Proxy Queue Sandbox Secret Volume".split()
)
"""Classes whose class methods return an instance (``modal.Volume.from_name``)."""

_HOMES = frozenset(
    "app stub cls functions function image mount volume secret dict queue network_file_system partial_function "
    "sandbox object proxy schedule retries cloud_bucket_mount _functions _partial_function parallel_map aio".split()
)
"""Modules of the SDK whose public names are those of ``modal`` itself."""

_ALIASES = {
    **{"modal.Stub": "modal.App", "modal.AioStub": "modal.App", "modal.AioApp": "modal.App"},
    **{f"modal.Aio{name}": f"modal.{name}" for name in "Dict Function Image Mount Queue Secret".split()},
    **{f"modal.aio_{name}": f"modal.{name}" for name in "asgi_app method web_endpoint wsgi_app".split()},
}

_FIRST = pattern(r"modal\.\w+")

_SELF_RETURNING = {"modal.Image()": frozenset({"imports", "run_inside", "build_async", "object_id", "id"})}
"""Objects whose methods return one of their own kind, but for those named."""

_CHAINS = {
    "modal.Cls().with_options": "modal.Cls()",
    "modal.Cls().with_concurrency": "modal.Cls()",
    "modal.Cls().with_batching": "modal.Cls()",
    "modal.Function().with_options": "modal.Function()",
    "modal.Cls()": "modal.Obj()",
    "modal.App().function()": "modal.Function()",
    "modal.App().cls()": "modal.Cls()",
    "modal.App.lookup": "modal.App()",
    "modal.Mount().add_local_dir": "modal.Mount()",
    "modal.Mount().add_local_file": "modal.Mount()",
    "modal.Image().imports": "modal.Image().imports()",
}

_MARKERS = frozenset(
    "asgi_app batched build concurrent enter exit fastapi_endpoint method web_endpoint web_server wsgi_app".split()
)
"""Decorators of ``modal`` that go under ``@app.function`` or on methods."""


PUBLIC = frozenset(
    "App Stub Image Mount Volume Secret Dict Queue Function Cls NetworkFileSystem Sandbox Proxy Period Cron gpu build "
    "enter exit method web_endpoint fastapi_endpoint asgi_app wsgi_app web_server concurrent batched parameter".split()
)
"""What ``from modal import *`` gives, as far as sections ask for it."""

IMPLIED = {"modal": "modal", "app": "modal.App()", "stub": "modal.App()", "image": "modal.Image()"}
"""What names stand for in the code of documents that shows no import."""


@cache
def canonical(path: str) -> str:
    """Return the one spelling of a symbol: ``modal.mount.Mount`` and ``modal.Mount`` are the same thing."""
    parts = path.split(".")
    if len(parts) > 2 and parts[0] == "modal" and parts[1] in _HOMES:
        path = ".".join(["modal", *parts[2:]])
    elif len(parts) == 3 and parts[:2] == ["modal", "environments"] and parts[2] == "Environment":
        path = "modal.Environment"
    first = _FIRST.match(path)
    if first is not None and first[0] in _ALIASES:
        return _ALIASES[first[0]] + path[first.end() :]
    return path


def read(symbol: str, attribute: str) -> str:
    """Return the symbol of ``symbol.attribute``."""
    return canonical(f"{symbol}.{attribute}")


REGISTERED = {"modal.App().function": "modal.Function()", "modal.App().cls": "modal.Cls()"}
"""What a definition is under a decorator of an app, whether that is called or, as in 2022, bare."""


@cache
def called(symbol: str) -> str:
    """Return the symbol of what a call of ``symbol`` gives."""
    symbol = symbol.removesuffix(".aio")
    if symbol in _CHAINS:
        return _CHAINS[symbol]
    owner, _, method = symbol.rpartition(".")
    kind = owner.removeprefix("modal.")
    if method in {"hydrate", "resolve"} and owner.endswith("()"):
        return owner
    if kind in _OBJECTS and method and method[0].islower():
        return f"{owner}()"
    if owner in _SELF_RETURNING and method not in _SELF_RETURNING[owner]:
        return owner
    if symbol.endswith("()") and is_marker(symbol):
        return "modal.PartialFunction()"
    return f"{symbol}()"


def is_marker(symbol: str) -> bool:
    """Tell whether a symbol is one of Modal's decorators for functions and methods (not ``app.function``)."""
    return symbol.removesuffix("()").removeprefix("modal.") in _MARKERS
