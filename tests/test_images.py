"""What image a function runs in, who else uses it, and adding to it in an order that does not depend on who asks."""

from __future__ import annotations

import itertools

import pytest
from support.cases import clean

from modal_transforms.analysis.definitions import definition, uses
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import open_module
from modal_transforms.modal_api.deployments import Deployed, ImageSource, deployed
from modal_transforms.modal_api.images import extend_definition, extend_image, image_definition, image_uses, uncopied
from modal_transforms.rewrite.rewrite import rewrite_all

DATA = '.add_local_dir("data", "/data")'
HELPERS = '.add_local_python_source("help")'
OTHERS = '.add_local_file("a", "/a")'
STEP = ".run_function(fetch)"


def _project(**texts: str) -> dict[str, Module]:
    files = {f"{name}.py": SourceFile(f"{name}.py", clean(text).encode()) for name, text in texts.items()}
    project = Project(files, lambda path: files[path].data)
    modules = {path: open_module(source, project) for path, source in files.items()}
    for module in modules.values():
        project.adopt(module)
    return modules


def _one(text: str) -> Deployed:
    return deployed(_project(main=text)["main.py"])[0]


def _extended(found: Deployed, *steps: tuple[str, bool]) -> str:
    changes: list[Change] = []
    for link, build_step in steps:
        extension = extend_image(found, link, build_step=build_step)
        assert extension is not None
        changes += extension.changes
    return rewrite_all({"main.py": found.module.source}, changes)["main.py"].after.text


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "import modal\napp = modal.App()\n@app.function(image=modal.Image.debian_slim())\ndef f(): ...",
            ImageSource.OWN,
        ),
        ("import modal\no = {'image': 1}\napp = modal.App()\n@app.function(**o)\ndef f(): ...", ImageSource.SPLAT),
        ("from modal import Stub\ni = 1\ns = Stub('s', image=i)\n@s.function()\ndef f(): ...", ImageSource.APP),
        ("import modal\ni = 1\napp = modal.App()\napp.image = i\n@app.function()\ndef f(): ...", ImageSource.APP),
        ("import modal\napp = modal.App()\n@app.cls(image=None)\nclass C: ...", ImageSource.UNKNOWN),
        ("import modal\napp = modal.App()\n@app.cls()\nclass C: ...", ImageSource.DEFAULT),
        ("import modal\napp = modal.App()\n@app.cls(**options)\nclass C: ...", ImageSource.UNKNOWN),
    ],
    ids=["own", "splat", "stub-image", "set-later", "none", "default", "unknown-splat"],
)
def test_where_an_image_comes_from(text: str, source: ImageSource) -> None:
    assert _one(text).source is source


def test_a_function_given_by_a_direct_call_is_found_with_its_definition() -> None:
    found = _one("""
        import modal
        app = modal.App()
        def f(): ...
        g = app.function(timeout=1)(modal.web_endpoint()(f))
    """)
    assert found.name == "f"


def test_users_of_an_image_in_other_files_are_found() -> None:
    modules = _project(
        common="""
            import modal
            image = modal.Image.debian_slim()
            app = modal.App(image=image)
        """,
        main="""
            from common import app, image as base
            import common
            bigger = base.pip_install("x")
            @app.function()
            def f(): ...
            @app.function(image=common.image)
            def g(): ...
            @app.function(image=bigger)
            def h(): ...
        """,
        again="""
            from main import app
            @app.function()
            def k(): ...
        """,
    )
    binding = definition(modules["common.py"], deployed(modules["main.py"])[0].image)  # type: ignore[arg-type]
    assert binding is not None
    found = image_uses(binding)
    assert {each.name for each in found.functions} == {"f", "g", "k"}
    assert [use.module.source.path for use in found.extended] == ["main.py"]
    assert not found.other
    assert len(uses(binding)) == 3


