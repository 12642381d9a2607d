"""The terminal is lent to what signs a commit, to hooks that ask, and to editors; and it comes back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support.pilot import git as run_git
from support.pilot import wizard, write

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.terminal import Terminal, environment

from modal_wizard.git.repository import Repository
from modal_wizard.tui.screens.commit.screen import Commit

ENTER, CTRL_C = "\r", "\x03"

SIGNER = """\
#!/bin/sh
printf 'Passphrase: ' >/dev/tty
read -r word </dev/tty
cat >/dev/null
[ "$word" = sesame ] || { exit 2; }
echo '[GNUPG:] SIG_CREATED D 1 8 00 1 AAAA' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nAAAA\\n-----END PGP SIGNATURE-----\\n'
"""
ASKING_HOOK = """\
#!/bin/sh
exec </dev/tty
printf 'Ticket: ' >/dev/tty
read -r ticket
echo "Ticket: $ticket" >>"$1"
"""


def script(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return place


@pytest.fixture
def signing(repository: Path, tmp_path: Path) -> Path:
    """A repository whose commits are signed by a program that asks for a passphrase."""
    run_git(repository, "config", "commit.gpgSign", "true")
    run_git(repository, "config", "gpg.program", str(script(tmp_path / "signer", SIGNER)))
    return repository


def opened(root: Path, tmp_path: Path, **more: str) -> Terminal:
    return Terminal([sys.executable, "-m", "modal_wizard", str(root)], environment(tmp_path, **more))


def to_commit(terminal: Terminal) -> None:
    terminal.wait("looked at")
    terminal.press(ENTER)
    terminal.wait("0 of 3 decided")
    terminal.press("A")
    terminal.wait("3 of 3 decided")
    terminal.press("c")
    terminal.wait(lambda text: "exactly what will be written" in text and "working out" not in text)


def test_a_passphrase_is_asked_for_in_the_terminal_and_a_wrong_one_can_be_typed_again(
    signing: Path, tmp_path: Path
) -> None:
    with opened(signing, tmp_path) as terminal:
        to_commit(terminal)
        assert "signed (openpgp) · hooks may ask for input" in terminal.text
        terminal.press("c")
        terminal.wait("Passphrase:")
        assert "exactly what will be written" not in terminal.text
        terminal.press("wrong" + ENTER)
        terminal.wait("it could not be signed")
        assert "again in the terminal" not in terminal.text
        terminal.press("c")
        terminal.wait(lambda text: "Passphrase:" in text and "could not" not in text)
        terminal.press("sesame" + ENTER)
        terminal.wait("committed")
        terminal.press("q")
        assert terminal.ended() == 0
    assert "-----BEGIN PGP SIGNATURE-----" in run_git(signing, "cat-file", "commit", "HEAD")
    assert run_git(signing, "status", "--porcelain") == ""


def test_the_commit_that_raises_the_pin_may_ask_as_well(signing: Path, tmp_path: Path) -> None:
    run_git(signing, "config", "commit.gpgSign", "false")
    write(signing, {"requirements.txt": "modal==0.77.0\n"})
    run_git(signing, "add", "--all")
    run_git(signing, "commit", "--quiet", "--message", "Pin")
    run_git(signing, "config", "commit.gpgSign", "true")
    with opened(signing, tmp_path) as terminal:
        terminal.wait("looked at")
        terminal.press(ENTER)
        terminal.wait("0 of 3 decided")
        terminal.press("s")
        terminal.wait("1 of 3 decided")
        terminal.press("o")
        terminal.wait("m summary")
        terminal.press("m")
        terminal.wait("raise the pin")
        terminal.press("p")
        terminal.wait("Raise modal==0.77.0")
        terminal.press("y")
        terminal.wait("Passphrase:")
        terminal.press("sesame" + ENTER)
        terminal.wait("Raised modal==0.77.0 to modal==1.6.4")
        terminal.press("q")
        assert terminal.ended() == 0
    assert "-----BEGIN PGP SIGNATURE-----" in run_git(signing, "cat-file", "commit", "HEAD")
    assert run_git(signing, "show", "HEAD:requirements.txt") != "modal==0.77.0\n"


def test_ctrl_c_at_the_passphrase_ends_the_commit_and_not_the_wizard(signing: Path, tmp_path: Path) -> None:
    with opened(signing, tmp_path) as terminal:
        to_commit(terminal)
        terminal.press("c")
        terminal.wait("Passphrase:")
        terminal.press(CTRL_C)
        terminal.wait("nothing was committed")
        terminal.press("\x1b")
        terminal.wait(lambda text: "nothing was committed" not in text)
        terminal.press("q")
        assert terminal.ended() == 0
    assert run_git(signing, "log", "--format=%s").strip() == "Legacy"
    assert run_git(signing, "status", "--porcelain") == ""


def test_a_hook_that_asks_in_the_terminal_is_answered_there(repository: Path, tmp_path: Path) -> None:
    script(repository / ".git" / "hooks" / "commit-msg", ASKING_HOOK)
    with opened(repository, tmp_path) as terminal:
        to_commit(terminal)
        terminal.press("c")
        terminal.wait("Ticket:")
        terminal.press("MOD-42" + ENTER)
        terminal.wait("committed")
    assert "Ticket: MOD-42" in run_git(repository, "log", "-1", "--format=%B")


def test_an_editor_that_cannot_be_started_gives_the_screen_back(repository: Path, tmp_path: Path) -> None:
    with opened(repository, tmp_path, VISUAL=str(tmp_path / "missing")) as terminal:
        terminal.wait("looked at")
        terminal.press(ENTER)
        terminal.wait("0 of 3 decided")
        terminal.press("e")
        terminal.wait("^e own editor")
        terminal.press("\x05")
        terminal.wait("No such")
        assert "min_containers=1" in terminal.text
        terminal.press("\x1b")
        terminal.wait(lambda text: "^e own editor" not in text)
        terminal.press("q")
        assert terminal.ended() == 0


async def test_where_it_cannot_be_lent_it_says_so_and_commits(repository: Path) -> None:
    script(repository / ".git" / "hooks" / "pre-commit", "#!/bin/sh\n# exec </dev/tty\nexit 0\n")
    async with wizard(repository) as shown:
        await shown.press("enter", "a", "c")
        assert isinstance(shown.screen, Commit)
        await shown.press("c")
        assert any("Hooks cannot run in this terminal" in note.text for note in shown.app.telling.told)
    assert len(run_git(repository, "log", "--format=%s").split("\n")) == 3


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({".git/hooks/pre-commit": "#!/bin/sh\nexit 0\n"}, (), id="a-quiet-hook"),
        pytest.param({".git/hooks/pre-commit": "exec </dev/tty\n"}, ("hook pre-commit",), id="a-hook"),
        pytest.param(
            {".husky/_/pre-commit": "exit 0\n", ".husky/pre-commit": "exec </dev/tty\n"},
            ("hook pre-commit",),
            id="husky",
        ),
    ],
)
def test_what_of_a_commit_may_ask_is_told_in_advance(
    repository: Path, files: dict[str, str], wanted: tuple[str, ...]
) -> None:
    for name, text in files.items():
        script(repository / name, text)
        if name.startswith(".husky/_"):
            run_git(repository, "config", "core.hooksPath", os.path.dirname(name))
    found = Repository.find(repository)
    assert found is not None
    with found:
        assert found.talkers() == wanted
        run_git(repository, "config", "commit.gpgSign", "true")
        run_git(repository, "config", "gpg.format", "ssh")
        assert found.talkers() == ("signing by ssh", *wanted)
