"""Traps of ``Stub`` and of the variable ``stub``."""

from __future__ import annotations

import json

import pytest

from traps.seen import look

STUB = """
    import modal

    stub = modal.Stub("a")

    @stub.function()
    def f(): ...
"""
WEB = """
    import modal
    from fastapi import FastAPI

    app = FastAPI()
    stub = modal.App("a")

    @stub.function()
    @modal.asgi_app()
    def web():
        return app
"""

# Facts 13a: modal deploy and serve look for `app`; modal run takes any name


@pytest.mark.parametrize(
    ("path", "text", "becomes"),
    [
        ("Makefile", "run:\n\tENV=x modal run main.py::stub.f --x 1\n", "+ \tENV=x modal run main.py::app.f --x 1"),
        ("run.sh", 'modal run "main.py::stub"  # once\n', '+ modal run "main.py::app"  # once'),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - run: modal deploy main.py::stub\n",
            "+       - run: modal deploy main.py::app",
        ),
        ("README.md", "Run `modal run main.py::stub.f`.\n", "+ Run `modal run main.py::app.f`."),
        (
            "tasks.py",
            "import os\n\nos.system('modal run main.py::stub.f')\n",
            "+ os.system('modal run main.py::app.f')",
        ),
        ("docs/a.md", "```sh\nmodal run -m main::stub.f\n```\n", "+ modal run -m main::app.f"),
    ],
)
def test_commands_that_name_the_variable_follow_it(path: str, text: str, becomes: str) -> None:
    seen = look("stub-app", STUB, files={path: text})
    assert seen.found == ["stub-variable: review", "stub-class: safe"]
    assert seen.choices == ["rename"]
    assert becomes in seen.becomes()


def test_words_of_a_document_follow_the_variable_that_its_code_shows() -> None:
    words = "The variable `stub` takes them by `@stub.function`, not by `their.stub.f` or `stub_name`.\n\n"
    seen = look("stub-app", f'{words}```python\nimport modal\n\nstub = modal.App("a")\n```\n', path="README.md")
    assert seen.found == ["stub-app-text: review"]
    assert "+ The variable `app` takes them by `@app.function`, not by `their.stub.f` or `stub_name`." in seen.becomes()


def test_a_command_of_another_file_stays() -> None:
    files = {"Makefile": "a:\n\tmodal run other.py::stub.f\n\tmodal run sub/main.py::stub\n", "other.py": "x = 1\n"}
    seen = look("stub-app", STUB, files={**files, "sub/main.py": "stub = 1\n"})
    assert seen.found == ["stub-variable: safe", "stub-class: safe"]
    assert not any("Makefile" in line for line in seen.becomes())


def test_a_command_that_cannot_be_seen_is_told() -> None:
    seen = look("stub-app", STUB, files={"run.sh": "modal run $APP::stub\nmodal run ${APP}::stub.f\n"})
    assert seen.found == ["stub-variable: review", "stub-class: safe"]
    assert "run.sh:2 names ${APP}::stub, and what that is cannot be seen" in seen.said


def test_a_file_that_is_not_there_is_not_taken_for_this_one() -> None:
    files = {"README.md": "```sh\nmodal run far.py::stub.f\n```\n", "lib.sh": "echo crate::stub Foo::stub\n"}
    seen = look("stub-app", STUB, files=files)
    assert seen.found == ["stub-variable: safe", "stub-class: safe"]
    assert not any("far" in line or "crate" in line for line in seen.becomes())


def test_an_import_from_a_module_that_is_not_found_is_told() -> None:
    seen = look("stub-app", STUB, files={"jobs/a.py": "import modal\nfrom far.main import stub\n\nprint(stub)\n"})
    assert seen.found == ["stub-variable: review", "stub-class: safe"]
    assert "jobs/a.py:2 imports stub from far.main, which is not found here" in seen.said


def test_a_notebook_that_imports_the_module_follows() -> None:
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": ["import main\n", "with main.stub.run():\n", "    main.f.remote()"]}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    seen = look("stub-app", STUB, files={"n.ipynb": notebook})
    assert seen.found == ["stub-variable: review", "stub-class: safe"]
    assert "+ with main.app.run():" in seen.becomes()


def test_a_notebook_has_one_variable_for_all_cells() -> None:
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    texts = [["import modal\n", "stub = modal.Stub('a')"], ["@stub.function()\n", "def f(): ..."], ["!modal run x.py"]]
    cells = [{**cell, "source": text} for text in texts]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    seen = look("stub-app", notebook, path="n.ipynb")
    assert [line for line in seen.becomes() if line.startswith("+")] == ["+ app = modal.App('a')", "+ @app.function()"]


def test_a_document_is_one_finding_with_its_commands() -> None:
    shown = """
        # Use

        ```python
        from modal import Image, Stub

        stub = Stub("a")
        ```

        ```python
        @stub.function()
        def f(): ...
        ```

        ```sh
        modal run hello.py::stub.f
        ```
    """
    seen = look("stub-app", shown, path="README.md")
    assert seen.found == ["stub-app-text: review"]
    assert [line for line in seen.becomes() if line.startswith("+")] == [
        "+ from modal import App, Image",
        '+ app = App("a")',
        "+ @app.function()",
        "+ modal run hello.py::app.f",
    ]


