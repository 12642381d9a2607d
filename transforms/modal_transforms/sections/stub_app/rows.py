"""The functions that were called after a stub."""

from __future__ import annotations

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api.rows import NameRow, Table

_CALLED_NOW = {
    "modal.runner.run_stub": "modal.runner.run_app",
    "modal.runner.deploy_stub": "modal.runner.deploy_app",
    "modal.serving.serve_stub": "modal.serving.serve_app",
}

TABLE = Table(
    NameRow(
        rule="stub-function",
        old=old,
        new=new,
        gone="0.63.79" if old.endswith("serve_stub") else "0.64.102",
        applicability=Applicability.REVIEW,
        needs="0.62.82",
    )
    for old, new in _CALLED_NOW.items()
)
