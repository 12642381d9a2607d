"""The old names of network file systems."""

from __future__ import annotations

from modal_transforms.modal_api.rows import ArgumentRow, NameRow, Table

_EFFECT = "None at run time: the same data under another name."

TABLE = Table(
    [
        *(
            NameRow(rule="shared-volume", old=old, new="modal.NetworkFileSystem", gone="0.51.3294", effect=_EFFECT)
            for old in ("modal.SharedVolume", "modal.shared_volume.SharedVolume")
        ),
        ArgumentRow(
            rule="shared-volumes-argument",
            callees=(
                "modal.App().function",
                "modal.App().cls",
                "modal.App().spawn_sandbox",
                "modal.Image().run_function",
                "modal.Sandbox.create",
            ),
            old="shared_volumes",
            new="network_file_systems",
            effect=_EFFECT,
        ),
    ]
)