@pytest.mark.parametrize("order", list(itertools.permutations([(DATA, False), (STEP, True)])), ids=["data", "step"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@app.function()", f"@app.function(image=modal.Image.debian_slim(){STEP}{DATA})"),
        ("@app.function(image=image)", f"@app.function(image=image{STEP}{DATA})"),
        ("@app.function(image=a or image)", f"@app.function(image=(a or image){STEP}{DATA})"),
        (f"@app.function(image=image{HELPERS})", f"@app.function(\n    image=image{STEP}{HELPERS}{DATA}\n)"),
    ],
    ids=["none", "name", "choice", "files-already"],
)
def test_build_steps_come_before_files_that_are_added_last(
    text: str, expected: str, order: tuple[tuple[str, bool], ...]
) -> None:
    start = "import modal\napp = modal.App()\nimage = modal.Image.debian_slim()\n"
    wide = f"# {'wide' * 30}\n"
    assert _extended(_one(f"{start}{wide}{text}\ndef f(): ...\n"), *order) == f"{start}{wide}{expected}\ndef f(): ...\n"


def test_links_are_kept_in_the_order_they_are_given() -> None:
    start = "import modal\napp = modal.App()\n"
    text = f"{start}@app.function(image=image)\ndef f(): ...\n"
    after = _extended(_one(text), (DATA, False), (OTHERS, False), (DATA, False))
    assert after == text.replace("image=image", f"image=image{DATA}{OTHERS}")


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (
            '(\n    modal.Image.debian_slim()\n    .pip_install("x")  # pinned\n)',
            f'(\n    modal.Image.debian_slim()\n    .pip_install("x")  # pinned\n    {DATA}\n)',
        ),
        (
            'modal.Image.debian_slim() \\\n    .pip_install("x")',
            f'modal.Image.debian_slim() \\\n    .pip_install("x") \\\n    {DATA}',
        ),
        (
            'modal.Image.debian_slim().pip_install(\n    "x",\n)',
            f'(\n    modal.Image.debian_slim()\n    .pip_install(\n        "x",\n    )\n    {DATA}\n)',
        ),
        ("modal.Image.debian_slim()", f"modal.Image.debian_slim(){DATA}"),
    ],
    ids=["parentheses", "backslash", "open-call", "one-line"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_definition_keeps_its_layout(chain: str, expected: str, newline: str) -> None:
    text = f"import modal\napp = modal.App()\nimage = {chain}\n@app.function(image=image)\ndef f(): ...\n"
    source = SourceFile("main.py", text.replace("\n", newline).encode())
    found = deployed(open_module(source))[0]
    image = image_definition(found)
    assert image is not None
    changes = extend_definition(image, DATA)
    assert changes is not None
    after = rewrite_all({"main.py": source}, changes)["main.py"].after.data.decode()
    assert after == text.replace(chain, expected).replace("\n", newline)


def test_an_apps_image_that_has_a_name_is_extended_at_the_function() -> None:
    start = "import modal\nimage = modal.Image.debian_slim()\napp = modal.App(image=image)\n"
    after = _extended(_one(f"{start}@app.function()\ndef f(): ...\n"), (DATA, False))
    assert after == f"{start}@app.function(image=image{DATA})\ndef f(): ...\n"


def test_an_apps_image_without_a_name_is_extended_for_all_its_functions() -> None:
    module = _project(
        main="""
            import modal
            app = modal.App(image=modal.Image.debian_slim())
            @app.function()
            def f(): ...
            @app.function()
            def g(): ...
        """
    )["main.py"]
    extension = extend_image(deployed(module)[0], DATA)
    assert extension is not None
    assert [each.name for each in extension.others] == ["g"]
    after = rewrite_all({"main.py": module.source}, extension.changes)["main.py"].after.text
    assert f"modal.App(image=modal.Image.debian_slim(){DATA})" in after


def test_files_that_are_not_copied_are_seen_through_names() -> None:
    found = _one("""
        import modal
        app = modal.App()
        base = modal.Image.debian_slim().add_local_dir("a", "/a", copy=True).add_local_file("b", "/b")
        @app.function(image=base.add_local_python_source("c"))
        def f(): ...
    """)
    assert found.image is not None
    names = [
        found.module.source.slice(found.module.source.span(call.args[0]))
        for call in uncopied(found.module, found.image)
    ]
    assert names == ['"c"', '"b"']
