"""Imports follow what a rewritten file uses: names of Modal come where they belong and go when nothing reads them."""

from __future__ import annotations

import ast

import pytest
from support.cases import clean

from modal_transforms.core.model import Change, NeedName, Replace
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import open_module
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.rewrite.rewrite import rewrite


def _after(before: str, changes: dict[str, str], *needed: str, newline: str = "\n") -> str:
    """Return a file after replacing texts of it; ``needed`` are the names of modal that the new texts use."""
    source = SourceFile("a.py", clean(before).replace("\n", newline).encode())
    module = open_module(source)
    made: list[Change] = [NeedName("a.py", name) for name in needed]
    nodes: list[ast.Name | ast.Attribute] = [*module.index.names, *module.index.attributes]
    for node in nodes:
        if ast.unparse(node) in changes and not isinstance(node.ctx, ast.Store):
            made.append(Replace("a.py", source.span(node), changes[ast.unparse(node)]))
    return rewrite(source, made).after.text


NEW = {"use": "concurrent"}

CASES = [
    pytest.param(
        "from modal import App, Image\nuse(App, Image)\n",
        "from modal import App, Image, concurrent\nconcurrent(App, Image)\n",
        id="classes first, as they were",
    ),
    pytest.param(
        "from modal import App, asgi_app, Image\nuse(App, asgi_app, Image)\n",
        "from modal import App, asgi_app, concurrent, Image\nconcurrent(App, asgi_app, Image)\n",
        id="sorted by letter",
    ),
    pytest.param(
        "from modal import Image, App\nuse(App, Image)\n",
        "from modal import Image, App, concurrent\nconcurrent(App, Image)\n",
        id="unsorted: at the end",
    ),
    pytest.param(
        "from modal import App, enter\nuse(App, enter)\n",
        "from modal import App, concurrent, enter\nconcurrent(App, enter)\n",
        id="between others",
    ),
    pytest.param(
        "from modal import (\n    App,\n    enter,  # starts\n    method,  # runs\n)\nuse(App, enter, method)\n",
        "from modal import (\n    App,\n    concurrent,\n    enter,  # starts\n    method,  # runs\n)\n"
        "concurrent(App, enter, method)\n",
        id="one a line",
    ),
    pytest.param(
        "from modal import (\n    App,  # the app\n    Image,  # its image\n)\nuse(App, Image)\n",
        "from modal import (\n    App,  # the app\n    Image,  # its image\n    concurrent,\n)\n"
        "concurrent(App, Image)\n",
        id="one a line, at the end, after a comment",
    ),
    pytest.param(
        "from modal import (\n    App,\n    Image  # its image\n)\nuse(App, Image)\n",
        "from modal import (\n    App,\n    Image,  # its image\n    concurrent\n)\nconcurrent(App, Image)\n",
        id="one a line, no trailing comma",
    ),
    pytest.param(
        "from modal import (App, Image)\nuse(App, Image)\n",
        "from modal import (App, Image, concurrent)\nconcurrent(App, Image)\n",
        id="brackets on one line",
    ),
    pytest.param(
        "from modal import App, \\\n    Image\nuse(App, Image)\n",
        "from modal import App, \\\n    Image, concurrent\nconcurrent(App, Image)\n",
        id="continued line",
    ),
    pytest.param(
        "from modal import App as A; app = A()\nuse(app)\n",
        "from modal import App as A, concurrent; app = A()\nconcurrent(app)\n",
        id="alias, and another statement on the line",
    ),
    pytest.param(
        "from modal import App  # noqa: E402\nuse(App)\n",
        "from modal import App, concurrent  # noqa: E402\nconcurrent(App)\n",
        id="comment after",
    ),
    pytest.param(
        "from modal.gpu import A100\nfrom modal import App\nuse(App, A100)\n",
        "from modal.gpu import A100\nfrom modal import App, concurrent\nconcurrent(App, A100)\n",
        id="not to a submodule",
    ),
    pytest.param(
        "from modal import *\nfrom lib import app\nuse(app)\n",
        "from modal import concurrent\nfrom modal import *\nfrom lib import app\nconcurrent(app)\n",
        id="not to a star",
    ),
    pytest.param(
        "try:\n    from modal import App\nexcept ImportError:\n    App = None\nuse(App)\n",
        "try:\n    from modal import App, concurrent\nexcept ImportError:\n    App = None\nconcurrent(App)\n",
        id="in try",
    ),
    pytest.param(
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from modal import App\n\n\n"
        "def f(app: 'App'):\n    use(app)\n",
        "from typing import TYPE_CHECKING\n\nfrom modal import concurrent\n\nif TYPE_CHECKING:\n"
        "    from modal import App\n\n\ndef f(app: 'App'):\n    concurrent(app)\n",
        id="not for types only",
    ),
    pytest.param(
        "def f():\n    from modal import App\n\n    use(App)\n\n\n"
        "def g():\n    from modal import App\n\n    use(App)\n",
        "def f():\n    from modal import App, concurrent\n\n    concurrent(App)\n\n\n"
        "def g():\n    from modal import App, concurrent\n\n    concurrent(App)\n",
        id="in the functions that import",
    ),
    pytest.param(
        "def f():\n    from modal import App\n\n    App()\n\n\nuse()\n",
        "from modal import concurrent\n\ndef f():\n    from modal import App\n\n    App()\n\n\nconcurrent()\n",
        id="not to another function",
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_new_name_joins_the_list_of_the_file(before: str, after: str, newline: str) -> None:
    assert _after(before, NEW, "concurrent", newline=newline) == after.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "from modal import App, web_endpoint\nuse(App, web_endpoint)\n",
            "from modal import App, fastapi_endpoint\nuse(App, fastapi_endpoint)\n",
            id="in its place",
        ),
        pytest.param(
            "from modal import App, method, web_endpoint\nuse(App, method, web_endpoint)\n",
            "from modal import App, fastapi_endpoint, method\nuse(App, method, fastapi_endpoint)\n",
            id="where it sorts",
        ),
        pytest.param(
            "from modal import web_endpoint, App\nuse(App, web_endpoint)\n",
            "from modal import fastapi_endpoint, App\nuse(App, fastapi_endpoint)\n",
            id="in its place in an unsorted list",
        ),
        pytest.param(
            "from modal import web_endpoint\nuse(web_endpoint)\n",
            "from modal import fastapi_endpoint\nuse(fastapi_endpoint)\n",
            id="the only one",
        ),
        pytest.param(
            "from modal import (\n    App,\n    web_endpoint,  # the web\n)\nuse(App, web_endpoint)\n",
            "from modal import (\n    App,\n    fastapi_endpoint,  # the web\n)\nuse(App, fastapi_endpoint)\n",
            id="one a line",
        ),
        pytest.param(
            "from modal.partial_function import web_endpoint\nfrom modal import App\nuse(App, web_endpoint)\n",
            "from modal import App, fastapi_endpoint\nuse(App, fastapi_endpoint)\n",
            id="from another home",
        ),
        pytest.param(
            "def f():\n    from modal import web_endpoint\n    use(web_endpoint)\n\n\n"
            "def g():\n    from modal import web_endpoint\n    use(web_endpoint)\n",
            "def f():\n    from modal import fastapi_endpoint\n    use(fastapi_endpoint)\n\n\n"
            "def g():\n    from modal import fastapi_endpoint\n    use(fastapi_endpoint)\n",
            id="in functions",
        ),
    ],
)
def test_a_new_name_takes_the_place_of_the_one_that_goes(before: str, after: str) -> None:
    assert _after(before, {"web_endpoint": "fastapi_endpoint"}, "fastapi_endpoint") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from modal import gpu, App\nuse(App, gpu)\n", "from modal import App\nuse(App, 0)\n", id="first"),
        pytest.param("from modal import App, gpu\nuse(App, gpu)\n", "from modal import App\nuse(App, 0)\n", id="last"),
        pytest.param("from modal import gpu\nuse(gpu)\n", "use(0)\n", id="the statement with it"),
        pytest.param("import os; from modal import gpu\nuse(gpu)\n", "import os\nuse(0)\n", id="beside a statement"),
        pytest.param(
            "from modal import (\n    App,\n    gpu,  # the chips\n    enter,\n)\nuse(App, enter, gpu)\n",
            "from modal import (\n    App,\n    enter,\n)\nuse(App, enter, 0)\n",
            id="with what is said of it",
        ),
        pytest.param(
            "try:\n    from modal import gpu\nexcept ImportError:\n    gpu = None\nuse(gpu)\n",
            "try:\n    pass\nexcept ImportError:\n    gpu = None\nuse(0)\n",
            id="alone in try",
        ),
        pytest.param(
            "from modal import gpu\nuse(gpu)\n\n\ndef f(gpu):\n    return [gpu for gpu in gpu.all]\n",
            "use(0)\n\n\ndef f(gpu):\n    return [gpu for gpu in gpu.all]\n",
            id="another thing has its name",
        ),
        pytest.param(
            "from modal import gpu\nuse(gpu)\n\n\ndef f(chip: 'gpu.A100'): ...\n",
            "from modal import gpu\nuse(0)\n\n\ndef f(chip: 'gpu.A100'): ...\n",
            id="kept for a quoted annotation",
        ),
        pytest.param(
            "from modal import gpu\nuse(gpu)\n__all__ = ['gpu']\n",
            "from modal import gpu\nuse(0)\n__all__ = ['gpu']\n",
            id="kept for __all__",
        ),
        pytest.param("from other import gpu\nuse(gpu)\n", "from other import gpu\nuse(0)\n", id="not Modal's"),
    ],
)
def test_a_name_that_nothing_reads_any_more_goes(before: str, after: str) -> None:
    assert _without_gpu(before) == after


