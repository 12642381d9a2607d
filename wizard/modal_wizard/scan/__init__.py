"""From files to findings: discovery, prefilter, worker process."""

from __future__ import annotations
