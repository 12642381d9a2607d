"""Signals, child processes, leaving, crash reports."""

from __future__ import annotations
