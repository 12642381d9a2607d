"""Cases of ``stub-app``: the class ``Stub``, the variable ``stub``, and what hung on them."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

GONE = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="0.77 has it no more; nothing is rewritten")
GONE_BEFORE = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has it no more")
STILL_RUNS = Proof(
    Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only modal deploy and modal serve look for a variable"
)
ONLY_IMPORTED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 warns when one is made")
WHEN_CALLED = Proof(Sdk.WARNS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="the app is imported; nothing calls it")

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="class-and-variable",
        before="""
            import modal

            stub = modal.Stub("a")  # a Stub
            stub.volume = modal.Volume.from_name("v", create_if_missing=True)

            @stub.function(volumes={"/v": stub.volume})
            def f(): ...

            @stub.local_entrypoint()
            def main():
                with stub.run():
                    print(f"{stub.name}: {stub}", f.remote())
        """,
        after="""
            import modal

            app = modal.App("a")  # a Stub
            app.volume = modal.Volume.from_name("v", create_if_missing=True)

            @app.function(volumes={"/v": app.volume})
            def f(): ...

            @app.local_entrypoint()
            def main():
                with app.run():
                    print(f"{app.name}: {app}", f.remote())
        """,
        rules=("stub-variable", "stub-class"),
    ),
    Case(
        id="a-module-imported-by-the-name",
        before="""
            import modal
            from modal import stub

            stub = modal.Stub("a")

            @stub.function()
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        rules=("stub-variable", "stub-class"),
        proof=GONE_BEFORE,
    ),
    Case(
        id="from-import",
        before="""
            from modal import Image, Secret, Stub, method

            stub = Stub("a", image=Image.debian_slim(), secrets=[Secret.from_name("s")])

            @stub.cls()
            class C:
                @method()
                def run(self): ...
        """,
        after="""
            from modal import App, Image, Secret, method

            app = App("a", image=Image.debian_slim(), secrets=[Secret.from_name("s")])

            @app.cls()
            class C:
                @method()
                def run(self): ...
        """,
        rules=("stub-class", "stub-variable"),
    ),
    Case(
        id="class-that-another-file-reads-from-here",
        before="from modal import Stub\n\nX = 1\n",
        after="from modal import App as Stub\n\nX = 1\n",
        rules=("stub-class",),
        files={"other.py": "import main\n\nmade = main.Stub('a')\n"},
        proof=ONLY_IMPORTED,
    ),
    Case(
        id="variable-that-an-example-and-settings-name",
        before="""
            \'\'\'Run it.

            >>> from main import stub
            \'\'\'
            import modal

            stub = modal.App("a")
        """,
        after="""
            \'\'\'Run it.

            >>> from main import stub
            \'\'\'
            import modal

            app = modal.App("a")
        """,
        rules=("stub-variable",),
        applicability=Applicability.REVIEW,
        files={"pyproject.toml": '[project.entry-points.x]\nmain = "main:stub"\n'},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only the variable is called otherwise"),
    ),
    Case(
        id="app-is-imported-already",
        before="""
            from modal import (
                App,
                Image,
                Stub,  # old
            )

            app = Stub("a", image=Image.debian_slim())
            other = App("b")
        """,
        after="""
            from modal import (
                App,
                Image,
            )

            app = App("a", image=Image.debian_slim())
            other = App("b")
        """,
        rules=("stub-class",),
    ),
    Case(
        id="import-alias-stays",
        before="""
            from modal import Stub as S, Volume

            app = S("a")
        """,
        after="""
            from modal import App as S, Volume

            app = S("a")
        """,
        rules=("stub-class",),
    ),
    Case(
        id="module-alias",
        before="""
            import modal as m

            app = m.Stub("a")
        """,
        after="""
            import modal as m

            app = m.App("a")
        """,
        rules=("stub-class",),
    ),
    Case(
        id="modal.app.Stub",
        before="""
            import modal.app

            app = modal.app.Stub("a")
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("stub-class",),
    ),
    Case(
        id="modal.stub.Stub",
        before="""
            from modal.stub import Stub as S

            app = S("a")
        """,
        after="""
            from modal import App as S

            app = S("a")
        """,
        rules=("stub-class",),
        proof=GONE_BEFORE,
    ),
    Case(
        id="from-modal.stub",
        before="""
            from modal import Image
            from modal.stub import Stub

            app = Stub("a", image=Image.debian_slim())
        """,
        after="""
            from modal import App, Image

            app = App("a", image=Image.debian_slim())
        """,
        rules=("stub-class",),
        proof=GONE_BEFORE,
    ),
    Case(
        id="annotations-and-subclasses",
        before="""
            from __future__ import annotations

            import modal
            from modal import Stub

            class Mine(Stub):
                pass

            def make(parent: "Stub", other: modal.Stub) -> "modal.Stub | None":
                return parent

            app: Stub = Mine("a")
        """,
        after="""
            from __future__ import annotations

            import modal
            from modal import App

            class Mine(App):
                pass

            def make(parent: "App", other: modal.App) -> "modal.App | None":
                return parent

            app: App = Mine("a")
        """,
        rules=("stub-class",),
    ),
    Case(
        id="another-class-called-app",
        before="""
            from modal import Image, Stub

            class App:
                pass

            mine = Stub("a", image=Image.debian_slim())
        """,
        after="""
            import modal
            from modal import Image

            class App:
                pass

            mine = modal.App("a", image=Image.debian_slim())
        """,
        rules=("stub-class",),
    ),
    Case(
        id="an-import-that-nothing-reads",
        before="""
            from modal import Image, Stub

            from common import app

            image = Image.debian_slim()
        """,
        after="""
            from modal import Image

            from common import app

            image = Image.debian_slim()
        """,
        rules=("stub-class",),
        files={"common.py": "import modal\n\napp = modal.App('a')\n"},
        proof=ONLY_IMPORTED,
    ),
    Case(
        id="the-class-is-taken-from-here",
        before="""
            from modal import Stub

            def make(name):
                return Stub(name)
        """,
        after="""
            from modal import App as Stub

            def make(name):
                return Stub(name)
        """,
        rules=("stub-class",),
        files={"other.py": "from main import Stub\n\napp = Stub('b')\n"},
        proof=ONLY_IMPORTED,
    ),
    Case(
        id="a-variable-that-holds-an-app-already",
        before="""
            import modal

            stub = modal.App("a")

            @stub.function()
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        rules=("stub-variable",),
        proof=STILL_RUNS,
    ),
    Case(
        id="in-all-files",
        before="""
            import modal

            stub = modal.App("a")
            __all__ = ["image"]
            __all__.append("stub")

            image = modal.Image.debian_slim()

            def change():
                global image, stub
                stub = modal.App("b")
        """,
        after="""
            import modal

            app = modal.App("a")
            __all__ = ["image"]
            __all__.append("app")

            image = modal.Image.debian_slim()

            def change():
                global image, app
                app = modal.App("b")
        """,
        rules=("stub-variable",),
        applicability=Applicability.REVIEW,
        files={
            "worker.py": """
                from main import image, stub

                @stub.function(image=image)
                def f(): ...
            """,
            "third.py": """
                from worker import stub as s
                import main as m

                def late():
                    from main import stub
                    return stub.name, s.name, m.stub.name, getattr(m, "stub")
            """,
            "starred.py": """
                from main import *

                @stub.function()
                def h(): ...
            """,
            "test_it.py": """
                from unittest.mock import patch

                import main

                @patch("main.stub.run")
                def test_it(run): ...
            """,
        },
        files_after={
            "worker.py": """
                from main import image, app

                @app.function(image=image)
                def f(): ...
            """,
            "third.py": """
                from worker import app as s
                import main as m

                def late():
                    from main import app
                    return app.name, s.name, m.app.name, getattr(m, "app")
            """,
            "starred.py": """
                from main import *

                @app.function()
                def h(): ...
            """,
            "test_it.py": """
                from unittest.mock import patch

                import main

                @patch("main.app.run")
                def test_it(run): ...
            """,
        },
        proof=STILL_RUNS,
    ),
    Case(
        id="a-file-that-has-an-app-of-its-own",
        before="""
            import modal

            stub = modal.App("a")
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("stub-variable",),
        applicability=Applicability.REVIEW,
        files={
            "web.py": """
                from main import stub

                @stub.function()
                def app(): ...
            """,
            "late.py": """
                def go(app):
                    from main import stub

                    return app, stub.name
            """,
        },
        files_after={
            "web.py": """
                from main import app as stub

                @stub.function()
                def app(): ...
            """,
            "late.py": """
                def go(app):
                    from main import app as stub

                    return app, stub.name
            """,
        },
        proof=STILL_RUNS,
    ),
    Case(
        id="methods-and-locals-called-app-are-no-hindrance",
        before="""
            import modal

            stub = modal.App("a")

            @stub.cls()
            class Web:
                @modal.asgi_app()
                def app(self):
                    return self.make(app=1)

                @modal.method()
                def make(self, app): ...

            @stub.function()
            def serve():
                app = dict(stub=1)
                return app
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Web:
                @modal.asgi_app()
                def app(self):
                    return self.make(app=1)

                @modal.method()
                def make(self, app): ...

            @app.function()
            def serve():
                app = dict(stub=1)
                return app
        """,
        rules=("stub-variable",),
        proof=STILL_RUNS,
    ),
    Case(
        id="the-class-where-the-variable-stays",
        before="""
            import modal
            from web import app

            stub = modal.Stub("a")

            @stub.function()
            def serve():
                return app
        """,
        after="""
            import modal
            from web import app

            stub = modal.App("a")

            @stub.function()
            def serve():
                return app
        """,
        rules=("stub-class",),
        files={"web.py": "app = object()\n", "user.py": "from main import stub\n\nprint(stub.name)\n"},
    ),
    Case(
        id="a-command-that-has-to-name-the-variable",
        before="""
            '''Serve it: modal serve main.py'''
            import subprocess

            import modal

            stub = modal.App("a")
            app = object()

            def deploy():
                subprocess.run(["modal", "deploy", "-m", "main"])
        """,
        after="""
            '''Serve it: modal serve main.py::stub'''
            import subprocess

            import modal

            stub = modal.App("a")
            app = object()

            def deploy():
                subprocess.run(["modal", "deploy", "-m", "main::stub"])
        """,
        rules=("stub-command",),
        applicability=Applicability.REVIEW,
        proof=STILL_RUNS,
    ),
    Case(
        id="the-running-app",
        before="""
            import modal

            app = modal.Stub("a")

            @app.function()
            def f():
                return app.app.app_id
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def f():
                return app.app_id
        """,
        rules=("stub-class", "stub-running-app"),
        proof=WHEN_CALLED,
    ),
    Case(
        id="a-function-of-the-running-app",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            def f():
                return app.app.f.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def f():
                return app.app.f.remote()
        """,
        rules=("stub-running-app",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it, nothing is rewritten"),
    ),
    Case(
        id="items",
        before="""
            import modal

            app = modal.App("a")
            app["q"] = modal.Queue.from_name("q")
        """,
        after="""
            import modal

            app = modal.App("a")
            app["q"] = modal.Queue.from_name("q")
        """,
        rules=("stub-item",),
        applicability=Applicability.MANUAL,
        proof=GONE,
    ),
    Case(
        id="functions-called-after-it",
        before="""
            import modal.serving
            from modal.runner import deploy_stub, run_stub

            def main(app):
                with run_stub(app), modal.serving.serve_stub(app):
                    deploy_stub(app)
        """,
        after="""
            import modal.serving
            from modal.runner import deploy_app, run_app

            def main(app):
                with run_app(app), modal.serving.serve_app(app):
                    deploy_app(app)
        """,
        rules=("stub-function", "stub-function", "stub-function"),
        applicability=Applicability.REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 raises only when one is called"),
    ),
    Case(
        id="the-async-stub",
        before="""
            from modal.aio import AioImage, AioStub

            app = AioStub("a", image=AioImage.debian_slim())
        """,
        after="""
            from modal import Image, App

            app = App("a", image=Image.debian_slim())
        """,
        rules=("stub-async",),
        applicability=Applicability.REVIEW,
        proof=GONE_BEFORE,
    ),
    Case(
        id="the-async-stub-by-its-module",
        before="""
            import modal
            import modal.aio
            from modal import aio

            app = modal.aio.AioStub("a")
            queue = aio.AioQueue.from_name("q")
        """,
        after="""
            import modal

            app = modal.App("a")
            queue = modal.Queue.from_name("q")
        """,
        rules=("stub-async",),
        applicability=Applicability.REVIEW,
        proof=GONE_BEFORE,
    ),
    Case(
        id="the-async-stub-alone",
        before="""
            import modal.aio

            app = modal.aio.AioStub("a")
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("stub-async",),
        applicability=Applicability.REVIEW,
        proof=GONE_BEFORE,
    ),
    Case(
        id="what-the-async-sdk-had-and-nothing-is",
        before="""
            import modal.aio

            app = modal.aio.AioStub("a")
            f = modal.aio.aio_lookup("a", "f")
        """,
        after="""
            import modal.aio

            app = modal.aio.AioStub("a")
            f = modal.aio.aio_lookup("a", "f")
        """,
        rules=("stub-async",),
        applicability=Applicability.MANUAL,
        proof=GONE,
    ),
    Case(
        id="said-in-comments-and-commented-out",
        before="""
            import modal
            # A `modal.Stub` holds functions:
            # other = modal.Stub("b")
            app = modal.App("a")
        """,
        after="""
            import modal
            # A `modal.App` holds functions:
            # other = modal.App("b")
            app = modal.App("a")
        """,
        rules=("stub-app-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
    Case(
        id="comments-that-say-the-variable",
        before="""
            import modal

            stub = modal.App("a")
            # @stub.function(gpu="any")
            # def g(): ...

            @stub.function()
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            # @app.function(gpu="any")
            # def g(): ...

            @app.function()
            def f(): ...
        """,
        rules=("stub-variable",),
        proof=SAID,
    ),
    Case(
        "a-variable-that-is-handed-on-with-all-names",
        'import modal\n\nstub = modal.App("a")\n',
        'import modal\n\napp = modal.App("a")\n',
        ("stub-variable",),
        Applicability.REVIEW,
        files={
            "middle.py": "from main import *\n",
            "other.py": "from middle import *\n\n@stub.function()\ndef f(): ...\n",
        },
        files_after={"other.py": "from middle import *\n\n@app.function()\ndef f(): ...\n"},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="it is only a name"),
    ),
]

NEAR_MISSES = [
    NearMiss(
        "stubs-of-others",
        """
            from unittest import mock

            import modal
            from users_pb2_grpc import UsersStub, Stub

            app = modal.App("a")

            @app.function()
            def f(channel):
                stub = UsersStub(channel)
                return stub.app, stub["x"], Stub(channel), mock.Stub()
        """,
    ),
    NearMiss(
        "a-global-stub-of-grpc",
        """
            import modal
            from users_pb2_grpc import UsersStub

            app = modal.App("a")
            stub = UsersStub("channel")
        """,
    ),
    NearMiss(
        "private-and-longer-names",
        """
            from modal.app import _Stub
            import modal

            app = modal.App("a")
            StubLike = modal._Stub
        """,
    ),
    NearMiss(
        "for-both-sdks",
        """
            import modal

            try:
                from modal import App
            except ImportError:
                from modal import Stub as App

            try:
                from modal import Stub
            except ImportError:
                from modal import App as Stub

            make = modal.Stub if hasattr(modal, "Stub") else modal.App
            got = getattr(modal, "App", None) or modal.Stub
            app = Stub("a")
        """,
    ),
    NearMiss(
        "both-names",
        """
            import modal

            app = stub = modal.App("a")
        """,
    ),
    NearMiss(
        "a-lookup",
        """
            import modal

            stub = modal.App.lookup("a", create_if_missing=True)
        """,
    ),
    NearMiss(
        "a-stub-that-is-a-parameter-or-local",
        """
            import modal

            app = modal.App("a")

            def add(stub):
                @stub.function(serialized=True)
                def f(): ...

            def make():
                stub = modal.App("b")
                add(stub=stub)
                return stub
        """,
    ),
    NearMiss(
        "an-app-that-is-set",
        """
            import modal

            stub_like = modal.App("a")
            stub_like.app = object()
            print(stub_like.app.run)
        """,
    ),
    NearMiss(
        "the-variable-stays-where-app-is-taken",
        """
            import modal
            from fastapi import FastAPI

            app = FastAPI()
            stub = modal.App("a")
        """,
    ),
    NearMiss(
        "the-variable-stays-where-a-function-would-hide-it",
        """
            import modal

            stub = modal.App("a")

            @stub.function()
            def serve():
                app = object()
                return app, stub.name
        """,
    ),
    NearMiss(
        "the-variable-stays-where-app-comes-from-a-star",
        """
            from web import *

            import modal

            stub = modal.App("a")
            print(app)
        """,
    ),
    NearMiss(
        "commands-name-it",
        """
            import modal

            # modal deploy main.py::stub
            stub = modal.App("a")
        """,
    ),
    NearMiss(
        id="texts-that-tell-of-the-change",
        code="""
            import modal
            # `modal.Stub` is `modal.App` now; my.modal.Stub() and `my.modal.Stub` are others.

            # `my.modal.Stub`
            app = modal.App("a")
        """,
    ),
]
