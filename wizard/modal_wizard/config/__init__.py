"""What a person may set for themselves: keys by the name of a command, colours, and how changes are looked at."""

from __future__ import annotations
