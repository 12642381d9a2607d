"""Every key of every screen, at both sizes: pressed where it works, and seen to do something.

A walk is a list of what is pressed from the overview on. A plain text is only on the way; a `Step` names the class that
the key belongs to and what must be seen afterwards. Each key that is bound anywhere must be a step of some walk.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from rich.segment import Segment
from support.pilot import DESK, SHOP, SIZES, Wizard, make_repository, wizard
from textual.app import App
from textual.binding import Binding

from modal_wizard import tui
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.screens.verify import Verify
from modal_wizard.tui.widgets.choices import Choices

MANY = "import modal\n\napp = modal.App('many')\n" + "".join(
    f"\n\n@app.function(keep_warm={n})\ndef f{n}():\n    return {n}\n" for n in range(24)
)
MODEL = """\
import modal

app = modal.App("model")


@app.cls()
class Model:
    @modal.build()
    @modal.enter()
    def load(self):
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer("all-MiniLM-L6-v2")
"""
FILES = {
    "broken.py": "import modal\ndef (:\n",
    "desk.py": DESK,
    "many.py": MANY,
    "model.py": MODEL,
    "pool.py": "from pools import Pool\n\none = Pool(keep_warm=1)\ntwo = Pool(keep_warm=2)\n",
    "requirements.txt": "modal==0.77.0\n",
    "shop.py": SHOP,
}
HOOK = "#!/bin/sh\ntest ! -e .git/refuse || { echo the linter says no; exit 1; }\n"
EDITOR = '#!/bin/sh\nsed -i s/min_containers=0/min_containers=7/ "$1"\n'


@dataclass(frozen=True)
class Step:
    """A key, whose it is, and what is seen after it: without more, that the screen changed."""

    owner: str
    key: str
    lands: str = ""
    shows: str = ""
    hides: str = ""
    ends: bool = False
    copies: str = ""
    """What the clipboard begins with; a note of it comes and goes."""


Act = Callable[[Wizard, Path], object]


def steps(owner: str, keys: str) -> list[Step]:
    """Keys of one class, each of which changes what is seen."""
    return [Step(owner, key) for key in keys.split()]


def there_and_back(owner: str, key: str, place: str, back: str) -> list[Step]:
    """A key that opens a screen, and all keys that close it."""
    screen, _, keys = back.partition(" ")
    return [step for each in keys.split() for step in (Step(owner, key, place), Step(place, each, screen))]


def refuse(_opened: Wizard, root: Path) -> None:
    (root / ".git" / "refuse").touch()


def allow(_opened: Wizard, root: Path) -> None:
    (root / ".git" / "refuse").unlink()


def to_diff(opened: Wizard, _root: Path) -> None:
    opened.screen.query_one("#diff").focus()


def have_much_said(opened: Wizard, _root: Path) -> None:
    assert isinstance(opened.screen, Verify)
    opened.screen.lines += [f"{number}" for number in range(99)]
    opened.screen.show()


def to_choices(opened: Wizard, _root: Path) -> None:
    opened.screen.query_one(Choices).focus()


def without_a_pin(opened: Wizard, _root: Path) -> None:
    """Have everything broken now: the newest is installed."""
    opened.app.pins = ()
    opened.app.show_all()


def accept_all_of_the_rest(opened: Wizard, _root: Path) -> None:
    """Decide all but the section that is open."""
    migration = opened.app.migration
    others = [f for f in migration.findings() if f.section != "autoscaler"]
    migration.accept_all([f for f in others if f.section == "lookup"])
    migration.skip([f for f in others if f.section != "lookup"])


Walk = list["str | Step | Act"]

WALKS: dict[str, Walk] = {
    "overview": [
        *steps("SectionList", "j k"),
        *there_and_back("SectionList", "enter", "Review", "Overview o escape"),
        *there_and_back("Overview", "slash", "Finder", "Overview escape"),
        Step("Overview", "g", "Finder"),
        "a p p",
        *steps("Finder", "down up"),
        Step("Finder", "enter", "Review"),
        "o",
        *there_and_back("WizardApp", "f", "Problems", "Overview escape f"),
        *there_and_back("WizardApp", "question_mark", "Help", "Overview escape question_mark"),
        Step("WizardApp", "ctrl+p", "CommandPalette"),
        "escape",
        Step("WizardApp", "q", ends=True),
    ],
    "broken now": [
        without_a_pin,
        Step("Overview", "n", "Review", shows="esc shows all"),
        "s",
        Step("Review", "n", "Review", shows="Autoscaler"),
    ],
    "look-alikes": [
        *there_and_back("Overview", "l", "LeftAlone", "Overview escape l o"),
        "l",
        *steps("Places", "j k"),
        *there_and_back("LeftAlone", "slash", "Typing", "LeftAlone escape"),
    ],
    "verify": [
        *there_and_back("Overview", "v", "Verify", "Overview escape o v"),
        "j enter s o m",
        Step("Summary", "v", "Verify"),
        Step("Verify", "enter", shows="modal 1.6.4: 4 modules"),
        have_much_said,
        *steps("Verify", "j k J K"),
    ],
    "quit": ["j enter", Step("WizardApp", "ctrl+q", ends=True)],
    "deciding": [
        "j enter",
        Step("Review", "a", shows="1 of 27 decided"),
        Step("WizardApp", "u", shows="0 of 27 decided"),
        Step("WizardApp", "U", shows="1 of 27 decided"),
        Step("WizardApp", "u", shows="0 of 27 decided"),
        Step("WizardApp", "ctrl+r", shows="1 of 27 decided"),
        "n",
        Step("Review", "s", shows="2 of 27 decided"),
        "k",
        Step("Review", "x", shows="1 of 27 decided"),
        "j",
        Step("Review", "n"),
        *there_and_back("Review", "r", "Typing", "Review escape enter"),
        *there_and_back("Review", "g", "Finder", "Review escape"),
        Step("Review", "e", "EditLines"),
        Step("EditLines", "escape", "Review"),
        "e",
        Step("EditLines", "ctrl+s", "Review", shows="✎"),
        Step("Review", "A", shows="◉ ready to commit"),
        *there_and_back("Review", "c", "Commit", "Review escape"),
        Step("Review", "n", "Review", shows=".lookup"),
        Step("Review", "S", shows="1 of 1 decided"),
    ],
    "quit an edit": ["j enter", "e", Step("EditLines", "ctrl+q", ends=True)],
    "editor": ["j enter", "e", Step("EditLines", "ctrl+e", shows="min_containers=7"), "ctrl+s"],
    "the rest": [
        "j enter",
        *there_and_back("Review", "R", "Menu", "Review escape"),
        "R",
        *steps("List", "j k"),
        Step("List", "enter", "Review", shows="27 of 27 decided"),
    ],
    "filter": [
        "j enter",
        *there_and_back("Review", "slash", "Typing", "Review escape"),
        "slash z e b r a enter",
        Step("Review", "n", hides="zebra"),
        Step("Review", "F", "Menu"),
        "j enter",
        Step("Review", "escape", "Review", hides="esc shows all"),
    ],
    "looking": [
        "j enter",
        *steps("FindingTree", "j k down up pagedown pageup end home space enter"),
        "j j",
        *steps("Review", "d d plus equals_sign minus w J K shift+down shift+up w"),
        *steps("Review", "t j k down up t i i"),
        to_diff,
        "w",
        *steps("DiffView", "j k"),
    ],
    "choices": [
        "enter",
        *steps("Review", "2 3 1"),
        to_choices,
        *steps("Choices", "j k"),
        Step("Choices", "enter", "Values"),
        Step("Values", "escape", "Review"),
        "a",
        Step("Values", "enter", "Review", shows="1 of 1 decided"),
    ],
    "commit": [
        "j enter A o",
        Step("Overview", "c", "Commit"),
        *steps("Commit", "d d T T"),
        *there_and_back("Commit", "b", "Values", "Commit escape"),
        Step("Commit", "e", hides="c commit"),
        "x",
        Step("Commit", "escape", "Commit", shows="c commit"),
        Step("Commit", "o", "Overview"),
        "c",
        Step("Commit", "c", "Overview", shows="● committed"),
    ],
    "write only": ["j enter a c", Step("Commit", "W", "Overview")],
    "commit by enter": ["j enter A c", Step("Commit", "enter", "Overview", shows="● committed")],
    "commit all": [
        "j enter A",
        accept_all_of_the_rest,
        "c",
        Step("Commit", "C", "CommitAll"),
        Step("CommitAll", "C", "CommitAll", shows="2 of 2 committed"),
    ],
    "all from the overview": [
        "j enter A o",
        *there_and_back("Overview", "C", "CommitAll", "Overview o escape"),
        "C",
        *there_and_back("CommitAll", "b", "Values", "CommitAll escape"),
        Step("CommitAll", "enter", "CommitAll", shows="1 of 1 committed"),
        Step("CommitAll", "m", "Summary"),
    ],
    "failure": [
        "j enter a c",
        refuse,
        Step("Commit", "c", "Failure", shows="the linter says no"),
        Step("Failure", "escape", "Commit"),
        "c",
        Step("Failure", "enter", "Commit"),
        "c",
        Step("Failure", "e", "Commit", hides="commit again"),
        "escape c",
        allow,
        Step("Failure", "c", "Overview", hides="commit again"),
    ],
    "failure and terminal": [
        "j enter a c",
        refuse,
        "c",
        allow,
        Step("Failure", "T", "Overview", hides="commit again"),
    ],
    "summary": [
        "j enter s o",
        Step("Overview", "m", "Summary"),
        *steps("Summary", "j k J K"),
        Step("Summary", "m", copies="## Migration to Modal 1.x"),
        *there_and_back("Summary", "p", "Question", "Summary n escape enter"),
        "p",
        Step("Question", "y", "Summary", hides="raise the pin"),
        *there_and_back("Overview", "m", "Summary", "Overview o escape")[1:],
    ],
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_repository(tmp_path_factory.mktemp("template") / "shop", FILES)
    for place, text in ((root / ".git" / "hooks" / "pre-commit", HOOK), (root.parent / "editor", EDITOR)):
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
        place.chmod(0o755)
    return root


@pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])
@pytest.mark.parametrize("name", WALKS)
async def test_every_key_does_something_that_is_seen(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("VISUAL", str(template.parent / "editor"))
    if name == "editor":
        monkeypatch.setattr(App, "suspend", lambda self: contextlib.nullcontext())
    root = copytree(template, tmp_path / "shop")
    async with wizard(root, size) as opened:
        for step in WALKS[name]:
            if isinstance(step, Step):
                await _take(opened, step)
            elif isinstance(step, str):
                await opened.press(*step.split())
            else:
                step(opened, root)
                await opened.settle()


async def _take(opened: Wizard, step: Step) -> None:
    live = opened.screen.active_bindings.get(step.key)
    assert live is not None, f"{step.key} does not work on {opened.screen}"
    assert live.enabled
    assert type(live.node).__name__ == step.owner, f"{step.key} belongs to {live.node}"
    await opened.settle()
    before, drawn = _seen(opened)
    await opened.press(step.key)
    if step.ends:
        assert opened.app.return_value == 0
        return
    if step.copies:
        assert opened.app.clipboard.startswith(step.copies)
        return
    (after, drawn_after), screen = _seen(opened), type(opened.screen).__name__
    assert drawn_after != drawn, f"nothing is seen of {step.key}:\n{after}"
    assert screen == step.lands or not step.lands, f"{step.key} leads to {screen}:\n{after}"
    assert not step.shows or (step.shows in after and step.shows not in before), f"{step.key}:\n{after}"
    assert not step.hides or (step.hides in before and step.hides not in after), f"{step.key}:\n{after}"


def _seen(opened: Wizard) -> tuple[str, list[list[Segment]]]:
    """What is on the screen, as text and with its colours: where the cursor is may be told by these alone."""
    strips = opened.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips), [list(strip) for strip in strips]


# --- nothing is left out ---------------------------------------------------------------------------------------------

OWNED = ("modal_wizard.tui.screens.", "modal_wizard.tui.dialogs.", "modal_wizard.tui.widgets.")
ELSEWHERE = {
    *(("CommitAll", "c"), ("CommitAll", "space"), ("Running", "escape"), ("Running", "ctrl+c")),
    *(("Overview", "D"), ("Failure", "D"), ("Overview", "A"), ("Summary", "Z"), ("Summary", "P"), ("Overview", "P")),
    *((screen, key) for screen in ("Overview", "Commit") for key in "JK"),
    *(("Review", key) for key in "y E h Y G P enter right".split()),
    *(("Accepted", key) for key in "d plus equals_sign minus w J shift+down K shift+up o escape P".split()),
    *(("Files", "j"), ("Files", "k"), ("FindingTree", "right"), ("Choices", "left"), ("EditLines", "ctrl+b")),
    ("Commit", "V"),
    *(("Review", "C"), ("Overview", "escape")),
}
"""Keys for what takes long, for files that the person is at work on, for all sections, and for judging a change: other
tests press them."""
MOST_CHOICES = 3
"""No finding of these repositories has more choices; the keys for more do what those for fewer do."""


def bound() -> Iterator[tuple[str, str]]:
    """Every key of every class of ours that binds keys, with the name of the class."""
    for found in pkgutil.walk_packages(tui.__path__, "modal_wizard.tui."):
        importlib.import_module(found.name)
    for owner in _owners():
        for binding in vars(owner).get("BINDINGS", ()):
            assert isinstance(binding, Binding)
            for key in binding.key.split(","):
                if not (owner is Review and key.isdigit() and int(key) > MOST_CHOICES):
                    yield owner.__name__, key


def _owners() -> set[type[Any]]:
    return {WizardApp, *_below(object)}


def _below(parent: type[Any]) -> Iterator[type[Any]]:
    children: list[type[Any]] = type.__subclasses__(parent)
    for child in children:
        if str(child.__module__).startswith(
            ("modal_wizard.tui.screens.", "modal_wizard.tui.dialogs.", "modal_wizard.tui.widgets.")
        ):
            yield child
        yield from _below(child)


def test_every_bound_key_is_pressed_in_some_walk() -> None:
    pressed = {(step.owner, step.key) for walk in WALKS.values() for step in walk if isinstance(step, Step)}
    assert set(bound()) - pressed == ELSEWHERE
    assert pressed - set(bound()) == set(), "no such key any more"


def test_every_key_that_is_offered_says_what_it_does() -> None:
    for owner in _owners():
        for binding in vars(owner).get("BINDINGS", ()):
            if binding.show:
                assert binding.description, (owner, binding)
                assert binding.tooltip, (owner, binding)
