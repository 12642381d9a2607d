"""What the section about endpoints says of their images: only those that do not install fastapi need a look."""

from __future__ import annotations

import pytest
from support.cases import report, sources

START = "import modal\n\n"
ENDPOINT = "\n@app.function({})\n@modal.web_endpoint()\ndef f(): ...\n"


@pytest.mark.parametrize(
    ("app", "options", "said"),
    [
        pytest.param("app = modal.App('a')", "", "does not install fastapi", id="default image"),
        pytest.param(
            "app = modal.App('a', image=modal.Image.debian_slim().apt_install('git'))",
            "",
            "does not install fastapi",
            id="the app's image",
        ),
        pytest.param(
            "image = modal.Image.debian_slim().pip_install('torch')\napp = modal.App('a')",
            "image=image",
            'does not name fastapi; add .pip_install("fastapi[standard]"), unless one of its packages brings it',
            id="all installs seen",
        ),
        pytest.param(
            "image = modal.Image.debian_slim().pip_install('fastapi[standard]').env({})\napp = modal.App('a')",
            "image=image",
            "",
            id="installed",
        ),
        pytest.param(
            "image = modal.Image.debian_slim().pip_install_from_requirements('r.txt')\napp = modal.App('a')",
            "image=image",
            "Check that the image of f installs",
            id="cannot be seen",
        ),
        pytest.param(
            "image = modal.Image.from_registry('x')\napp = modal.App('a')",
            "image=image",
            "Check that the image of f installs",
            id="from a registry",
        ),
    ],
)
def test_the_advice_follows_the_image(app: str, options: str, said: str) -> None:
    found = report(sources("main.py", START + app + ENDPOINT.format(options), {}), "main.py")
    advice = next(finding.advice for finding in found.findings if finding.section == "fastapi-endpoint")
    assert said in advice
    assert bool(said) is bool(advice)
