"""A name counts when it resolves to Modal, however it is spelled; otherwise it does not."""

from __future__ import annotations

import ast

import pytest
from support.cases import clean, sources

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.project import Project
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at, open_module


def module_of(text: str, path: str = "main.py", **files: str) -> Module:
    """Parse a file whose last expression statement is ``probe(...)``; other files by their names without ``.py``."""
    found = sources(path, text, {name + ".py": body for name, body in files.items()})
    project = Project(found, lambda name: found[name].data)
    module = open_module(found[path], project)
    project.adopt(module)
    return module


def probed(module: Module) -> ast.expr:
    calls = [c for c in module.index.calls if isinstance(c.func, ast.Name) and c.func.id == "probe"]
    return calls[-1].args[0]


HITS = [
    pytest.param("import modal\nprobe(modal.App)", "modal.App", id="import"),
    pytest.param("import modal as m\nprobe(m.App)", "modal.App", id="import-as"),
    pytest.param("from modal import App as A\nprobe(A('x'))", "modal.App()", id="from-import-as"),
    pytest.param("from modal import *\nprobe(App('x'))", "modal.App()", id="star"),
    pytest.param("from modal import gpu as g\nprobe(g.A100)", "modal.gpu.A100", id="submodule"),
    pytest.param("import modal.gpu as g\nprobe(g.A100())", "modal.gpu.A100()", id="submodule-as"),
    pytest.param("from modal.mount import Mount\nprobe(Mount)", "modal.Mount", id="its-home-module"),
    pytest.param("import modal\nprobe(modal.Stub('x').function())", "modal.App().function()", id="stub-is-app"),
    pytest.param("import modal\na = b = modal.App('x')\nprobe(a)", "modal.App()", id="chained-assignment"),
    pytest.param("import modal\na, b = modal.App('x'), 1\nprobe(a)", "modal.App()", id="unpacked"),
    pytest.param("import modal\na: modal.App = make()\nprobe(a)", "modal.App()", id="annotation"),
    pytest.param("import modal\na: 'modal.App' = make()\nprobe(a)", "modal.App()", id="quoted-annotation"),
    pytest.param("import modal\ndef f(a: modal.Image):\n    probe(a.env({}))", "modal.Image()", id="parameter"),
    pytest.param("import modal\nif (a := modal.App('x')):\n    probe(a)", "modal.App()", id="walrus"),
    pytest.param("import modal\nwith modal.Queue.ephemeral() as q:\n    probe(q)", "modal.Queue()", id="with"),
    pytest.param(
        "import modal\ni = modal.Image.debian_slim()\ni = i.env({})\nprobe(i)", "modal.Image()", id="rebound-to-itself"
    ),
    pytest.param(
        "import modal\nif x:\n    i = modal.App('x')\nelse:\n    i = modal.App('y')\nprobe(i)",
        "modal.App()",
        id="both-branches-agree",
    ),
    pytest.param(
        "try:\n    import modal\nexcept ImportError:\n    modal = None\nprobe(modal.App)",
        "modal.App",
        id="optional-import",
    ),
    pytest.param("import modal\ndef f():\n    return modal.App('x')\nprobe(f())", "modal.App()", id="returned"),
    pytest.param("import modal\nclass C:\n    i = modal.App('x')\nprobe(C.i)", "modal.App()", id="class-attribute"),
    pytest.param(
        "import modal\nclass C:\n  def a(self):\n    self.i = modal.App('x')\n  def b(self):\n    probe(self.i)",
        "modal.App()",
        id="attribute-of-self",
    ),
    pytest.param("import modal\na = 1\na = modal.App('x')\nprobe(a)", "modal.App()", id="last-assignment-wins"),
    pytest.param("import modal\nprobe(modal.Cls.lookup('a', 'b')())", "modal.Obj()", id="instance-of-a-class"),
    pytest.param(
        "import modal\napp = modal.App('a')\n@app.cls()\nclass M: ...\nprobe(M())", "modal.Obj()", id="decorated-class"
    ),
    pytest.param(
        "import modal\napp = modal.App('a')\nf = app.function()(g)\nprobe(f)", "modal.Function()", id="call-form"
    ),
    pytest.param("import modal\nasync def f():\n    probe(await modal.Dict.lookup.aio('a'))", "modal.Dict()", id="aio"),
]

