"""The real Modal SDKs that everything is proved with, in environments made as ``modal-wizard verify`` makes them."""

from __future__ import annotations

from modal_wizard.verify.environments import SdkMissing, cache_folder, locked, sdk_python

__all__ = ["NEW", "OLD", "SdkMissing", "cache_folder", "locked", "sdk_python"]

OLD = "0.77.0"
"""The last SDK that still accepts every old spelling, with warnings."""
NEW = "1.6.4"
"""The SDK that migrated code is for."""