def _without_gpu(before: str) -> str:
    source = SourceFile("a.py", before.encode())
    module = open_module(source)
    call = next(node for node in module.index.calls if ast.unparse(node.func) == "use")
    return rewrite(source, [Replace("a.py", source.span(call.args[-1]), "0")]).after.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "import modal.gpu\nuse(modal.gpu.A100, modal.App)\n", "import modal\nuse(0, modal.App)\n", id="as"
        ),
        pytest.param("import modal.gpu\nuse(modal.gpu.A100)\n", "use(0)\n", id="not read"),
        pytest.param(
            "import modal\nimport modal.gpu\nuse(modal.gpu.A100, modal.App)\n",
            "import modal\nuse(0, modal.App)\n",
            id="bound beside it",
        ),
        pytest.param(
            "import modal.gpu, os\nuse(modal.gpu.A100, modal.App)\n",
            "import modal, os\nuse(0, modal.App)\n",
            id="beside another module",
        ),
    ],
)
def test_the_package_stays_bound_when_a_submodule_goes(before: str, after: str) -> None:
    assert _after(before, {"modal.gpu.A100": "0"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from modal import App\nuse(App)\n", "import modal\nfrom modal import App\n", id="beside names"),
        pytest.param("import os\nimport yaml\nuse()\n", "import os\nimport modal\nimport yaml\n", id="before packages"),
        pytest.param("import os\nuse()\n", "import os\n\nimport modal\n\n", id="after the standard library"),
        pytest.param(
            "from __future__ import annotations\nuse()\n",
            "from __future__ import annotations\n\nimport modal\n\n",
            id="future",
        ),
        pytest.param('"""About."""\nuse()\n', '"""About."""\n\nimport modal\n\n', id="after the docstring"),
        pytest.param("#!/usr/bin/python\nuse()\n", "#!/usr/bin/python\nimport modal\n\n", id="after a first comment"),
        pytest.param("@use\ndef f(): ...\n", "import modal\n\n", id="before a decorator"),
        pytest.param("import modal as m\nuse(m)\n", "import modal\nimport modal as m\n", id="beside an alias"),
    ],
)
def test_the_module_itself_is_imported_where_imports_are(before: str, after: str) -> None:
    found = _after(before, {"use": "modal.concurrent"}, "modal")
    assert found.startswith(after)
    assert ast.parse(found).body[-1:] == [] or "modal.concurrent" in found.removeprefix(after)


