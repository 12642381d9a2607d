"""Traps of automounting."""

from __future__ import annotations

from traps.seen import in_app, look

# SDK fact 4: what triggered it


def test_every_loaded_module_was_shipped_and_must_be_named_now() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("helper")',
    ]


def test_an_import_below_the_decorator_is_run_in_the_container_all_the_same() -> None:
    seen = in_app(
        "local-source",
        """
        @app.function(image=image)
        def f(): ...

        import helper
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("helper")',
    ]


def test_an_import_in_a_function_was_never_shipped() -> None:
    seen = in_app(
        "local-source",
        """
        @app.function(image=image)
        def f():
            import helper
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_an_import_in_a_block_of_image_imports_may_have_been_shipped() -> None:
    seen = in_app(
        "local-source",
        """
        with image.imports():
            import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("helper")',
    ]
    assert "shipped before only if that block ran to it on your machine" in seen.said


def test_editable_installs_count_as_local() -> None:
    seen = in_app(
        "local-source",
        """
        import mylib

        @app.function(image=image)
        def f(): ...
        """,
        files={"src/mylib/__init__.py": "", "pyproject.toml": '[project]\nname = "mylib"\n'},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("mylib")',
    ]


def test_packages_without_init_count() -> None:
    seen = in_app(
        "local-source",
        """
        import space.core

        @app.function(image=image)
        def f(): ...
        """,
        files={"space/core.py": ""},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("space")',
    ]


def test_a_part_of_a_package_does_not_bring_the_package() -> None:
    seen = in_app(
        "local-source",
        """
        import pkg.core

        built = image.add_local_python_source("pkg.core")

        @app.function(image=built)
        def f(): ...
        """,
        files={"pkg/__init__.py": "Y = 1\n", "pkg/core.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- built = image.add_local_python_source("pkg.core")',
        '+ built = image.add_local_python_source("pkg.core").add_local_python_source("pkg")',
    ]


def test_a_folder_that_lands_in_slash_root_brings_it_though_the_sdk_warns() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        built = image.add_local_dir(".", "/root")

        @app.function(image=built)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_include_source_true_had_turned_automounting_off() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image, include_source=True)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_include_source_false_of_the_app_had_turned_automounting_off() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        other = modal.App("b", include_source=False)

        @other.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_modal_automount_had_turned_it_off() -> None:
    seen = in_app(
        "local-source",
        """
        import os

        os.environ["MODAL_AUTOMOUNT"] = "0"

        import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_automount_of_the_settings_had_turned_it_off() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n", ".modal.toml": "[default]\nautomount = false\n"},
    )
    assert seen.found == []


def test_serialized_functions_got_automounts_too() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image, serialized=True)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("helper")',
    ]


# SDK fact 4: what 1.x still includes


def test_a_file_run_as_a_part_of_its_package_brings_the_package() -> None:
    seen = look(
        "local-source",
        """
        import modal

        from pkg import core

        app = modal.App("a")
        image = modal.Image.debian_slim()

        @app.function(image=image)
        def f(): ...
        """,
        path="pkg/app.py",
        files={"pkg/__init__.py": "", "pkg/core.py": "X = 1\n", "README.md": "```\nmodal run -m pkg.app\n```\n"},
    )
    assert seen.found == []


