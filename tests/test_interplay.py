"""Sections meet in one decorator, in one class, in one line: whatever is chosen, and in whatever order, it fits."""

from __future__ import annotations

import itertools
import os
import random

import pytest
from support import interplay
from support.cases import clean
from support.interplay import Mark, all_at_once, by_section, kinds, scan, sources, step_by_step, texts
from support.programs import program

from modal_transforms.sections import Group, group_of

PROGRAMS = int(os.environ.get("MODAL_WIZARD_PROGRAMS", "12"))
"""How many made-up programs to try; set it to some thousands for a long run."""

DECORATOR = """
    import modal

    app = modal.App("a")

    @app.function(
        gpu=modal.gpu.A100(size="80GB"),  # big
        keep_warm=1,
        allow_concurrent_inputs=10,
        timeout=60,
    )
    @modal.web_endpoint(method="POST")
    def serve(x: int):
        return x
"""
CLASS = """
    from modal import App, enter, gpu, method

    app = App("a")

    @app.cls(gpu=gpu.H100(count=2), allow_concurrent_inputs=10, container_idle_timeout=300)
    class Model:
        def __init__(self, name: str = "bert"):
            self.name = name
            self.tag = name.upper()

        @enter()
        def load(self): ...

        @method(keep_warm=1)
        def run(self, x): ...

    @app.local_entrypoint()
    def main():
        Model("gpt").run.remote(1)
"""
BUILT = """
    import modal
    from transformers import AutoModel

    image = modal.Image.debian_slim().pip_install("transformers")
    app = modal.App("a")

    @app.cls(image=image, gpu=modal.gpu.T4(), allow_concurrent_inputs=10)
    class Model:
        def __init__(self):
            self.name = "bert"

        @modal.build()
        @modal.enter()
        def load(self):
            self.model = AutoModel.from_pretrained(self.name)

        @modal.method()
        def run(self, x): ...

    @app.local_entrypoint()
    def main():
        Model.run.remote(1)
"""
STUB = """
    from modal import Stub, gpu, web_endpoint

    stub = Stub("a")

    @stub.function(gpu=gpu.A100(size="80GB"), keep_warm=1, allow_concurrent_inputs=10)
    @web_endpoint(method="POST")
    def serve(x: int):
        return stub.name, x
"""
LOOKED_UP = """
    import modal

    def ask(x):
        try:
            Model = modal.Cls.lookup("far", "Model")
            Model.run.remote(x)
            run = modal.Cls.lookup("far", "Model", environment_name="main").run
            return run, modal.Function.lookup("far", "Model.run").remote(x)
        except modal.exception.NotFoundError:
            return None
"""


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        (DECORATOR, {"gpu", "autoscaler", "concurrent", "fastapi-endpoint", "endpoint-images"}),
        (CLASS, {"gpu", "autoscaler", "concurrent", "cls-parameters"}),
        (BUILT, {"build", "gpu", "concurrent", "cls-parameters", "cls-lookup"}),
        (STUB, {"stub-app", "gpu", "autoscaler", "concurrent", "fastapi-endpoint", "endpoint-images"}),
        (LOOKED_UP, {"lookup", "cls-lookup"}),
    ],
    ids=[
        "a-decorator-hit-by-four",
        "a-class-hit-by-four",
        "a-class-hit-by-five",
        "a-stub-and-its-decorator-hit-by-five",
        "a-class-looked-up-and-not-instantiated",
    ],
)
def test_every_choice_of_findings_fits_together(text: str, sections: set[str]) -> None:
    files = sources({"main.py": clean(text)})
    found = scan(files)
    assert {mark.section for mark in found} == sections
    able = [mark for mark, finding in found.items() if finding.choices]
    for size in range(len(able) + 1):
        for wanted in itertools.combinations(reversed(able), size):
            _check(files, set(found), list(wanted))


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_made_up_programs_come_out_the_same_by_any_way(seed: int) -> None:
    files = sources(program(seed))
    found = scan(files)
    able = [mark for mark, finding in found.items() if finding.choices]
    before = [mark for mark in able if group_of(mark.section) is Group.BEFORE]
    chance = random.Random(seed)
    for portion in (1.0, 0.5):
        wanted = [mark for mark in able if mark not in before and chance.random() < portion]
        chance.shuffle(wanted)
        wanted = [*before, *wanted]
        _check(files, set(found), wanted)


def _check(files: interplay.Sources, found: set[Mark], wanted: list[Mark]) -> None:
    """Taken at once, by section or one by one, the bytes are the same, and what is found then is what was skipped."""
    once = all_at_once(files, wanted)
    assert texts(step_by_step(files, by_section(wanted))) == texts(once)
    assert texts(step_by_step(files, [[mark] for mark in wanted])) == texts(once)
    assert kinds(mark for mark in scan(once) if not _is_carried(once, mark)) == kinds(found - set(wanted))


def _is_carried(files: interplay.Sources, mark: Mark) -> bool:
    """Tell whether a GPU is one that ``run_function`` was given as the class has it: new text, found in its turn."""
    line = files[mark.path].line_span(files[mark.path].line_of(mark.start))
    return mark.section == "gpu" and ".run_function(" in files[mark.path].slice(line)
