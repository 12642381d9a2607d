"""Reports for people and for programs: text, JSON, SARIF, GitHub commands, Markdown."""

from __future__ import annotations