MISSES = [
    pytest.param("import modals as modal\nprobe(modal.App)", id="another-module"),
    pytest.param("from . import modal\nprobe(modal.App)", id="own-module-called-modal"),
    pytest.param("modal = object()\nprobe(modal.App)", id="own-variable"),
    pytest.param("import modal\ndef f(modal):\n    probe(modal.App)", id="shadowed-by-a-parameter"),
    pytest.param("import modal\nprobe([modal.App for modal in x][0])", id="element-of-a-list"),
    pytest.param("import modal\nfor modal in x:\n    probe(modal.App)", id="rebound-by-a-loop"),
    pytest.param("import modal\na = modal.App('x')\na = 1\nprobe(a)", id="rebound-after"),
    pytest.param(
        "import modal\nif x:\n    a = modal.App('x')\nelse:\n    a = make()\nprobe(a)", id="one-branch-is-unknown"
    ),
    pytest.param("class App: ...\nprobe(App())", id="own-class"),
    pytest.param("import modal\nclass C:\n    modal = 1\n    def f(self): ...\nprobe(C.modal)", id="own-attribute"),
]


@pytest.mark.parametrize(("text", "symbol"), HITS)
def test_a_name_of_modals_is_known_however_it_is_reached(text: str, symbol: str) -> None:
    module = module_of(text + "\n")
    assert module.symbol(probed(module)) == symbol


@pytest.mark.parametrize("text", MISSES)
def test_a_name_that_is_not_surely_modals_does_not_count(text: str) -> None:
    module = module_of(text + "\n")
    assert module.symbol(probed(module)) == ""


def test_a_class_body_is_not_seen_by_its_methods() -> None:
    module = module_of("import modal\nclass C:\n    a = modal.App('x')\n    def f(self):\n        probe(a)\n")
    assert module.symbol(probed(module)) == ""


@pytest.mark.parametrize(
    ("path", "statement", "files"),
    [
        pytest.param("main.py", "from common import app", {"common": "APP"}, id="sibling"),
        pytest.param("pkg/main.py", "from .common import app", {"pkg/common": "APP"}, id="relative"),
        pytest.param("pkg/a/main.py", "from ..common import app", {"pkg/common": "APP"}, id="relative-above"),
        pytest.param("pkg/main.py", "from pkg.common import app", {"pkg/common": "APP"}, id="absolute"),
        pytest.param("pkg/main.py", "from . import app", {"pkg/__init__": "APP"}, id="of-the-package"),
        pytest.param(
            "main.py", "from a import app", {"a": "from b import app as app", "b": "APP"}, id="through-another"
        ),
        pytest.param("tests/main.py", "from lib.x import app", {"src/lib/x": "APP"}, id="src-layout"),
    ],
)
def test_a_name_is_followed_into_local_modules(path: str, statement: str, files: dict[str, str]) -> None:
    definition = "import modal\napp = modal.App('x')\n"
    texts = {name: body.replace("APP", definition) + "\n" for name, body in files.items()}
    module = module_of(f"{statement}\nprobe(app.function())\n", path, **texts)
    assert module.symbol(probed(module)) == "modal.App().function()"


@pytest.mark.parametrize(
    ("folder", "init", "symbol"),
    [
        pytest.param("my-pkg", "__init__.py", "modal.App()", id="as-cloned"),
        pytest.param("other", "__init__.py", "", id="of-another-name"),
        pytest.param("my-pkg", "notes.py", "", id="no-package"),
    ],
)
def test_a_repository_that_is_a_package_itself_goes_by_its_folders_name(folder: str, init: str, symbol: str) -> None:
    texts = {
        "main.py": "import modal\n\nfrom my_pkg.sub.common import app\nfrom my_pkg.config import X\nprobe(app)\n",
        "sub/common.py": "import modal\napp = modal.App('a')\n\n@app.function()\ndef f(): ...\n",
        "sub/user.py": "import modal\nimport my_pkg.config\napp = modal.App('a')\n\n@app.function()\ndef f(): ...\n",
        "config.py": "X = 1\n",
        init: "",
    }
    found = {path: SourceFile(path, text.encode()) for path, text in texts.items()}
    project = Project(found, lambda name: found[name].data, folder)
    module = open_module(found["main.py"], project)
    assert module.symbol(probed(module)) == symbol
    told = [each.message for each in look_at(open_module(found["sub/user.py"], project)).findings]
    assert told == (["1.x no longer ships my_pkg for f"] if symbol else [])


def test_modules_that_import_each_other_end() -> None:
    module = module_of("from b import app\nprobe(app)\n", a="from main import app\n", b="from a import app\n")
    assert module.symbol(probed(module)) == ""


def test_a_module_is_followed_through_an_attribute() -> None:
    module = module_of("import common\nprobe(common.app)\n", common="import modal\napp = modal.App('x')\n")
    assert module.symbol(probed(module)) == "modal.App()"


def test_the_evidence_names_each_link_with_its_line() -> None:
    text = clean(
        """
        import modal as m
        base = m.Image.debian_slim()
        image = base.pip_install("x")
        probe(image)
        """
    )
    module = module_of(text)
    assert explain(module, probed(module)) == (
        "`image` is a modal.Image: line 3",
        "`base` is a modal.Image: line 2",
        "`m` is imported from modal at line 1",
    )
