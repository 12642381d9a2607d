"""Cases of the section ``old-calls``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
CALLED = Proof(old_before=Sdk.FAILS, why="shows when it is called; 0.77 has it no more", calls=True)
YIELDS = Proof(Sdk.FAILS, None, Sdk.FAILS, None, why="the stand-in for the server knows no generators", calls=True)
SPAWNED = Proof(None, None, None, None, why="the stand-in for the server knows no generators", calls=True)
DIRECT = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="shows when it is called", calls=True)
LOOKED_UP = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has it no more")
LOOKED_INTO = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why="1.5.5 is the first that has it", calls=True)
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
HEAD = (
    'import modal\n\napp = modal.App("a")\n\n@app.function()\ndef f(x=1): ...\n\n'
    "@app.function()\ndef g():\n    yield 1\n\n"
)


def main(line: str, above: str = "", head: str = HEAD) -> str:
    """Return a file whose last function has one line."""
    return f"{head}{above}def main():\n    {line}\n"


def case(id: str, before: str, after: str, rule: str = "call", **more: object) -> Case:
    """Return a case of one line."""
    applicability = more.pop("applicability", Applicability.SAFE)
    return Case(id, main(before), main(after), (rule,), applicability, **{"proof": CALLED, **more})  # type: ignore[arg-type]


CLASS = """
@app.cls()
class A:
    @modal.method()
    def m(self, x=1): ...

    @modal.method()
    def n(self):
        {0}

"""

AWAITED = """x = await f.{0}(1)
    async for y in g.{1}(): ...
    return [z async for z in g.{1}()], x
"""

TESTED = """
import modal

def names(found):
    if isinstance(found, modal.Function):
        raw = found.get_raw_f()
        found.get_raw_f()(1)
    else:
        raw = found.info.raw_f
    return raw.__doc__
"""

SAID = """
@app.function(is_generator=False)
def h():
    yield 1

@app.cls()
class A:
    @modal.method(is_generator=True)
    def m(self, x=1):
        return iter([x])

    @modal.method()
    def n(self):
        return [None for x in (lambda: (yield 1))()]

