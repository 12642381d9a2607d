"""Command lines in scripts, Makefiles, workflows and settings: what needs ``-m`` gets it, and no other byte changes."""

from __future__ import annotations

import re

import pytest
from support.surfaces import look, migrated

from modal_transforms.core.model import Applicability

# What is marked «-m » is what the rewrite puts in: without it the text is the file before, with it the file after.
REWRITTEN = {
    "deploy.sh": [
        "#!/bin/bash\nset -e\nmodal deploy «-m »pkg.mod\n",
        "cd src && MODAL_PROFILE=x modal run --detach --env main «-m »pkg.mod::train --steps 3 | tee log\r\n",
        "uv run modal deploy \\\n  --name x \\\n  «-m »pkg.mod\n",
        "if true; then python -m modal deploy «-m »'pkg.mod'; fi\n",
        'bash -c "modal serve «-m »pkg.mod"\n',
        "(cd a; poetry run modal run -q «-m »pkg.mod::f)\n",
        "pipenv run modal shell «-m »pkg.mod::f --cmd 'a.b c'\n",
        '$MODAL deploy «-m »pkg.mod\n"été" && modal deploy «-m »pkg.mod',
        "X=$(modal run «-m »pkg.mod)\n",
    ],
    "bin/deploy": ["#!/usr/bin/env bash\nmodal deploy «-m »pkg.mod\n"],
    "Makefile": [
        "MODAL ?= uv run modal\ndeploy:\n\t@modal deploy «-m »pkg.mod\n\t-$(MODAL) run «-m »pkg.mod::f\n",
        "DEPLOY = modal deploy «-m »pkg.mod\nx: ; ${MODAL} serve «-m »pkg.mod\n",
        "a:\n\tcd x && \\\n\t  modal deploy --env $(ENV) \\\n\t  «-m »pkg.mod\n",
        "a:\n  this does not parse (((\n\tmodal deploy «-m »pkg.mod",
        "a:\n\t$(if $(filter x,$(value E)),\\\n\t\tmodal deploy «-m »pkg.mod, \\\n modal serve «-m »pkg.mod \\\n\t)\n",
        "a:\n\t@$(foreach n,a b,$(if x,modal run «-m »pkg.mod::f --n $(n);))\n\t@$(if x,,$(error deploy, or y.))\n",
    ],
    "justfile": ["deploy env='main':\n    @modal deploy --env {{env}} «-m »pkg.mod\n"],
    "Dockerfile": [
        'FROM x\nRUN --mount=type=secret,id=y modal deploy «-m »pkg.mod\nCMD ["modal", "serve", «"-m", »"pkg.mod"]\n'
    ],
    "Procfile": ["web: modal serve «-m »pkg.mod\n"],
    ".github/workflows/deploy.yml": [
        "jobs:\n  a:\n    steps:\n      - run: modal deploy «-m »pkg.mod\n      - name: x\n        run: |\n"
        "          pip install modal\n          modal deploy --tag ${{ github.sha }} «-m »pkg.mod # now\n",
        "jobs:\n  a:\n    steps:\n      - run: >-\n          modal deploy\n          --env main\n"
        "          «-m »pkg.mod\n",
        'jobs:\n  a:\n    steps:\n      - run: "modal deploy «-m »pkg.mod && echo \\"done\\""\n',
        "jobs: {a: [not, closed\n  steps:\n    - run: 'modal deploy «-m »pkg.mod'\r\n",
        "steps:\n  - run: modal deploy\n      --env main\n      «-m »pkg.mod\n",
    ],
    ".gitlab-ci.yml": [
        "deploy:\n  script:\n    - pip install modal\n    - modal deploy «-m »pkg.mod\n    - |\n"
        "      modal run «-m »pkg.mod\n"
    ],
    ".circleci/config.yml": [
        "jobs:\n  a:\n    steps:\n      - run:\n          command: uv run modal deploy «-m »pkg.mod\n"
    ],
    "docker-compose.yml": [
        'services:\n  a:\n    command: ["modal", "serve", "--env", "dev", «"-m", »"pkg.mod"]\n',
        "services:\n  a:\n    command: [modal, serve, «-m, »pkg.mod]\n",
        "services:\n  a:\n    command:\n      - modal\n      - serve\n      - «-m\n      - »pkg.mod\n    x: 1\n",
    ],
    "package.json": [
        '{\n  "scripts": {\n    "deploy": "modal deploy «-m »pkg.mod",\n'
        '    "dev": "concurrently \'modal serve «-m »pkg.mod\'"\n  }\n}',
        '{"scripts": {"a": "echo \\"caf\\u00e9\\" && modal deploy «-m »pkg.mod"}}',
    ],
    "pyproject.toml": [
        '[tool.poe.tasks]\ndeploy = "modal deploy «-m »pkg.mod"\n[tool.pdm.scripts]\n'
        'x = {cmd = "modal run «-m »pkg.mod"}\n',
        '[tool.pdm.scripts]\nx.cmd = ["modal", "deploy",\n  «"-m",\n  »"pkg.mod"]\n',
        "[tool.hatch.envs.default.scripts]\na = [\n  'modal deploy «-m »pkg.mod', # here\n  'x',\n]\nb = '''\n"
        "modal run «-m »pkg.mod\n'''\n",
    ],
    "tox.ini": ["[testenv]\ncommands =\n    modal deploy «-m »pkg.mod\n    -modal run «-m »pkg.mod\n"],
    "setup.cfg": ["[testenv:x]\ncommands = modal deploy «-m »pkg.mod\n"],
}
SURE = [(path, text) for path, texts in REWRITTEN.items() for text in texts]

