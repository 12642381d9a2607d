"""A hostile repository: nothing of it runs, nothing hangs, nothing leaves the root, every skip has its reason."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from support.gitbox import TEXT, Box, land, new_box, opened, own_settings
from support.pilot import wizard

from modal_wizard.cli.main import main
from modal_wizard.files.reader import MAX_BYTES
from modal_wizard.files.transaction import WriteRefused
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.git.queries import identity
from modal_wizard.migration.open import open_migration, open_repository
from modal_wizard.scan.discover import ScanScope, scope_of
from modal_wizard.scan.scanner import scan_all

FILES = int(os.environ.get("MODAL_WIZARD_FILES", "3000"))
"""How many files are many; set it to 100000 for a long run."""
LINES = FILES
"""How many cells, or lines of a cell, a notebook bomb has."""
LEGACY = b"import modal\napp = modal.App()\n@app.function(keep_warm=1)\ndef f(): ...\n"
AFTER = LEGACY.replace(b"keep_warm", b"min_containers")
NAMES = [
    "\x1b[2Jclear.py",
    "\x1b]0;title\x07.py",
    "new\nline.py",
    "tab\there.py",
    "[red]markup[bold].py",
    "[@click=app.quit]x[bold].py",
    "$(touch ran).py",
    "`touch ran`.py",
    "; touch ran;.py",
    "--option.py",
    "-rf.py",
    ":(glob)*.py",
    "\u202egnp.py",
    "\u2066isolate\u2069.py",
    "\x9b31mc1.py",
    "a\u200bb.py",
    os.fsdecode(b"\xff\xfe.py"),
    "%s%n{0}.py",
    "'quote\".py",
]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "repo")


@pytest.fixture(autouse=True)
def _nothing_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())


def only_glyphs(text: str) -> bool:
    """Tell whether a terminal shows all of a text and obeys none of it."""
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in text if char not in "\n\t")


# --- names -----------------------------------------------------------------------------------------------------------


def test_names_are_shown_and_never_obeyed(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.git("config", "user.name", "\x1b[31mA\u202eB")
    box.git("checkout", "-q", "-b", "b<red>\u202e;`x`$(y)")
    for name in NAMES:
        box.write(name, LEGACY + b"# \x1b]0;x\x07 \xe2\x80\xae\n")
    box.write("bad\x1b[0m.py", b"import modal\ndef (\n")
    box.commit_all("\x1b[2J\x1b]0;m\x07 [red]\u202em[/]\n\n\x9b31m")
    assert main(["scan", str(box.root)]) == 3
    assert main(["apply", "--diff", str(box.root)]) == 3
    assert main(["apply", "--commit", str(box.root)]) == 2
    assert main(["restore", "--list", str(box.root)]) == 0
    said = capsys.readouterr()
    assert only_glyphs(said.out)
    assert only_glyphs(said.err)
    assert "␛[2Jclear.py" in said.out
    assert all(AFTER in box.read(name) for name in NAMES)
    assert box.status() == []
    opening = open_repository(scope_of(box.root), None)
    assert only_glyphs(opening.head_summary)
    assert "<red>" in opening.head_summary
    assert main(["--plain", str(box.root)]) == 0
    said = capsys.readouterr()
    assert only_glyphs(said.out + said.err)
    assert not list(box.root.rglob("ran"))


async def test_names_are_shown_on_the_screen_as_they_are(box: Box) -> None:
    box.git("checkout", "-q", "-b", "b<red>\u202e")
    for name in NAMES:
        box.write(name, LEGACY + b"# [bold red]\x1b]0;x\x07 \xe2\x80\xae\n")
        box.write(f"bad{name}", b"import modal\ndef (\n")
    box.commit_all("[red]\u202em[/]")
    async with wizard(box.root) as open_wizard:
        assert only_glyphs(open_wizard.text)
        assert "b<red>" in open_wizard.text
        await open_wizard.press("f")
        assert only_glyphs(open_wizard.text)
        assert "[red]markup[bold].py" in open_wizard.text
        await open_wizard.press("escape", "enter")
        for _ in NAMES:
            assert only_glyphs(open_wizard.text)
            await open_wizard.press("a")
        assert "[bold red]" in open_wizard.text
    assert not list(box.root.rglob("ran"))


def test_json_carries_any_name(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    for name in NAMES:
        box.write(name, LEGACY)
    main(["scan", "--format", "json", str(box.root)])
    out = capsys.readouterr().out
    assert {finding["sites"][0]["path"] for finding in json.loads(out)["findings"]} >= set(NAMES)
    assert out.isascii()


# --- what git would run ----------------------------------------------------------------------------------------------


async def test_looking_runs_nothing_of_the_configuration(box: Box, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = box.write("../trap.sh", f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n'.encode())
    trap.chmod(0o755)
    box.write(".gitattributes", b"app.py filter=evil diff=evil\nother.py filter=a=b diff=evil\n")
    box.commit_all()
    looking = [["--plain"], ["scan"], ["apply", "--diff"]]
    keys = (
        "core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy diff.external "
        "sequence.editor pager.status pager.ls-files alias.status alias.ls-files credential.helper gpg.program "
        "diff.evil.textconv diff.evil.command filter.evil.clean filter.evil.smudge filter.evil.process "
        "filter.a=b.clean interactive.diffFilter uploadpack.packObjectsHook core.alternateRefsCommand"
    )
    for key in keys.split():
        box.git("config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    box.git("config", "filter.evil.required", "true")
    box.git("config", "status.submoduleSummary", "true")
    box.git("config", "core.hooksPath", "hooks")
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout", "pre-auto-gc"):
        box.hook(hook, f"echo {hook} >> {ran}")
        box.hook(hook, f"echo {hook} >> {ran}", "hooks")
    box.write("app.py", LEGACY)
    os.utime(box.root / "other.py", (1, 1))
    ran.unlink(missing_ok=True)
    migration = open_migration(box.root)
    for _ in migration.scan():
        pass
    repository = open_repository(migration.scope, None).repository
    assert repository is not None
    repository.head(), identity(repository.git), repository.hooks(), repository.signing(), repository.talkers()
    repository.backups.all()
    assert [main([*words, str(box.root)]) for words in looking] == [0, 1, 1]
    async with wizard(box.root) as open_wizard:
        await open_wizard.press("enter", "a", "c")
        await open_wizard.press("escape", "escape", "f")
    assert not ran.exists(), ran.read_text()


def test_a_missing_object_is_not_fetched_by_looking(box: Box, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for name, value in {
        "remote.evil.url": f"ext::sh -c 'touch {ran}'",
        "remote.evil.promisor": "true",
        "extensions.partialClone": "evil",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        box.git("config", name, value)
    box.git("config", "core.repositoryFormatVersion", "1")
    with opened(box) as repository:
        assert repository.git.ask("cat-file", "blob", "0" * 39 + "1").status != 0
    assert not ran.exists()


@pytest.mark.parametrize("around", [False, True], ids=["a plain folder", "a repository"])
def test_a_tree_that_git_takes_to_be_elsewhere_is_not_written(
    box: Box, tmp_path: Path, around: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if around:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    box.write("app.py", LEGACY)
    box.commit_all()
    (tmp_path / "app.py").write_bytes(LEGACY)
    box.git("config", "core.worktree", "../..")
    assert main(["apply", "--commit", "--allow-dirty", str(box.root)]) == 2
    assert (tmp_path / "app.py").read_bytes() == LEGACY
    assert ("for the work tree of" if around else "there is no .git in it") in capsys.readouterr().err


# --- pipes, links and what else there is -----------------------------------------------------------------------------


def ignore_pipe(box: Box) -> Path:
    return box.root / "a/b/.gitignore"


def attributes_pipe(box: Box) -> Path:
    return box.root / ".gitattributes"


def included_pipe(box: Box) -> Path:
    box.git("config", "include.path", "../settings")
    box.write("settings", b'[includeIf "gitdir:/"]\n\tPATH = "more"\n')
    return box.root / "more"


def excluding_pipe(box: Box) -> Path:
    box.git("config", "core.excludesFile", str(box.root / "more"))
    return box.root / "more"


@pytest.mark.parametrize("make", [ignore_pipe, attributes_pipe, included_pipe, excluding_pipe])
def test_a_pipe_that_git_waits_for_is_named_and_ends_it_at_once(
    box: Box, make: Callable[[Box], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    box.write("other.py", LEGACY)
    box.commit_all()
    pipe = make(box)
    pipe.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(pipe)
    for command in (["apply", "--commit"], ["--plain"]):
        if make is not attributes_pipe or command[0] == "apply":
            assert main([*command, str(box.root)]) == 2
            assert f"Git waits for {pipe}, which is a named pipe. Remove it" in capsys.readouterr().err
    assert box.read("other.py") == LEGACY
    pipe.unlink()
    assert main(["apply", "--commit", str(box.root)]) == 0


def test_links_lead_nowhere(box: Box, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim.py").write_bytes(LEGACY)
    for number in range(200):
        (box.root / f"farm{number}.py").symlink_to(outside / "victim.py")
    (box.root / "up").symlink_to(box.root)
    (box.root / "self.py").symlink_to(box.root / "self.py")
    (box.root / "a.py").symlink_to(box.root / "b.py")
    (box.root / "b.py").symlink_to(box.root / "a.py")
    (box.root / "folder").symlink_to(outside)
    box.commit_all()
    box.write("real.py", LEGACY)
    assert main(["apply", str(box.root)]) == 0
    assert (outside / "victim.py").read_bytes() == LEGACY
    assert box.read("real.py") == AFTER
    skipped = scan_all(scope_of(box.root)).skipped
    assert len(skipped) == 200 + len({"self", "a", "b", "up", "folder"})
    assert all("symbolic link" in reason for reason in skipped.values())


def test_a_folder_on_the_way_that_has_become_a_link_leads_nowhere(box: Box, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deeper").mkdir(parents=True)
    for place in (outside / "deep.py", outside / "deeper/er.py"):
        place.write_bytes(LEGACY)
    box.write("pkg/deeper/er.py", LEGACY)
    box.commit_all()
    shutil.rmtree(box.root / "pkg")
    (box.root / "pkg").symlink_to(outside)
    found = scan_all(scope_of(box.root))
    assert not found.findings
    assert "behind a symbolic link" in found.skipped["pkg/deep.py"]
    assert "behind a symbolic link" in found.skipped["pkg/deeper/er.py"]
    (outside / "deep.py").write_bytes(TEXT)
    with pytest.raises(CommitRefused, match="pkg/deep.py: it is deleted"):
        land(box, ["pkg/deep.py"], dirty=True)
    assert (outside / "deep.py").read_bytes() == TEXT


def test_a_state_folder_that_is_a_link_is_not_used(box: Box, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("index-1", "message-1", "x.tmp", "session.jsonl"):
        (outside / name).write_text("mine")
    (box.root / ".git/modal-wizard").symlink_to(outside)
    migration = open_migration(box.root)
    assert migration.session.unkept
    open_repository(migration.scope, None)
    with pytest.raises(WriteRefused, match="is a link"):
        land(box)
    assert sorted(place.read_text() for place in outside.iterdir()) == ["mine"] * 4
    assert box.read("app.py") == TEXT


def a_sparse_file(place: Path) -> None:
    """Make a file that takes no room, and that no memory holds."""
    place.touch()
    os.truncate(place, 1 << 40)


@pytest.mark.parametrize("name", ["session.jsonl", "write.json", "commit.json", "drafts.jsonl", "seen.jsonl", "lock"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "sparse file"])
def test_a_state_file_that_is_none_is_neither_followed_nor_waited_for(
    box: Box, tmp_path: Path, name: str, kind: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    place = box.root / ".git/modal-wizard" / name
    place.parent.mkdir()
    {"pipe": os.mkfifo, "link": lambda at: at.symlink_to(victim), "folder": os.mkdir, "sparse file": a_sparse_file}[
        kind
    ](place)
    migration = open_migration(box.root)
    open_repository(migration.scope, None)
    main(["apply", "--all", "--commit", str(box.root)])
    assert victim.read_text() == "mine"


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path) -> None:
    os.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(place.name)


def a_link(place: Path) -> None:
    place.symlink_to("/dev/zero")


def a_linked_folder(place: Path) -> None:
    place.symlink_to("..")


def a_pointer(place: Path) -> None:
    place.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")


def one_long_line(place: Path) -> None:
    with place.open("wb") as file:
        file.write(LEGACY + b"x = '")
        for _ in range(50):
            file.write(b"modal." * (1024 * 1024 // 6))


def deleted(place: Path) -> None:
    place.write_bytes(LEGACY)
    subprocess.run(["git", "add", place.name], cwd=place.parent, check=True)
    place.unlink()


def a_repository(place: Path) -> None:
    place.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    (place / "deep.py").write_bytes(LEGACY)


ANYWHERE = {
    a_link: "a symbolic link",
    a_linked_folder: "a symbolic link",
    a_pointer: "Git LFS pointer",
    one_long_line: "larger than 8 MB",
}
IN_GIT = {**ANYWHERE, deleted: "not there", a_repository: "a repository of its own"}
WITHOUT = {**ANYWHERE, a_pipe: "a pipe", a_socket: "a socket"}
"""Git's list has no pipes and no sockets; only git knows of what is not there, or is another repository."""


