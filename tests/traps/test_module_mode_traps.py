"""Traps of module mode on the command line."""

from __future__ import annotations

from traps.seen import look

# SDK fact 12: what is a file and what a module


def test_dots_are_a_module() -> None:
    seen = look(
        "module-mode",
        "modal run pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal run pkg.mod",
        "+ modal run -m pkg.mod",
    ]


def test_what_follows_two_colons_is_no_part_of_the_path() -> None:
    seen = look(
        "module-mode",
        "modal deploy pkg.mod::app.f\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal deploy pkg.mod::app.f",
        "+ modal deploy -m pkg.mod::app.f",
    ]


def test_what_ends_in_py_is_a_file() -> None:
    seen = look(
        "module-mode",
        "modal run pkg/mod.py\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_file_with_an_object_is_a_file() -> None:
    seen = look(
        "module-mode",
        "modal run pkg/mod.py::f\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_file_with_an_empty_object_is_a_file() -> None:
    seen = look(
        "module-mode",
        "modal run mod.py::\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_file_with_more_dots_is_a_file() -> None:
    seen = look(
        "module-mode",
        "modal run my.mod.py\n",
        path="run.sh",
    )
    assert seen.found == []


def test_slashes_without_py_are_no_module_path_that_could_be_written() -> None:
    seen = look(
        "module-mode",
        "modal run src/mod\n",
        path="run.sh",
    )
    assert seen.found == []


def test_one_colon_never_worked() -> None:
    seen = look(
        "module-mode",
        "modal run pkg.mod:app\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_single_word_may_be_a_module_and_may_be_anything() -> None:
    seen = look(
        "module-mode",
        "modal deploy bot\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode-bare: review"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal deploy bot",
        "+ modal deploy -m bot",
    ]


def test_a_minus_is_the_program_on_standard_input() -> None:
    seen = look(
        "module-mode",
        "modal run -\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_module_flag_that_is_there_is_enough() -> None:
    seen = look(
        "module-mode",
        "modal run -m pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == []


# SDK fact 12: where the flag goes


def test_options_with_values_come_before_the_reference() -> None:
    seen = look(
        "module-mode",
        "modal run --env dev -q pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal run --env dev -q pkg.mod",
        "+ modal run --env dev -q -m pkg.mod",
    ]


def test_name_and_tag_have_values() -> None:
    seen = look(
        "module-mode",
        "modal deploy --name x.y --tag v1 pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal deploy --name x.y --tag v1 pkg.mod",
        "+ modal deploy --name x.y --tag v1 -m pkg.mod",
    ]


def test_a_file_to_write_to_is_no_reference() -> None:
    seen = look(
        "module-mode",
        "modal run -w out.txt pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal run -w out.txt pkg.mod",
        "+ modal run -w out.txt -m pkg.mod",
    ]


def test_what_follows_the_reference_belongs_to_the_program() -> None:
    seen = look(
        "module-mode",
        "modal run pkg.mod --model a.b\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal run pkg.mod --model a.b",
        "+ modal run -m pkg.mod --model a.b",
    ]


def test_the_flag_after_deploys_reference_is_there() -> None:
    seen = look(
        "module-mode",
        "modal deploy pkg.mod -m\n",
        path="run.sh",
    )
    assert seen.found == []


# SDK fact 12: which commands take a reference


def test_ids_of_containers_are_no_modules() -> None:
    seen = look(
        "module-mode",
        "modal shell ta-123\n",
        path="run.sh",
    )
    assert seen.found == []


def test_ids_of_sandboxes_are_no_modules() -> None:
    seen = look(
        "module-mode",
        "modal shell sb-abc123\n",
        path="run.sh",
    )
    assert seen.found == []


def test_ids_of_images_are_no_modules() -> None:
    seen = look(
        "module-mode",
        "modal shell im-abc123\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_shell_of_nothing_is_fine() -> None:
    seen = look(
        "module-mode",
        "modal shell\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_shell_of_a_module_needs_the_flag() -> None:
    seen = look(
        "module-mode",
        "modal shell pkg.mod::f\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- modal shell pkg.mod::f",
        "+ modal shell -m pkg.mod::f",
    ]


def test_launch_takes_templates() -> None:
    seen = look(
        "module-mode",
        "modal launch jupyter\n",
        path="run.sh",
    )
    assert seen.found == []


def test_app_and_volume_commands_take_names() -> None:
    seen = look(
        "module-mode",
        "modal app logs pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == []


def test_a_variable_is_not_guessed() -> None:
    seen = look(
        "module-mode",
        "modal deploy $APP\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode-unseen: manual"]


# SDK fact 12: where commands are written


def test_python_m_modal_is_modal() -> None:
    seen = look(
        "module-mode",
        "python -m modal deploy pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- python -m modal deploy pkg.mod",
        "+ python -m modal deploy -m pkg.mod",
    ]


def test_uv_and_poetry_run_modal() -> None:
    seen = look(
        "module-mode",
        "uv run modal deploy pkg.mod && poetry run modal serve pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == ["module-mode: safe", "module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- uv run modal deploy pkg.mod && poetry run modal serve pkg.mod",
        "+ uv run modal deploy -m pkg.mod && poetry run modal serve -m pkg.mod",
    ]


def test_argument_lists_of_python_get_a_word_of_its_own() -> None:
    seen = look(
        "module-mode",
        """
        import subprocess

        subprocess.run(["modal", "deploy", "pkg.mod"])
        """,
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        '- subprocess.run(["modal", "deploy", "pkg.mod"])',
        '+ subprocess.run(["modal", "deploy", "-m", "pkg.mod"])',
    ]


def test_docstrings_are_for_review() -> None:
    seen = look("module-mode", '"""Run it with modal run pkg.mod."""')
    assert seen.found == ["module-mode-text: review"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        '- """Run it with modal run pkg.mod."""',
        '+ """Run it with modal run -m pkg.mod."""',
    ]


def test_makefiles_have_commands() -> None:
    seen = look(
        "module-mode",
        "deploy:\n\tmodal deploy pkg.mod\n",
        path="Makefile",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "- \tmodal deploy pkg.mod",
        "+ \tmodal deploy -m pkg.mod",
    ]


def test_workflows_have_commands() -> None:
    seen = look(
        "module-mode",
        """
        jobs:
          x:
            steps:
              - run: modal deploy pkg.mod
        """,
        path=".github/workflows/ci.yml",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        "-       - run: modal deploy pkg.mod",
        "+       - run: modal deploy -m pkg.mod",
    ]


def test_dockerfiles_have_lists() -> None:
    seen = look(
        "module-mode",
        """
        FROM x
        CMD ["modal", "serve", "pkg.mod"]
        """,
        path="Dockerfile",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        '- CMD ["modal", "serve", "pkg.mod"]',
        '+ CMD ["modal", "serve", "-m", "pkg.mod"]',
    ]


def test_package_json_has_scripts() -> None:
    seen = look(
        "module-mode",
        '{"scripts": {"deploy": "modal deploy pkg.mod"}}\n',
        path="package.json",
    )
    assert seen.found == ["module-mode: safe"]
    assert seen.choices == ["module"]
    assert seen.becomes() == [
        '- {"scripts": {"deploy": "modal deploy pkg.mod"}}',
        '+ {"scripts": {"deploy": "modal deploy -m pkg.mod"}}',
    ]


def test_prose_is_for_review() -> None:
    seen = look(
        "module-mode",
        "Deploy it with `modal deploy pkg.mod`.\n",
        path="README.md",
    )
    assert seen.found == ["module-mode-text: review"]
    assert seen.choices == ["shown"]
    assert seen.becomes() == [
        "- Deploy it with `modal deploy pkg.mod`.",
        "+ Deploy it with `modal deploy -m pkg.mod`.",
    ]


def test_another_program_whose_name_ends_alike_is_left() -> None:
    seen = look(
        "module-mode",
        "mymodal run pkg.mod\n",
        path="run.sh",
    )
    assert seen.found == []