SHOWN = [
    ("deploy.sh", "# first modal deploy «-m »pkg.mod, then wait\ntrue # or modal run «-m »pkg.mod\n"),
    ("deploy.sh", 'echo "modal deploy «-m »pkg.mod"\n'),
    ("Makefile", "# modal deploy «-m »pkg.mod\n"),
    (".github/workflows/a.yml", "# modal deploy «-m »pkg.mod\njobs:\n  - name: modal deploy «-m »pkg.mod\n"),
    ("app.py", "x = 1  # then: modal deploy «-m »pkg.mod\n# é modal run «-m »pkg.mod::f.\n"),
]

ALONE = [
    ("deploy.sh", "modal deploy «-m »src\n", "`src` is src/"),
    ("Makefile", "a:\n\tmodal run «-m »app::f\n", "`app` is app.py"),
    ("package.json", '{"scripts": {"a": "cd src && modal deploy «-m »bot"}}', "`bot` may be src/bot.py"),
]

RESOLVED = [
    (
        "deploy.sh",
        'apps=("a.b" "c.d")\nfor app in "${apps[@]}"; do\n  uv run modal deploy «-m »"$app"\ndone\n',
        "a.b, c.d",
    ),
    ("deploy.sh", "for app in a.b \\\n  c.d; do modal deploy «-m »$app::f; done\n", "a.b::f, c.d::f"),
    ("deploy.sh", "APP=${1:-pkg.mod}\nmodal deploy --env x «-m »$APP\n", "pkg.mod"),
    ("deploy.sh", 'export DIR=pkg # there\nREF="$DIR.mod"; modal run «-m »"${REF}::f"\n', "pkg.mod::f"),
    ("deploy.sh", "modal deploy «-m »${APP:-pkg.mod}\n", "pkg.mod"),
    ("deploy.sh", "FLAGS=--detach\nmodal run $FLAGS «-m »pkg.mod::f\n", ""),
    ("deploy.sh", 'APP="--env main pkg.mod"\nmodal deploy «-m »$APP\n', "pkg.mod"),
    ("deploy.sh", 'FLAGS="--detach --env main"\nmodal run $FLAGS «-m »pkg.mod::f\n', ""),
    ("Makefile", "APP ?= pkg.mod\na:\n\t@modal deploy «-m »$(APP)\n", "pkg.mod"),
    ("Makefile", "APPS = a.b c.d\nx:\n\tfor a in $(APPS); do modal deploy «-m »$$a; done\n", "a.b, c.d"),
    ("justfile", "APP := 'pkg.mod'\ndeploy app=APP:\n    modal deploy «-m »{{app}}\n", "pkg.mod"),
    ("justfile", "deploy env='main' app='pkg.mod':\n    modal deploy --env {{env}} «-m »{{ app }}\n", "pkg.mod"),
    ("Dockerfile", "FROM x\nENV APP=pkg.mod\nRUN modal deploy «-m »$APP\n", "pkg.mod"),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        app: [a.b, 'c.d']\n        include:\n"
        "          - app: e.f # too\n"
        "    steps:\n      - run: modal deploy «-m »${{ matrix.app }}\n",
        "a.b, c.d, e.f",
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        app:\n        - a.b\n        - c.d\n    env:\n"
        "      REF: ${{ matrix.app }}\n    steps:\n      - run: modal deploy «-m »$REF\n",
        "a.b, c.d",
    ),
    (
        ".github/workflows/a.yml",
        "on:\n  workflow_dispatch:\n    inputs:\n      app:\n        description: What\n        default: a.b\n"
        "jobs:\n  a:\n    steps:\n      - run: modal deploy «-m »${{ inputs.app }}\n",
        "a.b",
    ),
]

