"""Decisions as a file: what is refused, what becomes of each, and that the same ones give the same commits."""

from __future__ import annotations

import importlib
import io
import json
import textwrap
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace
from support.cases import report, sources
from support.pilot import git, make_repository

from modal_transforms.sections import every_section
from modal_wizard.cli.front_end import Unattended
from modal_wizard.cli.main import main
from modal_wizard.decisions.lookup import path_matches
from modal_wizard.decisions.rule_names import choices_of_rules, choices_of_section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_scope, repository_of
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.write import SectionWriter
from modal_wizard.reports.schema import schema_of
from modal_wizard.scan.discover import scope_of

APP = """\
import modal

app = modal.App("shop")
app.q = modal.Dict.new()
files = modal.NetworkFileSystem.new()


@app.function(keep_warm=1, concurrency_limit=5)
@modal.web_endpoint()
def price(item):
    return item


@app.function(container_idle_timeout=60, gpu=modal.gpu.T4())
def stock(item):
    return modal.Function.lookup("shop", "price").remote(item)
"""
OLD = 'import modal\n\nqueue = modal.Queue.lookup("jobs")\n'
FILES = {"app.py": APP, "legacy/queue.py": OLD, "legacy/deep/queue.py": OLD, "new/queue.py": OLD}
LINE = "nothing was written.\ndecisions.json"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with findings of several sections, which is the working folder."""
    root = make_repository(tmp_path / "shop", FILES)
    monkeypatch.chdir(root)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-02T00:00:00Z")
    return root


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; returns its exit code, what it said on standard output, and on standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        return code, *capsys.readouterr()

    return run


def scanned(say: Any, *options: str) -> dict[str, Any]:
    """What a scan finds, which fits its schema."""
    plan = json.loads(say("scan", "--format", "json", *options)[1])
    jsonschema.validate(plan, schema_of("plan"))
    assert isinstance(plan, dict)
    return plan


def one(plan: Mapping[str, Any], rule: str, path: str = "") -> dict[str, Any]:
    """The first finding of a rule, in a file."""
    found = (each for each in plan["findings"] if each["rule"] == rule and each["sites"][0]["path"].startswith(path))
    return dict(next(found))


def decide(root: Path, *entries: Mapping[str, Any]) -> str:
    """Write a file of decisions beside a repository, an entry a line from the third on."""
    lines = ",\n".join(map(json.dumps, entries))
    file = root.parent / "decisions.json"
    file.write_text(f'{{"version": 1,\n "decisions": [\n{lines}\n]}}\n', encoding="utf-8")
    jsonschema.validate(json.loads(file.read_text()), schema_of("decisions"))
    return str(file)


def outcomes(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        jsonschema.validate(line, schema_of("outcome"))
    return lines


def commits(root: Path) -> str:
    """The trees and messages of all commits."""
    return git(root, "log", "--format=%T%n%B")


# --- what is refused -------------------------------------------------------------------------------------------------

ID = "0123456789ab"
BIG = b'{"version": 1, "decisions": [' + b",".join(b'{"id": "%012x", "skip": ""}' % n for n in range(370_000)) + b"]}"


def _entry(**fields: object) -> bytes:
    return b'{"version": 1,\n "decisions": [\n' + json.dumps(fields).encode() + b"\n]}\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{nope", ":1: it is not JSON: "),
        (b'{"version": 1,\n "decisions": [\n', ":3: it is not JSON: Input data was truncated"),
        (b"\xff\xfe{\x00", ":1: it is not JSON"),
        (b'{"version": 1, "decisions": ' + b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": 2,\n "later": []}', ":1: version 2; this takes version 1"),
        (b'{"decisions": []}', ":1: no version; this takes version 1"),
        (b"[]", ":1: Expected `object`, got `array`"),
        (b'{"version": 1,\n"decisions": [],\n"decisions": []}', ":2: the key 'decisions' is there twice"),
        (
            b'{"version": 1, "decisions": [\n{"rule": "a", "rule": "b", "skip": ""}]}',
            ":2: the key 'rule' is there twice",
        ),
        (b'{"version": 1,\n"decisons": []}', ":2: there is no key 'decisons'; did you mean decisions?"),
        (_entry(id=ID, chioce="x"), ":3: there is no key 'chioce'; did you mean choice?"),
        (_entry(id=3, skip=""), ":3: Expected `str`, got `int` - at `$.id`"),
        (_entry(skip="x"), ":3: an entry has one of id, rule and section, and this has none"),
        (_entry(id=ID, rule="lookup", skip="x"), ":3: an entry has one of id, rule and section, not id and rule"),
        (_entry(rule="lookup"), ":3: it says nothing to do: give choice, skip or edits"),
        (_entry(rule="lookup", choice="hydrate", skip=""), ":3: it says choice and skip: give choice, skip or edits"),
        (_entry(rule="lookup", skip="", values={"a": "b"}), ":3: values go with the choice that asks for them"),
        (_entry(rule="lookup", edits=[]), ":3: edits and after go with an id"),
        (_entry(id=ID, edits=[]), ":3: edits are empty"),
        (_entry(section="gpus", skip=""), ":3: there is no section 'gpus'; did you mean gpu?"),
        (_entry(id=ID, skip="", after="gpus"), ":3: there is no section 'gpus'; did you mean gpu?"),
        (_entry(rule="autoscaler-renam", skip=""), ":3: there is no rule 'autoscaler-renam'; did you mean autoscaler-"),
        (_entry(rule="lookup", choice="hydrat"), "the rule lookup offers no choice 'hydrat'; did you mean hydrate?"),
        (_entry(section="gpu", choice="strin"), "the section gpu offers no choice 'strin'; did you mean string?"),
        (_entry(rule="new", choice="named", values={"nam": "x"}), "asks for no 'nam'; did you mean name?"),
        (_entry(rule="new", choice="named", values={"name": "a b"}), "a b is no "),
        (_entry(rule="new", choice="named", values={"name": ""}), "name of the Dict: a value is needed"),
        (_entry(id=ID, skip=""), f":3: no finding has the id '{ID}': it is another repository's, or its file has"),
        (_entry(id=ID, path="ap.py", skip=""), f"no finding has the id '{ID}', and there is no ap.py; did you mean ap"),
        (_entry(id=ID, path="app.py", skip=""), f"stale: no finding has the id '{ID}', as app.py has changed"),
        (BIG, "and many more"),
        (b" " * (17 * 1024 * 1024), ":1: it has more than 16 MiB; split it"),
        (
            b'{"version": 1, "decisions": ['
            + b",".join([b'{"rule": "lookup", "path": "a*", "skip": ""}'] * 1001)
            + b"]}",
            "more than 1,000 patterns of paths; name files or folders",
        ),
    ],
    ids=lambda value: value[:40].strip() if isinstance(value, str) else "",
)
def test_a_file_that_does_not_fit_is_refused_whole_with_its_line(shop: Path, say: Any, data: bytes, says: str) -> None:
    (shop.parent / "decisions.json").write_bytes(data)
    code, out, error = say("apply", "--decisions", "../decisions.json", "--commit")
    assert (code, out) == (2, "")
    assert "modal-wizard: the decisions are not taken; nothing was written.\n../decisions.json:" in error
    assert says in error
    assert len(error) < 5000
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "rev-list", "--count", "HEAD") == "1\n"


def test_what_is_decided_of_a_finding_is_checked_before_anything_is_written(shop: Path, say: Any) -> None:
    plan = scanned(say, "--edits")
    lookup, gpu = one(plan, "lookup", "app.py"), one(plan, "gpu-object")
    (edit,) = [each for each in gpu["choices"][0]["edits"] if "T4" in each["text"]]
    wide = {**edit, "start": edit["start"] - 4}
    named = one(plan, "new")
    refused: list[tuple[list[dict[str, Any]], str]] = [
        (
            [{"id": lookup["id"], "choice": "hydrat"}],
            ":3: lookup offers no choice 'hydrat' here; did you mean hydrate?",
        ),
        ([{"id": lookup["id"][:-1] + "_", "skip": ""}], f"; did you mean {lookup['id']}?"),
        ([{"id": named["id"], "choice": "named", "values": {"name": "a/b c"}}], "a/b c is no name of the Dict: only "),
        ([{"id": lookup["id"], "skip": ""}, {"id": lookup["id"], "skip": ""}], ":4: the id "),
        ([{"id": gpu["id"], "edits": [{**edit, "sha256": "0" * 64}]}], "app.py has changed: its sha256 begins with"),
        ([{"id": gpu["id"], "edits": [{**edit, "end": 10**9}]}], "an edit ends beyond the end of app.py"),
        ([{"id": gpu["id"], "edits": [edit, wide]}], ":3: edits overlap: app.py, bytes"),
        (
            [{"id": gpu["id"], "edits": [edit]}, {"id": lookup["id"], "edits": [wide]}],
            f":4: edits overlap: app.py, bytes {edit['start']} to {edit['end']} are wanted in line 3 too",
        ),
        ([{"id": gpu["id"], "edits": [{**edit, "text": '"T4'}]}], "the result would not parse"),
        ([{"id": gpu["id"], "edits": [{**edit, "text": "modal.gpu.T4( )"}]}], "the edits leave it: line 1 of "),
        (
            [{"id": gpu["id"], "edits": [{**edit, "start": 0, "end": 0, "text": "# x\n"}]}],
            "the edits leave it: line 15 of the text",
        ),
    ]
    for entries, says in refused:
        code, out, error = say("apply", "--decisions", decide(shop, *entries), "--commit")
        assert (code, out) == (2, ""), says
        assert says in error
        assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "rev-list", "--count", "HEAD") == "1\n"


def test_ten_megabytes_are_checked_in_linear_time() -> None:
    from modal_wizard.decisions.read import parse

    def seconds(count: int) -> float:
        lines = (f'{{"id": "{n:012x}", "choice": "rename", "note": "why"}}' for n in range(count))
        data = ('{"version": 1, "decisions": [\n' + ",\n".join(lines) + "\n]}").encode()
        start = time.process_time()
        assert len(parse("decisions.json", data)) == count
        return time.process_time() - start

    few, many = min(seconds(20_000) for _ in range(3)), seconds(160_000)
    assert many < 24 * few


def test_a_file_that_cannot_be_read_is_named(shop: Path, say: Any) -> None:
    assert "nowhere.json cannot be read: No such file" in say("apply", "--decisions", "nowhere.json")[2]
    assert say("apply", "--diff", "--format", "json")[0] == 2


# --- what is taken ---------------------------------------------------------------------------------------------------


def test_an_id_wins_over_a_rule_and_that_over_a_section_and_later_over_earlier(shop: Path, say: Any) -> None:
    plan = scanned(say)
    deep = one(plan, "lookup", "legacy/deep")
    file = decide(
        shop,
        {"id": deep["id"], "choice": "hydrate"},
        {"rule": "lookup", "choice": "hydrate"},
        {"rule": "lookup", "choice": "from-name", "note": "nobody asks at once"},
        {"rule": "lookup", "path": "legacy/**", "skip": "goes away"},
        {"section": "lookup", "skip": "never heard"},
        {"section": "gpu", "choice": "string"},
    )
    code, out, error = say("apply", "--decisions", file, "--commit", "--format", "json")
    told = {(each["path"], each["section"]): each for each in outcomes(out)}
    head, before = git(shop, "rev-parse", "HEAD", "HEAD~1").split()
    assert {where: (each["outcome"], each["commit"], each["hint"]) for where, each in told.items()} == {
        ("app.py", "lookup"): ("applied", before, ""),
        ("legacy/deep/queue.py", "lookup"): ("applied", before, ""),
        ("legacy/queue.py", "lookup"): ("skipped", None, "goes away"),
        ("new/queue.py", "lookup"): ("applied", before, ""),
        ("app.py", "gpu"): ("applied", head, ""),
    }
    assert told["app.py", "gpu"]["line"] == 14
    assert "lookup: 3 changes in 3 files, commit" in error
    assert (shop / "legacy/deep/queue.py").read_text().endswith('modal.Queue.from_name("jobs").hydrate()\n')
    assert (shop / "new/queue.py").read_text().endswith('modal.Queue.from_name("jobs")\n')
    assert (shop / "legacy/queue.py").read_text() == OLD
    assert "keep_warm=1" in (shop / "app.py").read_text()
    assert code == 1


def test_the_rest_is_decided_beside_it_where_that_is_asked_for(shop: Path, say: Any) -> None:
    file = decide(shop, {"rule": "lookup", "skip": ""}, {"rule": "autoscaler-rename", "choice": "rename"})
    assert "keep_warm" in say("apply", "--diff", "--decisions", file)[1]
    assert "fastapi_endpoint" not in say("apply", "--diff", "--decisions", file)[1]
    assert "fastapi_endpoint" in say("apply", "--diff", "--safe", "--decisions", file)[1]
    assert "Function.from_name" not in say("apply", "--diff", "--all", "--decisions", file)[1]
    code, out, _ = say("apply", "--safe", "--decisions", file, "--format", "json")
    told = outcomes(out)
    assert {each["section"] for each in told} >= {"autoscaler", "fastapi-endpoint", "gpu", "lookup"}
    assert all(each["outcome"] == ("skipped" if each["section"] == "lookup" else "applied") for each in told)
    assert {each["commit"] for each in told} == {None}
    assert code == 1


def test_an_edit_is_taken_to_the_byte_and_goes_with_its_lines(shop: Path, say: Any) -> None:
    gpu = one(scanned(say, "--edits"), "gpu-object")
    (edit,) = [each for each in gpu["choices"][0]["edits"] if "T4" in each["text"]]
    wanted = {"id": gpu["id"], "edits": [{**edit, "text": '[\n    "L4", "T4"]'}], "note": "either will do"}
    file = decide(shop, wanted, {"section": "autoscaler", "choice": "rename"})
    code, out, _ = say("apply", "--decisions", file, "--commit", "--format", "json")
    assert [each["outcome"] for each in outcomes(out)] == ["applied"] * 4
    text = (shop / "app.py").read_text()
    assert '@app.function(scaledown_window=60, gpu=[\n    "L4", "T4"])\n' in text
    assert "Changes: 1 edited." in git(shop, "log", "-1", "--format=%B")


def test_what_another_section_took_and_what_never_came_up_are_told(shop: Path, say: Any) -> None:
    gpu = one(scanned(say, "--edits"), "gpu-object")
    (edit,) = [each for each in gpu["choices"][0]["edits"] if "T4" in each["text"]]
    start = APP.index("container_idle_timeout=60")
    wide = {**edit, "start": start, "end": APP.index(")\ndef stock"), "text": 'cpu=1, gpu="T4"'}
    late = {"id": ID, "after": "gpu", "path": "app.py", "choice": "string"}
    entries = [{"id": gpu["id"], "edits": [wide]}, {"section": "autoscaler", "choice": "rename"}, late]
    code, out, error = say("apply", "--decisions", decide(shop, *entries), "--format", "json")
    told = {each["id"]: each for each in outcomes(out)}
    assert told[gpu["id"]]["outcome"] == "conflict"
    assert "app.py has changed" in told[gpu["id"]]["hint"]
    assert "gpu-object was left as it is: app.py has changed" in error
    assert (told[ID]["outcome"], told[ID]["line"], told[ID]["section"]) == ("stale", 0, "gpu")
    assert "it was not found after section gpu either" in told[ID]["hint"]
    assert "scaledown_window=60, gpu=modal.gpu.T4()" in (shop / "app.py").read_text()
    assert code == 3


def test_a_section_that_cannot_be_written_is_told_of_every_decision_left(shop: Path, say: Any) -> None:
    file = decide(shop, {"section": "autoscaler", "choice": "rename"}, {"section": "gpu", "choice": "string"})
    code, out, error = say("apply", "--decisions", file, "--commit", "--format", "json", "--check", "false")
    assert code == 2
    assert [each["outcome"] for each in outcomes(out)] == ["refused"] * 4
    assert all("nothing more was written" in each["hint"] for each in outcomes(out))
    assert git(shop, "status", "--porcelain") == ""


def test_decisions_come_from_standard_input_too(shop: Path, say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(decide(shop, {"section": "gpu", "choice": "string"})).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + data)))
    assert '"gpu"' in say("apply", "--decisions", "-", "--format", "json")[1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert "standard input:1: it is not JSON" in say("apply", "--decisions", "-")[2]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("legacy/**", "legacy/a.py", True),
        ("legacy/**", "legacy/a/b.py", True),
        ("legacy/**", "other/legacy/a.py", False),
        ("**/test_*.py", "a/b/test_x.py", True),
        ("**/test_*.py", "test_x.py", True),
        ("*.py", "a/b.py", False),
        ("a/?.py", "a/[.py", True),
        ("**", "a", True),
    ],
)
def test_patterns_match_paths_as_a_shell_does(pattern: str, path: str, fits: bool) -> None:
    assert path_matches(pattern.split("/"), path.split("/")) is fits


def test_every_rule_and_choice_that_is_found_may_be_named() -> None:
    """A rule or choice that is new has its place in decisions/rule_names.py."""
    lacking = set()
    for section in every_section():
        for case in importlib.import_module(f"cases.{section.slug.replace('-', '_')}").CASES:
            for finding in report(sources(case.path, case.before, case.files), case.path).findings:
                known = choices_of_rules().get(finding.rule)
                offered = {choice.key for choice in finding.choices}
                if known is None or not offered <= known or not offered <= choices_of_section(finding.section):
                    lacking.add((finding.section, finding.rule, *offered))
    assert lacking == set()


# --- out and in again ------------------------------------------------------------------------------------------------


def write_all(migration: Migration, slugs: Iterable[str]) -> None:
    """Commit sections as the wizard does."""
    writer = SectionWriter(migration, repository_of(migration.scope), RunOptions(), Unattended())
    assert writer.repository
    writer.repository.show_head()
    for section in every_section():
        if section.slug in slugs:
            writer.commit(migration.preview(section))


def test_a_finished_migration_is_replayed_on_a_clone(shop: Path, say: Any, tmp_path: Path) -> None:
    """Choices, values, skips with reasons, edits before and after another section, and a muted rule."""
    git(shop.parent, "clone", "-q", "shop", "clone")
    migration = open_scope(scope_of(shop))
    list(migration.scan())
    by_rule = {(finding.rule, finding.site.path): finding for finding in migration.findings()}
    migration.accept_all(migration.findings("autoscaler"))
    migration.accept(by_rule["new", "app.py"], "named", {"name": "state"})
    migration.skip([by_rule["lookup", "legacy/queue.py"]], "goes away")
    migration.accept(by_rule["lookup", "new/queue.py"], "hydrate")
    gpu = by_rule["gpu-object", "app.py"]
    typed, now = migration.editable(gpu)
    migration.edit(gpu, replace(typed, text=now.replace("modal.gpu.T4()", '"L4"')))
    write_all(migration, {"persisted", "autoscaler"})
    endpoint = migration.findings("fastapi-endpoint")[0]
    typed, now = migration.editable(endpoint)
    migration.edit(endpoint, replace(typed, text=now.replace("web_endpoint()", "fastapi_endpoint(docs=True)")))
    write_all(migration, {"fastapi-endpoint", "lookup", "gpu"})
    code, text, error = say("decisions")
    assert code == 0
    assert "2 edited, 1 skipped" in error
    jsonschema.validate(json.loads(text), schema_of("decisions"))
    clone = shop.parent / "clone"
    git(clone, "config", "user.name", "Ada")
    git(clone, "config", "user.email", "ada@example.com")
    (shop.parent / "out.json").write_text(text)
    code, out, error = say("apply", str(clone), "--decisions", "../out.json", "--commit", "--format", "json")
    assert [each["outcome"] for each in outcomes(out) if each["outcome"] not in {"applied", "skipped"}] == []
    assert commits(clone) == commits(shop)
    assert "docs=True" in (clone / "app.py").read_text()


def test_what_is_decided_and_not_written_goes_out_as_well(shop: Path, say: Any) -> None:
    migration = open_scope(scope_of(shop))
    list(migration.scan())
    (gpu,) = migration.findings("gpu")
    typed, now = migration.editable(gpu)
    migration.edit(gpu, replace(typed, text=now.replace("modal.gpu.T4()", '"L4"')))
    migration.skip(migration.findings("lookup")[:1], "why not")
    entries = json.loads(say("decisions")[1])["decisions"]
    start = APP.index("modal.gpu.T4()")
    edits = [(each["start"], each["end"], each["text"]) for each in entries[0]["edits"]]
    assert entries[0]["path"] == "app.py"
    assert min(edits)[0] >= start
    assert entries[1] == {"id": migration.findings("lookup")[0].id, "path": "app.py", "skip": "why not"}


def test_ids_are_those_of_the_text_and_not_of_the_place_of_the_clone(shop: Path, say: Any, tmp_path: Path) -> None:
    git(shop.parent, "clone", "-q", "shop", "elsewhere")
    here, there = scanned(say)["findings"], json.loads(say("scan", "--format", "json", "../elsewhere")[1])["findings"]
    assert [each["id"] for each in here] == [each["id"] for each in there]


def test_an_agent_migrates_two_repositories_by_its_own_means(shop: Path, say: Any) -> None:
    """Scan, decide by rule and by id, apply; then the rules alone on another repository."""
    rules: list[dict[str, Any]] = [
        {"rule": "autoscaler-rename", "choice": "rename"},
        {"rule": "lookup", "choice": "from-name"},
        {"rule": "new", "choice": "named", "values": {"name": "state"}, "note": "a name for what had none"},
        {"section": "gpu", "choice": "string"},
        {"rule": "endpoint-image", "choice": "install"},
        {"rule": "endpoint-rename", "choice": "rename"},
        {"rule": "run-inside", "choice": "rename"},
    ]
    assert "since" in scanned(say, "--since", "HEAD")
    assert "baseline" in scanned(say, "--write-baseline", "../known.json")
    manual = [each for each in scanned(say, "--left-alone")["findings"] if not each["choices"]]
    by_id = [{"id": each["id"], "skip": "by hand"} for each in manual]
    code, out, _ = say("apply", "--decisions", decide(shop, *rules, *by_id), "--commit", "--format", "json")
    assert {each["outcome"] for each in outcomes(out)} <= {"applied", "skipped"}
    left = scanned(say)["findings"]
    assert [each["rule"] for each in left if each["choices"]] == []
    assert code == (1 if left else 0)
    other = make_repository(shop.parent / "other", {"deep/stock.py": APP.replace("shop", "other")})
    code, out, _ = say("apply", str(other), "--decisions", decide(shop, *rules), "--commit", "--format", "json")
    assert {each["outcome"] for each in outcomes(out)} == {"applied"}
    assert "min_containers=1" in (other / "deep/stock.py").read_text()


LATE = """\
import modal

