"""Every original is kept before the first write, and comes back byte for byte, never over newer work unsaid."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from support.gitbox import TEXT, Box, change_of, edited, land, new_box, opened, ours, own_settings

from modal_wizard.cli.main import main
from modal_wizard.errors import WizardError
from modal_wizard.files import backup
from modal_wizard.files.backup import FolderBackups, this_run
from modal_wizard.files.change import FileChange
from modal_wizard.files.restore import restore
from modal_wizard.files.signed import FOLDER
from modal_wizard.files.transaction import WriteRefused
from modal_wizard.git.backup import REFS
from modal_wizard.git.command import RepositoryProblem
from modal_wizard.git.permissions import CommitPolicy
from modal_wizard.migration.loose import loose_files
from modal_wizard.migration.open import state_folder
from modal_wizard.scan.discover import scope_of

LEGACY = b"import modal\r\napp = modal.App()\r\n@app.function(keep_warm=1) # \xc3\xa9\r\ndef f(): ...\r\n"
AFTER = LEGACY.replace(b"keep_warm", b"min_containers")
ODD = ["a b.py", '"quoted".py', "new\nline.py", "back\\slash.py", "-x.py", "ünï.py", os.fsdecode(b"\xff.py")]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "repo")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is in no repository, with two legacy files."""
    own_settings(monkeypatch, tmp_path)
    root = tmp_path / "plain"
    (root / "pkg").mkdir(parents=True)
    (root / "app.py").write_bytes(LEGACY)
    (root / "pkg/tool.py").write_bytes(LEGACY)
    (root / "pkg/tool.py").chmod(0o755)
    return root


def ref() -> str:
    return REFS + this_run()


def kept(box: Box, path: str) -> bytes:
    """Return the original that is kept of a file."""
    return box.kept("cat-file", "blob", f"{ref()}:{path}")


def legacy(box: Box) -> None:
    box.write("app.py", LEGACY)
    box.write("pkg/deep.py", LEGACY)
    box.commit_all()


# --- in a repository -------------------------------------------------------------------------------------------------


def test_originals_are_kept_as_a_commit_of_their_own(box: Box) -> None:
    before = box.status()
    land(box, ("app.py", "pkg/deep.py"))
    assert kept(box, "app.py") == TEXT
    assert kept(box, "pkg/deep.py") == TEXT
    assert box.kept("log", "--format=%an", "-1", ref()) != b"P\n"
    assert box.kept("branch", "--contains", ref()) == b""
    assert box.kept("fsck", "--strict") == b""
    assert (box.status(), box.git("fsck", "--strict")) == (before, b"")


def written(box: Box, change: FileChange) -> None:
    """Keep the original of a file and write it."""
    with opened(box) as repository:
        repository.backups.keep([change], "gpu")
    box.write(change.path, change.after)


def test_the_first_original_of_a_run_counts(box: Box) -> None:
    first = change_of(box)
    written(box, first)
    written(box, FileChange("app.py", first.after, b"again\n", ()))
    written(box, change_of(box, "pkg/deep.py"))
    assert kept(box, "app.py") == TEXT
    assert kept(box, "pkg/deep.py") == TEXT


