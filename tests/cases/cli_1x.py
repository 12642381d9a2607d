"""Cases of ``cli-1x`` in Python; ``test_cli_rows.py`` has those of other files, and asks the real ``modal``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL
SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="importing the file starts no command")


def python(id: str, before: str, after: str, *rules: str, level: Applicability = SAFE) -> Case:
    """Return a case of a Python file that starts processes."""
    head = "import json\nimport subprocess\n\n\ndef work(name):\n"
    return Case(id, f"{head}    {before}\n", f"{head}    {after}\n", rules, level, proof=SILENT)


CASES = [
    python(
        "list-without-json",
        'subprocess.run(["modal", "app", "list", "--no-json", "--env", name])',
        'subprocess.run(["modal", "app", "list", "--env", name])',
        "option-gone",
    ),
    python(
        "list-over-lines",
        'subprocess.run([\n        "modal",\n        "nfs",\n        "list",\n        "--no-json",\n    ])',
        'subprocess.run([\n        "modal",\n        "nfs",\n        "list",\n    ])',
        "option-gone",
    ),
    python(
        "list-that-nobody-answers",
        "subprocess.run(['modal', 'app', 'stop', name], check=True)",
        "subprocess.run(['modal', 'app', 'stop', '--yes', name], check=True)",
        "asks",
        level=REVIEW,
    ),
    python(
        "string-that-is-run",
        'subprocess.run(f"modal environment delete {name} --no-confirm", shell=True)',
        'subprocess.run(f"modal environment delete {name} --yes", shell=True)',
        "confirmed",
    ),
    python(
        "string-that-is-shown",
        'print(f"modal app history --name={name}")',
        'print(f"modal app history {name}")',
        "app-name",
        level=REVIEW,
    ),
    python(
        "profile-in-a-list",
        'subprocess.run(["modal", "token", "set", "--profile", name, "--token-id", "x"])',
        'subprocess.run(["modal", "--profile", name, "token", "set", "--token-id", "x"])',
        "profile",
        level=REVIEW,
    ),
    python(
        "keys-that-are-read",
        'return json.loads(subprocess.check_output(["modal", "app", "list", "--json"]))',
        'return json.loads(subprocess.check_output(["modal", "app", "list", "--json"]))',
        "keys",
        level=MANUAL,
    ),
]

NEAR_MISSES = [
    NearMiss(
        "put-in-later",
        'def logs(app):\n    line = ["modal", "app", "logs", app]\n    if app:\n        line.append("--follow")\n',
    ),
    NearMiss("of-a-time", 'line = ["modal", "app", "logs", "a", "--since", "1h"]\n'),
    NearMiss("a-dialog", 'dialog = "modal"\nkinds = ["modal", "app", "drawer"]\n'),
    NearMiss("answered", 'args = ["modal", "app", "stop", "x", "--yes"]\n'),
    NearMiss("only-shown", 'print("modal app stop x, or modal app logs x")\n'),
    NearMiss("to-a-program", 'args = ["modal", "run", "a.py", "--", "app", "stop", "--no-json"]\n'),
]
