"""Cases of ``async-calls``: what stops an event loop, of which 1.6.4 warns and 0.77 does not."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
BLOCKING, BY_HAND = "async-blocking", "async-blocking-by-hand"
HEAD = """import asyncio

import modal

app = modal.App("a")
volume = modal.Volume.from_name("v", create_if_missing=True)
queue = modal.Queue.from_name("q", create_if_missing=True)

@app.function()
def f(x=0): ...

@app.cls()
class Model:
    @modal.method()
    def run(self, x=0): ...

"""
WARNS = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.WARNS, Sdk.ACCEPTS, why="0.77 does not look for it", calls=True)
RAISES = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 refuses it as well", calls=True)
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.WARNS, Sdk.WARNS, why="nothing is rewritten", calls=True)
NOT_ASKED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing runs it")
BROKEN = Proof(
    Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten, and what is there fails", calls=True
)


def work(*lines: str, head: str = "async def work():") -> str:
    """Return a file with an async function of these lines."""
    return HEAD + head + "\n" + "".join(f"    {line}\n" for line in lines)


def case(id: str, before: str, after: str, found: int = 1, proof: Proof = WARNS) -> Case:
    """Return a case of an async function."""
    return Case(id, work(*before.split("\n")), work(*after.split("\n")), (BLOCKING,) * found, REVIEW, proof=proof)


def left(id: str, *lines: str, proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    return Case(id, work(*lines), work(*lines), (BY_HAND,), MANUAL, proof=proof)


CASES = [
    case("volume", "volume.commit()\nvolume.reload()", "await volume.commit.aio()\nawait volume.reload.aio()", found=2),
    case("remote", "return f.remote(1)", "return await f.remote.aio(1)"),
    case("spawn", "call = f.spawn(1)\nreturn call", "call = await f.spawn.aio(1)\nreturn call"),
    case("method-of-an-instance", "return Model().run.remote(1)", "return await Model().run.remote.aio(1)"),
    case(
        "what-a-method-of-an-instance-spawned",
        "call = Model().run.spawn(1)\nother = await Model().run.spawn.aio(2)\nreturn call.get(), other.get()",
        "call = await Model().run.spawn.aio(1)\nother = await Model().run.spawn.aio(2)\n"
        "return await call.get.aio(), await other.get.aio()",
        found=3,
    ),
    case(
        "method-of-a-class-by-name",
        'return modal.Cls.from_name("a", "Model")().run.remote(1)',
        'return await modal.Cls.from_name("a", "Model")().run.remote.aio(1)',
    ),
    case("attribute-of-the-result", "return f.remote(1).real", "return (await f.remote.aio(1)).real"),
    case("chain", "return f.spawn(1).get()", "return await (await f.spawn.aio(1)).get.aio()"),
    case(
        "argument-of-another",
        "return f.remote(f.remote(1))",
        "return await f.remote.aio(await f.remote.aio(1))",
        found=2,
    ),
    case("list", "return [f.remote(x) for x in (1, 2)]", "return [await f.remote.aio(x) for x in (1, 2)]"),
    case("condition", "if queue.len() > 2: return 1", "if await queue.len.aio() > 2: return 1"),
    case(
        "listing",
        'for each in volume.listdir("/"): print(each)',
        'for each in await volume.listdir.aio("/"): print(each)',
    ),
    case(
        "generator-of-a-listing",
        'return list(x for x in volume.listdir("/"))',
        'return list(x for x in await volume.listdir.aio("/"))',
    ),
    case(
        "iteration",
        'for each in volume.iterdir("/"): print(each)',
        'async for each in volume.iterdir.aio("/"): print(each)',
    ),
    case(
        "entered",
        "with modal.Queue.ephemeral() as q:\n    print(q)",
        "async with modal.Queue.ephemeral() as q:\n    print(q)",
    ),
    case(
        "handed-to-gather",
        "return await asyncio.gather(*[f.remote(x) for x in (1, 2)])",
        "return await asyncio.gather(*[f.remote.aio(x) for x in (1, 2)])",
    ),
    case("awaited-already", "return await f.spawn(1)", "return await f.spawn.aio(1)"),
    case("map", "for x in f.map([1]): print(x)", "async for x in f.map.aio([1]): print(x)", proof=RAISES),
    case(
        "map-in-a-list",
        "return [x + 1 for x in f.map([1])]",
        "return [x + 1 async for x in f.map.aio([1])]",
        proof=RAISES,
    ),
    case("list-of-map", "return list(f.map([1]))", "return [item async for item in f.map.aio([1])]", proof=RAISES),
    case("for-each", "f.for_each([1])", "await f.for_each.aio([1])", proof=RAISES),
    Case(
        id="method-of-a-class",
        before="""
            import modal

            app = modal.App("a")
            volume = modal.Volume.from_name("v")

            @app.cls(volumes={"/v": volume})
            class Model:
                @modal.enter()
                async def load(self):
                    volume.reload()

                @modal.method()
                async def run(self):
                    return self.other.remote()

                @modal.method()
                def other(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            volume = modal.Volume.from_name("v")

            @app.cls(volumes={"/v": volume})
            class Model:
                @modal.enter()
                async def load(self):
                    await volume.reload.aio()

                @modal.method()
                async def run(self):
                    return await self.other.remote.aio()

                @modal.method()
                def other(self): ...
        """,
        rules=(BLOCKING, BLOCKING),
        applicability=REVIEW,
        proof=NOT_ASKED,
    ),
    Case(
        id="handler-of-a-web-app",
        before="""
            import modal
            from fastapi import FastAPI

            from work import embed

            web = FastAPI()

            @web.get("/")
            async def index(text: str):
                call = embed.spawn(text)
                return {"id": call.object_id}
        """,
        after="""
            import modal
            from fastapi import FastAPI

            from work import embed

            web = FastAPI()

            @web.get("/")
            async def index(text: str):
                call = await embed.spawn.aio(text)
                return {"id": call.object_id}
        """,
        files={"work.py": 'import modal\n\napp = modal.App("a")\n\n@app.function()\ndef embed(text): ...\n'},
        rules=(BLOCKING,),
        applicability=REVIEW,
        proof=NOT_ASKED,
    ),
    Case(
        id="constructor-without-await",
        before='import modal\n\nasync def get():\n    return await modal.FunctionCall.from_id.aio("fc-1")\n',
        after='import modal\n\nasync def get():\n    return modal.FunctionCall.from_id("fc-1")\n',
        rules=("async-constructor",),
        applicability=REVIEW,
        proof=WARNS,
    ),
    Case(
        id="constructor-in-a-chain",
        before="import modal\n\nasync def get():\n"
        '    return await (await modal.FunctionCall.from_id.aio("fc-1")).get.aio()\n',
        after='import modal\n\nasync def get():\n    return await modal.FunctionCall.from_id("fc-1").get.aio()\n',
        rules=("async-constructor",),
        applicability=REVIEW,
        proof=WARNS,
    ),
    left("generator", "return sum(f.remote(x) for x in (1, 2))"),
    left("map-of-pairs", "return dict(f.map([1]))", proof=BROKEN),
    left("several-managers", "with modal.enable_output(), modal.Queue.ephemeral() as q:", "    print(q)"),
    left("in-a-text", 'return f"{f.remote(1)}"'),
    Case(
        "results-in-a-list",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(x): ...

            async def main(more):
                calls = [f.spawn(x) for x in range(3)]
                calls.append(f.spawn(more))
                return [call.get() for call in calls]
        """,
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(x): ...

            async def main(more):
                calls = [await f.spawn.aio(x) for x in range(3)]
                calls.append(await f.spawn.aio(more))
                return [await call.get.aio() for call in calls]
        """,
        ("async-blocking",) * 3,
        REVIEW,
        proof=NOT_ASKED,
    ),
]

NEAR_MISSES = [
    NearMiss("awaited", work("return await f.remote.aio(1)")),
    NearMiss("in-a-function", work("return f.remote(1)", head="def work():")),
    NearMiss(
        "in-a-function-of-its-own",
        work("def inside():", "    return f.remote(1)", "return await asyncio.to_thread(inside)"),
    ),
    NearMiss("in-a-lambda", work("return await asyncio.to_thread(lambda: f.remote(1))")),
    NearMiss("in-a-thread", work("return await asyncio.to_thread(f.remote, 1)")),
    NearMiss("in-an-executor", work("return await asyncio.get_event_loop().run_in_executor(None, f.remote, 1)")),
    NearMiss("local", work("return f.local(1)")),
    NearMiss("by-name", work('return modal.Volume.from_name("v")')),
    NearMiss("async-for", work("async for x in f.map.aio([1]):", "    print(x)")),
    NearMiss("async-for-over-the-plain-one", work("async for x in f.map([1]):", "    print(x)")),
    NearMiss("kept-and-looped-over", work("results = f.map([1])", "async for x in results:", "    print(x)")),
    NearMiss("entered-by-a-stack", work("stack = None", "await stack.enter_async_context(app.run())")),
    NearMiss("async-with", work("async with app.run():", "    pass")),
    NearMiss(
        "another-queue",
        "import asyncio\nimport modal\n\nqueue = asyncio.Queue()\n\nasync def f():\n    await queue.get()\n",
    ),
    NearMiss("a-parameter", "import modal\n\nasync def f(volume, model):\n    volume.commit()\n    model.remote()\n"),
    NearMiss(
        "ray",
        "import modal\nimport ray\n\n@ray.remote\ndef g(): ...\n\nasync def f():\n    return ray.get(g.remote())\n",
    ),
    NearMiss(
        "decorator-of-an-async-function",
        "import modal\n\napp = modal.App('a')\n\n@app.function()\nasync def f(): ...\n",
    ),
    NearMiss("identifier", 'import modal\n\nasync def f():\n    return modal.FunctionCall.from_id("fc-1")\n'),
    NearMiss("private", work("for line in app._logs():", "    print(line)")),
]
