"""Atomic, journaled writes below the root, and backups."""

from __future__ import annotations
