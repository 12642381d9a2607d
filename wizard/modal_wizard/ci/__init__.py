"""What goes over many repositories."""

from __future__ import annotations
