"""Changed programs by the thousand: find, rewrite and apply never crash, touch nothing else, and come to an end.

A few seconds long; ``MODAL_WIZARD_FUZZ=10`` makes it ten minutes, and ``MODAL_WIZARD_FUZZ_CORPUS`` names a folder with
repositories whose Python files are changed and tried besides the project's own. What it found is kept below.
"""

from __future__ import annotations

import ast
import json
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from support.cases import look
from support.fuzzing import FOLDER, Seed, apply_twice, check, corpus, numbers, real_corpus
from support.mutating import Mutation, as_document, as_notebook, encoded, mutated
from support.promises import names_of_modal

from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change, fill
from modal_transforms.core.patches import apply
from modal_transforms.core.source import SourceFile
from modal_transforms.formats import open_source
from modal_transforms.prefilter import may_hold_modal
from modal_transforms.rewrite.rewrite import rewrite

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "modal-wizard-hypothesis")
MINUTES = float(os.environ.get("MODAL_WIZARD_FUZZ", "0"))
"""How long a campaign is; without it, a fixed number of files."""
FEW = 80
"""How many files a short campaign tries."""
MUTATIONS = st.builds(Mutation, st.integers(0, 999), st.integers(0, 2**31), st.integers(0, 2**31))


def changed(seed: Seed, mutations: list[Mutation], number: int, others: list[str]) -> dict[str, bytes]:
    """Return the files of a repository, one of them changed."""
    files = {path: text.encode() for path, text in seed.files.items()}
    text = mutated(seed.text, mutations, others)
    make = {5: as_notebook, 6: as_document}.get(number % 10, encoded)
    return files | {name_of(seed, number): make(text, number)}


def name_of(seed: Seed, number: int) -> str:
    """Return what the changed file is called: some are notebooks, some documents."""
    return seed.path.removesuffix(".py") + {5: ".ipynb", 6: ".md"}.get(number % 10, ".py")


