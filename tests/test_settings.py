"""The file of settings: what is taken, what is said of the rest, and that nothing in it ends the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import Wizard, wizard

from modal_wizard.config.settings import PersonalSettings, ViewSettings, changed_text, read, save
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.open import open_scope
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import Status
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.widgets.diff_view import DiffView

ELSEWHERE = Path("/nowhere")


def told(text: str, folder: Path) -> PersonalSettings:
    file = folder / "settings.toml"
    file.write_text(text)
    return read(file)


def test_what_is_right_is_taken_and_no_file_is_no_fault(tmp_path: Path) -> None:
    settings = told('theme = "light"\ncontext = 7\nlist = false\n[keys]\naccept = ["space", "plus"]\n', tmp_path)
    assert settings.theme == "light"
    assert settings.view == ViewSettings(context=7, list=False)
    settings = told('[keys]\naccept = ["f2", "="]\nmore-lines = "+"\nskip = "ctrl+g"\n', tmp_path)
    assert settings.keys == {"accept": "f2,equals_sign", "more-lines": "plus", "skip": "ctrl+g"}
    assert settings.problems == ()
    assert read(tmp_path / "none").problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = ", "is left as it is and was not taken: Invalid value"),
        ("\xff", "was not taken"),
        ("[" * 3000, "was not taken"),
        ('them = "light"', "settings.toml: there is no setting them."),
        ("theme = 3", "theme has to be a name in quotation marks."),
        ("list = 1", "list has to be true or false."),
        ("context = 100000", "context has to be a number of lines, at most 200."),
        ("context = true", "context has to be a number of lines, at most 200."),
        ("keys = 1", "keys has to be a table"),
        ('[keys]\nacept = "a"', "there is no command acept; ? and the README name them."),
        ('[keys]\naccept = "a b"', "accept: a b is no key; a, ctrl+g and f2 are."),
        ("[keys]\naccept = []", "is no key"),
        ('[keys]\naccept = "s"', "s would be accept and skip at once: their own keys stay."),
        ('[keys]\naccept = "1"', "1 would be accept and a key that is always the same at once: their own keys stay."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_left_out(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    settings = read(tmp_path / "settings.toml")
    assert said in " ".join(settings.problems)
    assert "\n" not in "".join(settings.problems)
    assert settings.keys == {}


def test_two_commands_may_change_their_keys_with_each_other(tmp_path: Path) -> None:
    settings = told('[keys]\naccept = "s"\nskip = "a"\n', tmp_path)
    assert settings.keys == {"accept": "s", "skip": "a"}
    assert settings.problems == ()


def test_what_the_person_wrote_stays_when_a_setting_changes(tmp_path: Path) -> None:
    text = '# mine\ntheme = "dark"  # at night\n\n[keys]\naccept = "f2"  # far away\n'
    settings = told(text, tmp_path)
    save(settings, ELSEWHERE, {"theme": "light", "list": False})
    kept = (tmp_path / "settings.toml").read_text()
    assert kept == '# mine\ntheme = "light"\n\nlist = false\n[keys]\naccept = "f2"  # far away\n'
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_a_file_that_cannot_be_changed_line_by_line_is_left_alone(tmp_path: Path) -> None:
    text = 'theme = """\nlist = true\n"""\n'
    settings = told(text, tmp_path)
    with pytest.raises(ValueError, match="only you can change"):
        save(settings, ELSEWHERE, {"list": False})
    assert (tmp_path / "settings.toml").read_text() == text
    with pytest.raises(ValueError, match="put right first"):
        save(told("theme = ", tmp_path), ELSEWHERE, {"list": False})
    assert changed_text("", {"context": 3}) == "context = 3\n"


async def opened_with(root: Path, file: Path, keys: tuple[str, ...]) -> Wizard:
    """Open the wizard with a file of settings, press keys, and leave."""
    app = WizardApp(open_scope(scope_of(root)), None, Permissions(), "", read(file))
    async with app.run_test(size=(120, 36)) as pilot:
        opened = Wizard(app, pilot)
        await opened.settle()
        await opened.press("enter", *keys)
        opened.kept = opened.text  # type: ignore[attr-defined]
    return opened


async def test_own_keys_work_and_the_view_is_there_again(repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('theme = "light"\n[keys]\naccept = "f2"\nskip = "f3"\n')
    opened = await opened_with(repository, file, ("f2", "f3", "a", "d", "t"))
    assert opened.statuses("autoscaler") == [Status.ACCEPTED, Status.SKIPPED, Status.PENDING]
    assert opened.app.theme == "wizard-light"
    assert "a is no key here; ? lists the keys." not in opened.app.title
    assert 'side_by_side = true\nlist = false\n[keys]\naccept = "f2"' in file.read_text()
    app = WizardApp(open_scope(scope_of(repository)), None, Permissions(), "", read(file))
    async with app.run_test(size=(120, 36)) as pilot:
        again = Wizard(app, pilot)
        await again.settle()
        await again.press("enter")
        assert again.review.query_one(DiffView).beside
        assert again.review.has_class("-no-tree")
        assert "f2 accept" in again.footer


async def test_a_broken_file_is_told_of_and_stays_as_it_is(repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("theme = \n")
    app = WizardApp(open_scope(scope_of(repository)), None, Permissions(), "", read(file))
    async with app.run_test(size=(120, 36)) as pilot:
        opened = Wizard(app, pilot)
        await opened.settle()
        assert "is left as it is and was not taken" in " ".join(opened.text.split())
        await opened.press("enter", "d")
    assert file.read_text() == "theme = \n"


async def test_an_unknown_theme_is_said_and_dark_is_taken(repository: Path) -> None:
    app = WizardApp(open_scope(scope_of(repository)), None, Permissions(), "", PersonalSettings("nightfall"))
    async with app.run_test(size=(120, 36)) as pilot:
        opened = Wizard(app, pilot)
        await opened.settle()
        assert "There are no colours nightfall" in opened.text
        assert app.theme == "wizard-dark"


async def test_without_settings_nothing_is_written_anywhere(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "d", "plus", "i")
        assert opened.app.own.flush() == ""