"""

BARE = 'import modal\n\napp = modal.App("a")\n\n\n@app.function\ndef f(x): ...\n\n\ndef main():\n    f.{}(1)\n'
CASES = [
    Case(
        "call-of-a-function-under-a-bare-decorator",
        BARE.format("call"),
        BARE.format("remote"),
        ("call",),
        proof=Proof(None, None, None, None, why="the decorator still lacks its parentheses"),
    ),
    case("call", "return f.call(1)", "return f.remote(1)"),
    Case(
        "call-of-a-method-without-an-instance",
        main("A.m.call(1)", CLASS.format("pass")),
        main("A.m.remote(1)", CLASS.format("pass")),
        ("call",),
        proof=Proof(None, None, None, None, why="the method still lacks its instance, which another section makes"),
    ),
    case("call-of-a-generator", "return list(g.call())", "return list(g.remote_gen())", proof=YIELDS),
    Case(
        "call-of-what-is-said-to-be-a-generator",
        main("list(A().m.call(1))", SAID),
        main("list(A().m.remote_gen(1))", SAID),
        ("call",),
        proof=YIELDS,
    ),
    Case("call-of-what-is-said-to-be-none", main("h.call()", SAID), main("h.remote()", SAID), ("call",), proof=CALLED),
    Case(
        "call-in-async-code",
        f"{HEAD}async def main():\n    return await f.call.aio(1)\n",
        f"{HEAD}async def main():\n    return await f.remote.aio(1)\n",
        ("call",),
        proof=CALLED,
    ),
    Case(
        "call-of-methods",
        main("A().m.call(1)", CLASS.format("return self.m.call(2)")),
        main("A().m.remote(1)", CLASS.format("return self.m.remote(2)")),
        ("call", "call"),
        proof=CALLED,
    ),
    Case(
        "call-of-a-function-of-another-file",
        "from common import f\n\ndef main():\n    f.call()\n",
        "from common import f\n\ndef main():\n    f.remote()\n",
        ("call",),
        files={"common.py": 'import modal\n\napp = modal.App("a")\n\n@app.function()\ndef f(): ...\n'},
        proof=CALLED,
    ),
    case(
        "call-of-what-is-looked-up",
        'modal.Function.from_name("a", "f").call(1)',
        'modal.Function.from_name("a", "f").remote(1)',
        applicability=REVIEW,
    ),
    case(
        "call-of-what-is-looked-up-and-yields",
        'list(modal.Function.from_name("a", "f").call(1))',
        'list(modal.Function.from_name("a", "f").remote_gen(1))',
        applicability=REVIEW,
        choice="remote-gen",
        proof=YIELDS,
    ),
    *(
        Case(f"spawn-of-{id}", main(line, SAID), main(line, SAID), ("spawn-generator",), MANUAL, proof=SPAWNED)
        for id, line in {"a-generator": "return g.spawn()", "what-is-said-to-be-one": "return A().m.spawn(1)"}.items()
    ),
    case("submit", "return f.submit(1)", "return f.spawn(1)", "submit"),
    Case(
        "gather-that-another-file-takes",
        "from modal.functions import gather\n\nX = 1\n",
        "from modal.functions import gather\n\nX = 1\n",
        ("gather",),
        MANUAL,
        files={"other.py": "import main\n\ndef run():\n    return main.gather()\n"},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        "gather",
        "from modal.functions import gather\n\ndef main():\n    return gather()\n",
        "from modal import FunctionCall\n\ndef main():\n    return FunctionCall.gather()\n",
        ("gather",),
        proof=Proof(old_before=Sdk.ACCEPTS, why="0.77 warns when it is called"),
    ),
    case(
        "a-sandbox-with-its-image",
        'return app.spawn_sandbox("ls", image=modal.Image.debian_slim())',
        'return modal.Sandbox.create("ls", image=modal.Image.debian_slim(), app=app)',
        "spawn-sandbox",
        proof=Proof(Sdk.FAILS, None, Sdk.FAILS, None, why="an app that runs is needed", calls=True),
    ),
    Case(
        "a-sandbox-with-the-image-of-the-app",
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            async def main():
                return await app.spawn_sandbox.aio("ls", timeout=1)
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            async def main():
                return await modal.Sandbox.create.aio("ls", timeout=1, image=image, app=app)
        """,
        ("spawn-sandbox",),
        REVIEW,
        proof=Proof(Sdk.FAILS, None, Sdk.FAILS, None, why="an app that runs is needed", calls=True),
    ),
    Case(
        "a-sandbox-of-the-running-app-of-a-stub",
        """
            from modal import Image, Stub

            stub = Stub("a")

            def main():
                return stub.app.spawn_sandbox("ls", image=Image.debian_slim())
        """,
        """
            from modal import Image, Sandbox, Stub

            stub = Stub("a")

            def main():
                return Sandbox.create("ls", image=Image.debian_slim(), app=stub)
        """,
        ("spawn-sandbox",),
        proof=Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="Stub is gone since 1.0.0, and nothing calls it"),
    ),
    Case(
        "calls-of-the-async-sdk",
        main(AWAITED.format("call", "call")).replace("def main", "async def main"),
        main(AWAITED.format("remote.aio", "remote_gen.aio")).replace("def main", "async def main"),
        ("call",) * 3,
        proof=Proof(None, None, None, None, why="the stand-in for the server knows no generators", calls=True),
    ),
    case("deploy-with-a-name", 'app.deploy("prod")', 'app.deploy(name="prod")', "deploy-name"),
    case("a-direct-call", "return f(1)", "return f.local(1)", "direct-call", applicability=REVIEW, proof=DIRECT),
    case(
        "a-direct-call-for-a-container",
        "return f(1)",
        "return f.remote(1)",
        "direct-call",
        applicability=REVIEW,
        choice="in-container",
        proof=DIRECT,
    ),
    Case(
        "a-direct-call-of-another-method",
        HEAD + CLASS.format("return self.m(1) + self.p(1)\n\n    def p(self, x):\n        return x"),
        HEAD + CLASS.format("return self.m.local(1) + self.p(1)\n\n    def p(self, x):\n        return x"),
        ("direct-call",),
        REVIEW,
        proof=Proof(None, None, None, None, why="nothing calls it"),
    ),
    Case(
        "a-direct-call-of-a-method",
        HEAD + CLASS.format("pass") + "def main():\n    return A().m(1)\n",
        HEAD + CLASS.format("pass") + "def main():\n    return A().m.remote(1)\n",
        ("direct-call",),
        REVIEW,
        choice="in-container",
        proof=DIRECT,
    ),
    case(
        "a-direct-call-where-the-app-is-started",
        "with app.run():\n        return f(1)",
        "with app.run():\n        return f.remote(1)",
        "direct-call",
        applicability=REVIEW,
        proof=DIRECT,
    ),
    Case(
        "a-direct-call-in-an-entrypoint",
        main("f(1)").replace("def main", "@app.local_entrypoint()\ndef main"),
        main("f.remote(1)").replace("def main", "@app.local_entrypoint()\ndef main"),
        ("direct-call",),
        REVIEW,
        proof=Proof(None, None, None, None, why="nothing starts it"),
    ),
    case(
        "a-direct-call-of-what-is-looked-up",
        'return modal.Function.from_name("a", "f")(1)',
        'return modal.Function.from_name("a", "f").remote(1)',
        "direct-call",
        applicability=REVIEW,
        proof=DIRECT,
    ),
    Case(
        "a-direct-call-of-what-yields-that-is-awaited",
        main("return [x async for x in g()]").replace("def main", "async def main"),
        main("return [x async for x in g.remote_gen.aio()]").replace("def main", "async def main"),
        ("direct-call",),
        REVIEW,
        choice="in-container",
        proof=SPAWNED,
    ),
    Case(
        "a-function-that-was-looked-up",
        'import modal\n\nf = modal.lookup("a", "f")\n',
        'import modal\n\nf = modal.Function.from_name("a", "f")\n',
        ("module-lookup",),
        REVIEW,
        proof=LOOKED_UP,
    ),
    Case(
        "a-function-that-was-looked-up-by-an-imported-name",
        'from modal import lookup\n\ndef main(name):\n    return lookup(name, "f"), lookup(name, "g")\n',
        "from modal import Function\n\n"
        'def main(name):\n    return Function.from_name(name, "f"), Function.from_name(name, "g")\n',
        ("module-lookup",),
        REVIEW,
        proof=LOOKED_UP,
    ),
    *(
        Case(f"what-has-gone-{number}", code, code, ("module-lookup",), MANUAL, proof=BY_HAND)
        for number, code in enumerate(
            (
                'import modal\n\nvolume = modal.lookup("a")\n',
                'import modal\n\nf = modal.lookup("a", "f", namespace=1)\n',
                "from modal import lookup\n\nfound = map(lookup, ['a'], ['f'])\n",
            )
        )
    ),
    Case(
        "the-raw-function",
        main("return f.get_raw_f()(\n        1,  # one\n    ), f.get_raw_f()()"),
        main("return f.local(\n        1,  # one\n    ), f.local()"),
        ("raw-function",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="it went in 1.6.0", calls=True),
    ),
    Case(
        "the-raw-function-as-a-value",
        main("return f.get_raw_f().__name__, f.get_raw_f()()"),
        main("return f._raw_f_.__name__, f.local()"),
        ("raw-function",),
        REVIEW,
        choice="private",
        proof=LOOKED_INTO,
    ),
    case(
        "a-function-of-the-running-app",
        "with app.run() as running:\n        running.f.remote()",
        "with app.run() as running:\n        f.remote()",
        "function-of-app",
        applicability=REVIEW,
    ),
    Case(
        "the-raw-function-of-what-is-tested",
        TESTED,
        TESTED.replace("get_raw_f()", "_raw_f_", 1).replace("get_raw_f()", "local"),
        ("raw-function", "raw-function"),
        REVIEW,
        proof=Proof(None, None, None, None, why="nothing calls it"),
    ),
    Case(
        "the-raw-function-handed-on",
        main("raw = f.get_raw_f()\n    return raw(1), list(map(raw, [1])), list(map(f.get_raw_f(), [1]))"),
        main("raw = f.local\n    return raw(1), list(map(raw, [1])), list(map(f.local, [1]))"),
        ("raw-function",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="it went in 1.6.0", calls=True),
    ),
    Case(
        "the-raw-function-looked-into",
        main("return inspect.signature(f.get_raw_f())", "import inspect\n\n"),
        main("return inspect.signature(f._raw_f_)", "import inspect\n\n"),
        ("raw-function",),
        REVIEW,
        proof=LOOKED_INTO,
    ),
    Case(
        "the-raw-function-not-asked-for",
        main("return f.get_raw_f"),
        main("return f.get_raw_f"),
        ("raw-function",),
        MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True),
    ),
]

