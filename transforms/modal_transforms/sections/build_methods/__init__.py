"""The parts of the section ``build`` (a folder called ``build`` is one that tools pass over)."""

from __future__ import annotations
