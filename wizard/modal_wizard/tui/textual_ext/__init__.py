"""The only place that touches private names of Textual; each module says which ones, and what they buy."""

from __future__ import annotations
