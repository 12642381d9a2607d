"""A stand-in for Modal's server: answers every call with an empty reply that carries made-up identities.

Enough for what runs while a file is imported: a lookup finds its object, a volume is created, an app is found.
"""

from __future__ import annotations

import importlib
from typing import Any, NoReturn

PREFIXES = {
    "app_id": "ap",
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
    "volume_id": "vo",
}


def install() -> None:
    """Put the stand-in behind every client of the SDK, and give it credentials that nobody else would take."""
    client = importlib.import_module("modal.client")._Client
    client._get_channel = _no_channel
    client._call_unary = _answer
    client._call_stream = _no_stream


async def _no_channel(client: object, server_url: str) -> None:
    return None


async def _answer(client: object, method: Any, request: object, **options: object) -> Any:
    reply = method.reply_type()
    for field in reply.DESCRIPTOR.fields:
        if field.name in PREFIXES:
            setattr(reply, field.name, f"{PREFIXES[field.name]}-made-up")
    return reply


def _no_stream(client: object, method: Any, request: object, **options: object) -> NoReturn:
    raise OSError(f"the stand-in for Modal's server answers no streams ({method.name})")