UNSEEN = [
    ("deploy.sh", 'modal run "$1"\n'),
    ("deploy.sh", "APP=pkg.mod\nAPP=$2\nmodal run $APP\n"),
    ("deploy.sh", "APP=$(ls apps)\nmodal run $APP\n"),
    ("deploy.sh", "APP=pkg.mod\nread -r APP\nmodal run $APP\n"),
    ("deploy.sh", "for app in a.b c.py; do modal deploy $app; done\n"),
    ("deploy.sh", "for app in 'a.b --x' 'c.d --y'; do modal run $app; done\n"),
    ("deploy.sh", "A=$B\nB=$A\nmodal deploy $A\n"),
    ("Makefile", "a:\n\tmodal deploy $(APP)\n"),
    ("justfile", "deploy app:\n    modal deploy {{app}}\n"),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        app: ${{ fromJson(needs.x.outputs.y) }}\n    steps:\n"
        "      - run: modal deploy ${{ matrix.app }}\n",
    ),
    ("package.json", '{"scripts": {"a": "modal deploy $npm_config_app"}}'),
]

LEFT = [
    (
        "deploy.sh",
        "modal deploy pkg/mod.py\nmodal run -m pkg.mod\nmodal run pkg/$APP\nmodal deploy ${APP}.py::f\nmodal run\n",
    ),
    (
        "deploy.sh",
        "modal shell sb-0123456789abcdef\nmodal shell ta-01JK4GVM4Q5W6X7Y\nmodal shell im-0123456789\n"
        "modal shell sb-abc123\nmodal shell\n",
    ),
    (
        "deploy.sh",
        "modal run app.py --module pkg.mod\nmodal app logs pkg.mod\nmodal launch a.b\nmy-modal run pkg.mod\n",
    ),
    ("deploy.sh", "modal deploy <your.module>\nmodal run - < a.py\necho 'use modal run'\nmodal deploy ./pkg/mod\n"),
    ("Makefile", "APP := pkg/mod.py\na:\n\tmodal deploy $(APP)\n\t$(MODAL_APP) run pkg.mod\n"),
    ("justfile", "APP := '-m pkg.mod'\na app='b.py':\n    modal run {{app}}\n    modal run {{APP}}\n"),
    ("deploy.sh", 'for app in a.py b/*.py; do\n  modal deploy "$app"\ndone\necho "modal run $X"\n'),
    ("deploy.sh", 'APP="pkg.mod"\nREF=-m\nmodal deploy $REF $APP\n'),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        app: [a.py, b.py]\n    steps:\n"
        "      - run: modal deploy ${{ matrix.app }}\n",
    ),
    ("package.json", '{"description": "run modal deploy pkg.mod", "scripts": {"modal": "run pkg.mod"}}'),
    (
        "pyproject.toml",
        '[project]\ndescription = "how to modal deploy pkg.mod"\ndependencies = ["modal", "run", "a.b"]\n',
    ),
    ("notes.txt", "modal deploy pkg.mod\n"),
    ("data.csv", "modal deploy pkg.mod\n"),
    ("LICENSE", "modal deploy pkg.mod\n"),
]


