"""Cases of the section ``gpu``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

UNUSED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 warns only when an object is made")
INSIDE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="it runs only when the function does")
LEFT = Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten, and nothing runs on import")
LEFT_INSIDE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is rewritten and nothing runs")
OLDER = Proof(old_before=Sdk.FAILS, why="memory= went before 0.65")
REFUSED = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="refused already by 0.77; nothing is rewritten")

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")


def used(id: str, use: str, applicability: Applicability = Applicability.REVIEW, found: int = 1) -> Case:
    """Return a case of an object that a file puts to another use as well."""
    head = 'import modal\n\napp = modal.App("a")\nG = modal.gpu.A10G(count=2)\n'
    code = f"{head}{use}\n\n@app.function(gpu=G)\ndef f(): ...\n"
    review = applicability is Applicability.REVIEW
    after = code.replace("modal.gpu.A10G(count=2)", '"A10G:2"') if review else code
    return Case(id, code, after, ("gpu-object",) * found, applicability, proof=Proof() if review else LEFT)


CASES = [
    used("compared", "H = modal.gpu.A10G(count=2)\nprint(1 if G == H else 2)", found=2),
    used("looked-up", "PRICES = {}\nPRICES[G] = 1"),
    used("key-of-a-dict", "PRICES = {G: 1}"),
    used("compared-with-a-text", 'X = G != "A10G:2"'),
    used("matched", "match G:\n    case None:\n        X = 1", Applicability.MANUAL),
    used("result-that-is-printed", "def made():\n    return modal.gpu.A10G(count=2)\nprint(made(), G)", found=2),
    Case(
        id="every-class",
        before="""
            import modal

            app = modal.App("a")

            @app.function(gpu=modal.gpu.T4())
            def a(): ...

            @app.function(gpu=modal.gpu.L4(2))
            def b(): ...

            @app.function(gpu=modal.gpu.A10G(count=2))
            def c(): ...

            @app.function(gpu=modal.gpu.H100(count=8))
            def d(): ...

            @app.function(gpu=modal.gpu.L40S(count=1))
            def e(): ...

            @app.function(gpu=modal.gpu.A100())
            def f(): ...

            @app.function(gpu=modal.gpu.Any())
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="T4")
            def a(): ...

            @app.function(gpu="L4:2")
            def b(): ...

            @app.function(gpu="A10G:2")
            def c(): ...

            @app.function(gpu="H100:8")
            def d(): ...

            @app.function(gpu="L40S")
            def e(): ...

            @app.function(gpu="A100-40GB")
            def f(): ...

            @app.function(gpu="any")
            def g(): ...
        """,
        rules=("gpu-object",) * 7,
        proof=Proof(why="0.77 suggests ANY in capitals, which is the same"),
    ),
    Case(
        id="sizes-of-a100",
        before="""
            import modal

            app = modal.App("a")

            @app.function(gpu=modal.gpu.A100(size="80GB", count=2))
            def a(): ...

            @app.function(gpu=modal.gpu.A100(size="40GB"))
            def b(): ...

            @app.function(gpu=modal.gpu.A100(count=4, size=None))
            def c(): ...

            @app.cls(gpu=modal.gpu.A100(size=""))
            class D: ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="A100-80GB:2")
            def a(): ...

            @app.function(gpu="A100-40GB")
            def b(): ...

            @app.function(gpu="A100-40GB:4")
            def c(): ...

            @app.cls(gpu="A100-40GB")
            class D: ...
        """,
        rules=("gpu-object",) * 4,
    ),
    Case(
        id="memory-of-older-a100",
        before="""
            from modal import Stub, gpu

            stub = Stub("s")

            @stub.function(gpu=gpu.A100(memory=80, count=2))
            def a(): ...

            @stub.function(gpu=gpu.A100(memory=40))
            def b(): ...
        """,
        after="""
            from modal import Stub

            stub = Stub("s")

            @stub.function(gpu="A100-80GB:2")
            def a(): ...

            @stub.function(gpu="A100-40GB")
            def b(): ...
        """,
        rules=("gpu-object", "gpu-object"),
        proof=Proof(Sdk.FAILS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="memory= went before 0.65; Stub went in 1.0"),
    ),
    Case(
        id="sizes-that-never-were",
        before="""
            import modal

            small = modal.gpu.A100(memory=24)
            odd = modal.gpu.A100(size="100GB")
        """,
        after="""
            import modal

            small = modal.gpu.A100(memory=24)
            odd = modal.gpu.A100(size="100GB")
        """,
        rules=("gpu-object", "gpu-object"),
        applicability=Applicability.MANUAL,
        proof=REFUSED,
    ),
    Case(
        id="from-import-goes-with-the-last-use",
        before="""
            from modal import App, gpu, method

            app = App("a")

            @app.cls(gpu=gpu.H100())
            class Model:
                @method()
                def run(self): ...
        """,
        after="""
            from modal import App, method

            app = App("a")

            @app.cls(gpu="H100")
            class Model:
                @method()
                def run(self): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="classes-imported-from-the-module",
        before="""
            import modal
            from modal.gpu import A100, H100 as Hopper

            app = modal.App("a")

            @app.function(gpu=A100(size="80GB"))
            def a(): ...

            @app.function(gpu=[Hopper(), A100(size="80GB"), "any"])
            def b(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="A100-80GB")
            def a(): ...

            @app.function(gpu=["H100", "A100-80GB", "any"])
            def b(): ...
        """,
        rules=("gpu-object",) * 3,
    ),
    Case(
        id="module-imported-under-an-alias",
        before="""
            import modal
            import modal.gpu as g

            app = modal.App("a")

            @app.function(gpu=g.T4())
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="T4")
            def a(): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="module-imported-by-its-path",
        before="""
            import modal.gpu

            app = modal.App("a")

            @app.function(gpu=modal.gpu.T4(count=2))
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="T4:2")
            def a(): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="module-imported-by-its-path-beside-modal",
        before="""
            import modal
            import modal.gpu

            app = modal.App("a")

            @app.function(gpu=modal.gpu.T4())
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu="T4")
            def a(): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="fallbacks-conditions-dicts-and-defaults",
        before="""
            import os

            import modal

            BIG = bool(os.environ.get("BIG"))
            ONE = modal.gpu.H100() if BIG else modal.gpu.T4()
            TWO = os.environ.get("GPU", modal.gpu.A100(size="80GB"))
            TABLE = {"small": modal.gpu.L4(count=1), "large": [modal.gpu.H100(count=2), None]}

            def make(gpu=modal.gpu.A10G()):
                return modal.gpu.T4()
        """,
        after="""
            import os

            BIG = bool(os.environ.get("BIG"))
            ONE = "H100" if BIG else "T4"
            TWO = os.environ.get("GPU", "A100-80GB")
            TABLE = {"small": "L4", "large": ["H100:2", None]}

            def make(gpu="A10G"):
                return "T4"
        """,
        rules=("gpu-object",) * 7,
    ),
    Case(
        id="quotes-of-the-file",
        before="""
            import modal

            app = modal.App('a')

            @app.function(gpu=modal.gpu.T4(), timeout=60)
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App('a')

            @app.function(gpu='T4', timeout=60)
            def a(): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="comments-inside-the-call-are-kept",
        before="""
            import modal

            app = modal.App("a")

            @app.function(
                timeout=60,
                gpu=modal.gpu.A100(
                    size="80GB",  # the model needs 60 GB
                    count=2,
                ),  # large
            )
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(
                timeout=60,
                # the model needs 60 GB
                gpu="A100-80GB:2",  # large
            )
            def a(): ...
        """,
        rules=("gpu-object",),
    ),
    Case(
        id="windows-line-ends",
        before="import modal\r\n\r\nGPU = modal.gpu.A100(\r\n    count=2,  # two\r\n)\r\n",
        after='# two\r\nGPU = "A100-40GB:2"\r\n',
        rules=("gpu-object",),
    ),
    Case(
        id="counts-from-names",
        before="""
            import modal

            app = modal.App("a")
            N = 2

            class config:
                num_gpu = 4

            @app.function(gpu=modal.gpu.H100(count=N))
            def a(): ...

            @app.function(gpu=modal.gpu.A100(count=config.num_gpu, size="80GB"))
            def b(): ...

            @app.function(gpu=modal.gpu.A10G(count=2 * N))
            def c(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            N = 2

            class config:
                num_gpu = 4

            @app.function(gpu=f"H100:{N}")
            def a(): ...

            @app.function(gpu=f"A100-80GB:{config.num_gpu}")
            def b(): ...

            @app.function(gpu=f"A10G:{2 * N}")
            def c(): ...
        """,
        rules=("gpu-object",) * 3,
    ),
    Case(
        id="counts-that-only-a-run-shows",
        before="""
            import os

            import modal

            app = modal.App("a")
            N = 2
            NONE = 0 * N
            GIVEN = int(os.environ.get("N", 2))

            if GIVEN > 2:
                MANY = 4
            else:
                MANY = 8

            def make():
                return [modal.gpu.H100(count=GIVEN), modal.gpu.H100(count=MANY), modal.gpu.H100(count=NONE)]

            @app.function(gpu=modal.gpu.A10G(count=N if N > 1 else 1))
            def c(): ...
        """,
        after="""
            import os

            import modal

            app = modal.App("a")
            N = 2
            NONE = 0 * N
            GIVEN = int(os.environ.get("N", 2))

            if GIVEN > 2:
                MANY = 4
            else:
                MANY = 8

            def make():
                return [f"H100:{GIVEN}", f"H100:{MANY}", f"H100:{NONE}"]

            @app.function(gpu=f"A10G:{N if N > 1 else 1}")
            def c(): ...
        """,
        rules=("gpu-object",) * 4,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-and-memory-of-another-file",
        before="""
            import modal
            from common import GPU_MEM, N_GPUS, SIZE

            app = modal.App("a")

            @app.function(gpu=modal.gpu.A100(size=SIZE, count=N_GPUS))
            def f(): ...
        """,
        after="""
            import modal
            from common import GPU_MEM, N_GPUS, SIZE

            app = modal.App("a")

            @app.function(gpu=f"A100-{SIZE}:{N_GPUS}")
            def f(): ...
        """,
        files={"common.py": 'N_GPUS = 2\nGPU_MEM = 80\nSIZE = "80GB"\n'},
        rules=("gpu-object",),
    ),
    Case(
        id="memory-that-is-shown",
        before="""
            import modal

            MEMORY = 40 * 2
            ONE = modal.gpu.A100(memory=MEMORY, count=2)
        """,
        after="""
            MEMORY = 40 * 2
            ONE = f"A100-{MEMORY}GB:2"
        """,
        rules=("gpu-object",),
        proof=OLDER,
    ),
    Case(
        id="the-smallest-a100-is-no-more",
        before="""
            import modal

            MEMORY = 20
            N = 2
            ONE = modal.gpu.A100(memory=MEMORY)
            TWO = modal.gpu.A100(count=N, memory=20)
        """,
        after="""
            MEMORY = 20
            N = 2
            ONE = "A100-40GB"
            TWO = f"A100-40GB:{N}"
        """,
        rules=("gpu-object",) * 2,
        applicability=Applicability.REVIEW,
        proof=OLDER,
    ),
    Case(
        id="types-that-are-asked-for",
        before="""
            import modal

            app = modal.App("a")
            BIG = True
            if BIG:
                GPU = modal.gpu.A100(size="80GB", count=2)
            else:
                GPU = modal.gpu.A10G()

            SMALL = modal.gpu.L4(count=2)
            DTYPE = "half" if isinstance(GPU, modal.gpu.A10G) else "bfloat16"
            if not isinstance(SMALL, modal.gpu.L4) or (isinstance(GPU, modal.gpu.A100)):
                DTYPE = "auto"
            COUNTS = [isinstance(SMALL, modal.gpu.L4) == True]

            @app.function(gpu=GPU)
            def f(): ...

            @app.function(gpu=SMALL)
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            BIG = True
            if BIG:
                GPU = "A100-80GB:2"
            else:
                GPU = "A10G"

            SMALL = "L4:2"
            DTYPE = "half" if GPU.startswith("A10G") else "bfloat16"
            if not SMALL.partition(":")[0] == "L4" or (GPU.startswith("A100")):
                DTYPE = "auto"
            COUNTS = [(SMALL.partition(":")[0] == "L4") == True]

            @app.function(gpu=GPU)
            def f(): ...

            @app.function(gpu=SMALL)
            def g(): ...
        """,
        rules=("gpu-type",) * 2,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="a-count-and-a-type-that-another-file-asks-for",
        before="""
            import modal

            GPU = modal.gpu.H100(count=4)
        """,
        after="""
            GPU_COUNT = 4
            GPU = f"H100:{GPU_COUNT}"
        """,
        files={
            "deploy.py": """
                import modal
                from main import GPU

                assert isinstance(GPU, modal.gpu.H100), "too small"
                print(GPU.count)
            """
        },
        files_after={
            "deploy.py": """
                from main import GPU, GPU_COUNT

                assert GPU.startswith("H100"), "too small"
                print(GPU_COUNT)
            """
        },
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="types-that-no-string-answers",
        before="""
            import modal

            GPU = modal.gpu.H100(count=4)
            print(isinstance(GPU, (modal.gpu.H100, modal.gpu.A100)), type(GPU))
        """,
        after="""
            import modal

            GPU = modal.gpu.H100(count=4)
            print(isinstance(GPU, (modal.gpu.H100, modal.gpu.A100)), type(GPU))
        """,
        rules=("gpu-object", "gpu-mention", "gpu-mention"),
        applicability=Applicability.MANUAL,
        proof=LEFT,
    ),
    Case(
        id="memory-that-is-shown-and-never-was",
        before="""
            import modal

            MEMORY = 30
            ONE = modal.gpu.A100(memory=MEMORY)
        """,
        after="""
            import modal

            MEMORY = 30
            ONE = modal.gpu.A100(memory=MEMORY)
        """,
        rules=("gpu-object",),
        applicability=Applicability.MANUAL,
        proof=REFUSED,
    ),
    Case(
        id="counts-with-strings-in-them",
        before="""
            import os

            import modal

            ONE = modal.gpu.H100(count=int(os.environ.get("N", 2)))
            TWO = modal.gpu.H100(count=int(os.environ.get("N", '2')))
            THREE = modal.gpu.A100(size="80GB", count=max(
                1,
                2,
            ))
            FOUR = modal.gpu.H100(count={"a": 1}["a"])
        """,
        after="""
            import os

            ONE = f'H100:{int(os.environ.get("N", 2))}'
            TWO = "H100:" + str(int(os.environ.get("N", '2')))
            THREE = "A100-80GB:" + str(max(
                1,
                2,
            ))
            FOUR = "H100:" + str({"a": 1}["a"])
        """,
        rules=("gpu-object",) * 4,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="sizes-from-names",
        before="""
            import os

            import modal

            GIVEN = os.environ.get("GPU_SIZE", "80GB")
            TWO = modal.gpu.A100(size=GIVEN, count=2)
        """,
        after="""
            import os

            GIVEN = os.environ.get("GPU_SIZE", "80GB")
            TWO = f"A100-{GIVEN or '40GB'}:2"
        """,
        rules=("gpu-object",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="sizes-that-are-shown",
        before="""
            import os

            import modal

            SIZE = "80GB"
            GIVEN = os.environ.get("GPU_SIZE")
            ONE = modal.gpu.A100(size=SIZE)
            THREE = modal.gpu.A100(size="80GB" if GIVEN else "40GB")
        """,
        after="""
            import os

            SIZE = "80GB"
            GIVEN = os.environ.get("GPU_SIZE")
            ONE = f"A100-{SIZE}"
            THREE = f'A100-{"80GB" if GIVEN else "40GB"}'
        """,
        rules=("gpu-object",) * 2,
    ),
    Case(
        id="counts-that-no-string-says",
        before="""
            import modal

            def make(options, n):
                none = modal.gpu.T4(count=0)
                less = modal.gpu.H100(count=-1)
                text = modal.gpu.H100(count="2")
                some = modal.gpu.A100(**options)
                return none, less, text, some
        """,
        after="""
            import modal

            def make(options, n):
                none = modal.gpu.T4(count=0)
                less = modal.gpu.H100(count=-1)
                text = modal.gpu.H100(count="2")
                some = modal.gpu.A100(**options)
                return none, less, text, some
        """,
        rules=("gpu-object",) * 4,
        applicability=Applicability.MANUAL,
        proof=LEFT_INSIDE,
    ),
    Case(
        id="classes-without-a-string",
        before="""
            import modal

            def make():
                return modal.gpu.Inferentia2(), modal.gpu.H200(count=2)
        """,
        after="""
            import modal

            def make():
                return modal.gpu.Inferentia2(), modal.gpu.H200(count=2)
        """,
        rules=("gpu-object", "gpu-object"),
        applicability=Applicability.MANUAL,
        proof=LEFT_INSIDE,
    ),
    Case(
        id="passed-to-code-of-ones-own",
        before="""
            import modal

            class Settings:
                def __init__(self, gpu): ...

            settings = Settings(gpu=modal.gpu.H100())
            print(modal.gpu.T4())
        """,
        after="""
            class Settings:
                def __init__(self, gpu): ...

            settings = Settings(gpu="H100")
            print("T4")
        """,
        rules=("gpu-object", "gpu-object"),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-of-a-constant-is-read",
        before="""
            import modal

            app = modal.App("a")
            GPU_CONFIG = modal.gpu.A100(size="80GB", count=4)  # four of them

            @app.function(gpu=GPU_CONFIG)
            def serve():
                print(f"--tensor-parallel-size {GPU_CONFIG.count}")
                return {"n": GPU_CONFIG.count}
        """,
        after="""
            import modal

            app = modal.App("a")
            GPU_COUNT = 4
            GPU_CONFIG = f"A100-80GB:{GPU_COUNT}"  # four of them

            @app.function(gpu=GPU_CONFIG)
            def serve():
                print(f"--tensor-parallel-size {GPU_COUNT}")
                return {"n": GPU_COUNT}
        """,
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-by-a-name-that-is-there",
        before="""
            import modal

            NUM = 2
            gpu_config = modal.gpu.H100(count=NUM)
            size = gpu_config.count
        """,
        after="""
            NUM = 2
            gpu_config = f"H100:{NUM}"
            size = NUM
        """,
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-of-one-of-several",
        before="""
            import os

            from modal import gpu

            GPU_COUNT = None
            if os.environ.get("BIG"):
                GPU = gpu.H100(count=8)
            else:
                GPU = gpu.T4()

            def parallel():
                return GPU.count
        """,
        after="""
            import os

            GPU_COUNT = None
            if os.environ.get("BIG"):
                GPU_COUNT_2 = 8
                GPU = f"H100:{GPU_COUNT_2}"
            else:
                GPU_COUNT_2 = 1
                GPU = f"T4:{GPU_COUNT_2}"

            def parallel():
                return GPU_COUNT_2
        """,
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-read-in-other-files",
        before="""
            import modal

            TIMEOUT = 60
            GPU_CONFIG = modal.gpu.H100(count=2)
        """,
        after="""
            TIMEOUT = 60
            GPU_COUNT = 2
            GPU_CONFIG = f"H100:{GPU_COUNT}"
        """,
        files={
            "only.py": """
                from main import GPU_CONFIG

                n = GPU_CONFIG.count
            """,
            "both.py": """
                from main import GPU_CONFIG as G, TIMEOUT

                pair = (G, G.count, TIMEOUT)
            """,
            "dotted.py": """
                import main

                print(main.GPU_CONFIG.count + 1, "GPU_CONFIG.count")
            """,
        },
        files_after={
            "only.py": """
                from main import GPU_COUNT

                n = GPU_COUNT
            """,
            "both.py": """
                from main import GPU_CONFIG as G, GPU_COUNT, TIMEOUT

                pair = (G, GPU_COUNT, TIMEOUT)
            """,
            "dotted.py": """
                import main

                print(main.GPU_COUNT + 1, "GPU_CONFIG.count")
            """,
        },
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-by-way-of-another-file",
        before="""
            import modal

            GPU_CONFIG = modal.gpu.H100(count=2)
        """,
        after="""
            import modal

            GPU_CONFIG = modal.gpu.H100(count=2)
        """,
        files={
            "between.py": """
                from main import GPU_CONFIG
            """,
            "reader.py": """
                import main
                from between import GPU_CONFIG

                n = GPU_CONFIG.count
            """,
        },
        rules=("gpu-object",),
        applicability=Applicability.MANUAL,
        proof=LEFT,
    ),
    Case(
        id="count-of-what-has-no-one-name",
        before="""
            import modal

            ONE = TWO = modal.gpu.H100(count=2)
            print(TWO.count)

            def set_up():
                global THREE
                THREE = modal.gpu.H100(count=4)
                return THREE.count
        """,
        after="""
            import modal

            ONE = TWO = modal.gpu.H100(count=2)
            print(TWO.count)

            def set_up():
                global THREE
                THREE = modal.gpu.H100(count=4)
                return THREE.count
        """,
        rules=("gpu-object", "gpu-object"),
        applicability=Applicability.MANUAL,
        proof=LEFT,
    ),
    Case(
        id="count-inside-a-function",
        before="""
            import modal

            def make():
                gpu = modal.gpu.A10G(count=4)
                def parallel():
                    return gpu.count
                return gpu, parallel
        """,
        after="""
            def make():
                gpu_count = 4
                gpu = f"A10G:{gpu_count}"
                def parallel():
                    return gpu_count
                return gpu, parallel
        """,
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
        proof=INSIDE,
    ),
    Case(
        id="object-is-inspected",
        before="""
            import modal

            ONE = modal.gpu.H100(count=2)
            TABLE = {"a": modal.gpu.T4()}
            print(repr(ONE), TABLE["a"].count, modal.gpu.L4().count)
        """,
        after="""
            import modal

            ONE = modal.gpu.H100(count=2)
            TABLE = {"a": modal.gpu.T4()}
            print(repr(ONE), TABLE["a"].count, modal.gpu.L4().count)
        """,
        rules=("gpu-object",) * 3,
        applicability=Applicability.MANUAL,
        proof=LEFT,
    ),
    Case(
        id="object-is-inspected-where-it-went",
        before="""
            import modal

            def pick():
                return modal.gpu.H100(count=2)

            class Serving:
                gpu = modal.gpu.T4()

                def parallel(self, gpu=modal.gpu.L4()):
                    return self.gpu.count + pick().count + gpu.count
        """,
        after="""
            import modal

            def pick():
                return modal.gpu.H100(count=2)

            class Serving:
                gpu = modal.gpu.T4()

                def parallel(self, gpu=modal.gpu.L4()):
                    return self.gpu.count + pick().count + gpu.count
        """,
        rules=("gpu-object",) * 3,
        applicability=Applicability.MANUAL,
        proof=LEFT,
    ),
    Case(
        id="count-read-of-something-called-a-gpu",
        before="""
            import modal

            TABLE = {"a": modal.gpu.H100(count=2), "b": modal.gpu.A100(size="80GB")}
        """,
        after="""
            TABLE = {"a": "H100:2", "b": "A100-80GB"}
        """,
        files={
            "reader.py": """
                from main import TABLE

                def run(settings):
                    if settings.gpu_config.count > 1:
                        return f"-n {settings.gpu_config.count}"
            """
        },
        files_after={
            "reader.py": """
                from main import TABLE

                def run(settings):
                    if int(settings.gpu_config.partition(":")[2] or 1) > 1:
                        return f"-n {int(settings.gpu_config.partition(':')[2] or 1)}"
            """
        },
        rules=("gpu-count",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="count-read-of-what-no-string-says",
        before="""
            import modal

            TABLE = {"a": modal.gpu.H100(count=2), "b": modal.gpu.A100(size="80GB")}
            OTHER = [modal.gpu.A100(memory=16)]
        """,
        after="""
            import modal

            TABLE = {"a": modal.gpu.H100(count=2), "b": modal.gpu.A100(size="80GB")}
            OTHER = [modal.gpu.A100(memory=16)]
        """,
        files={
            "reader.py": """
                from main import OTHER, TABLE

                def run(settings):
                    return settings.gpu_config.count
            """
        },
        rules=("gpu-object",) * 3,
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="memory= went before 0.65; nothing is rewritten"),
    ),
    Case(
        id="count-method-of-something-called-a-gpu",
        before="""
            import modal

            TABLE = {"a": modal.gpu.H100(count=2)}
        """,
        after="""
            TABLE = {"a": "H100:2"}
        """,
        files={
            "reader.py": """
                from main import TABLE

                def run(settings):
                    return settings.gpu_config.count("H100"), settings.workers.count
            """
        },
        rules=("gpu-object",),
    ),
    Case(
        id="annotations",
        before="""
            from typing import Optional, Union

            import modal
            from modal.gpu import _GPUConfig

            def make(one: modal.gpu.A100, two: Optional[_GPUConfig] = None) -> Union[str, modal.gpu.GPU_T]:
                return "T4"

            def quoted(one: "modal.gpu.A100", two: "Optional[_GPUConfig]" = None): ...

            limit: modal.gpu._GPUConfig = "T4"
        """,
        after="""
            from typing import Optional, Union


            def make(one: str, two: Optional[str] = None) -> str:
                return "T4"

            def quoted(one: "str", two: "Optional[str]" = None): ...

            limit: str = "T4"
        """,
        rules=("gpu-annotation",) * 6,
        proof=UNUSED,
    ),
    Case(
        id="annotations-that-have-str-already",
        before="""
            import typing as t

            import modal
            from modal.gpu import _GPUConfig

            def one(gpu: list[str | _GPUConfig], other: modal.gpu.H100 | str | None = None): ...

            def two(gpu: modal.gpu.A100 | modal.gpu.H100 | str | None = None): ...

            def three(gpu: t.Union[str, int, modal.gpu.A100, None] = None) -> t.Union[_GPUConfig, str]: ...

            def four(gpu: "list[str | _GPUConfig]", other: (str) | _GPUConfig = "T4"): ...

            def five(gpu: _GPUConfig | int | None = None, *rest: _GPUConfig | list[str]): ...
        """,
        after="""
            import typing as t


            def one(gpu: list[str], other: str | None = None): ...

            def two(gpu: str | None = None): ...

            def three(gpu: t.Union[str, int, None] = None) -> str: ...

            def four(gpu: "list[str]", other: (str) | str = "T4"): ...

            def five(gpu: str | int | None = None, *rest: str | list[str]): ...
        """,
        rules=("gpu-annotation",) * 10,
        proof=UNUSED,
    ),
    Case(
        id="annotations-that-matter",
        before="""
            from dataclasses import dataclass

            import modal

            @dataclass
            class Settings:
                gpu: modal.gpu.A100 | None = None

            def run(gpu: modal.gpu.A100):
                return gpu.count
        """,
        after="""
            from dataclasses import dataclass

            @dataclass
            class Settings:
                gpu: str | None = None

            def run(gpu: str):
                return gpu.count
        """,
        rules=("gpu-annotation", "gpu-annotation"),
        applicability=Applicability.REVIEW,
        proof=UNUSED,
    ),
    Case(
        id="classes-that-are-not-called",
        before="""
            import modal
            from modal import gpu

            def pick(name, thing):
                if isinstance(thing, modal.gpu._GPUConfig):
                    return gpu.parse_gpu_config(thing)
                table = {"h100": gpu.H100}
                return getattr(gpu, name)(count=2)
        """,
        after="""
            import modal
            from modal import gpu

            def pick(name, thing):
                if isinstance(thing, modal.gpu._GPUConfig):
                    return gpu.parse_gpu_config(thing)
                table = {"h100": gpu.H100}
                return getattr(gpu, name)(count=2)
        """,
        rules=("gpu-mention",) * 4,
        applicability=Applicability.MANUAL,
        proof=SILENT,
    ),
    Case(
        id="class-given-instead-of-an-object",
        before="""
            import modal

            app = modal.App("a")

            @app.function(gpu=modal.gpu.H100)
            def a(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(gpu=modal.gpu.H100)
            def a(): ...
        """,
        rules=("gpu-mention",),
        applicability=Applicability.MANUAL,
        proof=REFUSED,
    ),
    Case(
        id="unused-imports",
        before="""
            import modal
            import modal.gpu
            from modal import App, gpu, method  # noqa: F401
            from modal.gpu import A100, H100

            app = App("a")
        """,
        after="""
            import modal
            from modal import App, method  # noqa: F401

            app = App("a")
        """,
        rules=("gpu-import",) * 4,
        proof=UNUSED,
    ),
    Case(
        id="unused-import-that-binds-modal",
        before="""
            import modal.gpu

            app = modal.App("a")
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("gpu-import",),
        proof=UNUSED,
    ),
    Case(
        id="import-for-others",
        before="""
            from modal import App, gpu

            __all__ = ["App", "gpu"]
        """,
        after="""
            from modal import App

            __all__ = ["App"]
        """,
        rules=("gpu-import",),
        applicability=Applicability.REVIEW,
        proof=UNUSED,
    ),
    Case(
        id="import-that-another-file-takes",
        before="""
            from modal import App, gpu

            app = App("a")
        """,
        after="""
            from modal import App

            app = App("a")
        """,
        files={
            "other.py": """
                from main import app, gpu
            """
        },
        files_after={
            "other.py": """
                from main import app
            """
        },
        rules=("gpu-import",),
        applicability=Applicability.REVIEW,
        proof=UNUSED,
    ),
    Case(
        id="import-of-a-package",
        path="common/__init__.py",
        before="""
            from modal import gpu
        """,
        after="",
        rules=("gpu-import",),
        applicability=Applicability.REVIEW,
        proof=UNUSED,
    ),
    Case(
        id="module-taken-from-another-file",
        before="""
            from common import app, gpu

            @app.function(gpu=gpu.H100())
            def f(): ...
        """,
        after="""
            from common import app, gpu

            @app.function(gpu="H100")
            def f(): ...
        """,
        files={
            "common.py": """
                from modal import App, gpu

                app = App("a")
            """
        },
        rules=("gpu-object",),
        proof=Proof(Sdk.WARNS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="common.py has a finding of its own"),
    ),
    Case(
        id="said-in-comments-and-docstrings-and-commented-out",
        before='''
            """Runs on `modal.gpu.A100(count=2)`, not on `modal.gpu.T4`."""
            import modal

            #GPU = modal.gpu.A100(memory=80, count=2)
            # app = dict(gpu=modal.gpu.Any())
            # gpu=modal.gpu.H100(count=N_GPUS),
            # The GPU is modal.gpu.L4(count=self.count) today, gpu.L4() would not do
        ''',
        after='''
            """Runs on `"A100-40GB:2"`, not on `"T4"`."""
            import modal

            #GPU = "A100-80GB:2"
            # app = dict(gpu="any")
            # gpu=f"H100:{N_GPUS}",
            # The GPU is f"L4:{self.count}" today, gpu.L4() would not do
        ''',
        rules=("gpu-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
    Case(
        id="said-among-words-where-gpu-is-modals",
        before="""
            from modal import App, gpu

            app = App("a")
            GPU = gpu.H100(count=2)  # change to gpu.A10G(count=1) for lower cost; gpu.T4 is too small

            @app.function(gpu=GPU)
            def f():
                print(GPU.count)
        """,
        after="""
            from modal import App

            app = App("a")
            GPU_COUNT = 2
            GPU = f"H100:{GPU_COUNT}"  # change to "A10G" for lower cost; gpu.T4 is too small

            @app.function(gpu=GPU)
            def f():
                print(GPU_COUNT)
        """,
        rules=("gpu-count", "gpu-text"),
        applicability=Applicability.REVIEW,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="texts-that-give-the-old-one",
        code="""
            import modal

            app = modal.App("a")
            GPUS = {
                "a": "A100-40GB",  # Changed from modal.gpu.A100()
                "b": "H100",  # was modal.gpu.H100()
            }

            # switched to strings: modal.gpu.T4() is gone
            @app.function(gpu="T4")  # old: `modal.gpu.T4()`
            def f():
                \"\"\"Run on a T4 (from `modal.gpu.T4`).\"\"\"
        """,
    ),
    NearMiss(
        id="strings-already",
        code="""
            import modal

            app = modal.App("a")
            GPU = "A100-80GB:2"

            @app.function(gpu=[GPU, "H100"])
            def f(): ...
        """,
    ),
    NearMiss(
        id="own-module-called-gpu",
        code="""
            import modal
            from mylib import gpu

            app = modal.App("a")

            @app.function(gpu=str(gpu.A100(count=2)))
            def f(n: gpu.A100): ...
        """,
    ),
    NearMiss(
        id="own-class-of-the-same-name",
        code="""
            import modal

            class A100:
                count = 2

            gpu = A100()
            print(gpu.count)
        """,
    ),
    NearMiss(
        id="relative-module-called-modal",
        code="""
            from .modal import gpu

            GPU = gpu.A100(count=2)
        """,
    ),
    NearMiss(
        id="counting-in-strings-and-lists",
        code="""
            import modal

            gpu_names = ["T4", "T4"]
            n = gpu_names.count("T4") + "a-b".count("-")
        """,
    ),
    NearMiss(
        id="import-that-may-fail",
        code="""
            import modal

            try:
                from modal import gpu
            except ImportError:
                gpu = None
        """,
    ),
    NearMiss(
        id="parameter-called-gpu",
        code="""
            import modal

            def run(gpu, modal_gpu=None):
                return gpu.A100(count=2)
        """,
    ),
    NearMiss(
        id="words-in-prose",
        code='''
            """Use modal.gpu.A100 or gpu.T4()."""
            import modal

            text = "modal.gpu.T4()"
        ''',
    ),
    NearMiss(
        id="other-attributes-of-modal",
        code="""
            import modal

            def f(options):
                return options.modal.gpu.A100()
        """,
    ),
    NearMiss(
        id="objects-in-texts-that-have-no-string",
        code="""
            import modal

            # `modal.gpu.A100(count=n())`, `modal.gpu.H100(size="80GB")`, `modal.gpu.T4(count=0)`, `my.modal.gpu.L4()`
        """,
    ),
]
