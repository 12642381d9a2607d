"""Cases of ``python-version``. Both SDKs look at it when they build an image, not when a file is imported."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="it shows when the image is built")
SYNCED = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="0.77 has no uv_sync")
OLD_NAME = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="from_dockerhub is another section's matter")


def image(text: str, above: str = "") -> str:
    """Return a file with an image."""
    head = f'import modal\n\n{above}app = modal.App("a")\nimage = modal.Image.{text}\n'
    return f"{head}\n@app.function(image=image)\ndef f(): ...\n"


def case(id: str, before: str, after: str, choice: str | None = None, proof: Proof = SILENT) -> Case:
    """Return a case of one image."""
    review = Applicability.REVIEW
    return Case(id, image(before), image(after), ("python-version",), review, choice, proof=proof)


CASES = [
    case("three-ten", 'debian_slim(python_version="3.10")', 'debian_slim(python_version="3.11")'),
    case("three-nine-by-position", "debian_slim('3.9')", "debian_slim('3.11')"),
    case("whole-version", 'debian_slim(python_version="3.10.8")', 'debian_slim(python_version="3.11")'),
    case("added", 'from_registry("r", add_python="3.10")', 'from_registry("r", add_python="3.11")'),
    case("added-to-a-dockerfile", 'from_dockerfile("f", add_python="3.9")', 'from_dockerfile("f", add_python="3.11")'),
    case("micromamba", 'micromamba(python_version="3.10")', 'micromamba(python_version="3.11")'),
    case(
        "another-one", 'debian_slim(python_version="3.10")', 'debian_slim(python_version="3.12")', choice="python3.12"
    ),
    case(
        "old-name",
        'from_dockerhub("r", add_python="3.8")',
        'from_dockerhub("r", add_python="3.11")',
        proof=OLD_NAME,
    ),
    Case(
        id="variable-of-two-images",
        before="""
            import modal

            PYTHON = "3.10"
            one = modal.Image.debian_slim(python_version=PYTHON)
            two = modal.Image.micromamba(python_version=PYTHON)
        """,
        after="""
            import modal

            PYTHON = "3.11"
            one = modal.Image.debian_slim(python_version=PYTHON)
            two = modal.Image.micromamba(python_version=PYTHON)
        """,
        rules=("python-version",),
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    *(
        Case(
            id=f"project-that-asks-for-{name}",
            before=image(f'debian_slim(python_version="3.10").{step}'),
            after=image(f'debian_slim(python_version="{new}").{step}'),
            rules=("python-version" if new != "3.10" else "python-version-by-hand",),
            applicability=Applicability.REVIEW if new != "3.10" else Applicability.MANUAL,
            files={"pyproject.toml": project, "uv.lock": "version = 1\n"},
            proof=proof,
        )
        for name, step, project, new, proof in [
            ("one-python", "uv_sync()", '[project]\nrequires-python = "==3.10.*"\n', "3.10", SYNCED),
            ("another-python", "uv_sync()", '[project]\nrequires-python = ">=3.12"\n', "3.12", SYNCED),
            ("any-newer-python", "uv_sync()", '[project]\nrequires-python = ">=3.10"\n', "3.11", SYNCED),
            ("nothing", "uv_sync()", "[project]\n", "3.11", SYNCED),
            ("one-that-is-not-installed", "pip_install('a')", '[project]\nrequires-python = "<3.11"\n', "3.11", SILENT),
            (
                "a-python-of-poetry",
                'poetry_install_from_file("pyproject.toml")',
                '[tool.poetry.dependencies]\npython = "~3.10"\n',
                "3.10",
                SILENT,
            ),
        ]
    ),
    Case(
        id="micromamba-without-a-version",
        before=image("micromamba()"),
        after=image("micromamba()"),
        rules=("python-unsaid",),
        applicability=Applicability.MANUAL,
        proof=SILENT,
    ),
    *(
        Case(
            id=f"named-elsewhere-{name}",
            before=image(code),
            after=image(code),
            rules=("python-version-by-hand",),
            applicability=Applicability.MANUAL,
            proof=SILENT,
        )
        for name, code in {
            "wheel": """debian_slim(python_version="3.10").pip_install("https://a.b/flash-2.5-cp310-cp310-linux.whl")""",
            "path": """debian_slim(python_version="3.10").env({"P": "/usr/local/lib/python3.10/site-packages"})""",
        }.items()
    ),
    Case(
        "what-a-comment-says-of-versions",
        image('debian_slim(python_version="3.10").run_commands(  # Doesn\'t work with 3.11 yet\n    "true"\n)'),
        image('debian_slim(python_version="3.10").run_commands(  # Doesn\'t work with 3.11 yet\n    "true"\n)'),
        ("python-version-by-hand",),
        Applicability.MANUAL,
        proof=SILENT,
    ),
    Case(
        "what-a-comment-above-says-of-versions",
        "import modal\n\n# no wheel for Python 3.11\nimage = modal.Image.debian_slim('3.10')\n",
        "import modal\n\n# no wheel for Python 3.11\nimage = modal.Image.debian_slim('3.10')\n",
        ("python-version-by-hand",),
        Applicability.MANUAL,
        proof=SILENT,
    ),
    Case(
        "a-comment-on-another-number",
        image('debian_slim(python_version="3.10")  # as of 4.0, 13.11'),
        image('debian_slim(python_version="3.11")  # as of 4.0, 13.11'),
        ("python-version",),
        Applicability.REVIEW,
        proof=SILENT,
    ),
]

NEAR_MISSES = [
    NearMiss("new-enough", image('debian_slim(python_version="3.11")')),
    NearMiss("whole-and-new-enough", image('debian_slim(python_version="3.11.9")')),
    NearMiss("free-threaded", image('debian_slim(python_version="3.14t")')),
    NearMiss("unsaid", image("debian_slim()")),
    NearMiss("none-is-added", image('from_registry("python:3.10")')),
    NearMiss("unknown-text", image("debian_slim(python_version=VERSION)", "VERSION = open('v').read()\n\n")),
    NearMiss("micromamba-with-a-version", image('micromamba(python_version="3.12")')),
    NearMiss("micromamba-that-installs", image('micromamba(python_version="3.12").micromamba_install("a")')),
    NearMiss("another-image", "import modal\nfrom lib import Image\n\nImage.debian_slim(python_version='3.9')\n"),
]
