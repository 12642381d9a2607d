"""Signals, child processes, a lost terminal, the exit, crash reports."""

from __future__ import annotations