@pytest.mark.parametrize(("make", "reason"), IN_GIT.items(), ids=[make.__name__ for make in IN_GIT])
async def test_what_git_lists_and_is_skipped_is_named_with_its_reason(
    box: Box, make: Callable[[Path], None], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await check_skip(box.root, make, reason, capsys)


@pytest.mark.parametrize(("make", "reason"), WITHOUT.items(), ids=[make.__name__ for make in WITHOUT])
async def test_what_is_skipped_without_git_is_named_with_its_reason(
    tmp_path: Path, make: Callable[[Path], None], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plain").mkdir()
    await check_skip(tmp_path / "plain", make, reason, capsys)


async def check_skip(root: Path, make: Callable[[Path], None], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The reason is in the scan, in both reports and on the screen, and everything else goes on."""
    here = Path.cwd()
    (root / "real.py").write_bytes(LEGACY)
    make(root / "odd.py")
    os.chdir(here)
    found = scan_all(scope_of(root))
    assert [finding.site.path for finding in found.findings] == ["real.py"]
    assert reason in found.skipped["odd.py"]
    assert found.problems == []
    assert main(["scan", str(root)]) == 1
    assert f"odd.py: skipped: {found.skipped['odd.py']}" in capsys.readouterr().err
    main(["scan", "--format", "json", str(root)])
    assert {"path": "odd.py", "reason": found.skipped["odd.py"]} in json.loads(capsys.readouterr().out)["skipped"]
    async with wizard(root) as open_wizard:
        await open_wizard.press("f")
        assert reason in open_wizard.text


def test_a_folder_called_like_a_file_is_a_folder(box: Box, tmp_path: Path) -> None:
    for root in (box.root, tmp_path / "plain"):
        (root / "x.py").mkdir(parents=True)
        (root / "x.py/y.py").write_bytes(LEGACY)
        assert [finding.site.path for finding in scan_all(scope_of(root)).findings] == ["x.py/y.py"]


def test_a_file_that_may_not_be_read_is_a_result(box: Box, tmp_path: Path) -> None:
    box.write("real.py", LEGACY)
    box.write("secret.py", LEGACY).chmod(0)
    box.write("shut/in.py", LEGACY)
    (box.root / "shut").chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)

    def look() -> None:
        found = scan_all(ScanScope(box.root, "", in_git=False))
        assert [finding.site.path for finding in found.findings] == ["real.py"]
        assert [each.message for each in found.problems] == ["cannot be read: Permission denied"]
        assert found.skipped == {"shut": "a folder that cannot be opened"}

    try:
        assert as_nobody(look) == 0
    finally:
        (box.root / "shut").chmod(0o700)


def as_nobody(action: Callable[[], None]) -> int:
    """Run the action in a process of an ordinary user; returns 0 when it raised nothing."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            action()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    "data",
    [
        LEGACY + b"x = '\0'\n",
        b"\0" * 1000 + LEGACY,
        LEGACY.replace(b"keep_warm=1", b"keep_warm=" + b"9" * 100_000),
        LEGACY + b"x = " + b"9" * 5000 + b"\n",
        LEGACY + b"x = 1" + b"_0" * 100_000 + b"e999999999\n",
        b"import modal" + b"\\\n" * 50_000,
        b"import modal" + b";" * 50_000,
        b"# coding: rot13\nimport modal\n",
        b"# coding: utf-16\nimport modal\n",
        LEGACY.decode().encode("utf-16"),
        b"# coding: " + b"x" * 100_000 + b"\nimport modal\n",
        b"import modal\n" + b"\\N{LATIN SMALL LETTER A}'" * 10_000,
        b"import modal\nx = '\\ud800'\n@modal.App('\\ud800').function(keep_warm=1)\ndef f(): ...\n",
    ],
    ids=range(13),
)
def test_odd_bytes_are_a_result(box: Box, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    box.write("odd.py", data)
    box.write("real.py", LEGACY)
    main(["apply", "--all", str(box.root)])
    assert box.read("real.py") == AFTER
    said = capsys.readouterr()
    assert "failed here" not in said.err
    assert "fault of ours" not in said.err
    assert only_glyphs(said.out + said.err)


def test_many_skips_are_counted(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(50):
        (box.root / f"link{number}.py").symlink_to("/dev/null")
    assert main(["scan", str(box.root)]) == 0
    err = capsys.readouterr().err
    assert err.count("skipped:") == 21
    assert "30 more files skipped: a symbolic link" in err


def test_devices_are_not_read() -> None:
    found = scan_all(scope_of(Path("/dev")))
    memory = ("shm/", "mqueue/")  # folders for everybody's own files, as /tmp is
    assert [each for each in found.findings if not each.site.path.startswith(memory)] == []
    assert found.skipped["null"] == "a device, not a file"


# --- size and depth --------------------------------------------------------------------------------------------------


def notebook(cells: object, **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "source": LEGACY.decode().splitlines(keepends=True)}
BOMBS = {
    "deep lists": b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b', "x": "import modal"}',
    "deep metadata": notebook([CELL])[:-1] + b', "m": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    "a number without end": notebook([CELL])[:-1] + b', "m": ' + b"9" * 1_000_000 + b"}",
    "many cells": notebook([{"cell_type": "raw", "source": "import modal"}] * LINES),
    "many lines": notebook([{**CELL, "source": ["import modal\n"] + ["x=1\n"] * LINES}]),
    "cells of the wrong kind": notebook([None, 7, "x", [], {}, {"cell_type": 7, "source": 7}, CELL]),
    "no cells": notebook({"import modal": 1}),
    "not JSON": b'import modal {"cells": [}',
    "escapes": notebook([CELL]).replace(b"import", b"\\u0069mport").replace(b"keep_warm", b"keep\\u005fwarm"),
    "lone surrogates": notebook([{**CELL, "source": "import modal\nx = '\ud800'\n"}]),
    "null bytes": notebook([{**CELL, "source": "import modal\n\x00keep_warm=1\n"}]),
    "keys twice": notebook([CELL])[:-1] + b', "cells": []}',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_notebook_bomb_is_a_result(box: Box, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    box.write("bomb.ipynb", BOMBS[name])
    box.write("real.py", LEGACY)
    assert len(BOMBS[name]) < MAX_BYTES
    main(["apply", "--all", str(box.root)])
    assert box.read("real.py") == AFTER
    assert "fault of ours" not in capsys.readouterr().err
    assert {problem.path for problem in scan_all(scope_of(box.root)).problems} <= {"bomb.ipynb"}


@pytest.mark.campaign
def test_many_files(box: Box) -> None:
    for number in range(FILES):
        folder = box.root / f"d{number % 100}"
        folder.mkdir(exist_ok=True)
        (folder / f"f{number}.py").write_bytes(LEGACY if number % 1000 == 0 else b"x = 1\n")
    found = scan_all(scope_of(box.root))
    assert len(found.findings) == FILES // 1000
    assert found.files == FILES + 3


# --- whose environment it is -----------------------------------------------------------------------------------------


def test_a_check_and_an_editor_find_the_persons_environment(box: Box, tmp_path: Path) -> None:
    box.write("app.py", LEGACY)
    for name in ("json", "libcst", "git", "textual", "modal", "transforms"):
        box.write(f"{name}.py", f"open({str(tmp_path / 'imported')!r}, 'a').write({name!r})\n".encode())
    box.commit_all()
    script = box.write("../script.sh", f'#!/bin/sh\necho "$PYTHONPATH $PWD" >> {tmp_path}/said\n'.encode())
    script.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": ".:/somewhere", "EDITOR": str(script), "TERM": "dumb"}
    command = [str(Path(sys.executable).with_name("modal-wizard"))]
    plain = subprocess.run(
        [*command, "--plain"],
        cwd=box.root,
        env=environment,
        input="e\nq\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in plain.stderr
    done = subprocess.run(
        [*command, "apply", "--commit", "--check", str(script)],
        cwd=box.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")  # what is left is that modal.py is taken for modal
    assert "1 finding left (1 manual)" in done.stdout
    said = (tmp_path / "said").read_text().splitlines()
    assert said == [f".:/somewhere {box.root}"] * 2
    assert not (tmp_path / "imported").exists(), (tmp_path / "imported").read_text()
