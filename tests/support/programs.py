"""Made-up programs against the old API, from a seed: what one decorator and one class can be hit by at once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class Program:
    """A repository in the making."""

    random: random.Random
    lines: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    style: str = "module"

    def modal(self, name: str) -> str:
        """Write a name of modal in the program's own way."""
        if self.style == "module":
            return f"modal.{name}"
        if self.style == "alias":
            return f"m.{name}"
        self.names.add(name.partition(".")[0])
        return name

    def maybe(self, chance: float = 0.5) -> bool:
        """Toss a coin."""
        return self.random.random() < chance


def program(seed: int) -> dict[str, str]:
    """Return the files of one made-up repository."""
    made = Program(random.Random(seed))
    made.style = made.random.choice(["module", "module", "names", "alias"])
    app = made.random.choice(["app", "stub"])
    body = [f'{app} = {made.modal("Stub" if app == "stub" else "App")}("made-up")', ""]
    classes = [f"Model{number}" for number in range(made.random.randint(1, 2))]
    constructors = {name: made.random.choice(["none", "stores", "logic", "nullary", "optional"]) for name in classes}
    for name in classes:
        body += _class(made, app, name, constructors[name])
    for number in range(made.random.randint(0, 2)):
        body += _function(made, app, f"work{number}")
    body += _uses(made, app, constructors)
    files = {"main.py": "\n".join([*_imports(made), "", *body]) + "\n"}
    if made.maybe():
        files["client.py"] = _client(made, constructors)
    return files


def _imports(made: Program) -> list[str]:
    if made.style == "module":
        return ["import os", "import modal"]
    if made.style == "alias":
        return ["import modal as m"]
    names = sorted(made.names)
    if made.maybe(0.3):
        return ["from modal import (", *(f"    {name}," for name in names), ")"]
    return [f"from modal import {', '.join(names)}"]


def _options(made: Program) -> list[str]:
    wanted = [
        ("gpu", made.random.choice(['gpu.A100(size="80GB")', "gpu.T4()", "gpu.H100(count=2)"])),
        ("keep_warm", str(made.random.randint(0, 4))),
        ("container_idle_timeout", "300"),
        ("concurrency_limit", "7"),
        ("allow_concurrent_inputs", made.random.choice(["1", "10", "LIMIT"])),
        ("timeout", "600"),
    ]
    made.random.shuffle(wanted)
    chosen = wanted[: made.random.randint(1, 5)]
    return [f"{name}={made.modal(value) if name == 'gpu' else value.replace('LIMIT', '20')}" for name, value in chosen]


def _call(made: Program, options: list[str]) -> list[str]:
    """Lay a decorator's arguments out on one line or on several, with comments among them."""
    if made.maybe():
        return ["(" + ", ".join(options) + ")"]
    lines = ["("]
    for option in options:
        lines.append(f"    {option},{made.random.choice(['', '', '  # why'])}")
    return [*lines, ")"]


def _decorator(made: Program, name: str) -> list[str]:
    call = _call(made, _options(made))
    return [f"@{name}{call[0]}", *call[1:]]


def _class(made: Program, app: str, name: str, constructor: str) -> list[str]:
    lines = [*_decorator(made, f"{app}.cls"), f"class {name}:"]
    lines += [f"    {line}".rstrip() for line in _constructor(made, constructor)]
    if made.maybe(0.4):
        lines += [f"    @{made.modal('build')}()"] if made.maybe(0.3) else []
        lines += [f"    @{made.modal('enter')}()", "    def load(self):", "        self.loaded = True", ""]
    lines += [f"    @{made.modal('method')}()", "    def run(self, x):", "        return x", ""]
    if made.maybe(0.4):
        lines += [
            f"    @{made.modal('web_endpoint')}(method='POST')",
            "    def web(self, x: int):",
            "        return x",
            "",
        ]
    return lines


def _constructor(made: Program, kind: str) -> list[str]:
    return {
        "none": [],
        "stores": [
            "def __init__(self, size: int, name: str = 'a'):  # kept",
            "    self.size = size",
            "    self.name = name",
            "",
        ],
        "logic": [
            "def __init__(self, size: int):",
            '    """Prepare."""',
            "    self.size = size",
            "    self.twice = size * 2",
            "",
        ],
        "nullary": ["def __init__(self):", "    self.items = []", ""],
        "optional": ["def __init__(self, name: 'str | None' = None):", "    self.name = name", ""],
    }[kind]


def _function(made: Program, app: str, name: str) -> list[str]:
    lines = _decorator(made, f"{app}.function")
    if made.maybe(0.4):
        lines.append(f"@{made.modal('web_endpoint')}({made.random.choice(['', 'docs=True'])})")
    return [*lines, f"def {name}(x: int):", "    return x", ""]


def _arguments(constructor: str) -> str:
    return {"stores": "3, 'b'", "logic": "4", "optional": "None"}.get(constructor, "")


def _uses(made: Program, app: str, constructors: dict[str, str]) -> list[str]:
    lines = [f"@{app}.local_entrypoint()", "def main():"]
    for name, kind in constructors.items():
        lines.append(f"    print({name}({_arguments(kind)}).run.remote(1))")
        if kind in {"none", "nullary"} and made.maybe():
            lines.append(f"    {name}.run.spawn(2)")
    if made.maybe():
        lines.append(f'    Other = {made.modal("Cls")}.lookup("far", "Other")')
        lines += ["    Other.run.remote(1)", "    print(Other.run.map([1, 2]))"]
    if made.maybe(0.3):
        lines.append(f'    {made.modal("Cls")}.lookup("far", "Other", environment_name="main").run.remote(1)')
    if made.maybe(0.4):
        lines.append(f'    {made.modal("Function")}.lookup("far", "Other.run").remote(1)')
    if made.maybe(0.4):
        lines.append(f'    f = {made.modal("Function")}.lookup("far", "f")')
        lines.append("    f.remote(2)")
    return lines


def _client(made: Program, constructors: dict[str, str]) -> str:
    name, kind = made.random.choice(list(constructors.items()))
    lines = [
        f"from main import {name} as Remote",
        "",
        "",
        "def ask():",
        f"    return Remote({_arguments(kind)}).run.remote(5)",
    ]
    if kind in {"none", "nullary"}:
        lines.append("    Remote.run.remote(6)")
    return "\n".join(lines) + "\n"
