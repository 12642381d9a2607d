"""Every reader of foreign text, given changed texts: no fault, nothing else touched, no more work than is read.

A few seconds for all; ``MODAL_WIZARD_FUZZ=10`` gives each reader ten minutes. What it found is kept below.
"""

from __future__ import annotations

import contextlib
import gc
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support.foreign import READERS, WRITTEN, Reader, file_of_ours
from support.fuzzing import Sources, check, find
from support.nasty import INPUTS, seconds
from support.surfaces import ROOT

from modal_transforms.core.patches import apply
from modal_transforms.core.source import Unreadable
from modal_transforms.formats import open_source
from modal_transforms.requirements import pins_of, raised

MINUTES = float(os.environ.get("MODAL_WIZARD_FUZZ", "0"))
"""How long each reader is tried; without it, a fixed number of texts."""
FEW = 25
ENOUGH, TIMES, BOUND = 0.02, 8, 24
"""Processor seconds that a piece must take to be measured; how often it is repeated; how much more may be taken."""


def changed(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return bytes after a few changes: pieces gone, doubled, moved, cut, foreign ones put in."""
    for _ in range(chance.choice([1, 1, 2, 3, 5])):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 1, 2, 5, 20, 200]))
        other = chance.choice(others)
        at = chance.randrange(len(other) + 1)
        piece = chance.choice(
            [
                b"",
                data[start:end] * chance.choice([2, 3, 30]),
                other[at : at + chance.choice([1, 5, 40, 400])],
                chance.choice(SIGNS),
                chance.choice(SIGNS) * chance.choice([2, 9]),
                bytes([chance.randrange(256)]),
            ]
        )
        data = data[:start] + piece + data[end:]
    if chance.random() < 0.1:
        data = data.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8", b"\x0c\n"]))
    if chance.random() < 0.03:
        data = chance.choice([b"\xef\xbb\xbf" + data, data.decode("utf-8", "replace").encode("utf-16")])
    return data[:20_000]


SIGNS = [
    *(sign.encode() for sign in "\" ' ` \\ # : - | > < { } [ ] ( ) , ; $ & * % ! @ = ~ ^ /".split()),
    *(b"\n", b"\r", b"\t", b" ", b"\0", b"\x1b", b"\xff", "é".encode(), "\u2028".encode(), b"\xed\xa0\x80", b"\\\n"),
    *(
        b"'''",
        b'"""',
        b"```",
        b"~~~",
        b"${{ ",
        b" }}",
        b"$(",
        b"<<EOF\n",
        b"\nEOF\n",
        b"%%bash\n",
        b"!modal",
        b"\n    ",
    ),
    *(
        b"import modal\n",
        b"modal run pkg/mod.py",
        b"modal==0.60",
        b"keep_warm=1",
        b"\\u0041",
        b"\\ud800",
        b"null",
        b"1e9",
    ),
]


def tried(reader: Reader, data: bytes) -> None:
    """Have a text read, and all that is found in it taken; whatever is raised is wrong."""
    path = reader.path
    beside = {name: b"" for name in ROOT if name != path}
    for target in ("1.6.4", "1.0"):
        patches = [patch for pin in pins_of(path, data) for patch in raised(pin, target)]
        after = apply(data, patches)
        assert not [patch for pin in pins_of(path, after) for patch in raised(pin, target)], "raised again and again"
    check({**beside, path: data}, path)
    sources: Sources = {}
    with contextlib.suppress(Unreadable):
        sources[path] = open_source(path, data)
        find(sources)


def grown(reader: Reader, data: bytes, chance: random.Random) -> None:
    """Repeat a piece of a text, eight times as often as another time, and compare the work."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice([1, 2, 3, 8, 30]))
    piece = data[start:end]
    if not piece.strip():
        return
    count = 4000 // len(piece)
    short, long = (data[:start] + piece * number + data[end:] for number in (count, count * TIMES))
    gc.collect()
    base = max(seconds(reader.path, short), ENOUGH)
    for _ in range(3):
        ratio = seconds(reader.path, long) / base
        if ratio <= BOUND:
            return
        base = max(base, seconds(reader.path, short))
    raise AssertionError(f"work grows {ratio:.0f} times for {TIMES}: {data[:start]!r} + {piece!r} * n + {data[end:]!r}")


def campaign(
    name: str, attempt: Callable[[random.Random], bytes], trial: Callable[[bytes, random.Random], None]
) -> str:
    """Try texts for as long as is asked; raises what was wrong, each kind once; returns how many were tried."""
    began, count = time.monotonic(), 0
    wrong: Counter[str] = Counter()
    first: dict[str, str] = {}
    while time.monotonic() - began < MINUTES * 60 if MINUTES else count < FEW:
        count += 1
        chance = random.Random(f"{name} {count} {began if MINUTES else ''}")
        data = attempt(chance)
        try:
            trial(data, chance)
        except Exception as error:
            what = f"{type(error).__name__}: {error}".partition("\n")[0][:300]
            kind = what[:60]
            wrong[kind] += 1
            if len(data) < len(first.get(kind, " " * 10**6)):
                first[kind] = f"{what}\n{data!r}"
    said = f"{name}: {count} texts in {time.monotonic() - began:.0f} s, {sum(wrong.values())} wrong"
    assert not wrong, "\n".join([said, *(f"{number} x {first[kind]}" for kind, number in wrong.most_common())])
    return said


@pytest.mark.campaign
@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_whatever_it_is_given(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    reader = READERS[name]
    seeds = [
        *reader.seeds,
        *(make(3).encode("utf-8", "surrogatepass") for make in INPUTS.get(reader.path, {}).values()),
    ]

    def attempt(chance: random.Random) -> bytes:
        return changed(chance.choice(seeds), seeds, chance)

    def trial(data: bytes, chance: random.Random) -> None:
        tried(reader, data)
        if chance.random() < 0.1:
            grown(reader, data, chance)

    said = campaign(name, attempt, trial)
    if MINUTES:
        with capsys.disabled():
            print(f"\n{said}")


@pytest.mark.campaign
@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_read_of_our_own_and_of_git_may_be_anything(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = file_of_ours(name, tmp_path)
    seed = ours.place.read_bytes()

    def trial(data: bytes, chance: random.Random) -> None:
        ours.place.write_bytes(data)
        before = time.process_time()
        ours.read()
        assert time.process_time() - before < 1, "it takes long"

    said = campaign(name, lambda chance: changed(seed, [seed], chance), trial)
    if MINUTES:
        with capsys.disabled():
            print(f"\n{said}")


FOUND = {
    "Make": [
        b"\t@modal run \rmodal run a.b\n\t@modal ",
        b"AAA\n\tmodal run\r\r\ra.b\r\ra.b\n",
        b"a:\n\t$(MoDAL) run a.b\n",
    ],
    "setup": [b'from setuptools import setup\nsetup(install_requires=["modal-client"t"t"])\n'],
    "TypeScript": [b"moda## run a.b modal run a.b modal run a.b \n"],
    "shell": [b"modal run \r-modal run a.b\nmodal ", b"pip install 'modal==*0.63.*' modal-client>=0\n"],
    "Dockerfile": [b"FROM x\rRUN modal run \r-m a.b\r\nCMD modal run\x0ba.b\n"],
    "YAML": [b"jobs:\n  x:\n    steps:\n      - run: |\n          modal run\ra.b\n          modal run\x0ca.b\r"],
}
"""What the long campaign found wrong, by reader, and its like for the others."""


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, texts in FOUND.items() for data in texts])
def test_what_the_campaign_found(name: str, data: bytes) -> None:
    tried(READERS[name], data)