@pytest.mark.parametrize(
    ("code", "text", "needed"),
    [
        pytest.param("import modal\nHERE()", "modal.concurrent", None, id="module"),
        pytest.param("import modal as m\nHERE()", "m.concurrent", None, id="module, alias"),
        pytest.param("import modal.gpu\nHERE()", "modal.concurrent", None, id="submodule"),
        pytest.param("from modal import concurrent as c\nHERE()", "c", None, id="name, alias"),
        pytest.param("from modal.partial_function import concurrent\nHERE()", "concurrent", None, id="another home"),
        pytest.param("from modal import *\nHERE()", "concurrent", None, id="star"),
        pytest.param("from modal import App\nHERE()", "concurrent", "concurrent", id="names"),
        pytest.param("def f():\n    from modal import App\n    HERE()", "concurrent", "concurrent", id="names, inside"),
        pytest.param("from lib import app\nHERE()", "modal.concurrent", "modal", id="no import of Modal"),
        pytest.param(
            "from modal import App\nimport concurrent.futures\nHERE()", "modal.concurrent", "modal", id="stdlib"
        ),
        pytest.param("from modal import App\ndef concurrent(): ...\nHERE()", "modal.concurrent", "modal", id="taken"),
        pytest.param("from modal import App\nHERE(concurrent)", "modal.concurrent", "modal", id="read"),
        pytest.param(
            "try:\n    import modal\nexcept ImportError:\n    modal = None\nHERE()", "modal.concurrent", None, id="try"
        ),
        pytest.param(
            "if TYPE_CHECKING:\n    import modal\nfrom modal import App\nHERE()", "concurrent", "concurrent", id="types"
        ),
        pytest.param("HERE()\nimport modal", "concurrent", "concurrent", id="too late"),
        pytest.param(
            "import modal\ndef f(modal, concurrent):\n    HERE()",
            "modal_concurrent",
            "concurrent as modal_concurrent",
            id="both shadowed",
        ),
    ],
)
def test_a_name_is_written_the_way_the_file_imports(code: str, text: str, needed: str | None) -> None:
    module = open_module(SourceFile("a.py", code.encode()))
    at = next(node for node in module.index.calls if ast.unparse(node.func) == "HERE")
    assert modal_name(module, at, "concurrent") == (text, (NeedName("a.py", needed),) if needed else ())


