"""Signals, child processes, a lost terminal, the exit, crash reports, and what differs between systems."""

from __future__ import annotations
