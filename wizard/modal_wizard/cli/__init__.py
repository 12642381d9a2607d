"""The command line, a module each command: ``add_arguments``, and ``run``, which returns the exit code."""

from __future__ import annotations
