"""Cases of the section ``cls-lookup``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW
MANUAL = Applicability.MANUAL
SILENT = Proof(
    old_before=Sdk.ACCEPTS,
    new_before=Sdk.ACCEPTS,
    why="reading the method is silent from 1.2.0 on; only the remote call raises, in a running app",
)
CALLED = Proof(calls=True)
UNCHANGED = Proof(None, None, None, None, why="manual: the file stays as it is")

CASES = [
    Case(
        id="one-instance-above-a-loop",
        before="""
            import modal

            app = modal.App("app")

            @app.cls()
            class TextModel:
                @modal.method()
                def run(self, x): ...

                @modal.method()
                def more(self, x): ...

            def work(groups):
                # All of them.
                for group in groups:
                    for text in group:
                        TextModel.run.remote(text)
                    while TextModel.more.remote(group):
                        pass

            def listed(texts):
                return [TextModel.run.remote(text) for text in TextModel.more.remote(texts)]
        """,
        after="""
            import modal

            app = modal.App("app")

            @app.cls()
            class TextModel:
                @modal.method()
                def run(self, x): ...

                @modal.method()
                def more(self, x): ...

            def work(groups):
                # All of them.
                text_model = TextModel()
                for group in groups:
                    for text in group:
                        text_model.run.remote(text)
                    while text_model.more.remote(group):
                        pass

            def listed(texts):
                text_model = TextModel()
                return [text_model.run.remote(text) for text in TextModel().more.remote(texts)]
        """,
        rules=("cls-not-instantiated",) * 4,
        proof=CALLED,
    ),
    Case(
        id="no-instance-above-a-loop-that-changes-the-class-or-its-name",
        before="""
            import modal

            def work(texts, names, text_model, text_model_instance):
                for name in names:
                    Model = modal.Cls.from_name("app", name)
                    Model.run.remote(name)
                TextModel = modal.Cls.from_name("app", "TextModel")
                for text in TextModel.run.map(texts):
                    TextModel.run.remote(text)
                else:
                    TextModel.run.remote("")
        """,
        after="""
            import modal

            def work(texts, names, text_model, text_model_instance):
                for name in names:
                    Model = modal.Cls.from_name("app", name)
                    Model().run.remote(name)
                TextModel = modal.Cls.from_name("app", "TextModel")
                for text in TextModel().run.map(texts):
                    TextModel().run.remote(text)
                else:
                    TextModel().run.remote("")
        """,
        rules=("cls-not-instantiated",) * 4,
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name",
        before="""
            import modal

            def ask(x):
                f = modal.Function.from_name("app", "Model.run")
                return f.remote(x)
        """,
        after="""
            import modal

            def ask(x):
                f = modal.Cls.from_name("app", "Model")().run
                return f.remote(x)
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-of-a-class-in-sight",
        before="""
            from modal import App, Function, method

            app = App("app")

            @app.cls()
            class Model:
                @method()
                def run(self, x): ...

            def ask(x):
                return Function.from_name("app", "Model.run").remote(x)
        """,
        after="""
            from modal import App, Cls, method

            app = App("app")

            @app.cls()
            class Model:
                @method()
                def run(self, x): ...

            def ask(x):
                return Cls.from_name("app", "Model")().run.remote(x)
        """,
        rules=("cls-method-name",),
        proof=CALLED,
    ),
    Case(
        id="method-name-of-a-class-in-another-file",
        before="""
            import modal

            def ask(x):
                return modal.Function.from_name("app", "Model.run").remote(x)
        """,
        after="""
            import modal

            def ask(x):
                return modal.Cls.from_name("app", "Model")().run.remote(x)
        """,
        files={
            "model.py": """
                import modal

                app = modal.App("app")

                @app.cls()
                class Model:
                    @modal.method()
                    def run(self, x): ...
            """,
        },
        rules=("cls-method-name",),
        proof=CALLED,
    ),
    Case(
        id="method-name-of-a-class-with-parameters",
        values={"value-name": '"small"'},
        before="""
            import modal

            app = modal.App("app")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self, x): ...

            def ask(x):
                return modal.Function.from_name("app", "Model.run").remote(x)
        """,
        after="""
            import modal

            app = modal.App("app")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self, x): ...

            def ask(x):
                return modal.Cls.from_name("app", "Model")(name="small").run.remote(x)
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=Proof(
            old_after=None, new_after=None, why="the value of name is asked for; without one the call fails", calls=True
        ),
    ),
    Case(
        id="method-name-looked-up",
        before="""
            import modal

            def ask(x):
                f = modal.Function.lookup("app", name="Model.run", environment_name="main")
                return list(f.map([x]))
        """,
        after="""
            import modal

            def ask(x):
                f = modal.Cls.from_name("app", name="Model", environment_name="main")().run
                return list(f.map([x]))
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-looked-up-with-positional-extras",
        before="""
            import modal

            def ask(x):
                return modal.Function.lookup("app", "Model.run", None, None, "main").spawn(x)
        """,
        after="""
            import modal

            def ask(x):
                return modal.Cls.from_name("app", "Model", environment_name="main")().run.spawn(x)
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-looked-up-with-a-client",
        before="""
            import modal

            def ask(client):
                return modal.Function.lookup("app", "Model.run", client=client).spawn(1)
        """,
        after="""
            import modal

            def ask(client):
                return modal.Cls.from_name("app", "Model").hydrate(client)().run.spawn(1)
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-looked-up-in-a-coroutine",
        before="""
            import modal

            async def ask(x):
                f = await modal.Function.lookup.aio("app", "Model.run")
                return await f.remote.aio(x)

            async def at_once(x):
                return await (await modal.Function.lookup.aio("app", "Model.run")).remote.aio(x)
        """,
        after="""
            import modal

            async def ask(x):
                f = modal.Cls.from_name("app", "Model")().run
                return await f.remote.aio(x)

            async def at_once(x):
                return await modal.Cls.from_name("app", "Model")().run.remote.aio(x)
        """,
        rules=("cls-method-name",) * 2,
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-as-an-existence-check",
        before="""
            import modal

            def exists():
                try:
                    f = modal.Function.lookup("app", "Model.run")
                except modal.exception.NotFoundError:
                    return None
                return f
        """,
        after="""
            import modal

            def exists():
                try:
                    f = modal.Cls.from_name("app", "Model").hydrate()().run
                except modal.exception.NotFoundError:
                    return None
                return f
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-in-single-quotes-and-an-alias",
        before="""
            from modal import Function as F

            def ask(x):
                return F.from_name('app', 'Model.run').remote_gen(x)
        """,
        after="""
            from modal import Cls

            def ask(x):
                return Cls.from_name('app', 'Model')().run.remote_gen(x)
        """,
        rules=("cls-method-name",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="method-name-put-together",
        before="""
            import modal

            def ask(cls, m):
                return modal.Function.from_name("app", f"{cls}.{m}").remote(1)

            def ask_more(m):
                return modal.Function.lookup("app", "Model." + m).remote(1)
        """,
        after="""
            import modal

            def ask(cls, m):
                return modal.Function.from_name("app", f"{cls}.{m}").remote(1)

            def ask_more(m):
                return modal.Function.lookup("app", "Model." + m).remote(1)
        """,
        rules=("cls-method-name",) * 2,
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="method-name-in-a-variable",
        before="""
            import modal

            NAME = "Model.run"

            def ask():
                return modal.Function.from_name("app", NAME).remote(1)
        """,
        after="""
            import modal

            NAME = "Model.run"

            def ask():
                return modal.Function.from_name("app", NAME).remote(1)
        """,
        rules=("cls-method-name",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="method-name-of-all-methods",
        before="""
            import modal

            def ask():
                return modal.Function.from_name("app", "Model.*")
        """,
        after="""
            import modal

            def ask():
                return modal.Function.from_name("app", "Model.*")
        """,
        rules=("cls-method-name",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="local-class-not-instantiated",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                Model.run.remote(1)
                Model.run.spawn(2)
                list(Model.run.map([1]))
                Model.run.for_each([1])
                Model.with_options(gpu="T4").run.local(3)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                Model().run.remote(1)
                Model().run.spawn(2)
                list(Model().run.map([1]))
                Model().run.for_each([1])
                Model.with_options(gpu="T4")().run.local(3)
        """,
        rules=("cls-not-instantiated",) * 5,
        proof=SILENT,
    ),
    Case(
        id="imported-class-not-instantiated",
        before="""
            from model import Model as M

            def ask(x):
                return (
                    M  # the class
                    .run.starmap([(x,)])
                )
        """,
        after="""
            from model import Model as M

            def ask(x):
                return (
                    M()  # the class
                    .run.starmap([(x,)])
                )
        """,
        files={
            "model.py": """
                import modal

                app = modal.App("a")

                @app.cls()
                class Model:
                    size: int = modal.parameter(default=3)

                    @modal.method()
                    def run(self, x): ...
            """,
        },
        rules=("cls-not-instantiated",),
        proof=SILENT,
    ),
    Case(
        id="looked-up-class-not-instantiated",
        before="""
            import modal

            def ask(x):
                Model = modal.Cls.from_name("app", "Model")
                return Model.run.remote(x)
        """,
        after="""
            import modal

            def ask(x):
                Model = modal.Cls.from_name("app", "Model")
                return Model().run.remote(x)
        """,
        rules=("cls-not-instantiated",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    Case(
        id="looked-up-class-that-is-in-sight",
        before="""
            import modal

            app = modal.App("app")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            def ask(x):
                return modal.Cls.from_name("app", "Model").run.remote(x)
        """,
        after="""
            import modal

            app = modal.App("app")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            def ask(x):
                return modal.Cls.from_name("app", "Model")().run.remote(x)
        """,
        rules=("cls-not-instantiated",),
        proof=CALLED,
    ),
    Case(
        id="lookup-in-brackets-not-instantiated",
        before="""
            import modal

            async def ask(x):
                return await (await modal.Cls.lookup.aio("app", "Model")).run.remote.aio(x)
        """,
        after="""
            import modal

            async def ask(x):
                return await (await modal.Cls.lookup.aio("app", "Model"))().run.remote.aio(x)
        """,
        rules=("cls-not-instantiated",),
        applicability=REVIEW,
        proof=Proof(None, None, None, new_after=Sdk.FAILS, why="lookup itself is another section's matter", calls=True),
    ),
    Case(
        id="class-with-required-parameters-not-instantiated",
        values={"value-name": '"small"'},
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                Model.run.remote(1)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                Model(name="small").run.remote(1)
        """,
        rules=("cls-not-instantiated",),
        applicability=REVIEW,
        proof=SILENT,
    ),
    Case(
        id="method-handed-on",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            def work(f):
                return f

            run = Model.run
            work(Model.run)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            def work(f):
                return f

            run = Model().run
            work(Model().run)
        """,
        rules=("cls-not-instantiated",) * 2,
        applicability=REVIEW,
        proof=Proof(new_before=Sdk.ACCEPTS, why="1.6.4 gives a dummy without a word"),
    ),
    Case(
        id="address-of-a-web-endpoint",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.asgi_app()
                def web(self): ...

            @app.local_entrypoint()
            def main():
                print(Model.web.web_url)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.asgi_app()
                def web(self): ...

            @app.local_entrypoint()
            def main():
                print(Model().web.get_web_url())
        """,
        rules=("cls-not-instantiated",),
        proof=SILENT,
    ),
    Case(
        id="inherited-method-not-instantiated",
        before="""
            import modal

            app = modal.App("a")

            class Base:
                @modal.method()
                def run(self, x): ...

            @app.cls()
            class Model(Base):
                def helper(self):
                    return Model.run.remote(1)
        """,
        after="""
            import modal

            app = modal.App("a")

            class Base:
                @modal.method()
                def run(self, x): ...

            @app.cls()
            class Model(Base):
                def helper(self):
                    return Model().run.remote(1)
        """,
        rules=("cls-not-instantiated",),
        proof=SILENT,
    ),
    Case(
        id="class-in-one-branch-and-instance-in-the-other",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main(lookup: bool = False):
                if lookup:
                    model = modal.Cls.from_name("a", "Model")
                else:
                    model = Model()
                for x in model.run.remote_gen(1):
                    print(x)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main(lookup: bool = False):
                if lookup:
                    model = modal.Cls.from_name("a", "Model")
                else:
                    model = Model()
                for x in model.run.remote_gen(1):
                    print(x)
        """,
        rules=("cls-maybe-instance",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="inside-an-f-string",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                print(f"{Model.run.remote(1)}")
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            @app.local_entrypoint()
            def main():
                print(f"{Model.run.remote(1)}")
        """,
        rules=("cls-not-instantiated",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-method-that-travels-is-hydrated-itself",
        before="""
            import modal

            def start():
                done = modal.Function.lookup("a", "Model.run")
                modal.Function.from_name("a", "work").remote(callback=done)
        """,
        after="""
            import modal

            def start():
                done = modal.Cls.from_name("a", "Model")().run.hydrate()
                modal.Function.from_name("a", "work").remote(callback=done)
        """,
        rules=("cls-method-name",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="a-method-that-is-awaited-and-travels-is-hydrated-itself",
        before="""
            import modal

            async def start():
                done = await modal.Function.lookup.aio("a", "Model.run")
                await modal.Function.from_name("a", "work").spawn.aio(done)
        """,
        after="""
            import modal

            async def start():
                done = await modal.Cls.from_name("a", "Model")().run.hydrate.aio()
                await modal.Function.from_name("a", "work").spawn.aio(done)
        """,
        rules=("cls-method-name",),
        applicability=Applicability.REVIEW,
        proof=CALLED,
    ),
    Case(
        id="the-address-of-a-method-that-is-awaited-is-asked-for-by-aio",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.fastapi_endpoint()
                def web(self):
                    return "hi"

            async def address():
                return await Model.web.web_url
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.fastapi_endpoint()
                def web(self):
                    return "hi"

            async def address():
                return await Model().web.get_web_url.aio()
        """,
        rules=("cls-not-instantiated",),
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="instances",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x):
                    return self.run.remote(x)

            model = Model()

            def ask():
                return model.run.remote(1), Model().run.spawn(2)
        """,
    ),
    NearMiss(
        id="looked-up-and-instantiated",
        code="""
            import modal

            Model = modal.Cls.from_name("app", "Model")
            model = Model()

            def ask():
                return model.run.remote(1), Model(name="x").run.map([1])
        """,
    ),
    NearMiss(
        id="static-and-plain-attributes-of-a-local-class",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                SIZES = [1, 2]

                @staticmethod
                def helper(x): return x

                def plain(self): ...

                @modal.method()
                def run(self, x): ...

            print(Model.SIZES, Model.helper(1), Model.plain, list(map(Model.helper, [1])))
        """,
    ),
    NearMiss(
        id="a-class-that-is-not-modals",
        code="""
            import modal

            class Model:
                class run:
                    @staticmethod
                    def remote(x): ...

            Model.run.remote(1)
        """,
    ),
    NearMiss(
        id="a-function-without-dot",
        code="""
            import modal

            NAME = "run"

            def ask(name):
                modal.Function.from_name("app", "run").remote(1)
                modal.Function.from_name("app", NAME).remote(1)
                modal.Function.from_name("app", name).remote(1)
                modal.Function.from_name("app", f"{name}_v2").remote(1)
                modal.Function.from_name("my.app", "run").remote(1)
        """,
    ),
    NearMiss(
        id="own-function-class",
        code="""
            import modal

            class Function:
                @classmethod
                def from_name(cls, app, name): ...

            Function.from_name("app", "Model.run")
        """,
    ),
    NearMiss(
        id="ray-actors",
        code="""
            import modal
            import ray

            @ray.remote
            class Model:
                def run(self): ...

            Model.run.remote()
        """,
    ),
    NearMiss(
        id="options-and-hydration-of-a-class",
        code="""
            import modal

            Model = modal.Cls.from_name("app", "Model")
            Model.hydrate()
            Big = Model.with_options(gpu="H100")
            print(Big().run.remote(1), Model.object_id)
        """,
    ),
    NearMiss(
        id="annotations",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self, x): ...

            def use(model: Model) -> "Model.run": ...
        """,
    ),
    NearMiss(
        id="other-names-looked-up",
        code="""
            import modal

            modal.Cls.from_name("app", "Model")
            modal.Volume.from_name("my.volume")
            modal.Secret.from_name("a.b")
        """,
    ),
    NearMiss(
        id="a-lookup-of-a-dict",
        code="""
            import modal

            class Table:
                def lookup(self, a, b): ...

            Table().lookup("app", "Model.run")
        """,
    ),
]
