"""How fast the wizard is, beside what else could do the same work; see README.md."""

from __future__ import annotations
