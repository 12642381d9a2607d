"""What pre-commit, GitHub and many repositories need beside the commands themselves."""

from __future__ import annotations