def test_a_file_run_by_its_path_brings_itself_only_even_in_a_package() -> None:
    seen = look(
        "local-source",
        """
        import modal

        from pkg import core

        app = modal.App("a")
        image = modal.Image.debian_slim()

        @app.function(image=image)
        def f(): ...
        """,
        path="pkg/app.py",
        files={"pkg/__init__.py": "", "pkg/core.py": "X = 1\n", "README.md": "```\nmodal run pkg/app.py\n```\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
    ]


def test_a_file_that_may_be_run_either_way_is_for_review() -> None:
    seen = look(
        "local-source",
        """
        import modal

        from pkg import core

        app = modal.App("a")
        image = modal.Image.debian_slim()

        @app.function(image=image)
        def f(): ...
        """,
        path="pkg/app.py",
        files={"pkg/__init__.py": "", "pkg/core.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
    ]


def test_the_file_that_defines_the_function_counts_and_not_the_one_that_is_run() -> None:
    seen = look(
        "local-source",
        """
        import modal

        app = modal.App("a")
        """,
        path="common.py",
        files={
            "main.py": "from common import app\n\nimport tasks\n\n@app.function()\ndef f(): ...\n",
            "tasks.py": "from common import app\n\n@app.function()\ndef g(): ...\n",
        },
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "main.py:",
        "+ import modal",
        "- @app.function()",
        "+ @app.function(",
        '+     image=modal.Image.debian_slim().add_local_python_source("common", "tasks")',
        "+ )",
        "tasks.py:",
        "+ import modal",
        "- @app.function()",
        '+ @app.function(image=modal.Image.debian_slim().add_local_python_source("common"))',
    ]
    assert "1.x no longer ships" in seen.said
    assert "`common` is common.py, imported in tasks.py line 1" in seen.said


# SDK fact 4: where the modules are named


def test_they_come_last_on_the_image_that_is_built_on() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        bigger = image.pip_install("x")

        @app.function(image=image)
        def f(): ...

        @app.function(image=bigger)
        def g(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: review", "local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- bigger = image.pip_install("x")',
        '+ bigger = image.pip_install("x").add_local_python_source("helper")',
        "- @app.function(image=image)",
        '+ @app.function(image=image.add_local_python_source("helper"))',
    ]


def test_a_function_without_an_image_needs_one() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function()
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- @app.function()",
        '+ @app.function(image=modal.Image.debian_slim().add_local_python_source("helper"))',
    ]


def test_on_the_image_of_a_class_with_build_methods_they_come_last_at_the_decorator() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self): ...

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        '+ @app.cls(image=image.add_local_python_source("helper"))',
        "- @app.function(image=image)",
        '+ @app.function(image=image.add_local_python_source("helper"))',
    ]


def test_data_files_of_packages_would_stay_behind_there_too() -> None:
    seen = in_app(
        "local-source",
        """
        import pkg

        @app.function(image=image)
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/core.py": "X = 1\n", "pkg/data.json": "{}"},
    )
    assert seen.found == ["local-source: review"]
    assert seen.choices == ["all-files", "python-only"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        "+ image = modal.Image.debian_slim().add_local_python_source(",
        '+     "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]',
        "+ )",
    ]
    assert seen.becomes("python-only") == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
    ]


def test_imports_of_imports_are_needed_too() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "import deeper\n", "deeper.py": ""},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("deeper", "helper")',
    ]


def test_functions_of_the_build_need_their_modules_in_a_layer_before_them() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        def fetch():
            helper.get()

        built = image.run_function(fetch)

        @app.function(image=built)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source-build: review"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        "- built = image.run_function(fetch)",
        '+ built = image.add_local_python_source("helper", copy=True).run_function(fetch)',
    ]


# SDK fact 4: what is not to be added


def test_the_standard_library_and_installed_packages_are_not_added() -> None:
    seen = in_app(
        "local-source",
        """
        import json
        import numpy

        @app.function(image=image)
        def f(): ...
        """,
    )
    assert seen.found == []


def test_imports_for_types_only_are_not_added() -> None:
    seen = in_app(
        "local-source",
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import helper

        @app.function(image=image)
        def f(): ...
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_imports_of_the_local_entrypoint_are_not_added() -> None:
    seen = in_app(
        "local-source",
        """
        @app.function(image=image)
        def f(): ...

        @app.local_entrypoint()
        def main():
            import helper
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == []


def test_imports_at_the_top_are_needed_even_if_only_the_entrypoint_uses_them() -> None:
    seen = in_app(
        "local-source",
        """
        import helper

        @app.function(image=image)
        def f(): ...

        @app.local_entrypoint()
        def main():
            print(helper.X)
        """,
        files={"helper.py": "X = 1\n"},
    )
    assert seen.found == ["local-source: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("helper")',
    ]


def test_the_entry_file_itself_is_not_added() -> None:
    seen = in_app(
        "local-source",
        """
        import main

        @app.function(image=image)
        def f(): ...
        """,
    )
    assert seen.found == []


def test_modules_that_are_no_python_were_never_shipped() -> None:
    seen = in_app(
        "local-source",
        """
        import native

        @app.function(image=image)
        def f(): ...
        """,
        files={"native.so": ""},
    )
    assert seen.found == []
