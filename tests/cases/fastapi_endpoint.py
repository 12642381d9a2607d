"""Cases of the section ``fastapi-endpoint``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

STILL_IMPORTS = Proof(
    Sdk.ACCEPTS,
    Sdk.ACCEPTS,
    Sdk.ACCEPTS,
    Sdk.ACCEPTS,
    why="the old name can still be imported; only a call of it warns or raises",
)

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="on-a-function",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.web_endpoint(method="POST", docs=True)  # the web
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint(method="POST", docs=True)  # the web
            def f(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="on-a-method-module-alias",
        before="""
            import modal as m

            app = m.App("a")

            @app.cls()
            class C:
                @m.web_endpoint(
                    label="c",
                )
                def f(self): ...
        """,
        after="""
            import modal as m

            app = m.App("a")

            @app.cls()
            class C:
                @m.fastapi_endpoint(
                    label="c",
                )
                def f(self): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="from-import",
        before="""
            from modal import App, enter, web_endpoint

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...

            @app.cls()
            class C:
                @enter()
                def start(self): ...

                @web_endpoint(label="c")
                def g(self): ...
        """,
        after="""
            from modal import App, enter, fastapi_endpoint

            app = App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...

            @app.cls()
            class C:
                @enter()
                def start(self): ...

                @fastapi_endpoint(label="c")
                def g(self): ...
        """,
        rules=("endpoint-rename", "endpoint-rename"),
    ),
    Case(
        id="both-import-forms",
        before="""
            import modal
            from modal import web_endpoint

            app = modal.App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        after="""
            import modal
            from modal import fastapi_endpoint

            app = modal.App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="new-name-imported-already",
        before="""
            from modal import App, fastapi_endpoint, web_endpoint

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...

            @app.function()
            @fastapi_endpoint()
            def g(): ...
        """,
        after="""
            from modal import App, fastapi_endpoint

            app = App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...

            @app.function()
            @fastapi_endpoint()
            def g(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="new-name-taken",
        before="""
            from modal import App, web_endpoint

            app = App("a")

            @app.function()
            @web_endpoint()
            def fastapi_endpoint(): ...
        """,
        after="""
            import modal
            from modal import App

            app = App("a")

            @app.function()
            @modal.fastapi_endpoint()
            def fastapi_endpoint(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="alias",
        before="""
            from modal import App
            from modal import web_endpoint as endpoint  # short

            app = App("a")

            @app.function()
            @endpoint()
            def f(): ...
        """,
        after="""
            from modal import App
            from modal import fastapi_endpoint as endpoint  # short

            app = App("a")

            @app.function()
            @endpoint()
            def f(): ...
        """,
        rules=("endpoint-import",),
    ),
    Case(
        id="from-its-home",
        before="""
            from modal import App
            from modal.partial_function import web_endpoint

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        after="""
            from modal import App, fastapi_endpoint

            app = App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="by-its-home",
        before="""
            import modal.partial_function

            app = modal.App("a")

            @app.function()
            @modal.partial_function.web_endpoint()
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint()
            def f(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="call-form",
        before="""
            from modal import Stub, web_endpoint

            from handlers import completion

            stub = Stub("a")

            stub.function(
                timeout=60 * 60,
            )(web_endpoint(method="POST")(completion))
        """,
        after="""
            from modal import Stub, fastapi_endpoint

            from handlers import completion

            stub = Stub("a")

            stub.function(
                timeout=60 * 60,
            )(fastapi_endpoint(method="POST")(completion))
        """,
        files={
            "handlers.py": """
                def completion(): ...
            """,
        },
        rules=("endpoint-rename",),
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="Stub itself warns in 0.77 and is gone since 1.0.0"),
    ),
    Case(
        id="kept-in-a-variable",
        before="""
            import modal

            app = modal.App("a")
            post = modal.web_endpoint(method="POST")
            plain = modal.web_endpoint

            @app.function()
            @post
            def f(): ...

            @app.function()
            @plain()
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            post = modal.fastapi_endpoint(method="POST")
            plain = modal.fastapi_endpoint

            @app.function()
            @post
            def f(): ...

            @app.function()
            @plain()
            def g(): ...
        """,
        rules=("endpoint-rename", "endpoint-rename"),
    ),
    Case(
        id="in-a-function-that-imports-it",
        before="""
            def make(app):
                from modal import web_endpoint

                @app.function()
                @web_endpoint()
                def f(): ...
        """,
        after="""
            def make(app):
                from modal import fastapi_endpoint

                @app.function()
                @fastapi_endpoint()
                def f(): ...
        """,
        rules=("endpoint-rename",),
        proof=Proof(None, None, None, None, why="nothing calls the function"),
    ),
    Case(
        id="by-a-star",
        before="""
            from modal import *

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        after="""
            from modal import *

            app = App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...
        """,
        rules=("endpoint-rename",),
    ),
    Case(
        id="re-exported",
        before="""
            from modal import App, web_endpoint

            __all__ = ["app", "web_endpoint"]

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        after="""
            from modal import App, fastapi_endpoint

            __all__ = ["app", "fastapi_endpoint"]

            app = App("a")

            @app.function()
            @fastapi_endpoint()
            def f(): ...
        """,
        files={
            "users.py": """
                import main
                from main import app, web_endpoint
                from main import web_endpoint as endpoint

                @app.function()
                @web_endpoint()
                def g(): ...

                @app.function()
                @endpoint()
                def h(): ...

                @app.function()
                @main.web_endpoint()
                def i(): ...
            """,
        },
        files_after={
            "users.py": """
                import main
                from main import app, fastapi_endpoint
                from main import fastapi_endpoint as endpoint

                @app.function()
                @fastapi_endpoint()
                def g(): ...

                @app.function()
                @endpoint()
                def h(): ...

                @app.function()
                @main.fastapi_endpoint()
                def i(): ...
            """,
        },
        rules=("endpoint-reexport",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="re-exported-under-the-old-name",
        before="""
            from modal import App, web_endpoint

            __all__ = ["app", "web_endpoint"]

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        after="""
            from modal import App, fastapi_endpoint as web_endpoint

            __all__ = ["app", "web_endpoint"]

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        rules=("endpoint-reexport",),
        applicability=Applicability.REVIEW,
        choice="alias",
    ),
    Case(
        id="not-read",
        before="""
            from modal import App, web_endpoint

            app = App("a")
        """,
        after="""
            from modal import App

            app = App("a")
        """,
        rules=("endpoint-unused",),
        proof=STILL_IMPORTS,
    ),
    Case(
        id="not-read-in-a-package",
        path="lib/__init__.py",
        before="""
            from modal import App, web_endpoint
        """,
        after="""
            from modal import App, fastapi_endpoint as web_endpoint
        """,
        rules=("endpoint-unused",),
        applicability=Applicability.REVIEW,
        proof=STILL_IMPORTS,
    ),
    Case(
        id="not-called",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.web_endpoint
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint()
            def f(): ...
        """,
        rules=("endpoint-bare",),
        applicability=Applicability.REVIEW,
        proof=Proof(old_before=Sdk.FAILS, why="a decorator without () has never worked"),
    ),
    Case(
        id="wait-for-response",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.web_endpoint(method="POST", wait_for_response=True)
            def f(): ...

            @app.function()
            @modal.asgi_app(wait_for_response=True)
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint(method="POST")
            def f(): ...

            @app.function()
            @modal.asgi_app()
            def g(): ...
        """,
        rules=("endpoint-rename", "endpoint-wait", "endpoint-wait"),
        proof=Proof(old_before=Sdk.FAILS, why="wait_for_response was an error before 0.77.0 already"),
    ),
    Case(
        id="no-wait-for-response",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint(wait_for_response=False)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint(wait_for_response=False)
            def f(): ...
        """,
        rules=("endpoint-wait",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="only a person can change it"),
    ),
    Case(
        id="said-in-comments-and-commented-out",
        before="""
            import modal
            app = modal.App()
            # A `web_endpoint`, by `@modal.web_endpoint(method="GET")`
            # @modal.web_endpoint()
            @app.function()
            def f(): ...
        """,
        after="""
            import modal
            app = modal.App()
            # A `fastapi_endpoint`, by `@modal.fastapi_endpoint(method="GET")`
            # @modal.fastapi_endpoint()
            @app.function()
            def f(): ...
        """,
        rules=("fastapi-endpoint-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="already-renamed",
        code="""
            import modal

            app = modal.App("a")

            @app.function()
            @modal.fastapi_endpoint()
            def web_endpoint(): ...
        """,
    ),
    NearMiss(
        id="own-function-of-that-name",
        code="""
            import modal

            def web_endpoint(**options):
                return lambda f: f

            @web_endpoint(wait_for_response=True)
            def f(): ...
        """,
    ),
    NearMiss(
        id="another-package-s",
        code="""
            import modal
            from aiohttp_helpers import web_endpoint

            @web_endpoint
            def f(): ...
        """,
    ),
    NearMiss(
        id="in-strings-and-comments",
        code='''
            """About @modal.web_endpoint."""

            import modal

            # modal.web_endpoint was the name
            TEXT = "use web_endpoint"
        ''',
    ),
    NearMiss(
        id="attribute-of-something-else",
        code="""
            import modal

            class Settings:
                web_endpoint = "https://example.com"
                webhook = "https://example.com"

            print(Settings.web_endpoint, Settings().webhook)
        """,
    ),
    NearMiss(
        id="fallback-import",
        code="""
            try:
                from modal import fastapi_endpoint
            except ImportError:
                from modal import web_endpoint as fastapi_endpoint

            @fastapi_endpoint()
            def f(): ...
        """,
    ),
    NearMiss(
        id="fallback-expression",
        code="""
            import modal

            endpoint = modal.fastapi_endpoint if hasattr(modal, "fastapi_endpoint") else modal.web_endpoint
            other = getattr(modal, "fastapi_endpoint", None) or modal.web_endpoint
            third = getattr(modal, "fastapi_endpoint", modal.web_endpoint)
        """,
    ),
    NearMiss(
        id="rebound",
        code="""
            from modal import App, fastapi_endpoint as web_endpoint

            app = App("a")

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
    ),
    NearMiss(
        id="taken-from-a-local-module-that-is-named-elsewhere",
        code="""
            from compat import app, web_endpoint

            @app.function()
            @web_endpoint()
            def f(): ...
        """,
        files={
            "compat.py": """
                import modal

                app = modal.App("a")

                def web_endpoint():
                    return modal.fastapi_endpoint()
            """,
        },
    ),
    NearMiss(
        id="parameter-of-another-call",
        code="""
            import modal

            def ask(wait_for_response=True): ...

            ask(wait_for_response=True)
        """,
    ),
    NearMiss(
        id="texts-of-a-function-of-ones-own",
        code="""
            import modal
            # `web_endpoint` gives the address; see `docs/web_endpoint`, `its.web_endpoint` and `web_endpoint-2`
            def web_endpoint(): ...
        """,
    ),
]
