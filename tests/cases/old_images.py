"""Cases of the section ``old-images``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(old_before=Sdk.FAILS, why="0.77 has it no more")
MOUNTS = Proof(Sdk.FAILS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="0.77 has it no more; Mount is the guide's matter")
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
OPTIONS = Proof(old_before=Sdk.ACCEPTS, why="0.77 takes options among the packages")


def image(chain: str) -> str:
    """Return a file with one image."""
    return f"import modal\n\nimage = modal.Image.{chain}\n"


def options(id: str, before: str, after: str) -> Case:
    """Return a case of options among packages."""
    start = "debian_slim().pip_install"
    return Case(id, image(f"{start}({before})"), image(f"{start}({after})"), ("pip-options",), REVIEW, proof=OPTIONS)


CASES = [
    Case(
        "dockerhub",
        image('from_dockerhub("r", add_python="3.11")'),
        image('from_registry("r", add_python="3.11")'),
        ("dockerhub",),
        proof=GONE,
    ),
    Case(
        "dockerhub-in-brackets",
        'from modal import Image\n\nimage = (\n    Image.from_dockerhub("r")  # big\n    .pip_install("a")\n)\n',
        'from modal import Image\n\nimage = (\n    Image.from_registry("r")  # big\n    .pip_install("a")\n)\n',
        ("dockerhub",),
        proof=GONE,
    ),
    Case(
        "commands-that-set-up-a-base",
        image('from_registry("r", setup_commands=["apt-get update", r"apt-get install -y \'a\'"])'),
        image(
            'from_registry("r", setup_dockerfile_commands=["RUN apt-get update", r"RUN apt-get install -y \'a\'"])',
        ),
        ("setup-commands",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "commands-that-are-made-elsewhere",
        image('from_registry("r", setup_commands=commands())').replace("\n\n", "\n\nfrom a import commands\n", 1),
        image('from_registry("r", setup_commands=commands())').replace("\n\n", "\n\nfrom a import commands\n", 1),
        ("setup-commands",),
        MANUAL,
        files={"a.py": "def commands():\n    return []\n"},
        proof=BY_HAND,
    ),
    Case(
        "conda",
        image('conda().conda_install("a", channels=["c"])'),
        image('micromamba().micromamba_install("a", channels=["c"])'),
        ("conda", "conda-install"),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "what-has-another-shape",
        image('debian_slim().conda_update_from_environment("e.yml")'),
        image('debian_slim().conda_update_from_environment("e.yml")'),
        ("conda-environment",),
        MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "types-of-files-that-another-file-takes",
        "from modal.cli.volume import FileType\n\nprint(FileType.FILE)\n",
        "from modal.volume import FileEntryType as FileType\n\nprint(FileType.FILE)\n",
        ("file-type",),
        files={"other.py": "import main\n\nprint(main.FileType.FILE)\n"},
        proof=GONE,
    ),
    Case(
        "types-of-files",
        "from modal.cli.volume import FileType\n\nprint(FileType.FILE)\n",
        "from modal.volume import FileEntryType\n\nprint(FileEntryType.FILE)\n",
        ("file-type",),
        proof=GONE,
    ),
    options("an-option", '"-U", "a"', '"a", extra_options="-U"'),
    options("options", '"--pre", "a", "--no-deps"', '"a", extra_options="--pre --no-deps"'),
    options("an-index", '"a", "--index-url", "https://p"', '"a", index_url="https://p"'),
    options("an-index-in-one-string", '"--extra-index-url=https://p", "a"', '"a", extra_index_url="https://p"'),
    Case(
        "an-option-that-is-not-known",
        image('debian_slim().pip_install("a", "--platform", "x")'),
        image('debian_slim().pip_install("a", "--platform", "x")'),
        ("pip-options",),
        MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        "options-beside-options",
        image('debian_slim().pip_install("a", "-U", extra_options="--pre")'),
        image('debian_slim().pip_install("a", "-U", extra_options="--pre")'),
        ("pip-options",),
        MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        "an-option-behind-a-package",
        image('debian_slim().pip_install("a --pre", "b")'),
        image('debian_slim().pip_install("a", "b", extra_options="--pre")'),
        ("pip-options",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="the image is built later"),
    ),
    Case(
        "an-image-that-extends-another",
        image('debian_slim().extend(dockerfile_commands=["FROM base", "RUN true"], force_build=True)'),
        image('debian_slim().dockerfile_commands(["RUN true"], force_build=True)'),
        ("extend",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "mounts-of-packages",
        """
            import modal

            app = modal.App("a")
            mounts = modal.create_package_mounts(["a", "b"])

            @app.function(mounts=[*modal.create_package_mounts(("c",)), *mounts])
            def f(): ...
        """,
        """
            import modal

            app = modal.App("a")
            mounts = [modal.Mount.from_local_python_packages("a", "b")]

            @app.function(mounts=[modal.Mount.from_local_python_packages("c"), *mounts])
            def f(): ...
        """,
        ("package-mounts",),
        REVIEW,
        proof=MOUNTS,
    ),
    Case(
        "mounts-of-packages-by-a-from-import",
        "from modal import App, create_package_mounts\n\napp = App('a', mounts=create_package_mounts(['a']))\n",
        "from modal import App, Mount\n\napp = App('a', mounts=[Mount.from_local_python_packages('a')])\n",
        ("package-mounts",),
        REVIEW,
        proof=MOUNTS,
    ),
    Case(
        "mounts-of-packages-that-are-named-elsewhere",
        "from names import PACKAGES\n\nimport modal\n\nmounts = modal.create_package_mounts(PACKAGES)\n",
        "from names import PACKAGES\n\nimport modal\n\nmounts = modal.create_package_mounts(PACKAGES)\n",
        ("package-mounts",),
        MANUAL,
        files={"names.py": "PACKAGES = ['a']\n"},
        proof=BY_HAND,
    ),
]

NEAR_MISSES = [
    NearMiss("a-registry", image('from_registry("r")')),
    NearMiss("options-where-they-belong", image('debian_slim().pip_install("a", extra_options="-U")')),
    NearMiss("another-image", "import modal\nfrom a import Image\n\nImage.from_dockerhub('r').pip_install('-U')\n"),
    NearMiss("commands", image('debian_slim().run_commands("-U", "pip install -U a")')),
]
