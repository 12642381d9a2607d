"""What has a new name, and what has gone."""

from __future__ import annotations

from modal_transforms.modal_api.rows import NameRow, Table

TABLE = Table(
    [
        NameRow(rule="run-inside", old="modal.Image().run_inside", new="modal.Image().imports", gone="0.62.80"),
        NameRow(
            rule="container-app",
            old="modal.container_app",
            gone="0.53.3720",
            advice="Read what you need of it from a variable of the module.",
        ),
        NameRow(
            rule="interactive-shell",
            old="modal.App().interactive_shell",
            gone="0.61.109",
            advice="Run `modal shell FILE::FUNCTION`.",
        ),
        NameRow(rule="description", old="modal.App().set_description", advice="Delete it; App(...) has the name."),
        NameRow(
            rule="indexed-objects",
            old="modal.App().indexed_objects",
            advice="Keep the functions and classes in a dict of your own; registered_functions warns, too.",
        ),
    ]
)