def test_a_kill_before_the_commit_of_a_section_was_noted_leaves_it_named(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opened(box)
    repository.backups.is_followed = True
    made = repository.land([change_of(box)], "gpu", CommitPolicy(about="gpu"))
    repository.close()  # as a kill does it: nothing is finished
    assert main(["restore", "--list", str(box.root)]) == 0
    assert f"gpu (commit {made.sha[:7]})" in capsys.readouterr().out
    (noted,) = (box.root / ".git/modal-wizard").glob("noted-*")
    text = noted.read_text()
    noted.write_text(noted.read_text().replace(made.sha[:3], "0" * 3))
    assert main(["restore", "--list", str(box.root)]) == 0
    assert "gpu (no commit)" in capsys.readouterr().out
    noted.write_text(text)
    monkeypatch.setattr(backup, "this_run", lambda: "99999999-000000-aaaaaa")
    land(box, ("pkg/deep.py",))
    assert not noted.exists()
    assert main(["restore", "--list", str(box.root)]) == 0
    assert f"gpu (commit {made.sha[:7]})" in capsys.readouterr().out


def test_what_somebody_made_of_a_file_between_two_writes_is_an_original_too(box: Box) -> None:
    first = change_of(box)
    written(box, first)
    theirs = edited(first.after, 1)
    written(box, FileChange("app.py", theirs, theirs + b"again\n", ()))
    with opened(box) as repository, pytest.raises(WizardError, match=r"app\.py was changed by somebody between two"):
        loose_files(box.root, repository.backups)
    assert main(["restore", str(box.root)]) == 0
    assert box.read("app.py") == theirs


def test_what_a_hook_made_of_a_file_is_no_newer_work(box: Box) -> None:
    box.hook("pre-commit", "grep -q formatted app.py || { echo '# formatted' >> app.py; git add app.py; }")
    land(box)
    assert box.read("app.py").endswith(b"# formatted\n")
    assert main(["restore", str(box.root)]) == 0
    assert box.read("app.py") == TEXT


def test_a_restoration_is_not_undone_by_another_one(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    land(box, ("app.py", "pkg/deep.py"))
    box.write("app.py", b"newer\n")
    run = this_run()
    monkeypatch.setattr(backup, "this_run", lambda: f"{run}b")
    assert main(["restore", "--partly", str(box.root)]) == 2
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (b"newer\n", TEXT)
    monkeypatch.setattr(backup, "this_run", lambda: f"{run}c")
    assert main(["restore", "--overwrite", str(box.root)]) == 0
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (TEXT, TEXT)
    assert "pkg/deep.py: it is as it was" in capsys.readouterr().out


def test_the_latest_backup_is_one_of_this_work_tree(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    land(box)
    box.git("worktree", "add", "--quiet", str(tmp_path / "other"), "-b", "other", "HEAD^")
    run = this_run()
    monkeypatch.setattr(backup, "this_run", lambda: f"{run}b")
    land(Box(tmp_path / "other"))
    assert main(["restore", "--list", str(box.root)]) == 0
    assert f"{run}b  1 file  of another work tree (worktrees/other)" in capsys.readouterr().out
    assert main(["restore", str(box.root)]) == 0
    assert f"From backup {run}:" in capsys.readouterr().out
    assert (box.read("app.py"), Box(tmp_path / "other").read("app.py")) == (TEXT, ours(TEXT))


@pytest.mark.parametrize("name", ODD)
def test_any_name_and_any_bytes_come_back(box: Box, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = b"\xef\xbb\xbf\x00\xff\r\n" + TEXT + b"no end \x0c"
    box.write(name, text).chmod(0o755)
    box.commit_all()
    land(box, (name,))
    assert box.read(name) == ours(text)
    assert main(["restore", str(box.root)]) == 0
    assert box.read(name) == text
    assert os.access(box.root / name, os.X_OK)
    assert "\x1b" not in capsys.readouterr().out


def test_hooks_and_filters_have_no_part_in_it(box: Box, tmp_path: Path) -> None:
    box.git("config", "filter.up.clean", "tr a-z A-Z")
    box.write(".gitattributes", b"app.py filter=up\n")
    box.hook("reference-transaction", f'case "$(cat)" in *modal-wizard*) touch {tmp_path}/ran;; esac')
    box.write("app.py", TEXT)
    box.git("add", ".gitattributes")
    with opened(box) as repository:
        repository.backups.keep([change_of(box)])
    assert kept(box, "app.py") == TEXT
    assert not (tmp_path / "ran").exists()


def test_nothing_is_written_when_the_originals_cannot_be_kept(box: Box) -> None:
    box.write(f".git/modal-wizard/backups.git/{ref()}.lock", b"")
    with pytest.raises(RepositoryProblem, match="keep the originals"):
        land(box)
    assert box.read("app.py") == TEXT


def test_a_run_is_listed_and_taken_back(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    assert main(["apply", str(box.root)]) == 0
    assert box.read("pkg/deep.py") == AFTER
    assert main(["restore", "--list", str(box.root)]) == 0
    out = capsys.readouterr().out
    assert f"{this_run()}  2 files" in out
    assert "app.py: as modal-wizard wrote it" in out
    assert main(["restore", str(box.root / "pkg")]) == 0
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (AFTER, LEGACY)
    assert main(["restore", str(box.root / "app.py"), "--backup", this_run()]) == 0
    assert box.status() == []
    assert main(["restore", str(box.root)]) == 0
    assert "it is as it was" in capsys.readouterr().out


def test_newer_work_is_left_and_named(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    box.write("app.py", AFTER + b"# mine\n")
    assert main(["restore", "--partly", str(box.root)]) == 2
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (AFTER + b"# mine\n", LEGACY)
    assert "app.py: left as it is: changed since modal-wizard wrote it (--overwrite" in capsys.readouterr().out


@pytest.mark.parametrize("moment", ["original", "keep"])
def test_a_save_while_files_are_looked_at_is_not_written_over(
    box: Box, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    legacy(box)
    assert main(["apply", "--all", str(box.root)]) == 0
    saved = AFTER + b"# saved meanwhile\r\n"
    with opened(box) as repository:
        backups = repository.backups
        (kept_of_run,) = backups.all()
        inner = getattr(backups, moment)

        def saves(*arguments: object) -> object:
            done = inner(*arguments)
            if moment == "keep" or arguments[1] == "pkg/deep.py":
                box.write("app.py", saved)
            return done

        monkeypatch.setattr(backups, moment, saves)
        paths = ["app.py", "pkg/deep.py"]
        with contextlib.suppress(WriteRefused):
            restore(box.root, repository.state_folder, backups, kept_of_run, paths, overwrite=False)
    assert box.read("app.py") == saved
    assert box.read("pkg/deep.py") == AFTER


def test_a_section_comes_back_whole_or_not_at_all(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    box.write("app.py", AFTER + b"# mine\n")
    assert main(["restore", str(box.root)]) == 2
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (AFTER + b"# mine\n", AFTER)
    said = capsys.readouterr().out
    assert "pkg/deep.py: left as it is: a file that was written together with it stays (--partly" in said
    assert main(["restore", "--overwrite", str(box.root)]) == 0
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (LEGACY, LEGACY)


def test_a_section_does_not_wait_for_another_one(box: Box) -> None:
    legacy(box)
    other = b'import modal\nprice = modal.Function.lookup("shop", "price")\n'
    box.write("other.py", other)
    box.commit_all()
    main(["apply", "--all", str(box.root)])
    assert box.read("other.py") != other
    box.write("app.py", AFTER + b"# mine\n")
    assert main(["restore", str(box.root)]) == 2
    assert (box.read("pkg/deep.py"), box.read("other.py")) == (AFTER, other)


def test_a_restoration_can_be_looked_at_first(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    box.write("pkg/deep.py", AFTER + b"# mine\n")
    capsys.readouterr()
    assert main(["restore", "--diff", "--partly", str(box.root)]) == 2
    said = capsys.readouterr()
    assert "-@app.function(min_containers=1)" in said.out
    assert "+@app.function(keep_warm=1)" in said.out
    assert "pkg/deep.py: left as it is" in said.err
    assert (box.read("app.py"), box.read("pkg/deep.py")) == (AFTER, AFTER + b"# mine\n")


def test_the_list_names_sections_and_commits(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    main(["apply", "--commit", str(box.root)])
    capsys.readouterr()
    assert main(["restore", "--list", str(box.root)]) == 0
    assert f"autoscaler parameters (commit {box.head()[:7]})" in capsys.readouterr().out.lower()


@pytest.mark.parametrize("where", ["repository", "folder"])
def test_the_latest_backup_is_the_latest_whatever_the_clock_says(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    root = request.getfixturevalue("box").root if where == "repository" else request.getfixturevalue("bare")
    place = root / "app.py"
    for run in ("20300101-120000-aaaaaa", "20200101-120000-bbbbbb"):  # the clock went back
        monkeypatch.setattr(backup, "this_run", lambda run=run: run)
        place.write_bytes(LEGACY + run.encode())
        if where == "repository":
            Box(root).commit_all()
        assert main(["apply", "--allow-dirty", "--allow-no-vcs", str(place)]) == 0
    assert main(["restore", str(root)]) == 0
    assert place.read_bytes() == LEGACY + b"20200101-120000-bbbbbb"
    assert capsys.readouterr().out.count("From backup 20200101-120000-bbbbbb:") == 1


@pytest.mark.parametrize(
    "command", [["push", "--mirror"], ["push", "--all"], ["push", "--tags"], ["push", "{}", "refs/*:refs/*"]]
)
def test_no_push_takes_originals_along(box: Box, tmp_path: Path, command: list[str]) -> None:
    secret = b"# not for others\n"
    box.write("app.py", TEXT + secret)
    land(box, dirty=True)
    assert secret in kept(box, "app.py")
    far = Box(tmp_path / "far")
    far.root.mkdir()
    far.git("init", "--quiet", "--bare")
    box.git("tag", "v1")
    words = [word.format(far.root) for word in command]
    box.git(*words, *([] if str(far.root) in words else [str(far.root)]))
    objects = far.git("cat-file", "--batch-all-objects", "--batch")
    assert secret not in objects
    assert b"modal-wizard" not in far.git("for-each-ref")


def test_no_mirror_takes_originals_along(box: Box, tmp_path: Path) -> None:
    land(box)
    box.git("clone", "--quiet", "--mirror", str(box.root), str(tmp_path / "mirror"))
    assert b"modal-wizard" not in Box(tmp_path / "mirror").git("for-each-ref")


def test_what_older_versions_kept_is_moved_out_of_the_way_of_a_push(box: Box) -> None:
    old = REFS + "20200101-000000-aaaaaa"
    record = '{"modal-wizard backup": {"app.py": "digest"}}'
    tree = box.git("rev-parse", "HEAD^{tree}").decode().strip()
    sha = box.git("commit-tree", "-m", record, tree).decode().strip()
    box.git("update-ref", old, sha)
    land(box)
    assert box.git("for-each-ref", REFS) == b""
    assert box.kept("cat-file", "blob", f"{old}:app.py") == TEXT
    with opened(box) as repository:
        assert [each.run for each in repository.backups.all()] == [this_run(), "20200101-000000-aaaaaa"]


def test_newer_work_that_is_given_up_is_kept_all_the_same(
    box: Box, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    box.write("app.py", AFTER + b"# mine\n")
    monkeypatch.setattr(backup, "this_run", lambda: "99999999-000000-aaaaaa")
    assert main(["restore", "--overwrite", str(box.root / "app.py")]) == 0
    assert box.read("app.py") == LEGACY
    assert "kept as another backup" in capsys.readouterr().out
    assert main(["restore", "--backup", "99999999-000000-aaaaaa", str(box.root)]) == 0
    assert box.read("app.py") == AFTER + b"# mine\n"


def test_a_deleted_file_and_its_folder_come_back(box: Box) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    (box.root / "pkg/deep.py").unlink()
    (box.root / "pkg").rmdir()
    assert main(["restore", str(box.root / "pkg/deep.py")]) == 0
    assert box.read("pkg/deep.py") == LEGACY


def test_nothing_comes_back_through_a_link(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    legacy(box)
    main(["apply", str(box.root)])
    outside = tmp_path / "outside"
    outside.mkdir()
    (box.root / "pkg/deep.py").unlink()
    (box.root / "pkg").rmdir()
    (box.root / "pkg").symlink_to(outside)
    (box.root / "app.py").unlink()
    (box.root / "app.py").symlink_to(outside / "app.py")
    assert main(["restore", str(box.root)]) == 2
    assert list(outside.iterdir()) == []
    assert "not a plain file any more" in capsys.readouterr().out


def test_a_damaged_backup_is_not_taken_for_none(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    bare = box.root.parent / "bare"
    bare.mkdir()
    (bare / "app.py").write_bytes(LEGACY)
    land(box)
    shutil.rmtree(box.root / ".git/modal-wizard/backups.git/objects")
    (box.root / ".git/modal-wizard/backups.git/objects").mkdir()
    assert main(["apply", "--allow-no-vcs", str(bare)]) == 0
    (own(bare) / "backup" / this_run() / "backup.json").write_text("{")
    for root in (box.root, bare):
        assert main(["restore", "--list", str(root)]) == 2
        assert f"of these runs is damaged and cannot be read: {this_run()}." in capsys.readouterr().err
        assert main(["restore", str(root)]) == 2
        assert "There is no other backup of these files" in capsys.readouterr().err


def test_an_unknown_backup_is_said(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(box.root)]) == 2
    assert "There is no backup of these files" in capsys.readouterr().err
    land(box)
    assert main(["restore", str(box.root), "--backup", this_run()[:-1]]) == 2
    assert f"Did you mean {this_run()}?" in capsys.readouterr().err
    assert main(["restore", "--list", str(box.root / "other.py")]) == 0


def test_a_foreign_ref_below_ours_is_no_backup(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.git("update-ref", f"{REFS}mine", "HEAD")
    assert main(["restore", "--list", str(box.root)]) == 0
    assert "There is no backup" in capsys.readouterr().out


# --- without one -----------------------------------------------------------------------------------------------------


def own(root: Path) -> Path:
    """Return the folder of ours for a root that is in no repository."""
    return state_folder(scope_of(root))


def test_without_a_repository_originals_are_in_the_users_state_folder(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", "--allow-no-vcs", str(bare)]) == 0
    assert (own(bare) / "backup" / this_run() / "files/pkg/tool.py").read_bytes() == LEGACY
    assert not (bare / FOLDER).exists()
    assert main(["scan", str(bare)]) == 0, "originals are not scanned"
    (bare / "pkg/tool.py").unlink()
    assert main(["restore", str(bare)]) == 0
    assert [(bare / name).read_bytes() for name in ("app.py", "pkg/tool.py")] == [LEGACY] * 2
    assert (bare / "pkg/tool.py").stat().st_mode & 0o777 == 0o755


def test_without_a_repository_a_kill_is_recovered_from(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from support.killing import steps

    def act() -> None:
        main(["apply", "--allow-no-vcs", str(bare)])

    def again() -> None:
        for name in ("app.py", "pkg/tool.py"):
            (bare / name).write_bytes(LEGACY)

    for step in steps(act, again, stride=9):
        texts = [(bare / name).read_bytes() for name in ("app.py", "pkg/tool.py")]
        assert set(texts) <= {LEGACY, AFTER}, step
        assert main(["apply", "--allow-no-vcs", str(bare)]) == 0
        assert [(bare / name).read_bytes() for name in ("app.py", "pkg/tool.py")] == [AFTER] * 2
        assert not list(bare.rglob("*.tmp")), step


def test_a_folder_of_ours_that_is_a_link_is_not_followed(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    own(bare).parent.mkdir(parents=True)
    own(bare).symlink_to(tmp_path / "target")
    assert main(["apply", "--allow-no-vcs", str(bare)]) == 2
    assert (bare / "app.py").read_bytes() == LEGACY
    assert list((tmp_path / "target").iterdir()) == []


def test_no_room_for_the_originals_is_said(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    from modal_wizard.files import safe_io
    from modal_wizard.files.change import FileChange

    monkeypatch.setattr(safe_io, "write_durably", full)
    with pytest.raises(WriteRefused, match="No space left"):
        FolderBackups(bare, own(bare)).keep([FileChange("app.py", LEGACY, AFTER, ())])
