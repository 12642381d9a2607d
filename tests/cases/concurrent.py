"""Cases of the section ``concurrent``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
STUB = Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="Stub itself warns in 0.77 and is gone since 1.0.0")
NONE = Proof(old_before=Sdk.ACCEPTS, why="0.77 says nothing of None; 1.4.0 refuses it all the same")
BY_HAND = Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="only a person can change it")

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="function",
        before="""
            import modal

            app = modal.App("a")

            @app.function(allow_concurrent_inputs=10)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.concurrent(max_inputs=10)
            def f(): ...
        """,
        rules=("concurrent",),
    ),
    Case(
        id="class-one-argument-a-line-with-a-comment",
        before="""
            import modal as m

            app = m.App("a")

            @app.cls(
                timeout=300,
                allow_concurrent_inputs=50,  # depends on model size
                scaledown_window=60,
            )  # the model
            class Model:
                @m.method()
                def f(self): ...
        """,
        after="""
            import modal as m

            app = m.App("a")

            @app.cls(
                timeout=300,
                scaledown_window=60,
            )  # the model
            @m.concurrent(max_inputs=50)  # depends on model size
            class Model:
                @m.method()
                def f(self): ...
        """,
        rules=("concurrent",),
    ),
    Case(
        id="comments-above-go-along-when-they-are-its-own",
        before="""
            import modal

            app = modal.App("a")

            @app.function(
                # several requests
                # a container
                allow_concurrent_inputs=8,
                # boots are slow
                scaledown_window=60,
            )
            def f(): ...

            @app.function(
                # scaling
                allow_concurrent_inputs=8,
                scaledown_window=60,
            )
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(
                # boots are slow
                scaledown_window=60,
            )
            # several requests
            # a container
            @modal.concurrent(max_inputs=8)
            def f(): ...

            @app.function(
                # scaling
                scaledown_window=60,
            )
            @modal.concurrent(max_inputs=8)
            def g(): ...
        """,
        rules=("concurrent", "concurrent"),
    ),
    Case(
        id="above-the-other-decorators",
        before="""
            import modal

            app = modal.App("a")

            @app.function(allow_concurrent_inputs=10, timeout=60)
            @modal.asgi_app()
            def web(): ...

            @app.function(timeout=60, allow_concurrent_inputs=10)
            @modal.web_server(8000, startup_timeout=60)
            def ui(): ...

            @app.function(
                allow_concurrent_inputs=10,
            )
            @modal.batched(max_batch_size=4, wait_ms=10)
            async def h(x): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(timeout=60)
            @modal.concurrent(max_inputs=10)
            @modal.asgi_app()
            def web(): ...

            @app.function(timeout=60)
            @modal.concurrent(max_inputs=10)
            @modal.web_server(8000, startup_timeout=60)
            def ui(): ...

            @app.function()
            @modal.concurrent(max_inputs=10)
            @modal.batched(max_batch_size=4, wait_ms=10)
            async def h(x): ...
        """,
        rules=("concurrent",) * 3,
    ),
    Case(
        id="above-a-wrapper-of-the-program",
        before="""
            import modal

            app = modal.App("a")

            def plain(f):
                return lambda *args: f(*args)

            @app.function(serialized=True, allow_concurrent_inputs=10)
            @plain
            def g(x): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            def plain(f):
                return lambda *args: f(*args)

            @app.function(serialized=True)
            @modal.concurrent(max_inputs=10)
            @plain
            def g(x): ...
        """,
        rules=("concurrent",),
        choice="decorator",
    ),
    Case(
        id="from-imports",
        before="""
            from modal import App, asgi_app, method

            app = App("a")

            @app.function(allow_concurrent_inputs=10)
            @asgi_app()
            def web(): ...

            @app.cls(allow_concurrent_inputs=2)
            class C:
                @method()
                def f(self): ...
        """,
        after="""
            from modal import App, asgi_app, concurrent, method

            app = App("a")

            @app.function()
            @concurrent(max_inputs=10)
            @asgi_app()
            def web(): ...

            @app.cls()
            @concurrent(max_inputs=2)
            class C:
                @method()
                def f(self): ...
        """,
        rules=("concurrent", "concurrent"),
    ),
    Case(
        id="the-standard-library-has-the-name",
        before="""
            import concurrent.futures

            from modal import App

            app = App("a")
            pool = concurrent.futures.ThreadPoolExecutor()

            @app.function(allow_concurrent_inputs=10)
            def f(): ...
        """,
        after="""
            import concurrent.futures

            import modal
            from modal import App

            app = App("a")
            pool = concurrent.futures.ThreadPoolExecutor()

            @app.function()
            @modal.concurrent(max_inputs=10)
            def f(): ...
        """,
        rules=("concurrent",),
    ),
    Case(
        id="app-of-another-module",
        before="""
            from common import app

            @app.function(allow_concurrent_inputs=10)
            def f(): ...
        """,
        after="""
            import modal
            from common import app

            @app.function()
            @modal.concurrent(max_inputs=10)
            def f(): ...
        """,
        files={
            "common.py": """
                import modal

                app = modal.App("a")
            """,
        },
        rules=("concurrent",),
    ),
    Case(
        id="stub",
        before="""
            from modal import Stub

            stub = Stub("a")

            @stub.function(allow_concurrent_inputs=10)
            def f(): ...
        """,
        after="""
            from modal import Stub, concurrent

            stub = Stub("a")

            @stub.function()
            @concurrent(max_inputs=10)
            def f(): ...
        """,
        rules=("concurrent",),
        proof=STUB,
    ),
    Case(
        id="numbers-by-name",
        before="""
            import os

            import modal

            app = modal.App("a")
            MAX_INPUTS = 4 * 16
            LIMIT = int(os.environ.get("LIMIT", "10"))

            @app.function(allow_concurrent_inputs=MAX_INPUTS + 1)
            def f(): ...

            @app.function(allow_concurrent_inputs=LIMIT)
            def g(): ...
        """,
        after="""
            import os

            import modal

            app = modal.App("a")
            MAX_INPUTS = 4 * 16
            LIMIT = int(os.environ.get("LIMIT", "10"))

            @app.function()
            @modal.concurrent(max_inputs=MAX_INPUTS + 1)
            def f(): ...

            @app.function()
            @modal.concurrent(max_inputs=LIMIT)
            def g(): ...
        """,
        rules=("concurrent", "concurrent"),
    ),
    Case(
        id="value-that-may-be-none",
        before="""
            import os

            import modal

            app = modal.App("a")

            class Settings:
                concurrency = 10 if os.environ.get("FAST", "1") else None

            @app.function(
                allow_concurrent_inputs=(
                    # from the settings
                    Settings.concurrency
                    or None
                ),
                timeout=60,
            )
            def f(): ...
        """,
        after="""
            import os

            import modal

            app = modal.App("a")

            class Settings:
                concurrency = 10 if os.environ.get("FAST", "1") else None

            @app.function(timeout=60)
            @modal.concurrent(max_inputs=(
                # from the settings
                Settings.concurrency
                or None
            ))
            def f(): ...
        """,
        rules=("concurrent-value",),
        applicability=REVIEW,
    ),
    Case(
        id="true-was-one",
        before="""
            import modal

            app = modal.App("a")

            @app.function(allow_concurrent_inputs=True)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...
        """,
        rules=("concurrent-value",),
        applicability=REVIEW,
    ),
    Case(
        id="true-where-several-were-meant",
        before="""
            import modal

            app = modal.App("a")

            @app.cls(
                cpu=1,
                allow_concurrent_inputs=True,  # many
            )
            class Model:
                @modal.method()
                def f(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls(cpu=1)
            @modal.concurrent(max_inputs=20)  # many
            class Model:
                @modal.method()
                def f(self): ...
        """,
        rules=("concurrent-value",),
        applicability=REVIEW,
        choice="decorator",
        values={"inputs": "20"},
    ),
    Case(
        id="one-is-the-default",
        before="""
            import modal

            app = modal.App("a")

            @app.function(
                cpu=1,
                # the model takes one
                allow_concurrent_inputs=1,
            )
            def f(): ...

            g = app.function(allow_concurrent_inputs=1)

            @app.function(cpu=1, allow_concurrent_inputs=1, timeout=60)
            @modal.asgi_app()
            def h(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(cpu=1)
            def f(): ...

            g = app.function()

            @app.function(cpu=1, timeout=60)
            @modal.asgi_app()
            def h(): ...
        """,
        rules=("concurrent-unused",) * 3,
    ),
    Case(
        id="one-in-a-dict-is-deleted",
        before="""
            import modal

            app = modal.App("a")
            options = {"cpu": 1, "allow_concurrent_inputs": 1}

            @app.function(**options)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            options = {"cpu": 1}

            @app.function(**options)
            def f(): ...
        """,
        rules=("concurrent-dict",),
        applicability=REVIEW,
    ),
    Case(
        id="a-key-that-is-read-elsewhere-is-left-to-a-person",
        before="""
            import modal

            app = modal.App("a")
            options = {"cpu": 1, "allow_concurrent_inputs": 10}
            batch = options["allow_concurrent_inputs"] * 2

            @app.function(**options)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            options = {"cpu": 1, "allow_concurrent_inputs": 10}
            batch = options["allow_concurrent_inputs"] * 2

            @app.function(**options)
            def f(): ...
        """,
        rules=("concurrent-dict",),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="one-for-a-looked-up-class-is-more-than-the-default",
        before="""
            import modal

            Model = modal.Cls.from_name("a", "Model").with_options(allow_concurrent_inputs=1)
        """,
        after="""
            import modal

            Model = modal.Cls.from_name("a", "Model").with_concurrency(max_inputs=1, target_inputs=1)
        """,
        rules=("concurrent-options",),
        applicability=REVIEW,
    ),
    Case(
        id="none",
        before="""
            import modal

            app = modal.App("a")

            @app.function(allow_concurrent_inputs=None, timeout=60)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(timeout=60)
            def f(): ...
        """,
        rules=("concurrent-unused",),
        proof=NONE,
    ),
    Case(
        id="decorator-there-already",
        before="""
            import modal

            app = modal.App("a")

            @app.function(allow_concurrent_inputs=10)
            @modal.concurrent(max_inputs=20)
            def f(): ...

            @app.cls(timeout=60, allow_concurrent_inputs=10)
            @modal.concurrent(max_inputs=20, target_inputs=5)
            class C:
                @modal.method()
                def g(self): ...

            def h(): ...

            app.function(allow_concurrent_inputs=10)(modal.concurrent(max_inputs=20)(h))
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.concurrent(max_inputs=20)
            def f(): ...

            @app.cls(timeout=60)
            @modal.concurrent(max_inputs=20, target_inputs=5)
            class C:
                @modal.method()
                def g(self): ...

            def h(): ...

            app.function()(modal.concurrent(max_inputs=20)(h))
        """,
        rules=("concurrent-unused",) * 3,
    ),
    Case(
        id="call-form",
        before="""
            import modal

            app = modal.App("a")

            def g(): ...

            class C:
                @modal.method()
                def f(self): ...

            f = app.function(allow_concurrent_inputs=10)(g)
            h = app.function(
                allow_concurrent_inputs=20,  # many
                timeout=60,
            )(modal.web_server(8000)(g))

            def make(cls):
                return app.cls(
                    allow_concurrent_inputs=1000,  # never another container
                    timeout=60,
                )(cls)

            Model = make(C)
        """,
        after="""
            import modal

            app = modal.App("a")

            def g(): ...

            class C:
                @modal.method()
                def f(self): ...

            f = app.function()(modal.concurrent(max_inputs=10)(g))
            h = app.function(timeout=60)(modal.concurrent(max_inputs=20)(modal.web_server(8000)(g)))  # many

            def make(cls):
                return app.cls(timeout=60)(modal.concurrent(max_inputs=1000)(cls))  # never another container

            Model = make(C)
        """,
        rules=("concurrent-call",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="decorator-in-a-variable",
        before="""
            import modal

            app = modal.App("a")
            quick = app.function(allow_concurrent_inputs=10, timeout=5)

            @quick
            def f(): ...

            @quick
            @modal.asgi_app()
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            quick = app.function(timeout=5)

            @quick
            @modal.concurrent(max_inputs=10)
            def f(): ...

            @quick
            @modal.concurrent(max_inputs=10)
            @modal.asgi_app()
            def g(): ...
        """,
        rules=("concurrent-call",),
        applicability=REVIEW,
    ),
    Case(
        id="with-options",
        before="""
            import modal

            Model = modal.Cls.from_name("a", "Model")
            n = 5

            a = Model.with_options(allow_concurrent_inputs=10)
            b = Model.with_options(gpu="A100", allow_concurrent_inputs=n)()
            c = Model.with_options(
                allow_concurrent_inputs=10,  # ten
                gpu="A100",
            )
        """,
        after="""
            import modal

            Model = modal.Cls.from_name("a", "Model")
            n = 5

            a = Model.with_concurrency(max_inputs=10, target_inputs=10)
            b = Model.with_options(gpu="A100").with_concurrency(max_inputs=n, target_inputs=n)()
            c = Model.with_options(
                # ten
                gpu="A100",
            ).with_concurrency(max_inputs=10, target_inputs=10)
        """,
        rules=("concurrent-options",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="with-options-none",
        before="""
            import modal

            Model = modal.Cls.from_name("a", "Model")
            a = Model.with_options(allow_concurrent_inputs=None)
            b = Model.with_options(gpu="A100", allow_concurrent_inputs=None)
        """,
        after="""
            import modal

            Model = modal.Cls.from_name("a", "Model")
            a = Model
            b = Model.with_options(gpu="A100")
        """,
        rules=("concurrent-unused", "concurrent-unused"),
        proof=NONE,
    ),
    Case(
        id="shared-dict",
        before="""
            import modal

            app = modal.App("a")
            settings = {
                "timeout": 60,
                "allow_concurrent_inputs": 10,  # ten
            }

            @app.function(**settings)
            def f(): ...

            @app.function(**{**settings, "timeout": 5})
            @modal.concurrent(max_inputs=20)
            def g(): ...

            @app.cls(**settings)
            class C:
                @modal.method()
                def h(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            settings = {
                "timeout": 60,
                # ten
            }

            @app.function(**settings)
            @modal.concurrent(max_inputs=10)
            def f(): ...

            @app.function(**{**settings, "timeout": 5})
            @modal.concurrent(max_inputs=20)
            def g(): ...

            @app.cls(**settings)
            @modal.concurrent(max_inputs=10)
            class C:
                @modal.method()
                def h(self): ...
        """,
        rules=("concurrent-dict",),
        applicability=REVIEW,
    ),
    Case(
        id="dict-of-another-module",
        before="""
            class Model:
                settings = dict(timeout=60, allow_concurrent_inputs=10)
        """,
        after="""
            class Model:
                settings = dict(timeout=60)
        """,
        files={
            "deploy.py": """
                from modal import App

                from main import Model

                app = App("a")

                @app.cls(**Model.settings)
                class Deployed(Model):
                    pass
            """,
        },
        files_after={
            "deploy.py": """
                from modal import App, concurrent

                from main import Model

                app = App("a")

                @app.cls(**Model.settings)
                @concurrent(max_inputs=10)
                class Deployed(Model):
                    pass
            """,
        },
        rules=("concurrent-dict",),
        applicability=REVIEW,
        proof=Proof(None, None, None, None, why="the file with the dict does not import Modal"),
    ),
    Case(
        id="dict-that-is-not-the-only-one",
        before="""
            import os

            import modal

            app = modal.App("a")
            settings = {"allow_concurrent_inputs": 10}
            if os.environ.get("SMALL"):
                settings = {"timeout": 60}

            @app.function(**settings)
            def f(): ...
        """,
        after="""
            import os

            import modal

            app = modal.App("a")
            settings = {"allow_concurrent_inputs": 10}
            if os.environ.get("SMALL"):
                settings = {"timeout": 60}

            @app.function(**settings)
            def f(): ...
        """,
        rules=("concurrent-dict",),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="dict-that-is-set-later",
        before="""
            import modal

            app = modal.App("a")
            settings = {}
            settings["allow_concurrent_inputs"] = 10

            @app.function(**settings)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            settings = {}
            settings["allow_concurrent_inputs"] = 10

            @app.function(**settings)
            def f(): ...
        """,
        rules=("concurrent-dict",),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="dict-that-goes-elsewhere-too",
        before="""
            import modal

            app = modal.App("a")
            settings = {"allow_concurrent_inputs": 10}
            print(settings)

            @app.function(**settings)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            settings = {"allow_concurrent_inputs": 10}
            print(settings)

            @app.function(**settings)
            def f(): ...
        """,
        rules=("concurrent-dict",),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="by-way-of-functions-of-the-program",
        before="""
            import functools

            import modal

            app = modal.App("a")

            def gpu_function(**options):
                return app.function(gpu="A100", **options)

            @gpu_function(allow_concurrent_inputs=10)
            def f(): ...

            quick = functools.partial(app.function, allow_concurrent_inputs=10)

            @quick()
            def g(): ...

            def limited(n):
                return app.function(allow_concurrent_inputs=n)

            @limited(10)
            def h(): ...
        """,
        after="""
            import functools

            import modal

            app = modal.App("a")

            def gpu_function(**options):
                return app.function(gpu="A100", **options)

            @gpu_function(allow_concurrent_inputs=10)
            def f(): ...

            quick = functools.partial(app.function, allow_concurrent_inputs=10)

            @quick()
            def g(): ...

            def limited(n):
                return app.function(allow_concurrent_inputs=n)

            @limited(10)
            def h(): ...
        """,
        rules=("concurrent-elsewhere",) * 3,
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="on-a-method",
        before="""
            import modal

            app = modal.App("a")

            class C:
                @app.function(allow_concurrent_inputs=10)
                def f(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            class C:
                @app.function(allow_concurrent_inputs=10)
                def f(self): ...
        """,
        rules=("concurrent-elsewhere",),
        applicability=MANUAL,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="functions in a class have not worked for long"),
    ),
    Case(
        id="said-in-a-comment",
        before="""
            import modal
            # `allow_concurrent_inputs=5` is much, `allow_concurrent_inputs` is needed.
        """,
        after="""
            import modal
            # `@modal.concurrent(max_inputs=5)` is much, `@modal.concurrent` is needed.
        """,
        rules=("concurrent-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="already-migrated",
        code="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.concurrent(max_inputs=10)
            def f(): ...
        """,
    ),
    NearMiss(
        id="another-library-s-keyword",
        code="""
            import modal
            from serving import Server

            server = Server(allow_concurrent_inputs=10)

            @server.function(allow_concurrent_inputs=10)
            def f(): ...
        """,
    ),
    NearMiss(
        id="own-class-called-app",
        code="""
            import modal

            class App:
                def function(self, **options): return lambda f: f

            app = App()

            @app.function(allow_concurrent_inputs=1)
            def f(): ...
        """,
    ),
    NearMiss(
        id="dict-that-never-reaches-modal",
        code="""
            import json

            import modal

            settings = {"allow_concurrent_inputs": 10}
            print(json.dumps(settings))
        """,
    ),
    NearMiss(
        id="other-key-of-a-dict",
        code="""
            import modal

            app = modal.App("a")
            settings = {"name": "allow_concurrent_inputs", "timeout": 60}

            @app.function(timeout=settings["timeout"])
            def f(): ...
        """,
    ),
    NearMiss(
        id="nested-dict",
        code="""
            import modal

            app = modal.App("a")
            settings = {"labels": {"allow_concurrent_inputs": 10}}

            @app.function(**settings)
            def f(): ...
        """,
    ),
    NearMiss(
        id="parameter-of-an-own-function",
        code="""
            import modal

            app = modal.App("a")

            def make(allow_concurrent_inputs=10):
                def decorate(f):
                    return app.function()(modal.concurrent(max_inputs=allow_concurrent_inputs)(f))
                return decorate

            @make(allow_concurrent_inputs=5)
            def f(): ...
        """,
    ),
    NearMiss(
        id="in-comments-and-strings",
        code='''
            """Set allow_concurrent_inputs=10."""

            import modal

            app = modal.App("a")

            @app.function(
                # allow_concurrent_inputs=3,
                timeout=60,
            )
            def f(): ...
        ''',
    ),
    NearMiss(
        id="with-options-of-something-else",
        code="""
            import modal
            import ray

            handle = ray.get_actor("a").with_options(allow_concurrent_inputs=10)
        """,
    ),
    NearMiss(
        id="in-a-text-that-cannot-say-a-decorator",
        code="""
            import modal
            # `@app.function(allow_concurrent_inputs=5)`
            # f(allow_concurrent_inputs=5)
        """,
    ),
]
