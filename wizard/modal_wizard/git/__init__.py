"""Everything that asks git or changes a repository."""

from __future__ import annotations
