"""What the Modal SDK means: apps, images, classes, its command line."""

from __future__ import annotations
