"""Cases of ``endpoint-images``: what an image holds is seen when its container starts, not when a file is imported."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW
BUILT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="the endpoint fails in its container")
ENDPOINT = "@app.function({})\n@modal.fastapi_endpoint()\ndef {}(): ...\n"


def program(image: str, *endpoints: tuple[str, str], app: str = "") -> str:
    """Return a file with an image, an app, and endpoints of some arguments."""
    made = "\n\n".join(ENDPOINT.format(arguments, name) for arguments, name in endpoints)
    return f'import modal\n\n{image}app = modal.App("a"{app})\n\n\n{made}'


CASES = [
    Case(
        "default-image",
        program("", ("", "f")),
        program("", ('image=modal.Image.debian_slim().pip_install("fastapi[standard]")', "f")),
        ("endpoint-image",),
        REVIEW,
        proof=BUILT,
    ),
    Case(
        "image-of-two-endpoints",
        program("image = modal.Image.debian_slim()\n", ("image=image", "f"), ("image=image, cpu=1", "g")),
        program(
            'image = modal.Image.debian_slim().pip_install("fastapi[standard]")\n',
            ("image=image", "f"),
            ("image=image, cpu=1", "g"),
        ),
        ("endpoint-image",),
        REVIEW,
        proof=BUILT,
    ),
    Case(
        "before-files-that-are-added",
        program('image = modal.Image.debian_slim().add_local_file("a", "/a")\n', ("image=image", "f")),
        program(
            "image = (\n    modal.Image.debian_slim()\n"
            '    .pip_install("fastapi[standard]")\n    .add_local_file("a", "/a")\n)\n',
            ("image=image", "f"),
        ),
        ("endpoint-image",),
        REVIEW,
        files={"a": ""},
        proof=BUILT,
    ),
    Case(
        "packages-that-fastapi-joins",
        program('image = modal.Image.debian_slim().pip_install("a", "b==1").env({})\n', ("image=image", "f")),
        program(
            'image = modal.Image.debian_slim().pip_install("a", "b==1", "fastapi[standard]").env({})\n',
            ("image=image", "f"),
        ),
        ("endpoint-image",),
        REVIEW,
        proof=BUILT,
    ),
    Case(
        "list-of-packages-that-fastapi-joins",
        program("", ("", "f"), app=', image=modal.Image.debian_slim().uv_pip_install(["a"]).env({})'),
        program(
            "",
            ("", "f"),
            app=', image=modal.Image.debian_slim().uv_pip_install(["a", "fastapi[standard]"]).env({})',
        ),
        ("endpoint-image",),
        REVIEW,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="0.77 has no uv_pip_install"),
    ),
    Case(
        "packages-from-elsewhere-that-fastapi-does-not-join",
        program('image = modal.Image.debian_slim().pip_install("a", index_url="u")\n', ("image=image", "f")),
        program(
            'image = (\n    modal.Image.debian_slim()\n    .pip_install("a", index_url="u")\n'
            '    .pip_install("fastapi[standard]")\n)\n',
            ("image=image", "f"),
        ),
        ("endpoint-image",),
        REVIEW,
        proof=BUILT,
    ),
    Case(
        "image-of-the-app",
        program("image = modal.Image.debian_slim()\n", ("", "f"), app=", image=image"),
        program('image = modal.Image.debian_slim().pip_install("fastapi[standard]")\n', ("", "f"), app=", image=image"),
        ("endpoint-image",),
        REVIEW,
        proof=BUILT,
    ),
]


def missed(id: str, image: str) -> NearMiss:
    """Return an image to which nothing has to be added, as far as can be seen."""
    return NearMiss(id, program(f"image = {image}\n", ("image=image", "f")))


NEAR_MISSES = [
    missed("installed", 'modal.Image.debian_slim().pip_install("fastapi[standard]").env({})'),
    missed("installed-with-uv", 'modal.Image.debian_slim().uv_pip_install(["fastapi==0.115"])'),
    missed("brought", 'modal.Image.debian_slim().pip_install("vllm==0.6")'),
    missed("requirements", 'modal.Image.debian_slim().pip_install_from_requirements("r.txt")'),
    missed("from-a-registry", 'modal.Image.from_registry("x")'),
    missed("by-a-command", 'modal.Image.debian_slim().run_commands("pip install .")'),
    NearMiss("no-endpoint", program("", ("", "f")).replace("fastapi_endpoint", "asgi_app")),
]