app = modal.App("shop")


@app.function()
def price(): ...


@app.function()
async def total():
    return price.call()
"""
"""What becomes of ``.call`` is then found to block, by a later section."""


def test_what_is_found_only_later_is_decided_by_its_rule_and_by_its_id(
    tmp_path: Path, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-02T00:00:00Z")
    roots = [make_repository(tmp_path / name, {"app.py": LATE}) for name in ("by-hand", "by-rule", "by-id")]
    migration = open_scope(scope_of(roots[0]))
    list(migration.scan())
    for section, rule in (("old-calls", "call"), ("async-calls", "async-blocking")):
        (finding,) = (each for each in migration.findings(section) if each.rule == rule)
        migration.accept(finding)
        write_all(migration, {section})
    monkeypatch.chdir(roots[0])
    exported = json.loads(say("decisions")[1])["decisions"]
    assert [each.get("after") for each in exported] == [None, "old-calls"]
    rules = [{"rule": "call", "choice": "remote"}, {"rule": "async-blocking", "choice": "await"}]
    for root, entries in zip(roots[1:], (rules, exported), strict=True):
        code, out, _ = say("apply", str(root), "--decisions", decide(root, *entries), "--commit", "--format", "json")
        assert [(each["section"], each["outcome"]) for each in outcomes(out)] == [
            ("old-calls", "applied"),
            ("async-calls", "applied"),
        ]
        assert code == 0
        assert commits(root) == commits(roots[0])
    assert "return await price.remote.aio()" in (roots[0] / "app.py").read_text()


def test_a_decision_stays_with_a_finding_whose_first_word_another_section_writes(tmp_path: Path, say: Any) -> None:
    text = """\
        import modal
        from helpers import tune

        CACHED = True
        stub = modal.Stub("shop")
        image = modal.Image.debian_slim()
        if CACHED:
            image = image.pip_install("torch")


        @stub.function(image=image)
        def f():
            return tune()
        """
    root = make_repository(tmp_path / "stub", {"app.py": textwrap.dedent(text), "helpers.py": "def tune(): ...\n"})
    plan = scanned(say, str(root))
    source = one(plan, "local-source")
    entries = [{"id": source["id"], "choice": "add"}, {"section": "stub-app", "choice": "rename"}]
    code, out, _ = say("apply", str(root), "--decisions", decide(root, *entries), "--format", "json")
    assert {each["outcome"] for each in outcomes(out)} == {"applied"}
    assert code == 0
    assert '@app.function(image=image.add_local_python_source("helpers"))' in (root / "app.py").read_text()


def test_edits_of_a_notebook_are_bytes_of_its_json(tmp_path: Path, say: Any) -> None:
    cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    code = [
        "import modal\n",
        "app = modal.App()\n",
        '@app.function(gpu=modal.gpu.T4(), secrets=["é"])\n',
        "def f(): ...\n",
    ]
    book = json.dumps(
        {"cells": [{**cell, "source": code}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )
    root = make_repository(tmp_path / "book", {"a.ipynb": book})
    gpu = one(scanned(say, str(root), "--edits"), "gpu-object")
    raw = (root / "a.ipynb").read_bytes()
    start = raw.index(b"modal.gpu.T4()")
    digest = gpu["choices"][0]["edits"][0]["sha256"]
    edit = {"path": "a.ipynb", "sha256": digest, "start": start, "end": start + 14, "text": '\\"L4\\"'}
    file = decide(root, {"id": gpu["id"], "edits": [edit]})
    code_, out, error = say("apply", str(root), "--decisions", file, "--format", "json")
    assert [each["outcome"] for each in outcomes(out)] == ["applied"], error
    assert (root / "a.ipynb").read_bytes() == raw.replace(b"modal.gpu.T4()", b'\\"L4\\"')
    assert code_ & 2 == 0