def test_a_name_under_an_alias_is_imported_as_that() -> None:
    before = "import modal\n\n\ndef f(modal, concurrent):\n    use(modal)\n"
    found = _after(before, {"use": "modal_concurrent"}, "concurrent as modal_concurrent")
    assert found.startswith("from modal import concurrent as modal_concurrent\nimport modal\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = 1\n# GPUs\nfrom modal import gpu\n\nuse(gpu)\n", "x = 1\n\n1\n", id="over a blank line"),
        pytest.param(
            "import os\n# GPUs\nfrom modal import gpu\n# files\nimport io\nuse(gpu)\n",
            "import os\n# files\nimport io\n1\n",
            id="before a comment of its own",
        ),
        pytest.param(
            "import os\nfrom modal import gpu  # noqa: F401, types of GPUs\nimport io\nuse(gpu)\n",
            "import os\nimport io\n1\n",
            id="beside it",
        ),
        pytest.param(
            "import os\nfrom modal import gpu  # TODO(ann): ask for H100\nimport io\nuse(gpu)\n",
            "import os\n# TODO(ann): ask for H100\nimport io\n1\n",
            id="beside it, of more than it",
        ),
        pytest.param(
            "import os\n# others\nfrom modal import gpu\nimport io\nuse(gpu)\n",
            "import os\n# others\nimport io\n1\n",
            id="stays over what follows",
        ),
        pytest.param("# by us\nfrom modal import gpu\n\nuse(gpu)\n", "# by us\n\n1\n", id="stays at the head"),
        pytest.param(
            "import os\n# ---- parts ----\n# GPUs\nfrom modal import gpu\n\nuse(gpu)\n",
            "import os\n# ---- parts ----\n\n1\n",
            id="stays as a heading",
        ),
    ],
)
def test_comments_of_an_import_go_where_they_would_stand_over_nothing(before: str, after: str) -> None:
    assert _after(before, {"use": "1", "gpu": "0"}).replace("1(0)", "1") == after
