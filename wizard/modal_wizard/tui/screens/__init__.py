"""The screens of the wizard, one file each."""

from __future__ import annotations
