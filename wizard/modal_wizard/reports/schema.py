"""The JSON Schemas of what goes out and what comes in, made of the types that write and read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from modal_wizard.decisions.model import Decisions, OutcomeLine
from modal_wizard.reports.plan import Plan

_TYPES: Mapping[str, tuple[type, str]] = {
    "plan": (Plan, "What modal-wizard scan --format json prints"),
    "decisions": (Decisions, "What modal-wizard --decisions takes and modal-wizard decisions prints"),
    "outcome": (OutcomeLine, "Each line that modal-wizard apply --format json prints"),
}


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of ``plan``, ``decisions`` or ``outcome``; ``KeyError`` for another name."""
    kind, title = _TYPES[name]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **msgspec.json.schema(kind)}