@pytest.mark.parametrize(
    ("path", "text", "becomes"),
    [
        ("Makefile", "d:\n\tmodal deploy main.py\n\tmodal run main.py\n", "+ \tmodal deploy main.py::stub"),
        ("README.md", "```sh\nmodal serve main.py\n```\n", "+ modal serve main.py::stub"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - run: modal deploy --name x main.py\n",
            "+       - run: modal deploy --name x main.py::stub",
        ),
        (
            "d.py",
            'import subprocess\n\nsubprocess.run(["modal", "deploy", "main.py"])\n',
            '+ subprocess.run(["modal", "deploy", "main.py::stub"])',
        ),
        ("run.sh", "modal deploy 'main.py'\n", "+ modal deploy 'main.py::stub'"),
        ("run2.sh", "modal deploy -m main\n", "+ modal deploy -m main::stub"),
    ],
)
def test_where_app_is_fastapi_commands_name_the_stub(path: str, text: str, becomes: str) -> None:
    seen = look("stub-app", WEB, files={path: text})
    assert seen.found == ["stub-command: review"]
    assert [line for line in seen.becomes() if line.startswith("+")] == [becomes]


def test_a_file_that_imports_the_stub_and_has_its_own_app_is_deployed_by_name() -> None:
    web = """
        from main import stub

        @stub.function()
        def app(): ...
    """
    files = {"main.py": STUB, "run.sh": "modal deploy web.py\nmodal deploy main.py\n"}
    seen = look("stub-app", web, path="web.py", files=files)
    assert seen.found == ["stub-command: review"]
    assert [line for line in seen.becomes() if line.startswith("+")] == ["+ modal deploy web.py::stub"]


def test_where_app_is_fastapi_and_nothing_deploys_it_there_is_nothing_to_do() -> None:
    assert look("stub-app", WEB, files={"Makefile": "d:\n\tmodal deploy other.py\n"}).found == []
    assert look("stub-app", WEB, files={"Makefile": "d:\n\tmodal deploy main.py::stub\n"}).found == []


def test_a_package_with_a_module_called_app_keeps_the_name() -> None:
    """``import pkg.app`` sets ``pkg.app`` to the module, over the variable."""
    package = "from .common import stub\n\n__all__ = ['stub']\n"
    files = {"pkg/__init__.py": package, "pkg/app.py": "x = 1\n", "run.py": "import pkg\n\nprint(pkg.stub.name)\n"}
    seen = look("stub-app", STUB, path="pkg/common.py", files=files)
    assert "+ from .common import app as stub" in seen.becomes()
    assert not any(line == "run.py:" for line in seen.becomes())


def test_a_file_that_fails_to_import_one_of_two_keeps_the_name() -> None:
    """A name that comes from two places gets both of them renamed, or neither."""
    both = "try:\n    from main import stub\nexcept ImportError:\n    from far import stub\n\nprint(stub.name)\n"
    seen = look("stub-app", STUB, files={"user.py": both})
    assert [line for line in seen.becomes() if "import" in line and line.startswith("+")] == [
        "+     from main import app as stub"
    ]
    assert "user.py goes on calling it stub" in seen.said


def test_a_keyword_and_an_attribute_called_stub_are_not_the_variable() -> None:
    seen = look(
        "stub-app",
        """
        import modal

        stub = modal.App("a")

        def add(stub=stub, **more):
            return stub.function(more["stub"])

        class Holder:
            stub = stub

        print(add(stub=stub).stub, Holder.stub, [stub for stub in ()])
        """,
    )
    assert [line for line in seen.becomes() if line.startswith("+")] == [
        '+ app = modal.App("a")',
        "+ def add(stub=app, **more):",
        "+     stub = app",
        "+ print(add(stub=app).stub, Holder.stub, [stub for stub in ()])",
    ]


def test_a_class_body_reads_the_variable_before_it_binds_its_own() -> None:
    """``stub = stub`` in a class body is two variables: on the right, what the file calls so."""
    seen = look(
        "stub-app", "import modal\n\nstub = modal.App('a')\n\nclass C:\n    stub = stub\n    name = stub.name\n"
    )
    assert [line for line in seen.becomes() if line.startswith("+")] == ["+ app = modal.App('a')", "+     stub = app"]


def test_prose_and_strings_about_stubs_stay() -> None:
    seen = look(
        "stub-app",
        '''
        """The stub: see https://modal.com/docs/reference/modal.Stub and app.stub."""

        import modal

        # the stub of this app is a modal.Stub
        stub = modal.Stub("stub")
        print("stub", {"stub": 1}["stub"])
        ''',
    )
    assert seen.becomes() == ['- stub = modal.Stub("stub")', '+ app = modal.App("stub")']


def test_bytes_around_stay_as_they_are() -> None:
    source = "import modal\r\n\r\nstub = modal.Stub('é')  # ü \t\r\n\x0c\r\n@stub.function()\r\ndef f(): ..."
    seen = look("stub-app", source)
    assert seen.text() == source.replace("stub", "app").replace("Stub", "App")
