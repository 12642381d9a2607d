"""What a looked-up function or class is used for."""

from __future__ import annotations
