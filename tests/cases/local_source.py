"""Cases of the section ``local-source``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

QUIET = Proof(Sdk.WARNS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="modal 1.6.4 fails in the container only")
SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="the file that is imported has no function")
UNSEEN = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="seen when the image is built, or not at all")
HELPERS = {"helpers.py": "def load(): ...\n"}

CASES = [
    Case(
        id="an-image-to-which-a-function-adds-files",
        before="""
            import modal
            import helpers

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image.add_local_dir("data", "/data"))
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("helpers")

            @app.function(image=image.add_local_dir("data", "/data"))
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        files=HELPERS,
        rules=("local-source",),
        proof=QUIET,
    ),
    Case(
        id="helper-beside-a-script",
        before="""
            import modal

            import helpers

            image = modal.Image.debian_slim().pip_install("torch")
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        after="""
            import modal

            import helpers

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .add_local_python_source("helpers")
            )
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="names-join-those-that-end-the-chain",
        before="""
            import modal

            import helpers
            import tools

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .add_local_python_source("tools")
            )
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        after="""
            import modal

            import helpers
            import tools

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .add_local_python_source("tools", "helpers")
            )
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        files={**HELPERS, "tools.py": "X = 1\n"},
        proof=QUIET,
    ),
    Case(
        id="names-do-not-join-a-call-with-a-filter",
        before="""
            import modal

            import helpers
            import tools

            image = modal.Image.debian_slim().add_local_python_source("tools", ignore=["*.txt"])
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        after="""
            import modal

            import helpers
            import tools

            image = (
                modal.Image.debian_slim()
                .add_local_python_source("tools", ignore=["*.txt"])
                .add_local_python_source("helpers")
            )
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        files={**HELPERS, "tools.py": "X = 1\n"},
        proof=QUIET,
    ),
    Case(
        id="chain-on-lines-of-its-own",
        before="""
            import modal
            from helpers import load

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")  # pinned elsewhere
            )
            app = modal.App("a", image=image)

            @app.function(gpu="T4")
            def f():
                load()

            @app.cls()
            class C: ...
        """,
        after="""
            import modal
            from helpers import load

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")  # pinned elsewhere
                .add_local_python_source("helpers")
            )
            app = modal.App("a", image=image)

            @app.function(gpu="T4")
            def f():
                load()

            @app.cls()
            class C: ...
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="imports-of-imports",
        before="""
            import modal
            from helpers import load

            image = modal.Image.debian_slim()
            app = modal.App("a")

            @app.function(image=image)
            def f():
                load()
        """,
        after="""
            import modal
            from helpers import load

            image = modal.Image.debian_slim().add_local_python_source("helpers", "utils")
            app = modal.App("a")

            @app.function(image=image)
            def f():
                load()
        """,
        rules=("local-source",),
        files={"helpers.py": "import utils\ndef load(): ...\n", "utils.py": "import os\n"},
        proof=QUIET,
    ),
    Case(
        id="image-that-is-built-on",
        before="""
            import modal
            import helpers

            image = modal.Image.debian_slim()
            big = image.pip_install("torch")
            app = modal.App("a")

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        after="""
            import modal
            import helpers

            image = modal.Image.debian_slim()
            big = image.pip_install("torch")
            app = modal.App("a")

            @app.function(image=image.add_local_python_source("helpers"))
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="image-of-a-class-with-build-methods",
        before="""
            import modal
            import helpers

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.cls(image=image)
            class Model:
                @modal.build()
                def fetch(self): ...

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.cls(image=image.add_local_python_source("helpers"))
            class Model:
                @modal.build()
                def fetch(self): ...

            @app.function(image=image.add_local_python_source("helpers"))
            def f(): ...
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={"helpers.py": ""},
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="@modal.build is another section's matter"),
    ),
    Case(
        id="packages-without-init",
        before="""
            import modal
            import space.deep.core
            import space.other.thing

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            import space.deep.core
            import space.other.thing

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("space")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        files={"space/deep/core.py": "", "space/other/thing.py": ""},
        proof=QUIET,
    ),
    Case(
        id="image-written-at-the-decorator",
        before="""
            import helpers
            from modal import App, Image

            app = App("a")

            @app.function(image=Image.debian_slim().pip_install("torch"))
            def f():
                helpers.load()
        """,
        after="""
            import helpers
            from modal import App, Image

            app = App("a")

            @app.function(
                image=Image.debian_slim().pip_install("torch").add_local_python_source("helpers")
            )
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="image-written-at-the-app",
        before="""
            import modal as m
            import helpers

            app = m.App("a", image=m.Image.debian_slim())

            @app.function()
            def f():
                helpers.load()

            @app.function(cpu=2)
            def g():
                helpers.load()
        """,
        after="""
            import modal as m
            import helpers

            app = m.App("a", image=m.Image.debian_slim().add_local_python_source("helpers"))

            @app.function()
            def f():
                helpers.load()

            @app.function(cpu=2)
            def g():
                helpers.load()
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="no-image-anywhere-one-function",
        before="""
            from modal import App
            import helpers

            app = App("a")

            @app.function()
            def f():
                helpers.load()
        """,
        after="""
            from modal import App, Image
            import helpers

            app = App("a")

            @app.function(image=Image.debian_slim().add_local_python_source("helpers"))
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="no-image-anywhere-several-functions",
        before="""
            import modal
            import helpers

            app = modal.App("a")

            @app.function()
            def f():
                helpers.load()

            @app.function(schedule=modal.Period(days=1))
            def g():
                helpers.load()
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a", image=modal.Image.debian_slim().add_local_python_source("helpers"))

            @app.function()
            def f():
                helpers.load()

            @app.function(schedule=modal.Period(days=1))
            def g():
                helpers.load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="no-image-anywhere-one-each",
        before="""
            import modal
            import helpers

            app = modal.App("a")

            @app.function()
            def f(): ...

            @app.function(cpu=1)
            def g(): ...
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a")

            @app.function(image=modal.Image.debian_slim().add_local_python_source("helpers"))
            def f(): ...

            @app.function(cpu=1, image=modal.Image.debian_slim().add_local_python_source("helpers"))
            def g(): ...
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        choice="add-1",
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="package-beside-a-script",
        before="""
            import modal
            from pkg.app import app

            image = modal.Image.debian_slim()

            @app.function(image=image)
            def web(): ...
        """,
        after="""
            import modal
            from pkg.app import app

            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def web(): ...
        """,
        rules=("local-source",),
        files={"pkg/__init__.py": "", "pkg/app.py": 'import modal\n\napp = modal.App("a")\n'},
        proof=QUIET,
    ),
    Case(
        id="image-of-functions-in-several-files",
        path="common.py",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={
            "main.py": """
                from common import app, image
                import tasks

                @app.function(image=image)
                def f():
                    tasks.g.remote()
            """,
            "tasks.py": """
                from common import app, image

                @app.function(image=image)
                def g(): ...
            """,
        },
        files_after={
            "main.py": """
                from common import app, image
                import tasks

                @app.function(image=image.add_local_python_source("common", "tasks"))
                def f():
                    tasks.g.remote()
            """,
            "tasks.py": """
                from common import app, image

                @app.function(image=image.add_local_python_source("common"))
                def g(): ...
            """,
        },
        proof=SILENT,
    ),
    Case(
        id="image-of-another-file-used-alike",
        path="common.py",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("common")
        """,
        rules=("local-source",),
        files={
            "main.py": """
                from common import app, image

                @app.function(image=image)
                def f(): ...
            """,
        },
        proof=SILENT,
    ),
    Case(
        id="package-with-data-files",
        before="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source(
                "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={"pkg/__init__.py": "", "pkg/prompts.py": "", "pkg/templates/a.jinja": "{{ x }}"},
        proof=QUIET,
    ),
    Case(
        id="package-with-data-files-python-only",
        before="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        choice="python-only",
        files={"pkg/__init__.py": "", "pkg/prompts.py": "", "pkg/data.json": "{}"},
        proof=QUIET,
    ),
    Case(
        id="package-with-notes-and-scratch-files-only",
        before="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from pkg import prompts

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        files={
            "pkg/__init__.py": "",
            "pkg/prompts.py": "",
            "pkg/README.txt": "a",
            "pkg/try.ipynb": "{}",
            "pkg/run.log": "a",
            "pkg/docs/figure.png": "a",
            "pkg/tests/sample.json": "{}",
        },
        proof=QUIET,
    ),
    Case(
        id="import-held-by-the-image",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().pip_install("torch")

            with image.imports():
                from helpers import load

            @app.function(image=image)
            def f():
                load()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .add_local_python_source("helpers")
            )

            with image.imports():
                from helpers import load

            @app.function(image=image)
            def f():
                load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="deferred-import-of-a-module-that-the-program-loads",
        path="tasks.py",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f():
                from helpers import load
                load()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("helpers")

            @app.function(image=image)
            def f():
                from helpers import load
                load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={**HELPERS, "main.py": "import helpers\nfrom tasks import app, f\n"},
        proof=UNSEEN,
    ),
    Case(
        id="function-that-runs-while-the-image-is-built",
        before="""
            import modal
            import settings

            def download():
                print(settings.MODEL)

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .run_function(download)
            )
            app = modal.App("a")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            import settings

            def download():
                print(settings.MODEL)

            image = (
                modal.Image.debian_slim()
                .pip_install("torch")
                .add_local_python_source("settings", copy=True)
                .run_function(download)
            )
            app = modal.App("a")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source-build",),
        applicability=Applicability.REVIEW,
        files={"settings.py": 'MODEL = "m"\n'},
        proof=QUIET,
    ),
    Case(
        id="function-that-runs-while-the-image-is-built-reads-data",
        before="""
            import modal
            from pkg import prompts

            def download():
                print(prompts.NAMES)

            image = modal.Image.debian_slim().run_function(download)
        """,
        after="""
            import modal
            from pkg import prompts

            def download():
                print(prompts.NAMES)

            image = (
                modal.Image.debian_slim()
                .add_local_python_source(
                    "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"], copy=True
                )
                .run_function(download)
            )
        """,
        rules=("local-source-build",),
        applicability=Applicability.REVIEW,
        files={"pkg/__init__.py": "", "pkg/prompts.py": "NAMES = []\n", "pkg/names.yaml": ""},
        proof=QUIET,
    ),
    Case(
        id="script-of-a-package-imports-what-lies-beside-it",
        path="pkg/app.py",
        before="""
            import modal
            from kinds import NAME

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from kinds import NAME

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("kinds")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        files={"pkg/__init__.py": "", "pkg/kinds.py": 'NAME = "n"\n'},
        proof=Proof(
            None, None, None, None, why="the proof imports files of packages as modules; as a script it has it"
        ),
    ),
    Case(
        id="search-path-that-a-function-changes-too-late",
        before="""
            import sys

            import modal
            from common import NAME

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(".", "/root/project", ignore=["*.md"])

            @app.function(image=image)
            def f():
                sys.path.append("/root/project")
        """,
        after="""
            import sys

            import modal
            from common import NAME

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir(".", "/root/project", ignore=["*.md"])
                .add_local_python_source("common")
            )

            @app.function(image=image)
            def f():
                sys.path.append("/root/project")
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={"common.py": 'NAME = "n"\n'},
        proof=QUIET,
    ),
    Case(
        id="search-path-that-the-program-changes",
        before="""
            import sys

            import modal

            sys.path.append("lib")
            from tools.core import NAME
            from ns.more import thing

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import sys

            import modal

            sys.path.append("lib")
            from tools.core import NAME
            from ns.more import thing

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("beside", "ns", "tools")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={
            "tools/core.py": "from beside import NAME\n",
            "tools/beside.py": 'NAME = "n"\n',
            "lib/ns/more/thing.py": "",
        },
        proof=Proof(None, None, None, None, why="where the program is run decides what its path holds"),
    ),
    Case(
        id="file-or-module",
        path="pkg/app.py",
        before="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f():
                helper()
        """,
        after="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f():
                helper()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files={"pkg/__init__.py": "", "pkg/tools.py": "def helper(): ...\n"},
        proof=UNSEEN,
    ),
    Case(
        id="shown-run-as-a-file",
        path="pkg/app.py",
        before="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f():
                helper()
        """,
        after="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f():
                helper()
        """,
        rules=("local-source",),
        files={
            "pkg/__init__.py": "",
            "pkg/tools.py": "def helper(): ...\n",
            "README.md": "Deploy: `modal deploy pkg/app.py`.\n",
        },
        proof=UNSEEN,
    ),
    Case(
        id="another-package-than-its-own",
        path="svc/app.py",
        before="""
            import modal
            from shared.config import NAME
            from . import models

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from shared.config import NAME
            from . import models

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("shared")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        files={
            "svc/__init__.py": "",
            "svc/models.py": "",
            "shared/__init__.py": "",
            "shared/config.py": 'NAME = "n"\n',
        },
        proof=QUIET,
    ),
    Case(
        id="part-in-a-folder-that-holds-code",
        before="""
            import modal
            from pkg.app.config import NAME

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg.app.config")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from pkg.app.config import NAME

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_python_source("pkg.app.config")
                .add_local_python_source("pkg")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("local-source",),
        files={
            "pkg/__init__.py": '"""What the package is for."""\n',
            "pkg/app/__init__.py": "READY = True\n",
            "pkg/app/config.py": 'NAME = "n"\n',
        },
        proof=QUIET,
    ),
    Case(
        id="function-in-a-function-that-is-serialized-with-a-module",
        before="""
            import modal
            import helpers

            def main():
                app = modal.App("a")
                image = modal.Image.debian_slim()

                @app.function(image=image, serialized=True)
                def f():
                    helpers.load()
        """,
        after="""
            import modal
            import helpers

            def main():
                app = modal.App("a")
                image = modal.Image.debian_slim().add_local_python_source("helpers")

                @app.function(image=image, serialized=True)
                def f():
                    helpers.load()
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=SILENT,
    ),
    Case(
        id="image-in-a-splatted-dict",
        before="""
            import modal
            import helpers

            app = modal.App("a")
            OPTIONS = {"image": modal.Image.debian_slim(), "cpu": 1}

            @app.function(**OPTIONS)
            def f():
                helpers.load()
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a")
            OPTIONS = {
                "image": modal.Image.debian_slim().add_local_python_source("helpers"),
                "cpu": 1,
            }

            @app.function(**OPTIONS)
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="image-that-cannot-be-told",
        before="""
            import modal
            import helpers

            app = modal.App("a")

            def options(): return {}

            @app.function(**options())
            def f():
                helpers.load()
        """,
        after="""
            import modal
            import helpers

            app = modal.App("a")

            def options(): return {}

            @app.function(**options())
            def f():
                helpers.load()
        """,
        rules=("local-source-unseen",),
        applicability=Applicability.MANUAL,
        files=HELPERS,
        proof=Proof(Sdk.WARNS, Sdk.WARNS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is rewritten"),
    ),
    Case(
        id="image-that-may-hold-the-source",
        before="""
            import os

            import modal
            import helpers

            app = modal.App("a")
            files = os.environ.get("SRC", "src")
            image = modal.Image.debian_slim().add_local_dir(files, "/srv", copy=True).env({"PYTHONPATH": "/srv"})

            @app.function(image=image)
            def f():
                helpers.load()
        """,
        after="""
            import os

            import modal
            import helpers

            app = modal.App("a")
            files = os.environ.get("SRC", "src")
            image = modal.Image.debian_slim().add_local_dir(files, "/srv", copy=True).env({"PYTHONPATH": "/srv"})

            @app.function(image=image, include_source=False)
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        applicability=Applicability.REVIEW,
        choice="exclude",
        files=HELPERS,
        proof=QUIET,
    ),
    Case(
        id="stub-era",
        before="""
            from modal import Image, Stub
            import helpers

            stub = Stub("a", image=Image.debian_slim())

            @stub.function(gpu="any")
            def f():
                helpers.load()
        """,
        after="""
            from modal import Image, Stub
            import helpers

            stub = Stub("a", image=Image.debian_slim().add_local_python_source("helpers"))

            @stub.function(gpu="any")
            def f():
                helpers.load()
        """,
        rules=("local-source",),
        files=HELPERS,
        proof=Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="Stub warns by itself, and is gone from 1.0"),
    ),
    Case(
        "options-that-a-function-gives-may-hold-the-image",
        """
            import modal
            import util

            app = modal.App("a")
            options = util.defaults()
            options["cpu"] = 4

            @app.function(**options)
            def f(): ...
        """,
        """
            import modal
            import util

            app = modal.App("a")
            options = util.defaults()
            options["cpu"] = 4

            @app.function(**options)
            def f(): ...
        """,
        ("local-source-unseen",),
        Applicability.MANUAL,
        files={"util.py": "import modal\n\ndef defaults(): return dict(image=modal.Image.debian_slim())\n"},
        proof=Proof(Sdk.WARNS, Sdk.WARNS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is rewritten"),
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="folder-that-lands-at-a-path-put-together-of-others",
        code="""
            import pathlib

            import modal
            from recipes import load
            from tools import clean

            REMOTE = pathlib.Path("/root")
            RECIPES = REMOTE.joinpath("recipes")
            here = pathlib.Path(__file__).parent
            image = (
                modal.Image.debian_slim()
                .add_local_dir(here / "recipes", remote_path=RECIPES.as_posix())
                .add_local_dir(here / "tools", remote_path=f"{REMOTE}/tools")
            )
            app = modal.App("a", image=image)

            @app.function()
            def f(): ...
        """,
        files={"recipes/__init__.py": "load = print\n", "tools/__init__.py": "clean = print\n"},
    ),
    NearMiss(
        id="name-that-only-its-own-package-has",
        path="src/trainer/main.py",
        code="""
            import modal
            from client import NAME
            from ..shared import log

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files={"src/shared.py": "log = print\n", "src/client/__init__.py": 'NAME = "n"\n'},
    ),
    NearMiss(
        id="name-that-lies-beside-a-file-run-as-a-module",
        path="pkg/app.py",
        code="""
            import modal
            import redis

            app = modal.App("a")

            @app.function(image=modal.Image.debian_slim().pip_install("redis"))
            def f(): ...
        """,
        files={"README.md": "    modal deploy -m pkg.app\n", "pkg/__init__.py": "", "pkg/redis.py": ""},
    ),
    NearMiss(
        id="name-that-lies-beside-an-imported-part-of-a-package",
        code="""
            import modal
            from pkg.tasks import run

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/tasks.py": "import redis\nrun = print\n", "pkg/redis.py": ""},
    ),
    NearMiss(
        id="nothing-of-a-repository-is-found-beside-the-package-that-it-is",
        code="""
            import modal

            from .. import config
            from ..crud import video

            app = modal.App("a")

            @app.function(image=modal.Image.debian_slim())
            def f():
                return config, video
        """,
        files={"config.py": "", "crud/__init__.py": "", "crud/video.py": "import config\n", "__init__.py": ""},
        path="api/app.py",
    ),
    NearMiss(
        id="relative-imports-of-its-own-package",
        path="pkg/app.py",
        code="""
            import modal
            from .tools import helper
            from pkg.other import thing

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/tools.py": "def helper(): ...\n", "pkg/other.py": "thing = 1\n"},
    ),
    NearMiss(
        id="package-shown-run-as-a-module",
        path="pkg/app.py",
        code="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files={
            "pkg/__init__.py": "",
            "pkg/tools.py": "def helper(): ...\n",
            "Makefile": "deploy:\n\tmodal deploy -m pkg.app\n",
        },
    ),
    NearMiss(
        id="imported-as-a-part-of-its-package",
        path="pkg/tasks.py",
        code="""
            import modal
            from pkg.tools import helper

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files={
            "pkg/__init__.py": "",
            "pkg/tools.py": "def helper(): ...\n",
            "main.py": "from pkg.tasks import app\n",
        },
    ),
    NearMiss(
        id="added-already",
        code="""
            import modal
            import helpers
            from utils import x

            base = modal.Image.debian_slim().add_local_python_source("helpers", copy=True)
            image = base.pip_install("torch").add_local_python_source(*["utils"])
            app = modal.App("a", image=image)

            @app.function()
            def f(): ...
        """,
        files={**HELPERS, "utils.py": "x = 1\n"},
    ),
    NearMiss(
        id="parts-of-a-package-that-says-what-it-is",
        code="""
            import modal
            from pkg.app.config import NAME
            from pkg.helper import load

            image = modal.Image.debian_slim().add_local_python_source("pkg.app.config", "pkg.helper")
            app = modal.App("a", image=image)

            @app.function()
            def f(): ...
        """,
        files={
            "pkg/__init__.py": '"""What the package is for."""\n',
            "pkg/app/__init__.py": '"""Apps."""\n',
            "pkg/app/config.py": 'NAME = "n"\n',
            "pkg/helper.py": "def load(): ...\n",
        },
    ),
    NearMiss(
        id="function-in-a-function-that-is-serialized",
        code="""
            import modal
            import helpers

            def test_include():
                app = modal.App("a")

                @app.function(serialized=True)
                def f(x: int) -> list[str]:
                    y = x
                    return [str(y)]

                assert helpers
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="directory-that-lands-in-root",
        code="""
            import modal
            import helpers
            from pkg import x

            image = modal.Image.debian_slim().add_local_dir("./pkg", "/root/pkg").add_local_file("helpers.py", "/root/helpers.py")
            whole = modal.Image.debian_slim().add_local_dir(".", remote_path="/root")
            app = modal.App("a")

            @app.function(image=image)
            def f(): ...

            @app.function(image=whole)
            def g(): ...
        """,  # noqa: E501  one line, as it is written
        files={**HELPERS, "pkg/__init__.py": "x = 1\n"},
    ),
    NearMiss(
        id="include-source-is-said",
        code="""
            import modal
            import helpers

            app = modal.App("a")
            silent = modal.App("b", include_source=False)

            @app.function(include_source=True)
            def f(): ...

            @silent.function()
            def g(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="automounting-was-off",
        code="""
            import modal
            import helpers

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files={**HELPERS, ".modal.toml": "[default]\nautomount = false\n"},
    ),
    NearMiss(
        id="automounting-was-off-by-the-environment",
        code="""
            import os
            os.environ["MODAL_AUTOMOUNT"] = "0"
            import modal
            import helpers

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="for-types-and-on-this-machine-only",
        code="""
            from typing import TYPE_CHECKING
            import modal

            if TYPE_CHECKING:
                from helpers import load

            if modal.is_local():
                import settings

            app = modal.App("a")

            @app.function()
            def f(): ...

            @app.local_entrypoint()
            def main():
                import cli
                f.remote()

            if __name__ == "__main__":
                import cli
        """,
        files={**HELPERS, "settings.py": "", "cli.py": ""},
    ),
    NearMiss(
        id="deferred-import-that-was-never-shipped",
        code="""
            import modal

            app = modal.App("a")

            @app.function()
            def f():
                import helpers
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="packages-that-are-not-here",
        code="""
            import json
            import modal
            import torch
            from transformers import pipeline

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="mount-that-brings-it",
        code="""
            import modal
            import helpers

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_local_python_packages("helpers")])
            def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="no-functions",
        code="""
            import modal
            import helpers

            image = modal.Image.debian_slim()
            f = modal.Function.from_name("a", "f")
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="another-librarys-app",
        code="""
            import helpers

            class App:
                def function(self): return lambda f: f

            app = App()

            @app.function()
            def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="names-of-the-standard-library-and-what-a-command-installs",
        code="""
            import types

            import acme
            import modal
            import other

            app = modal.App("a")
            image = modal.Image.debian_slim().run_commands(
                "git clone https://github.com/us/acme && cd acme && pip install -e '.[all]'", "pip install ./libs/other"
            )

            @app.function(image=image)
            def f(): ...
        """,
        files={"src/types/__init__.py": "", "acme/__init__.py": "", "other.py": ""},
    ),
    NearMiss(
        id="circular-import-of-the-file-itself",
        path="main.py",
        code="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("tasks")

            @app.function(image=image)
            def f(): ...

            import tasks
        """,
        files={"tasks.py": "from main import app\n"},
    ),
    *(
        NearMiss(
            id=f"its-own-distribution-is-installed-{number}",
            path="examples/main.py",
            code="""
                import sys

                import modal

                sys.path.append("..")
                sys.path.append("../src")

                import talk.core

                app = modal.App("a")
                image = modal.Image.debian_slim().pip_install("talk-ai[all]>=1")

                @app.function(image=image)
                def f(): ...
            """,
            files={f"{folder}talk/__init__.py": "", f"{folder}talk/core.py": "", build: text},
        )
        for number, (folder, build, text) in enumerate(
            [
                (
                    "src/",
                    "pyproject.toml",
                    '[build-system]\nrequires = ["a"]\n\n[project]\ndynamic = 1\nname = "talk-ai"\n',
                ),
                ("src/", "setup.py", 'setup(\n    name="Talk.AI",\n)\n'),
                ("", "pyproject.toml", '[tool.poetry]\nname = "talk_ai"\n'),
                ("", "setup.cfg", "[metadata]\nname = talk-ai\n"),
            ]
        )
    ),
    NearMiss(
        id="installed-by-the-image-of-a-branch",
        code="""
            import helpers

            try:
                import modal
            except ImportError:
                modal = None
            else:
                app = modal.App("a")
                image = modal.Image.debian_slim().pip_install("helpers[all]")

                @app.function(image=image)
                def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="added-where-a-loop-puts-the-path",
        path="tools/main.py",
        code="""
            import sys
            from pathlib import Path
            import modal

            for folder in (str(Path(__file__).parent), "/opt/tools"):
                sys.path.insert(0, folder)

            import logging
            import side

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(str(Path(__file__).parent), "/opt/tools")

            @app.function(image=image)
            def f(): ...
        """,
        files={
            "tools/side.py": "import parts.inner\n",
            "tools/parts/logging.py": "",
            "tools/parts/inner.py": "import logging\n",
        },
    ),
    NearMiss(
        id="added-where-a-loop-puts-the-path-as-text",
        code="""
            import sys
            from pathlib import Path
            import modal

            HERE = Path(__file__).resolve().parent
            THERE = Path("/opt/tools")
            for folder in (HERE, THERE, Path.home() / "lib"):
                text = str(folder)
                if folder.exists() and text not in sys.path:
                    sys.path.insert(0, text)

            import helpers

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(HERE, remote_path="/opt/tools")

            @app.function(image=image)
            def f(): ...
        """,
        files=HELPERS,
    ),
    NearMiss(
        id="names-for-scripts-in-a-package",
        path="pkg/remote/main.py",
        code="""
            import modal
            from ..state import a
            from ..output import b

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        files={
            "pkg/__init__.py": "",
            "pkg/remote/__init__.py": "",
            "pkg/deep.py": "c = 1",
            "pkg/state.py": "try:\n    from .deep import c\nexcept ImportError:\n    from deep import c\na = 1\n",
            "pkg/output.py": "if __package__:\n    from .deep import c\nelse:\n    from deep import c\nb = 1\n",
            "deep.py": "c = 2",
        },
    ),
    NearMiss(
        "a-path-file-names-the-folder",
        """
            import modal
            import helper

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .run_commands("printf '%s\\n' /opt/src > $(python -c 'import site; print(site.x)')/own.pth")
                .add_local_dir("src", "/opt/src")
            )

            @app.function(image=image)
            def f():
                return helper.X
        """,
        files={"src/helper.py": "X = 1\n"},
        path="src/main.py",
    ),
]
