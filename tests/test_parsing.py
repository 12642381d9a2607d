"""Files that this Python refuses are read all the same, when a newer Python would take them."""

from __future__ import annotations

import pytest
from support.cases import clean, look
from support.surfaces import migrated

from modal_transforms.analysis.parse import ParseFailure, parse
from modal_transforms.core.model import fill
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.rewrite.rewrite import rewrite

NEWER = [
    pytest.param('x = f"{d["key"]}"', id="pep-701-same-quotes"),
    pytest.param("x = f\"{'\\n'.join(a)}\"", id="pep-701-backslash"),
    pytest.param('x = f"""{\n    d["a"]  # why\n}"""', id="pep-701-comment"),
    pytest.param("type Pair[T] = tuple[T, T]", id="pep-695-alias"),
    pytest.param("def first[T](items: list[T]) -> T: ...", id="pep-695-function"),
    pytest.param("class Box[T, *Ts]: ...", id="pep-695-class"),
]


@pytest.mark.parametrize("line", NEWER)
def test_a_file_in_newer_syntax_is_migrated(line: str) -> None:
    text = clean(
        """
        import modal

        app = modal.App("é")
        LINE

        @app.function(keep_warm=1)
        def f(): ...
        """
    ).replace("LINE", line)
    source = SourceFile("a.py", text.encode())
    report = look(source)
    assert not report.problems
    (finding,) = report.findings
    after = rewrite(source, fill(finding.choices[0], {})).after.text
    assert after == text.replace("keep_warm", "min_containers")
    assert line in after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("print 'modal'\n", id="python-2"),
        pytest.param("def f(:\n    modal\n", id="broken"),
        pytest.param("modal = (\n" + "(" * 5000 + ")" * 5000 + "\n)\n", id="nested-too-deeply"),
        pytest.param("x = 1\x00 # modal\n", id="nul"),
        pytest.param("<<<<<<< HEAD\nimport modal\n=======\n>>>>>>> other\n", id="conflict-markers"),
    ],
)
def test_a_file_that_no_python_takes_is_a_result_not_an_exception(text: str) -> None:
    source = SourceFile("a.py", text.encode())
    with pytest.raises(ParseFailure):
        parse(source)
    report = look(source)
    assert not report.findings
    assert len(report.problems) == 1


def test_a_base_goes_from_a_class_whose_name_is_in_another_encoding() -> None:
    imports = "import modal\nfrom modal.cls import ClsMixin\n"
    code = f'{imports}\napp = modal.App("a")\n\n@app.cls()\nclass ñandú(ClsMixin): ...\n'
    source = SourceFile("a.py", f"# -*- coding: latin-1 -*-\n{code}".encode("latin-1"))
    (found,) = [each for each in look(source).findings if each.rule == "cls-mixin"]
    after = rewrite(source, found.choices[0].changes).after
    assert "\nclass ñandú: ...\n" in after.text


APP = 'import modal\n\napp = modal.App("a")\n\n'
IN_OTHER_LETTERS = {
    "endpoint": APP + "@app.function()\n@modal.{}()\ndef f(): ...\n",
    "attribute": "import modal\n\nvolume = modal.Volume.{}('v')\n",
    "apart from its dot": "import modal\n\nvolume = modal.Volume. {}('v')\n",
    "class": 'import modal\n\nstub = modal.{}("a")\n',
    "lifecycle": APP + "@app.cls()\nclass C:\n    def {}(self): ...\n",
    "in __all__": 'import modal\n\nstub = modal.Stub("a")\n__all__ = ["{}"]\n',
}
WORDS = {
    "endpoint": ("web_endpoint", "ｗeb_endpoint"),
    "attribute": ("persisted", "ｐersisted"),
    "apart from its dot": ("persisted", "ｐersisted"),
    "class": ("Stub", "Ｓtub"),
    "lifecycle": ("__enter__", "__ｅnter__"),
    "in __all__": ("stub", "\\x73tub"),
}


@pytest.mark.parametrize("kind", IN_OTHER_LETTERS)
def test_a_name_in_letters_that_python_reads_as_others_becomes_what_the_plain_one_does(kind: str) -> None:
    said = "words = ('web_endpoint', 'persisted', 'Stub', '__enter__')\n"  # what is looked for at all
    plain, other = (migrated("a.py", (IN_OTHER_LETTERS[kind].format(word) + said).encode()) for word in WORDS[kind])
    assert other == plain
    assert plain != (IN_OTHER_LETTERS[kind].format(WORDS[kind][0]) + said).encode()


@pytest.mark.parametrize("text", [b"import modal  # caf\xe9\n", b"import modal\n# `keep_warm`\n# caf\xe9"])
def test_a_comment_in_another_encoding_makes_a_file_unreadable_as_it_does_for_python(text: bytes) -> None:
    with pytest.raises(Unreadable, match="utf-8|encoding"):
        parse(SourceFile("a.py", text))