def split(marked: str) -> tuple[bytes, bytes]:
    """Return the file before and after."""
    return re.sub("«.*?»", "", marked, flags=re.DOTALL).encode(), re.sub("[«»]", "", marked).encode()


@pytest.mark.parametrize(("path", "marked"), SURE, ids=[f"{path}-{n}" for n, (path, _) in enumerate(SURE)])
def test_a_command_that_runs_a_module_gets_its_flag(path: str, marked: str) -> None:
    before, after = split(marked)
    report = look(path, before)
    assert {finding.rule for finding in report.findings} == {"module-mode"}
    assert len(report.findings) == marked.count("«")
    assert {finding.applicability for finding in report.findings} == {Applicability.SAFE}
    assert migrated(path, before) == after


@pytest.mark.parametrize(("path", "marked"), SHOWN, ids=[f"{path}-{n}" for n, (path, _) in enumerate(SHOWN)])
def test_a_command_that_is_only_shown_is_for_review_as_a_whole(path: str, marked: str) -> None:
    before, after = split(marked)
    report = look(path, before)
    assert [finding.rule for finding in report.findings] == ["module-mode-text"]
    assert len(report.findings[0].sites) == marked.count("«")
    assert report.findings[0].applicability is Applicability.REVIEW
    assert migrated(path, before) == after


@pytest.mark.parametrize(("path", "marked", "said"), ALONE, ids=[path for path, _, _ in ALONE])
def test_a_single_name_is_for_review_with_the_file_that_exists(path: str, marked: str, said: str) -> None:
    before, after = split(marked)
    report = look(path, before)
    assert [finding.rule for finding in report.findings] == ["module-mode-bare"]
    assert any(said in sentence for sentence in report.findings[0].evidence)
    assert report.findings[0].applicability is Applicability.REVIEW
    assert migrated(path, before) == after


@pytest.mark.parametrize(("path", "marked", "said"), RESOLVED, ids=[f"{p}-{n}" for n, (p, _, _) in enumerate(RESOLVED)])
def test_a_variable_whose_modules_the_file_shows_is_for_review(path: str, marked: str, said: str) -> None:
    before, after = split(marked)
    report = look(path, before)
    assert [finding.rule for finding in report.findings] == ["module-mode"]
    assert report.findings[0].applicability is Applicability.REVIEW
    assert any(f" is {said} in this file" in sentence for sentence in report.findings[0].evidence) or not said
    assert migrated(path, before) == after


@pytest.mark.parametrize(("path", "text"), UNSEEN, ids=[f"{path}-{n}" for n, (path, _) in enumerate(UNSEEN)])
def test_a_variable_that_cannot_be_seen_is_for_a_person(path: str, text: str) -> None:
    findings = look(path, text.encode()).findings
    assert [finding.rule for finding in findings] == ["module-mode-unseen"]
    assert findings[0].applicability is Applicability.MANUAL
    assert not findings[0].choices
    assert "-m" in findings[0].advice


def test_a_single_name_can_be_made_the_file_that_it_is() -> None:
    assert migrated("deploy.sh", b"modal deploy --env x app::f\n", "file") == b"modal deploy --env x app.py::f\n"


@pytest.mark.parametrize(("path", "text"), LEFT, ids=[f"{path}-{n}" for n, (path, _) in enumerate(LEFT)])
def test_what_needs_no_flag_or_is_no_command_is_left_alone(path: str, text: str) -> None:
    report = look(path, text.encode())
    assert not report.problems
    assert [each for each in report.findings if each.section == "module-mode"] == []
