"""What has a new name and means the same, and what has gone."""

from __future__ import annotations

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api.rows import ArgumentRow, Table

_REVIEW, _MANUAL = Applicability.REVIEW, Applicability.MANUAL
_CREATE = ("modal.Sandbox.create",)
_RUNS = ("modal.App().function", "modal.App().cls")
_DATA = "Make the Dict first, then call its update(...)."

TABLE = Table(
    [
        ArgumentRow(
            rule="sandbox-environment",
            callees=_CREATE,
            old="environment_name",
            since="1.1.0",
            applicability=_REVIEW,
            effect="The sandbox is in the environment of its app.",
            advice="Check that app= is given, and looked up in that environment.",
        ),
        ArgumentRow(
            rule="sandbox-allowlist",
            callees=_CREATE,
            old="cidr_allowlist",
            new="outbound_cidr_allowlist",
            since="1.4.3",
            applicability=_REVIEW,
            effect="The same; needs modal 1.4.3 or newer.",
            needs="1.4.3",
        ),
        ArgumentRow(
            rule="sandbox-tags-client",
            callees=("modal.Sandbox().set_tags",),
            old="client",
            since="1.2.0",
            applicability=_REVIEW,
            effect="The client of the sandbox is asked.",
            advice="Give client= where the sandbox is made or looked up.",
        ),
        ArgumentRow(
            rule="wrapped-exceptions",
            callees=("modal.Function().map", "modal.Function().starmap"),
            old="wrap_returned_exceptions",
            since="1.4.0",
            applicability=_REVIEW,
            effect="None from 1.4.0 on: returned exceptions are what was raised.",
            advice="Check what is done with returned exceptions: none is a UserCodeException any more.",
        ),
        ArgumentRow(
            rule="shown-progress",
            callees=("modal.enable_output",),
            old="show_progress",
            only_for=(True,),
            effect="Progress is shown, which is how it is now.",
        ),
        ArgumentRow(
            rule="workspace",
            callees=("modal.Cls.from_name",),
            old="workspace",
            applicability=_REVIEW,
            effect="The class is looked up in the workspace of the client.",
            advice="Classes of other workspaces cannot be reached any more.",
        ),
        ArgumentRow(
            rule="scaling-factor",
            callees=_RUNS,
            old="_experimental_custom_scaling_factor",
            applicability=_REVIEW,
            effect="Containers are added as for any other function.",
        ),
        ArgumentRow(
            rule="cross-region-volumes",
            callees=_RUNS,
            old="allow_cross_region_volumes",
            since="0.74.21",
            effect="None: Volumes may always be in another region.",
        ),
        ArgumentRow(
            rule="scheduler-placement",
            callees=(*_RUNS, *_CREATE),
            old="_experimental_scheduler_placement",
            since="1.3.0",
            applicability=_MANUAL,
            advice="Write region=... for its region, nonpreemptible=True for what is not spot.",
        ),
        ArgumentRow(
            rule="proxy-ip",
            callees=_RUNS,
            old="_experimental_proxy_ip",
            applicability=_MANUAL,
            advice="Write proxy=modal.Proxy.from_name(name), for a proxy of the workspace.",
        ),
        ArgumentRow(
            rule="dict-data",
            callees=("modal.Dict.from_name", "modal.Dict.ephemeral"),
            old="data",
            since="0.74.61",
            applicability=_MANUAL,
            advice=_DATA,
        ),
    ]
)
