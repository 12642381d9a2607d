"""What Python code means, with the names of Modal resolved."""

from __future__ import annotations
