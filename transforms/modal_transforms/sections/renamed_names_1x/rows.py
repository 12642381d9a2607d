"""What is called otherwise and takes the same, and what has gone."""

from __future__ import annotations

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api.rows import NameRow, Table

RAW_IMAGE = "raw-image"
"""The rule about images that were built from a tag or a Dockerfile without any change."""
_REVIEW = Applicability.REVIEW
_IMAGE = "Write modal.Image.from_registry(...), or modal.Image.from_scratch()."
_RAW = (
    "The same with image builder 2025.06. An older one installs what Modal's client needs, too: the image then has to "
    "have Python and pip."
)
_SECRET = "Write modal.Image.{0}(...); from_registry takes secret=, and tells by its keys how to log in."
_REGISTERED = (
    "Keep what you need of the app's functions and classes in names of your own. Of an app that is looked up it fails "
    "already: look the function or class up by its name."
)

TABLE = Table(
    [
        NameRow(
            rule="pending-deprecation",
            old="modal.exception.PendingDeprecationError",
            new="modal.exception.DeprecationError",
            applicability=_REVIEW,
            effect="All that the SDK says of deprecations is one kind of warning.",
        ),
        NameRow(
            rule="filesystem-error",
            old="modal.exception.FilesystemExecutionError",
            new="modal.exception.SandboxFilesystemError",
            applicability=_REVIEW,
            effect="What sb.filesystem raises; needs modal 1.4.0 or newer.",
            needs="1.4.0",
        ),
        NameRow(
            rule="snapshot-module",
            old="modal.snapshot.SandboxSnapshot",
            new="modal.SandboxSnapshot",
        ),
        *(
            NameRow(
                rule=RAW_IMAGE,
                old=f"modal.experimental.raw_{name}_image",
                new=f"modal.Image.from_{name}",
                applicability=_REVIEW,
                effect=_RAW,
                advice=_SECRET.format(f"from_{name}"),
            )
            for name in ("registry", "dockerfile")
        ),
        NameRow(rule="experimental-image", old="modal.experimental.notebook_base_image", advice=_IMAGE),
        NameRow(
            rule="billing",
            old="modal.billing.workspace_billing_report",
            since="1.5.1",
            advice="Write workspace.billing.report(...), of a modal.Workspace.",
        ),
        *(
            NameRow(
                rule="registered",
                old=f"modal.App().registered_{name}",
                since="1.5.5",
                message=f"App.registered_{name} is deprecated; 1.7.0 will remove it",
                advice=_REGISTERED,
            )
            for name in ("functions", "classes", "entrypoints", "web_endpoints")
        ),
        NameRow(
            rule="description",
            old="modal.App().set_description",
            since="1.5.5",
            advice="Give the app its name where it is made: modal.App(name).",
        ),
        NameRow(
            rule="set-client",
            old="modal.Client.set_env_client",
            advice="Give client=... where objects are looked up or made.",
        ),
        NameRow(
            rule="environment",
            old="modal.environments.ensure_env",
            advice="Write modal.Environment.from_name(name, create_if_missing=True).",
        ),
        NameRow(
            rule="mounted-image",
            old="modal.Sandbox()._experimental_mount_image",
            new="modal.Sandbox().mount_image",
            applicability=_REVIEW,
            effect="The same; needs modal 1.3.4 or newer.",
            needs="1.3.4",
        ),
        NameRow(
            rule="snapshot-v2",
            old="modal.Sandbox._experimental_from_snapshot_v2",
            gone="1.6.3",
            advice="Write modal.Sandbox._experimental_from_snapshot(snapshot, name=...).",
        ),
        NameRow(
            rule="server",
            old="modal.App()._experimental_server",
            new="modal.App().server",
            gone="1.5.2",
            applicability=_REVIEW,
            effect="A server as app.server makes it: compare the arguments. Needs modal 1.5.1 or newer.",
            needs="1.5.1",
        ),
        *(
            NameRow(
                rule="client-stub",
                old=f"modal.Client().{name}",
                since="1.6.0",
                message=f"Client.{name} is the SDK's own, and warns",
                advice="Ask for what you need through the public names of modal.",
            )
            for name in ("stub", "get_stub")
        ),
        NameRow(
            rule="directory-snapshot",
            old="modal.Sandbox()._experimental_snapshot_directory",
            new="modal.Sandbox().snapshot_directory",
            applicability=_REVIEW,
            effect="The same; needs modal 1.3.4 or newer.",
            needs="1.3.4",
        ),
    ]
)
