"""The only place that touches private names of Textual."""

from __future__ import annotations
