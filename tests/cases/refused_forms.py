"""Cases of ``refused-forms``: 0.77 and 1.6.4 refuse most of them alike; some only warn, or are seen when called."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
FIXED = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 refuses it as well")
LEFT = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
LEFT_NEW = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
LEFT_WARNED = Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
NOT_RUN = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is run while the file is imported")
USED = """
G = {} if app.name else False
G = "T4" if app.name == "x" else G


@app.function(gpu=G)
def f(): ..."""
HEAD = 'import modal\n\napp = modal.App("a")\n'


def fixed(id: str, before: str, after: str, rule: str, proof: Proof = FIXED) -> Case:
    """Return a form that is rewritten."""
    return Case(id, HEAD + before + "\n", HEAD + after + "\n", (rule,), REVIEW, proof=proof)


def left(id: str, code: str, rule: str, proof: Proof = LEFT) -> Case:
    """Return a form that a person has to rewrite."""
    return Case(id, HEAD + code + "\n", HEAD + code + "\n", (rule,), MANUAL, proof=proof)


def work(line: str) -> str:
    """Return a function of one line."""
    return f"\n\ndef work(volume: modal.Volume):\n    {line}"


CASES = [
    fixed(
        "numbers-in-env",
        'image = modal.Image.debian_slim().env({"A": 1, "B": "x", "C": True})',
        'image = modal.Image.debian_slim().env({"A": "1", "B": "x", "C": "True"})',
        "env-text",
    ),
    fixed(
        "retries-of-a-generator",
        "\n\n@app.function(cpu=1, retries=3)\ndef f():\n    yield 1",
        "\n\n@app.function(cpu=1)\ndef f():\n    yield 1",
        "generator-retries",
    ),
    fixed(
        "any-gpu", "\n\n@app.function(gpu=True)\ndef f(): ...", '\n\n@app.function(gpu="any")\ndef f(): ...', "gpu-true"
    ),
    fixed("any-gpu-by-variables", USED.format("True"), USED.format('"any"'), "gpu-true"),
    *(
        fixed(
            f"parentheses-{name}", f"\n\n@app.{name}\ndef f(): ...", f"\n\n@app.{name}()\ndef f(): ...", "parentheses"
        )
        for name in ("function", "local_entrypoint")
    ),
    left("data-of-a-name", 'modal.Dict.from_name("a", {"b": 1}, create_if_missing=True)', "data-by-hand", LEFT_WARNED),
    fixed(
        "pattern",
        work('return volume.listdir("a/**")'),
        work('return volume.listdir("a", recursive=True)'),
        "pattern",
        NOT_RUN,
    ),
    fixed(
        "namespace",
        "import modal.runner" + work("modal.runner.deploy_app(app, namespace=1)"),
        "import modal.runner" + work("modal.runner.deploy_app(app)"),
        "namespace",
        NOT_RUN,
    ),
    left("pattern-in-the-middle", work('return volume.listdir("a/*/b")'), "pattern-by-hand", NOT_RUN),
    left("name-and-more", 'modal.Volume.from_name("a", "main")', "by-position-by-hand"),
    left("options", 'modal.Cls.from_name("a", "C").with_options("T4")', "by-position-by-hand"),
    left("data", "modal.Dict.ephemeral({})", "data-by-hand", LEFT_NEW),
    left(
        "parameters-of-a-server",
        "\n\n@app.function()\n@modal.asgi_app()\ndef web(debug=False): ...",
        "server-parameters",
        LEFT_WARNED,
    ),
    left("every-sandbox", work("return modal.Sandbox.list()"), "every-sandbox-by-hand", NOT_RUN),
    left(
        "ports-without-network",
        work("modal.Sandbox.create(app=app, block_network=True, encrypted_ports=[80])"),
        "blocked-ports-by-hand",
        NOT_RUN,
    ),
    left(
        "transport-error",
        "import grpclib"
        + work('try:\n        modal.App.lookup("a")\n    except (KeyError, grpclib.GRPCError):\n        pass'),
        "transport-error",
        NOT_RUN,
    ),
    left(
        "tunnel",
        work("with modal.forward(80, unencrypted=True) as tunnel:\n        print(tunnel.url)"),
        "tunnel-url",
        NOT_RUN,
    ),
    left("a-client-that-is-called", "client = modal.Client()", "made-by-hand"),
    left("an-image-that-is-called", "image = modal.Image()", "made-by-hand"),
    left(
        "a-volume-at-a-relative-path",
        'PATH = "data"\n\n@app.function(volumes={PATH: modal.Volume.from_name("v")})\ndef f(): ...',
        "volume-path-by-hand",
    ),
    Case(
        "a-module-that-is-not-loaded",
        "import modal\n\nrun = modal.runner.run_app\n",
        "import modal\nimport modal.runner\n\nrun = modal.runner.run_app\n",
        ("module-import",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="other cases load it in the same process"),
    ),
    Case(
        "a-volume-among-merged-paths",
        """
            import modal

            app = modal.App("a")
            volume = modal.Volume.from_name("v")
            others = {"/x": volume}

            @app.cls(volumes=others | {**others, "cache": volume})
            class Model: ...
        """,
        """
            import modal

            app = modal.App("a")
            volume = modal.Volume.from_name("v")
            others = {"/x": volume}

            @app.cls(volumes=others | {**others, "cache": volume})
            class Model: ...
        """,
        ("volume-path-by-hand",),
        Applicability.MANUAL,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
]

NEAR_MISSES = [
    NearMiss(
        "true-that-decides", HEAD + "GPU = True\nif GPU:\n    print(1)\n\n\n@app.function(gpu=GPU)\ndef f(): ...\n"
    ),
    NearMiss("texts", HEAD + 'modal.Image.debian_slim().env({"A": "1", "B": str(2)})\n'),
    NearMiss("one-that-is-no-generator", HEAD + "@app.function(retries=3)\ndef f():\n    def g():\n        yield 1\n"),
    NearMiss("names", HEAD + 'modal.Function.from_name("a", "f", environment_name="main")\napp.run(client=None)\n'),
    NearMiss("server", HEAD + "class A:\n    @modal.asgi_app()\n    def web(self): ...\n"),
    NearMiss("a-method-that-is-shown-alone", HEAD + "@modal.asgi_app()\ndef web(self): ...\n"),
    NearMiss("of-an-app", HEAD + "def f():\n    return modal.Sandbox.list(app_id=app.app_id)\n"),
    NearMiss("anothers-env", 'import os\nimport modal\n\nos.env = dict\nos.env({"A": 1})\n'),
    NearMiss("no-ports", HEAD + "modal.Sandbox.create(app=app, block_network=True, h2_ports=[])\n"),
    NearMiss("a-folder", HEAD + 'def f(v: modal.Volume):\n    return v.listdir("/", recursive=True)\n'),
    NearMiss("anothers-transport", "import grpclib\n\ntry:\n    open('x')\nexcept grpclib.GRPCError:\n    pass\n"),
    NearMiss("encrypted", HEAD + "with modal.forward(80) as tunnel:\n    print(tunnel.url)\n"),
    NearMiss("a-module-that-is-loaded", "import modal\nfrom modal.runner import deploy_app\n\nmodal.runner\n"),
]
