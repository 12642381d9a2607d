"""The rows of ``cli-1x``: compared with the real ``modal``, and what they do to scripts, settings and documents."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest
from sdk import cli_history
from support.cases import clean
from support.sdk import NEW, OLD, sdk_python
from support.surfaces import look, migrated

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api.history import version_key
from modal_transforms.sections.cli_1x.rows import PRINTED_JSON, ROWS, CommandRow, Rewording

TREE = Path(__file__).parent / "sdk" / "cli_tree.py"
SLUG = "cli-1x"


@cache
def commands(version: str) -> dict[str, list[str]]:
    """Return the options of each command that the real SDK has."""
    done = subprocess.run([str(sdk_python(version)), "-I", str(TREE)], capture_output=True, timeout=120, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def rows_about(command: str, option: str = "") -> list[CommandRow]:
    words = tuple(command.split())
    return [r for r in ROWS if words[: len(r.path)] == r.path and (option in r.options if option else not r.options)]


# --- the rows and the real commands ----------------------------------------------------------------------------------


def test_every_command_and_option_that_went_has_a_row() -> None:
    old, new = commands(OLD), commands(NEW)
    gone = [command for command in old if command not in new]
    lost = [(command, option) for command in old if command in new for option in set(old[command]) - set(new[command])]
    assert gone
    assert len(lost) > 20
    assert [command for command in gone if not rows_about(command)] == []
    assert [each for each in lost if not rows_about(*each)] == []


def test_what_went_from_any_release_on_has_a_row() -> None:
    releases, told = cli_history.history()
    newest = len(releases) - 1
    lost = [each for each, alive in told.items() if newest not in alive and newest in told.get((each[0], ""), {newest})]
    assert len(lost) > 40
    assert [each for each in lost if not rows_about(*each) and each[0] not in {"vol", "env"}] == []


def listed(version: str) -> str:
    """Return the release that stands for a version: itself, or the next that was read."""
    return next(each for each in cli_history.history()[0] if version_key(each) >= version_key(version))


@pytest.mark.parametrize("row", [row for row in ROWS if row.path], ids=lambda row: " ".join((*row.path, *row.options)))
def test_a_row_names_the_releases_that_the_wheels_tell(row: CommandRow) -> None:
    command, options = " ".join(row.path), [option for option in row.options if row.way is not Rewording.ADD]
    if row.way is Rewording.ADD:
        assert cli_history.first(command, row.new) == listed(row.needs)
    elif row.rule != "members":
        assert cli_history.gone(command, *options) == row.gone
    if row.needs and row.way is Rewording.RENAME:
        assert cli_history.first(command, row.new) == row.needs
    if row.needs and row.way in {Rewording.CALL, Rewording.HOIST}:
        assert cli_history.first(*((row.new,) if row.way is Rewording.CALL else ("", row.new))) == row.needs


def test_the_commands_whose_keys_were_others_are_those_that_printed_json_before() -> None:
    releases, told = cli_history.history()
    at = releases.index("1.5.0")
    printed = {command for (command, option), alive in told.items() if option == "--json" and {at, at - 1} <= alive}
    assert printed == PRINTED_JSON


@pytest.mark.parametrize("version", [OLD, NEW])
def test_the_history_of_commands_is_what_the_real_ones_are(version: str) -> None:
    releases, told = cli_history.history()
    at = releases.index(version)
    real = {(command, option) for command, options in commands(version).items() for option in ("", *options)}
    assert {each for each, alive in told.items() if at in alive} == real
    assert ("shell", "--no-pty") in real


@pytest.mark.parametrize("row", [row for row in ROWS if row.path], ids=lambda row: " ".join((*row.path, *row.options)))
def test_a_row_says_what_the_newest_has(row: CommandRow) -> None:
    new, command = commands(NEW), " ".join(row.path)
    if row.way is Rewording.ADD or row.rule == "members":
        assert row.new in new or row.new in new[command] or row.way is Rewording.EXPLAIN
    elif row.options:
        assert not set(row.options) & set(new[command])
    else:
        assert command not in new
    if row.way is Rewording.CALL:
        assert row.new in new
    elif row.way is Rewording.RENAME:
        assert row.new in new[command]
    elif row.way is Rewording.HOIST:
        assert row.new in new[""]


# --- what they do ----------------------------------------------------------------------------------------------------

SCRIPTS = {
    "modal app list --no-json -e dev": ("modal app list -e dev", "option-gone"),
    "modal app stop --name shop --yes": ("modal app stop shop --yes", "app-name"),
    "uv run modal app history -n shop": ("uv run modal app history shop", "app-name"),
    "modal container stop $ID": ("modal container stop --yes $ID", "asks"),
    "modal app logs shop | tee log": ("modal app logs --follow shop | tee log", "follows"),
    "modal volume delete v --no-confirm": ("modal volume delete v --yes", "confirmed"),
    "modal environment delete v --confirm": ("modal environment delete v", "option-gone"),
    "modal deploy app.py \\\n  --no-stream-logs": ("modal deploy app.py", "option-gone"),
    "modal nfs create --cloud gcp data": ("modal nfs create data", "option-gone"),
    "modal nfs create data --cloud=gcp": ("modal nfs create data", "option-gone"),
    "modal token new --profile me": ("modal --profile me token new", "profile"),
    "modal setup --profile=me": ("modal --profile=me setup", "profile"),
    "modal environment members list e": ("modal environment roles list e", "members"),
    "modal app run stub.py": ("modal run stub.py", "moved"),
    "modal env activate me": ("modal profile activate me", "moved"),
    "A=1 modal app run a.py --function-name f --x 1": ("A=1 modal run a.py::f --x 1", "moved"),
    "modal app run --function-name=f a.py::app": ("modal run a.py::app.f", "moved"),
    'modal app run a.py --function-name "$NAME"': (None, "moved"),
    "modal vol ls data /": ("modal volume ls data /", "moved"),
    "modal environment members remove e p": (None, "members"),
    "modal launch jupyter --gpu h100": (None, "gone"),
    "modal cluster list": (None, "gone"),
    "modal bootstrap": (None, "gone"),
    "modal deploy stub.py --public": (None, "public"),
    "modal app list --json | jq .[0]": (None, "keys"),
}


@pytest.mark.parametrize("line", SCRIPTS)
def test_a_script_becomes_what_it_should(line: str) -> None:
    after, rule = SCRIPTS[line]
    before = f"set -e\n{line}\n".encode()
    found = [each for each in look("run.sh", before).findings if each.section == SLUG]
    assert [each.rule for each in found] == [rule]
    if after is None:
        assert found[0].applicability is Applicability.MANUAL
        assert found[0].advice
    else:
        assert migrated("run.sh", before) == f"set -e\n{after}\n".encode()
        assert [each for each in look("run.sh", f"set -e\n{after}\n".encode()).findings if each.section == SLUG] == []


OTHERS = {
    "Makefile": (
        "logs:\n\tmodal app logs shop\n\nclean:\n\t@modal app stop $(APP)\n",
        "logs:\n\tmodal app logs --follow shop\n\nclean:\n\t@modal app stop --yes $(APP)\n",
    ),
    ".github/workflows/deploy.yml": (
        "jobs:\n  x:\n    steps:\n      - run: |\n          modal app stop a\n          modal nfs list --no-json\n",
        "jobs:\n  x:\n    steps:\n      - run: |\n          modal app stop --yes a\n          modal nfs list\n",
    ),
    "Dockerfile": (
        'FROM x\nCMD ["modal", "app", "logs", "shop"]\n',
        'FROM x\nCMD ["modal", "app", "logs", "--follow", "shop"]\n',
    ),
    "package.json": (
        '{"scripts": {"stop": "modal app stop --name shop -y"}}',
        '{"scripts": {"stop": "modal app stop shop -y"}}',
    ),
    "README.md": (
        "`modal app stop --name a`, `modal app logs a`.\n\n```sh\nmodal app stop --name b\nmodal launch vscode\n```\n",
        "`modal app stop a`, `modal app logs a`.\n\n```sh\nmodal app stop b\nmodal launch vscode\n```\n",
    ),
}


@pytest.mark.parametrize("path", OTHERS)
def test_other_files_become_what_they_should(path: str) -> None:
    before, after = OTHERS[path]
    assert migrated(path, before.encode()).decode() == after


LEFT = """
    modal app stop --yes shop
    modal container stop -y x
    modal app logs -f shop
    modal run app.py -- app stop --no-json
    heroku app stop x
    modal app list --json > apps.txt
    modal workspace proxy-tokens create --json | jq .token
    modal volume get v a --force
    # A modal app logs nothing by itself; the modal cluster of peaks
"""


def test_what_is_right_stays() -> None:
    assert look("run.sh", clean(LEFT).encode()).findings == ()


def test_a_program_that_reads_the_new_keys_too_is_right() -> None:
    text = 'import json, subprocess\nsaid = json.loads(subprocess.check_output(["modal", "app", "list", "--json"]))\n'
    old, both = f'{text}print(said[0]["App ID"])\n', f'{text}print(said[0].get("app_id") or said[0]["App ID"])\n'
    assert [each.rule for each in look("run.py", old.encode()).findings] == ["keys"]
    assert look("run.py", both.encode()).findings == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "env:\n  MODAL_ASYNC_WARNINGS: 0\njobs: {}\n"),
        ("run.sh", "export MODAL_DEFAULT_CLOUD=gcp\npython app.py\n"),
        ("app.py", "import os\n\nos.environ['MODAL_ASYNC_WARNINGS'] = '0'\n"),
    ],
)
def test_a_setting_that_is_read_no_more_is_explained(path: str, text: str) -> None:
    found = look(path, text.encode()).findings
    assert [(each.section, each.rule, each.since) for each in found] == [(SLUG, "setting", "1.6.0")]
    assert found[0].advice.startswith("Take it out")
