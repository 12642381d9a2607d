"""Cases of the section ``lookup``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

ASKS_MODAL = Proof(
    None, None, None, None, why="it needs more than the stand-in for the server knows, or names left out here"
)
CALLED = Proof(calls=True)

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="every-class-at-module-level",
        before="""
            import modal
            from modal.environments import Environment

            f = modal.Function.lookup("app", "f")
            C = modal.Cls.lookup("app", "C", environment_name="main")
            volume = modal.Volume.lookup("v", create_if_missing=True)
            secret = modal.Secret.lookup("s", required_keys=["A"])
            table = modal.Dict.lookup("d", create_if_missing=True)
            queue = modal.Queue.lookup("q")
            environment = Environment.lookup("main")
        """,
        after="""
            import modal
            from modal.environments import Environment

            f = modal.Function.from_name("app", "f")
            C = modal.Cls.from_name("app", "C", environment_name="main")
            volume = modal.Volume.from_name("v", create_if_missing=True)
            secret = modal.Secret.from_name("s", required_keys=["A"])
            table = modal.Dict.from_name("d", create_if_missing=True)
            queue = modal.Queue.from_name("q")
            environment = Environment.from_name("main")
        """,
        rules=("lookup",) * 7,
    ),
    Case(
        id="network-file-system",
        before="""
            from modal import NetworkFileSystem as Files

            files = Files.lookup("n", create_if_missing=True)
        """,
        after="""
            from modal import NetworkFileSystem as Files

            files = Files.from_name("n", create_if_missing=True)
        """,
        rules=("lookup",),
        proof=Proof(Sdk.WARNS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.WARNS, why="1.6.4 warns of network file systems themselves"),
    ),
    Case(
        id="import-forms-and-aliases",
        before="""
            import modal as m
            from modal import Cls, Function as F
            from modal.functions import Function

            a = m.Function.lookup("app", "a")
            b = F.lookup("app", "b")
            c = Cls.lookup("app", "C")()
            d = Function.lookup(app_name="app", name="d")
        """,
        after="""
            import modal as m
            from modal import Cls, Function as F
            from modal.functions import Function

            a = m.Function.from_name("app", "a")
            b = F.from_name("app", "b")
            c = Cls.from_name("app", "C")()
            d = Function.from_name(app_name="app", name="d")
        """,
        rules=("lookup",) * 4,
    ),
    Case(
        id="used-at-once-with-comments",
        before="""
            import modal

            async def answer(question):
                raw = await modal.Function.lookup(
                    "backend",  # the deployed app
                    "qanda"
                ).remote.aio(question)
                return raw
        """,
        after="""
            import modal

            async def answer(question):
                raw = await modal.Function.from_name(
                    "backend",  # the deployed app
                    "qanda"
                ).remote.aio(question)
                return raw
        """,
        rules=("lookup",),
        proof=CALLED,
    ),
    Case(
        id="existence-check-in-try",
        before="""
            import modal

            def exists():
                try:
                    f = modal.Function.lookup("app", "f")
                    return f is not None
                except modal.exception.NotFoundError:
                    return False
        """,
        after="""
            import modal

            def exists():
                try:
                    f = modal.Function.from_name("app", "f").hydrate()
                    return f is not None
                except modal.exception.NotFoundError:
                    return False
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="used-at-once-in-try-may-stay-lazy",
        before="""
            import modal

            def ask(x):
                try:
                    return modal.Function.lookup("app", "f").remote(x)
                except Exception:
                    return None
        """,
        after="""
            import modal

            def ask(x):
                try:
                    return modal.Function.from_name("app", "f").remote(x)
                except Exception:
                    return None
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=Proof(new_before=Sdk.ACCEPTS, why="its own try catches what 1.6.4 raises", calls=True),
    ),
    Case(
        id="existence-check-in-suppress",
        before="""
            from contextlib import suppress

            import modal

            def find():
                with suppress(modal.exception.NotFoundError):
                    volume = modal.Volume.lookup("v")
                    print(volume)
        """,
        after="""
            from contextlib import suppress

            import modal

            def find():
                with suppress(modal.exception.NotFoundError):
                    volume = modal.Volume.from_name("v").hydrate()
                    print(volume)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="bare-statement-that-creates",
        before="""
            import modal

            def set_up():
                modal.Volume.lookup("v", create_if_missing=True)
        """,
        after="""
            import modal

            def set_up():
                modal.Volume.from_name("v", create_if_missing=True).hydrate()
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="result-that-nothing-reads",
        before="""
            import modal

            def check():
                _ = modal.Secret.lookup("s")
        """,
        after="""
            import modal

            def check():
                _ = modal.Secret.from_name("s").hydrate()
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="object-id-is-read",
        before="""
            import modal

            def identify():
                volume = modal.Volume.lookup("v")
                return volume.object_id
        """,
        after="""
            import modal

            def identify():
                volume = modal.Volume.from_name("v").hydrate()
                return volume.object_id
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="object-id-of-an-attribute-of-self",
        before="""
            import modal

            class Store:
                def __init__(self):
                    self.volume = modal.Volume.lookup("v")

                def id(self):
                    return self.volume.object_id
        """,
        after="""
            import modal

            class Store:
                def __init__(self):
                    self.volume = modal.Volume.from_name("v").hydrate()

                def id(self):
                    return self.volume.object_id
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=ASKS_MODAL,
    ),
    Case(
        id="url-read-right-after-goes-along",
        before="""
            import modal

            def url():
                f = modal.Function.lookup("app", "f")
                print(f"it is at {f.web_url}/docs")
                return modal.Function.lookup("app", "g").web_url
        """,
        after="""
            import modal

            def url():
                f = modal.Function.from_name("app", "f")
                print(f"it is at {f.get_web_url()}/docs")
                return modal.Function.from_name("app", "g").get_web_url()
        """,
        rules=("lookup", "lookup"),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="url-of-a-class-attribute-goes-along",
        before="""
            import modal

            class Site:
                page = modal.Function.lookup("app", "page")

                def urls(self):
                    return self.page.web_url, Site.page.web_url
        """,
        after="""
            import modal

            class Site:
                page = modal.Function.from_name("app", "page")

                def urls(self):
                    return self.page.get_web_url(), Site.page.get_web_url()
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="bound-in-an-expression-and-over-several-lines",
        before="""
            import modal

            if (f := modal.Function.lookup("app", "f")) is not None:
                g = (
                    modal.Function
                    .lookup(  # the other one
                        "app", "g"
                    )
                )
        """,
        after="""
            import modal

            if (f := modal.Function.from_name("app", "f")) is not None:
                g = (
                    modal.Function
                    .from_name(  # the other one
                        "app", "g"
                    )
                )
        """,
        rules=("lookup", "lookup"),
    ),
    Case(
        id="url-read-in-another-file-goes-along",
        before="""
            import modal

            fn = modal.Function.lookup("app", "f")
        """,
        after="""
            import modal

            fn = modal.Function.from_name("app", "f")
        """,
        files={
            "reader.py": """
                from main import fn

                print(fn.web_url)
            """
        },
        files_after={
            "reader.py": """
                from main import fn

                print(fn.get_web_url())
            """
        },
        rules=("lookup",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="awaited",
        before="""
            import modal

            async def go(x):
                f = await modal.Function.lookup.aio("app", "f")
                return await f.remote.aio(x)
        """,
        after="""
            import modal

            async def go(x):
                f = modal.Function.from_name("app", "f")
                return await f.remote.aio(x)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="awaited-and-asked-at-once",
        before="""
            import modal

            async def go(x):
                f = await modal.Function.lookup.aio("app", "f")
                return await f.remote.aio(x)
        """,
        after="""
            import modal

            async def go(x):
                f = await modal.Function.from_name("app", "f").hydrate.aio()
                return await f.remote.aio(x)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        choice="hydrate",
        proof=CALLED,
    ),
    Case(
        id="awaited-in-brackets",
        before="""
            import modal

            async def go(x):
                return await (await modal.Function.lookup.aio("app", "f")).remote.aio(x)
        """,
        after="""
            import modal

            async def go(x):
                return await modal.Function.from_name("app", "f").remote.aio(x)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="coroutines-gathered-and-run",
        before="""
            import asyncio

            import modal

            async def both():
                return await asyncio.gather(
                    modal.Function.lookup.aio("app", "f"),
                    modal.Volume.lookup.aio("v"),
                )

            def one():
                return asyncio.run(modal.Function.lookup.aio("app", "f"))
        """,
        after="""
            import asyncio

            import modal

            async def both():
                return await asyncio.gather(
                    modal.Function.from_name("app", "f").hydrate.aio(),
                    modal.Volume.from_name("v").hydrate.aio(),
                )

            def one():
                return asyncio.run(modal.Function.from_name("app", "f").hydrate.aio())
        """,
        rules=("lookup",) * 3,
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="client-goes-to-hydrate",
        before="""
            import modal

            def get(client):
                f = modal.Function.lookup("app", "f", client=client)
                return f.remote()

            async def aget(client):
                f = await modal.Function.lookup.aio("app", "f", client=client)
                return await f.remote.aio()
        """,
        after="""
            import modal

            def get(client):
                f = modal.Function.from_name("app", "f").hydrate(client)
                return f.remote()

            async def aget(client):
                f = await modal.Function.from_name("app", "f").hydrate.aio(client)
                return await f.remote.aio()
        """,
        rules=("lookup", "lookup"),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="client-stays-by-name",
        before="""
            import modal

            def get(client):
                f = modal.Volume.lookup("v", None, client, "main")
                return f.listdir("/")
        """,
        after="""
            import modal

            def get(client):
                f = modal.Volume.from_name("v", client=client, environment_name="main")
                return f.listdir("/")
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        choice="from-name",
        proof=Proof(old_after=Sdk.FAILS, why="from_name takes client= from 1.2.2 on", calls=True),
    ),
    Case(
        id="namespace-and-workspace-go",
        before="""
            import modal

            C = modal.Cls.lookup("app", "C", namespace=1, workspace="w", environment_name="main")
            volume = modal.Volume.lookup("v", 1, None, "main", True)
        """,
        after="""
            import modal

            C = modal.Cls.from_name("app", "C", environment_name="main")
            volume = modal.Volume.from_name("v", environment_name="main", create_if_missing=True)
        """,
        rules=("lookup", "lookup"),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="old-keywords-for-the-name",
        before="""
            import modal

            volume = modal.Volume.lookup(label="v")
            f = modal.Function.lookup("app", tag="f")
            secret = modal.Secret.from_name(label="s")
            g = modal.Function.from_name("app", tag="g", namespace=1)
        """,
        after="""
            import modal

            volume = modal.Volume.from_name(name="v")
            f = modal.Function.from_name("app", name="f")
            secret = modal.Secret.from_name(name="s")
            g = modal.Function.from_name("app", name="g")
        """,
        rules=("lookup", "lookup", "lookup-name", "lookup-name", "from-name-namespace"),
    ),
    Case(
        id="label-of-a-lookup-that-stays",
        before="""
            import modal

            def app():
                return modal.App.lookup(label="a", create_if_missing=True)
        """,
        after="""
            import modal

            def app():
                return modal.App.lookup(name="a", create_if_missing=True)
        """,
        rules=("lookup-name",),
        proof=CALLED,
    ),
    Case(
        id="data-of-a-dict-fills-an-empty-one",
        before="""
            import modal

            def table():
                d = modal.Dict.lookup("d", {"a": 1}, create_if_missing=True)  # shared
                return d["a"]
        """,
        after="""
            import modal

            def table():
                d = modal.Dict.from_name("d", create_if_missing=True)  # shared
                if d.len() == 0:
                    d.update({"a": 1})
                return d["a"]
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=ASKS_MODAL,
    ),
    Case(
        id="data-of-a-dict-left-out",
        before="""
            import modal

            table = modal.Dict.lookup("d", data={"a": 1}, create_if_missing=True)
        """,
        after="""
            import modal

            table = modal.Dict.from_name("d", create_if_missing=True)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        choice="from-name",
    ),
    Case(
        id="returned-and-passed-on",
        before="""
            import modal

            def get(name):
                return modal.Function.lookup("app", name)

            def go():
                run(modal.Function.lookup("app", "f"))
        """,
        after="""
            import modal

            def get(name):
                return modal.Function.from_name("app", name)

            def go():
                run(modal.Function.from_name("app", "f"))
        """,
        rules=("lookup", "lookup"),
        applicability=Applicability.REVIEW,
        proof=ASKS_MODAL,
    ),
    Case(
        id="given-to-modal",
        before="""
            import modal

            app = modal.App("a")

            @app.function(volumes={"/data": modal.Volume.lookup("v")}, secrets=[modal.Secret.lookup("s")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(volumes={"/data": modal.Volume.from_name("v")}, secrets=[modal.Secret.from_name("s")])
            def f(): ...
        """,
        rules=("lookup", "lookup"),
    ),
    Case(
        id="unpacked-keywords-are-looked-at",
        before="""
            import modal

            volume = modal.Volume.lookup("v", **options())
        """,
        after="""
            import modal

            volume = modal.Volume.from_name("v", **options())
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=Proof(None, None, None, None, why="options is not defined"),
    ),
    Case(
        id="unpacked-arguments-are-left-to-a-person",
        before="""
            import modal

            def get(names):
                options = {"namespace": 1}
                volume = modal.Volume.lookup("v", **options)
                return modal.Function.lookup(*names), volume
        """,
        after="""
            import modal

            def get(names):
                options = {"namespace": 1}
                volume = modal.Volume.lookup("v", **options)
                return modal.Function.lookup(*names), volume
        """,
        rules=("lookup", "lookup"),
        applicability=Applicability.MANUAL,
        proof=ASKS_MODAL,
    ),
    Case(
        id="passed-on-without-a-call-and-patched",
        before="""
            import asyncio
            from unittest.mock import patch

            import modal

            async def get():
                f = await asyncio.to_thread(modal.Function.lookup, "app", "f")
                return await f.remote.aio()

            def test():
                with patch("modal.Function.lookup") as one, patch.object(modal.Cls, "lookup") as two:
                    return one, two
        """,
        after="""
            import asyncio
            from unittest.mock import patch

            import modal

            async def get():
                f = await asyncio.to_thread(modal.Function.from_name, "app", "f")
                return await f.remote.aio()

            def test():
                with patch("modal.Function.from_name") as one, patch.object(modal.Cls, "from_name") as two:
                    return one, two
        """,
        rules=("lookup-reference",) * 3,
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="coroutine-function-passed-on",
        before="""
            import modal

            find = modal.Function.lookup.aio
        """,
        after="""
            import modal

            find = modal.Function.lookup.aio
        """,
        rules=("lookup-reference",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="0.77 warns when it is called"),
    ),
    Case(
        id="resolve-is-hydrate",
        before="""
            import modal

            f = modal.Function.from_name("app", "f")

            def go():
                f.resolve()
                modal.Volume.from_name("v").resolve()

            async def ago():
                await f.resolve.aio()
        """,
        after="""
            import modal

            f = modal.Function.from_name("app", "f")

            def go():
                f.hydrate()
                modal.Volume.from_name("v").hydrate()

            async def ago():
                await f.hydrate.aio()
        """,
        rules=("resolve",) * 3,
        proof=CALLED,
    ),
    Case(
        id="object-that-travels-in-an-attribute-of-another",
        before="""
            import modal

            app = modal.App("a")

            class Context:
                def __init__(self):
                    self.queue = modal.Queue.lookup("q")

            @app.function()
            def work(context): ...

            def main(options):
                work.remote(Context())
                options.f = modal.Function.lookup("a", "b")
                work.spawn(options)
        """,
        after="""
            import modal

            app = modal.App("a")

            class Context:
                def __init__(self):
                    self.queue = modal.Queue.from_name("q").hydrate()

            @app.function()
            def work(context): ...

            def main(options):
                work.remote(Context())
                options.f = modal.Function.from_name("a", "b").hydrate()
                work.spawn(options)
        """,
        rules=("lookup",) * 2,
        applicability=Applicability.REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is called"),
    ),
    Case(
        id="web-url-asked-for-by-a-text",
        before="""
            import modal

            f = modal.Function.from_name("app", "f")

            def main():
                print(getattr(f, "web_url"), getattr(f, "web_url", None))
        """,
        after="""
            import modal

            f = modal.Function.from_name("app", "f")

            def main():
                print(f.get_web_url(), f.get_web_url())
        """,
        rules=("web-url",) * 2,
        applicability=Applicability.REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls the function"),
    ),
    Case(
        id="web-url-asked-whether-it-is-there",
        before="""
            import modal

            f = modal.Function.from_name("app", "f")

            def main():
                return hasattr(f, "web_url")
        """,
        after="""
            import modal

            f = modal.Function.from_name("app", "f")

            def main():
                return hasattr(f, "web_url")
        """,
        rules=("web-url",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is rewritten"),
    ),
    Case(
        id="url-of-a-function",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            def web(): ...

            @app.function()
            def tell():
                return f"{web.web_url}/avatar.png"
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def web(): ...

            @app.function()
            def tell():
                return f"{web.get_web_url()}/avatar.png"
        """,
        rules=("web-url",),
        proof=ASKS_MODAL,
    ),
    Case(
        id="url-of-a-function-awaited",
        before="""
            import modal

            f = modal.Function.from_name("app", "f")

            async def tell():
                url = f.web_url
                return url, f.web_url.rstrip("/")
        """,
        after="""
            import modal

            f = modal.Function.from_name("app", "f")

            async def tell():
                url = await f.get_web_url.aio()
                return url, (await f.get_web_url.aio()).rstrip("/")
        """,
        rules=("web-url", "web-url"),
        choice="await",
        proof=CALLED,
    ),
    Case(
        id="url-of-a-method",
        before="""
            import modal

            def tell():
                server = modal.Cls.from_name("app", "Server")()
                return server.start.web_url
        """,
        after="""
            import modal

            def tell():
                server = modal.Cls.from_name("app", "Server")()
                return server.start.get_web_url()
        """,
        rules=("web-url",),
        applicability=Applicability.REVIEW,
        proof=ASKS_MODAL,
    ),
    Case(
        id="url-of-a-class-that-an-own-decorator-deploys",
        before="""
            import modal

            app = modal.App("a")

            def served(**options):
                def decorator(cls):
                    return app.cls(**options)(cls)
                return decorator

            class Base:
                @modal.web_server(port=8000)
                def start(self): ...

            @served(cpu=1)
            class Small(Base): ...

            @served(cpu=2)
            class Large(Base): ...

            def tell(big):
                cls = Large if big else Small
                server = Small()
                return cls().start.web_url, server.start.web_url
        """,
        after="""
            import modal

            app = modal.App("a")

            def served(**options):
                def decorator(cls):
                    return app.cls(**options)(cls)
                return decorator

            class Base:
                @modal.web_server(port=8000)
                def start(self): ...

            @served(cpu=1)
            class Small(Base): ...

            @served(cpu=2)
            class Large(Base): ...

            def tell(big):
                cls = Large if big else Small
                server = Small()
                return cls().start.get_web_url(), server.start.get_web_url()
        """,
        rules=("web-url",) * 2,
        applicability=Applicability.REVIEW,
        proof=ASKS_MODAL,
    ),
    Case(
        id="what-travels-as-a-keyword-is-hydrated",
        before="""
            import modal

            def tell(prompt):
                f = modal.Function.from_name("invoke", "invoke")
                f.spawn(
                    prompt,
                    callback=modal.Function.lookup("code-sandbox", "code_callback"),
                )
        """,
        after="""
            import modal

            def tell(prompt):
                f = modal.Function.from_name("invoke", "invoke")
                f.spawn(
                    prompt,
                    callback=modal.Function.from_name("code-sandbox", "code_callback").hydrate(),
                )
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="what-travels-in-a-variable-is-hydrated",
        before="""
            import modal

            queue = modal.Queue.lookup("jobs", create_if_missing=True)

            def start():
                modal.Function.from_name("a", "work").remote(queue, 1)
        """,
        after="""
            import modal

            queue = modal.Queue.from_name("jobs", create_if_missing=True).hydrate()

            def start():
                modal.Function.from_name("a", "work").remote(queue, 1)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="what-travels-in-a-container-is-hydrated",
        before="""
            import modal

            def start():
                volume = modal.Volume.lookup("v")
                options = {"volumes": [volume]}
                options["secret"] = modal.Secret.lookup("s")
                found = []
                found.append(modal.Dict.lookup("d"))
                modal.Function.from_name("a", "work").spawn(options, found)
        """,
        after="""
            import modal

            def start():
                volume = modal.Volume.from_name("v").hydrate()
                options = {"volumes": [volume]}
                options["secret"] = modal.Secret.from_name("s").hydrate()
                found = []
                found.append(modal.Dict.from_name("d").hydrate())
                modal.Function.from_name("a", "work").spawn(options, found)
        """,
        rules=("lookup",) * 3,
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="what-travels-out-of-a-registry-or-by-reference-is-hydrated",
        before="""
            from functools import partial

            import modal

            app = modal.App("a")
            KNOWN = {"a": modal.Function.lookup("a", "a")}
            FOUND = {}
            FOUND["b"] = modal.Function.lookup("a", "b")

            class Holder:
                own = modal.Function.lookup("a", "own")

                def go(self):
                    run.remote(self.own)

            @app.function()
            def run(function): ...

            def main(executor):
                run.remote(KNOWN["a"])
                for name, function in FOUND.items():
                    run.spawn(function)
                first = modal.Function.lookup("a", "first")
                partial(run.remote, first)()
                second = modal.Function.lookup("a", "second")
                executor.submit(run.remote, second)
                [run.remote(each) for each in [modal.Function.lookup("a", "third")]]
        """,
        after="""
            from functools import partial

            import modal

            app = modal.App("a")
            KNOWN = {"a": modal.Function.from_name("a", "a").hydrate()}
            FOUND = {}
            FOUND["b"] = modal.Function.from_name("a", "b").hydrate()

            class Holder:
                own = modal.Function.from_name("a", "own").hydrate()

                def go(self):
                    run.remote(self.own)

            @app.function()
            def run(function): ...

            def main(executor):
                run.remote(KNOWN["a"])
                for name, function in FOUND.items():
                    run.spawn(function)
                first = modal.Function.from_name("a", "first").hydrate()
                partial(run.remote, first)()
                second = modal.Function.from_name("a", "second").hydrate()
                executor.submit(run.remote, second)
                [run.remote(each) for each in [modal.Function.from_name("a", "third").hydrate()]]
        """,
        rules=("lookup",) * 6,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="what-travels-in-an-object-or-from-a-helper-is-hydrated",
        before="""
            import dataclasses
            import functools
            import modal

            @dataclasses.dataclass
            class Job:
                callback: modal.Function

            def callback():
                return modal.Function.lookup("a", "done")

            def send(queue):
                modal.Function.from_name("a", "work").remote(queue)

            def start():
                modal.Function.from_name("a", "work").remote(Job(callback()))
                send(modal.Queue.lookup("q"))
                last = functools.partial(print, modal.Queue.lookup("z"))
                modal.Function.from_name("a", "work").remote(last)
        """,
        after="""
            import dataclasses
            import functools
            import modal

            @dataclasses.dataclass
            class Job:
                callback: modal.Function

            def callback():
                return modal.Function.from_name("a", "done").hydrate()

            def send(queue):
                modal.Function.from_name("a", "work").remote(queue)

            def start():
                modal.Function.from_name("a", "work").remote(Job(callback()))
                send(modal.Queue.from_name("q").hydrate())
                last = functools.partial(print, modal.Queue.from_name("z").hydrate())
                modal.Function.from_name("a", "work").remote(last)
        """,
        rules=("lookup",) * 3,
        applicability=Applicability.REVIEW,
        proof=Proof(None, Sdk.ACCEPTS, None, Sdk.ACCEPTS, calls=True, why="a helper is called with its own name here"),
    ),
    Case(
        id="what-is-put-into-a-dict-or-a-queue-is-hydrated",
        before="""
            import modal

            def share():
                table = modal.Dict.from_name("d")
                table["f"] = modal.Function.lookup("a", "f")
                table.put("v", modal.Volume.lookup("v"))
                first, second = modal.Queue.lookup("q"), modal.Queue.lookup("z")
                first.put(second)
        """,
        after="""
            import modal

            def share():
                table = modal.Dict.from_name("d")
                table["f"] = modal.Function.from_name("a", "f").hydrate()
                table.put("v", modal.Volume.from_name("v").hydrate())
                first, second = modal.Queue.from_name("q").hydrate(), modal.Queue.from_name("z").hydrate()
                first.put(second)
        """,
        rules=("lookup",) * 4,
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="an-instance-that-travels-has-its-class-hydrated",
        before="""
            import modal

            def share():
                model = modal.Cls.lookup("a", "Model")()
                modal.Function.from_name("a", "work").remote(model)
        """,
        after="""
            import modal

            def share():
                model = modal.Cls.from_name("a", "Model").hydrate()()
                modal.Function.from_name("a", "work").remote(model)
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="what-a-function-in-a-container-returns-or-yields-is-hydrated",
        before="""
            import modal

            app = modal.App("a")

            @app.function()
            def table():
                return modal.Dict.lookup("d")

            @app.function()
            def tables():
                for name in ("a", "b"):
                    table = modal.Dict.lookup(name)
                    yield name, table
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function()
            def table():
                return modal.Dict.from_name("d").hydrate()

            @app.function()
            def tables():
                for name in ("a", "b"):
                    table = modal.Dict.from_name(name).hydrate()
                    yield name, table
        """,
        rules=("lookup",) * 2,
        applicability=Applicability.REVIEW,
        proof=Proof(None, Sdk.ACCEPTS, None, Sdk.ACCEPTS, why="what a container returns is serialized there"),
    ),
    Case(
        id="what-a-serialized-function-reads-is-hydrated",
        before="""
            import modal

            app = modal.App("a")
            queue = modal.Queue.lookup("q")

            def outer():
                table = modal.Dict.lookup("d")

                @app.function(serialized=True)
                def work():
                    return queue.len() + table.len()
        """,
        after="""
            import modal

            app = modal.App("a")
            queue = modal.Queue.from_name("q").hydrate()

            def outer():
                table = modal.Dict.from_name("d").hydrate()

                @app.function(serialized=True)
                def work():
                    return queue.len() + table.len()
        """,
        rules=("lookup",) * 2,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="what-is-only-mapped-over-is-hydrated",
        before="""
            import modal

            f = modal.Function.from_name("a", "f")

            def start(names):
                queues = [modal.Queue.lookup(name) for name in names]
                return list(f.map(queues, kwargs={"d": modal.Dict.lookup("d")}))

            async def again(names):
                table = await modal.Dict.lookup.aio("d")
                await f.for_each.aio(names, kwargs={"table": table})
        """,
        after="""
            import modal

            f = modal.Function.from_name("a", "f")

            def start(names):
                queues = [modal.Queue.from_name(name).hydrate() for name in names]
                return list(f.map(queues, kwargs={"d": modal.Dict.from_name("d").hydrate()}))

            async def again(names):
                table = await modal.Dict.from_name("d").hydrate.aio()
                await f.for_each.aio(names, kwargs={"table": table})
        """,
        rules=("lookup",) * 3,
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="what-is-used-where-it-is-and-not-sent-stays-lazy",
        before="""
            import modal

            app = modal.App("a")
            queue = modal.Queue.lookup("q")
            f = modal.Function.lookup("a", "f")
            table = modal.Dict.lookup("d")

            @app.function()
            def work():
                return queue.get()

            @app.local_entrypoint()
            def main(count: int):
                call = f.spawn(table.len())
                table["id"] = queue.len()
                f.remote(f"{count} of {table.len()}")
        """,
        after="""
            import modal

            app = modal.App("a")
            queue = modal.Queue.from_name("q")
            f = modal.Function.from_name("a", "f")
            table = modal.Dict.from_name("d")

            @app.function()
            def work():
                return queue.get()

            @app.local_entrypoint()
            def main(count: int):
                call = f.spawn(table.len())
                table["id"] = queue.len()
                f.remote(f"{count} of {table.len()}")
        """,
        rules=("lookup",) * 3,
    ),
    Case(
        id="an-address-that-is-awaited-is-asked-for-by-aio",
        before="""
            import modal

            f = modal.Function.from_name("app", "f")

            async def address():
                plain = await f.web_url
                return [plain, (await (f.web_url)).upper(), f"{plain}"]
        """,
        after="""
            import modal

            f = modal.Function.from_name("app", "f")

            async def address():
                plain = await f.get_web_url.aio()
                return [plain, (await (f.get_web_url.aio())).upper(), f"{plain}"]
        """,
        rules=("web-url",) * 2,
        applicability=Applicability.REVIEW,
        proof=Proof(
            Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, calls=True, why="a text cannot be awaited: it never worked"
        ),
    ),
    Case(
        id="an-address-of-a-lookup-that-is-awaited-is-asked-for-by-aio",
        before="""
            import modal

            async def address():
                f = await modal.Function.lookup.aio("app", "f")
                return await f.web_url
        """,
        after="""
            import modal

            async def address():
                f = modal.Function.from_name("app", "f")
                return await f.get_web_url.aio()
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        proof=Proof(
            Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, calls=True, why="a text cannot be awaited: it never worked"
        ),
    ),
    Case(
        id="said-in-comments-and-commented-out",
        before="""
            import modal
            # `modal.Function.lookup` asks; so does `Cls.lookup("a", "b")`, and `modal.App.lookup` as well.
            # f = modal.Function.lookup("a", "f")
        """,
        after="""
            import modal
            # `modal.Function.from_name` asks; so does `Cls.from_name("a", "b")`, and `modal.App.lookup` as well.
            # f = modal.Function.from_name("a", "f")
        """,
        rules=("lookup-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
    Case(
        id="an-object-that-another-file-has-with-all-names-travels",
        before="""
            import modal

            g = modal.Function.lookup("a", "g")
        """,
        after="""
            import modal

            g = modal.Function.from_name("a", "g").hydrate()
        """,
        rules=("lookup",),
        applicability=Applicability.REVIEW,
        files={
            "other.py": """
                import modal
                from main import *

                app = modal.App("b")

                @app.function()
                def f(x): ...

                @app.local_entrypoint()
                def run():
                    f.remote(g)
            """,
        },
        proof=ASKS_MODAL,
    ),
    Case(
        id="addresses-of-all-in-a-list",
        before="""
            import modal

            found = [modal.Function.from_name("a", name) for name in ("f", "g")]

            def urls():
                return [each.web_url for each in found]
        """,
        after="""
            import modal

            found = [modal.Function.from_name("a", name) for name in ("f", "g")]

            def urls():
                return [each.get_web_url() for each in found]
        """,
        rules=("web-url",),
        proof=ASKS_MODAL,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="url-of-what-an-own-class-holds",
        code="""
            import modal

            class Base:
                @property
                def page(self): return self

                @staticmethod
                def web_server(port): return lambda f: f

                @web_server(port=8000)
                def start(self): ...

            class Server(Base): ...

            def tell():
                return Server().page.web_url, Server().start.web_url, Server().other.web_url
        """,
    ),
    NearMiss(
        id="lookup-of-an-app-stays",
        code="""
            import modal

            app = modal.App.lookup("a", create_if_missing=True)
            old = modal.Stub.lookup("b")
        """,
    ),
    NearMiss(
        id="own-class-with-lookup",
        code="""
            import modal

            class Function:
                @staticmethod
                def lookup(app, name): ...

            f = Function.lookup("app", "f")
        """,
    ),
    NearMiss(
        id="other-libraries",
        code="""
            from pathlib import Path

            import modal
            from django.db.models import Field

            table = {}.lookup("a")
            found = Field.lookup("x", namespace=1)
            here = Path(__file__).resolve()
            url = Field().web_url
        """,
    ),
    NearMiss(
        id="method-by-its-dotted-name-is-another-section",
        code="""
            import modal

            NAME = "Model.generate"
            a = modal.Function.lookup("app", "Model.run")
            b = modal.Function.lookup("app", f"{a}.run")
            c = modal.Function.lookup("app", NAME)
            d = modal.Function.lookup("app", "Model." + a)
            e = modal.Function.from_name("app", tag="Model.run", namespace=1)
        """,
    ),
    NearMiss(
        id="mount-is-another-section",
        code="""
            import modal

            mount = modal.Mount.lookup("m")
        """,
    ),
    NearMiss(
        id="migrated-already",
        code="""
            import modal

            f = modal.Function.from_name("app", "f").hydrate()
            volume = modal.Volume.from_name(name="v", create_if_missing=True)
            url = f.get_web_url()
        """,
    ),
    NearMiss(
        id="rebound-name",
        code="""
            from modal import Function

            class Function:
                @classmethod
                def lookup(cls, *names): ...

            f = Function.lookup("app", "f")
        """,
    ),
    NearMiss(
        id="words-in-prose-and-keys",
        code='''
            """Call modal.Function.lookup to find it."""
            import modal

            print("modal.Function.lookup is old")
            names = {"lookup": 1}
            getattr(names, "lookup")
        ''',
    ),
    NearMiss(
        id="url-that-is-set",
        code="""
            import modal

            class Page:
                def __init__(self):
                    self.web_url = "x"

            print(Page().web_url)
        """,
    ),
    NearMiss(
        id="lookups-of-others-in-texts",
        code="""
            import modal
            # `table.lookup`, `my.Function.lookup` and `Function.lookups`
            # x = table.lookup("a")
        """,
    ),
    NearMiss(
        id="name-of-a-file-of-the-repositorys-own",
        code="""
            import common

            f = common.lookup("a", "b")
            later = common.lookup
        """,
        files={"common.py": "import modal\n\nlookup = modal.Function.from_name\nlookup = modal.Function.lookup\n"},
    ),
    NearMiss(
        id="items-of-a-list-that-others-may-fill",
        code="""
            import modal

            class Other:
                web_url = "x"

            def fill(items):
                items.append(Other())

            mixed = [modal.Function.from_name("a", "b"), Other()]
            filled = [modal.Function.from_name("a", "b")]
            fill(filled)
            extended = [modal.Function.from_name("a", "b")]
            extended.extend([Other()])
            assigned = [modal.Function.from_name("a", "b")]
            assigned[0] = Other()
            urls = [each.web_url for each in mixed]
            urls += [each.web_url for each in filled]
            urls += [each.web_url for each in extended]
            urls += [each.web_url for each in assigned]
        """,
    ),
]