NEAR_MISSES = [
    NearMiss("anothers-raw-function", "import modal\n\ndef names(found):\n    return found.get_raw_f()\n"),
    NearMiss(
        "methods-that-modal-does-not-run",
        HEAD + "class A:\n    @modal.method()\n    def m(self): ...\n    def n(self, other):\n"
        "        return self.m(), other.m(), self.p()\n    def p(self): ...\n",
    ),
    NearMiss(
        "methods-of-others",
        HEAD + CLASS.format("return other.m()").replace("def n(self)", "def n(self, other)") + "A.m(1)\n",
    ),
    NearMiss("what-the-app-has", main("with app.run() as running:\n        return running.name")),
    NearMiss("a-process", main('subprocess.call(["ls"])', "import subprocess\n")),
    NearMiss(
        "a-thread-pool", main("pool.submit(f)", "from concurrent import futures\npool = futures.ThreadPoolExecutor()\n")
    ),
    NearMiss("mocks", main("mock.call(1)", "from unittest import mock\n")),
    NearMiss("what-a-parameter-holds", f"{HEAD}def main(f):\n    return f.call(1)\n"),
    NearMiss("another-gather", "import asyncio\nimport modal\n\nasync def main():\n    await asyncio.gather()\n"),
    NearMiss(
        "a-plain-function-in-the-call-form", "import modal\n\ndef f(): ...\n\nr = modal.App('a').function()(f)\nf()\n"
    ),
    NearMiss("a-deployment-with-its-name", main('app.deploy(name="prod")')),
    NearMiss("spawn-of-what-does-not-yield", main("f.spawn(1), h.spawn(), A().n.spawn()", SAID)),
    NearMiss("local-and-remote", main("f.local(1), f.remote(1)")),
]
