"""What has a new name and takes the same, and what has gone."""

from __future__ import annotations

from modal_transforms.modal_api.rows import NameRow, Table

_BY_NAME = "Write modal.Function.from_name(app, name), or the class of what is looked up: Cls, Volume, Dict, Queue."

TABLE = Table(
    [
        NameRow(rule="gather", old="modal.functions.gather", new="modal.FunctionCall.gather", since="0.73.69"),
        NameRow(
            rule="submit",
            old="modal.Function().submit",
            new="modal.Function().spawn",
            gone="0.49.1995",
            effect="None at run time: it gives a FunctionCall.",
        ),
        NameRow(
            rule="enqueue",
            old="modal.Function().enqueue",
            new="modal.Function().spawn",
            gone="0.49.1995",
            effect="None at run time: it gives a FunctionCall.",
        ),
        NameRow(
            rule="raw-function",
            old="modal.Function().get_raw_f",
            advice="Call .local(...), or keep the work in a plain function that this one calls.",
        ),
        NameRow(
            rule="generator-results",
            old="modal.FunctionCall().get_gen",
            advice="Spawned generators are gone: call .remote_gen(...), or let the function return a list.",
        ),
        NameRow(rule="module-lookup", old="modal.lookup", advice=_BY_NAME),
    ]
)
