"""The headless commands, one module each; every module has ``run``, which returns the exit code."""

from __future__ import annotations
