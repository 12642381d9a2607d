"""The model of a review without a screen: context, filter, search, similarity."""

from __future__ import annotations