@pytest.mark.campaign
@settings(max_examples=FEW, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 2**31), mutations=st.lists(MUTATIONS, max_size=6), number=st.integers(0, 2**31))
def test_changed_programs_keep_every_promise(which: int, mutations: list[Mutation], number: int) -> None:
    seeds = corpus()
    seed = seeds[which % len(seeds)]
    check(changed(seed, mutations, number, _texts(seeds)), name_of(seed, number), steps=number % 4 == 0)


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["own", "real"] if os.environ.get(FOLDER) else ["own"])
def test_a_campaign_finds_nothing_wrong(kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    seeds = corpus() if kind == "own" else real_corpus()
    began, files, findings, refused = time.monotonic(), 0, 0, 0
    wrong: Counter[str] = Counter()
    first: dict[str, str] = {}
    while seeds and (time.monotonic() - began < MINUTES * 60 if MINUTES else files < FEW):
        files += 1
        chance = random.Random(f"{kind} {files} {began if MINUTES else ''}")
        seed = chance.choice(seeds)
        number = chance.randrange(2**31)
        tried = changed(seed, [Mutation(*each) for each in numbers(chance)], number, _texts(seeds))
        path = name_of(seed, number)
        try:
            outcome = check(tried, path, steps=files % 4 == 0)
            if files % 10 == 0:
                apply_twice(tried, tmp_path / str(files))
            findings, refused = findings + outcome.findings, refused + outcome.refused
        except Exception as error:
            what = f"{type(error).__name__}: {error}".partition("\n")[0]
            wrong[what] += 1
            first.setdefault(what, f"{seed.name}: {tried[path]!r}")
    with capsys.disabled():
        if MINUTES:
            took = f"{(time.monotonic() - began) / 60:.1f} minutes"
            print(f"\n{kind}: {files} files, {findings} findings, {refused} choices refused, {took}")
    assert not wrong, "\n".join(f"{count} x {what}\n{first[what]}" for what, count in wrong.most_common())


def _texts(seeds: tuple[Seed, ...]) -> list[str]:
    return [seed.text for seed in seeds]


APP = "import modal\napp = modal.App()\n"


# --- what it found ---------------------------------------------------------------------------------------------------


def migrated(text: str, choice: str = "") -> str:
    """Return a file with every finding taken."""
    source = SourceFile("main.py", text.encode())
    report = look(source)
    assert not report.problems
    changes: list[Change] = []
    for finding in report.findings:
        changes += fill(finding.choice(choice) if choice else finding.choices[0], {}) if finding.choices else ()
    return rewrite(source, changes).after.raw.decode()


def test_an_app_that_is_named_in_its_decorator_is_seen() -> None:
    text = f"{APP}@(x := app.function)(mounts=[modal.Mount.from_local_dir('a')])\ndef f(): ...\n"
    assert not look(SourceFile("main.py", text.encode())).problems


def test_lone_returns_end_lines_of_imports() -> None:
    data = b"import os  # import this\rimport modal\r"
    assert may_hold_modal(data)
    assert may_hold_modal(data.replace(b"\r", b"\r\n"))


def test_lone_returns_end_the_line_that_names_the_encoding() -> None:
    data = "# coding: latin-1\rimport modal\rapp = modal.App()\r@app.function(keep_warm=1)  # é\rdef f(): ...\r"
    source = SourceFile("main.py", data.encode("latin-1"))
    changes = [change for finding in look(source).findings for change in fill(finding.choices[0], {})]
    after = rewrite(source, changes).after.raw.decode("latin-1")
    assert after == data.replace("keep_warm", "min_containers")


def test_a_file_that_others_import_and_that_names_no_encoding_we_know_is_a_result() -> None:
    data = {"main.py": b"from lib import app\n@app.function(keep_warm=1)\ndef f(): ...\n"}
    data["lib.py"] = b"import modal\rapp = modal.App()\rx = '\xf1'\r"
    project = Project(data, data.get)
    assert project.module("lib.py") is None
    assert project.module("main.py") is not None


def test_a_line_is_put_in_above_a_line_that_a_backslash_continues() -> None:
    text = f'{APP}@\\\n\tapp.function(allow_concurrent_inputs=3, gpu="T4")\ndef f(): ...\n'
    after = migrated(text)
    assert '\n@\\\n\tapp.function(gpu="T4")\n@modal.concurrent(max_inputs=3)\ndef f(): ...\n' in after


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_ends_with_its_line_whatever_ends_the_line(end: str) -> None:
    text = """import modal
app = modal.App()
@app.cls()
class Model:
    def __init__(
        self,
        name: str,  # an id
        size: int = 3,
    ):
        # never changes
        self.name = name
        self.size = size  # read by run
    @modal.method()
    def run(self): ...
"""
    after = migrated("# one\n" + text.replace("\n", end))
    declared = ["    name: str = modal.parameter()  # an id", "    # never changes"]
    assert after.splitlines()[5:7] in (declared, declared[::-1])
    assert "    size: int = modal.parameter(default=3)  # read by run" in after.splitlines()


def test_comments_beside_arguments_that_go_stay_where_lone_returns_end_lines() -> None:
    text = f"{APP}@app.function(\r  # one\r  keep_warm=1,  # two\r  allow_concurrent_inputs=2, # 3\r)\ndef f(): ...\n"
    after = migrated(text)
    for comment in ("# one", "# two", "# 3"):
        assert after.count(comment) == 1


def test_comments_are_found_where_they_are_whatever_ends_the_lines() -> None:
    text = "a  # 1\rbb  # 2\r\nc  # 3\nd\f  # 4\n"
    assert [(text[at : at + 3], comment) for at, comment in comments_in(text)] == [(f"# {i}",) * 2 for i in "1234"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_import_in_the_very_first_line_counts(mark: str) -> None:
    assert may_hold_modal(f"{mark}from modal import Mount\n".encode())
    assert may_hold_modal(f"{mark}import modal\n".encode())


def test_a_line_is_put_in_beside_a_decorator_in_brackets() -> None:
    text = (
        'import modal\napp = modal.App()\n@(\n    app.function(allow_concurrent_inputs=3, gpu="T4")\n)\ndef f(): ...\n'
    )
    after = migrated(text)
    assert '\n@(\n    app.function(gpu="T4")\n)\n@modal.concurrent(max_inputs=3)\ndef f(): ...\n' in after


def test_a_build_method_that_reads_an_attribute_that_is_no_text_is_no_crash() -> None:
    text = f"""{APP}
@app.cls()
class Model:
    revision = ("main",)

    @modal.build()
    def download(self):
        fetch(self.revision)

def fetch(*a): ...
"""
    assert not look(SourceFile("main.py", text.encode())).problems


def test_new_lines_in_a_cell_that_is_one_string_leave_the_notebook_a_notebook() -> None:
    text = f"{APP}@app.function(allow_concurrent_inputs=20, gpu='T4')\ndef f(): ...\n"
    for source in (text, text.splitlines(keepends=True)):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        raw = json.dumps({"cells": [cell], "nbformat": 4}).encode()
        notebook = open_source("a.ipynb", raw)
        changes = [change for finding in look(notebook).findings for change in fill(finding.choices[0], {})]
        after = json.loads(apply(raw, rewrite(notebook, changes).raw_patches))
        assert "@modal.concurrent(max_inputs=20)" in "".join(after["cells"][0]["source"])
        assert type(after["cells"][0]["source"]) is type(source)


def test_what_a_document_shows_and_asks_for_a_value_is_no_crash() -> None:
    case = next(seed for seed in corpus() if seed.name == "cls-lookup-method-name-of-a-class-with-parameters")
    document = open_source("a.md", as_document(case.text, 0))
    assert any(choice.asks for finding in look(document).findings for choice in finding.choices)


LENDER = "import modal\napp = modal.App()\n@app.cls()\nclass Model:\n    @modal.method()\n    def run(self): ...\n"


@pytest.mark.parametrize("gap", [". \\\r\n  ", ".\t", ".  # why\n\n  # so\n  ", " .", "\\\n."])
@pytest.mark.parametrize("call", ["starmap", "map", "remote", "spawn_map", "hydrate"])
def test_an_attribute_is_seen_however_far_from_its_dot_it_is_written(gap: str, call: str) -> None:
    main = f"from lib import Model as M\n(M.run{gap if '.' in gap else gap + '.'}{call})(1)\n".encode()
    assert check({"main.py": main, "lib.py": LENDER.encode()}, "main.py").findings == 1
    assert may_hold_modal(main)


@pytest.mark.parametrize("text", ["# a map. Local maps\n", "import a.mapping\nb.functional(b.local_rank)\n"])
def test_a_word_that_only_begins_like_an_attribute_of_modal_is_no_reason_to_read_a_file(text: str) -> None:
    assert not may_hold_modal(text.encode())


def test_names_of_gpus_and_lookups_that_another_file_lends_are_seen() -> None:
    lender = b"import modal\nfrom modal import Function\nfrom modal.gpu import T4\n"
    for main in (b"from lib import T4 as t\ngpu = t()\n", b"from lib import Function as F\nF.from_name('a', 'b.c')\n"):
        assert check({"main.py": main, "lib.py": lender}, "main.py").findings


@pytest.mark.parametrize("head", ["for _ in range(1):", "if True:", "match 1:\n        case 1:", "with open('a'):"])
def test_a_class_has_to_do_with_modal_by_the_blocks_of_its_body_but_not_by_its_methods(head: str) -> None:
    block = head + "\n                page = modal.Function.lookup('a', 'b')\n"
    assert "Own" in names_of_modal(ast.parse(f"import modal\nclass Own:\n    {block}"))
    hidden = "def run(self):\n        page = modal.Function.lookup('a', 'b')\n"
    assert "Own" not in names_of_modal(ast.parse(f"import modal\nclass Own:\n    {hidden}"))
    check({"main.py": f"import modal\nclass Own:\n    {block}url = Own.page.web_url\n".encode()}, "main.py")


@pytest.mark.parametrize("before", ["", "(\n    ", "\\\n    "])
def test_comments_in_a_call_of_copy_mount_stay_above_what_takes_its_place(before: str) -> None:
    call = "modal.Image.debian_slim().copy_mount(\n  # one\n  modal.Mount.from_local_dir('a'),  # two\n  # three\n)"
    after = migrated(f"import modal\nimage = {before}{call}{')' if '(' in before else ''}\n")
    assert [line.strip() for line in after.splitlines() if "#" in line] == ["# one", "# two", "# three"]
    assert "modal.Image.debian_slim().add_local_dir('a', \"/a\", copy=True)" in after
    ast.parse(after)


@pytest.mark.parametrize("written", ["(\n    # kept\n    '/b'\n)", "'/b'  # kept\n"])
def test_a_comment_inside_the_target_of_a_mount_stays_above_when_the_target_is_written_anew(written: str) -> None:
    mount = f"modal.Mount.from_local_dir('a', remote_path={written})"
    after = migrated(f"import modal\nimage = modal.Image.debian_slim().copy_mount({mount}, remote_path='/data')\n")
    assert after.count("# kept") == 1
    assert "add_local_dir('a', remote_path='/data/b', copy=True)" in after
    ast.parse(after)


def test_an_import_from_a_module_whose_name_goes_on_behind_a_backslash_is_read() -> None:
    assert may_hold_modal(b"from modal.\\\nexception import DeprecationError\n")
    assert may_hold_modal(b"from modal . exception import DeprecationError\n")
    assert not may_hold_modal(b"from modality.\\\nexception import DeprecationError\n")


def test_a_name_that_is_imported_twice_is_left_to_a_person() -> None:
    text = "from modal.functions import gather\nfrom modal.functions import gather\n\ndef main(a):\n    gather(a)\n"
    found = look(SourceFile("main.py", text.encode())).findings
    assert [(finding.rule, finding.choices) for finding in found] == [("gather", ())] * 2
