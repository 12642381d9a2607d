"""Traps of constructors and ``modal.parameter``."""

from __future__ import annotations

from traps.seen import in_app, look

# SDK fact 9: what counts as a constructor


def test_a_constructor_without_parameters_is_refused_too() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self):
                self.x = 1
        """,
    )
    assert seen.found == ["cls-setup: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self):",
        "+     @modal.enter()",
        "+     def setup(self):",
    ]


def test_a_constructor_of_any_keywords_is_left_to_a_person() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, **options):
                self.options = options
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]


def test_an_inherited_constructor_counts() -> None:
    seen = in_app(
        "cls-parameters",
        """
        class Base:
            def __init__(self):
                self.x = 1

        @app.cls()
        class C(Base): ...
        """,
    )
    assert seen.found == ["cls-inherited-constructor: manual"]
    assert "C inherits a constructor from Base" in seen.said


def test_a_constructor_of_a_library_counts() -> None:
    seen = in_app(
        "cls-parameters",
        """
        import torch

        @app.cls()
        class C(torch.nn.Module): ...
        """,
    )
    assert seen.found == ["cls-inherited-constructor: manual"]
    assert "C inherits a constructor from torch.nn.Module" in seen.said


def test_a_constructor_of_an_exception_counts() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C(Exception): ...
        """,
    )
    assert seen.found == ["cls-inherited-constructor: manual"]
    assert "C inherits a constructor from Exception" in seen.said


def test_an_abstract_base_without_a_constructor_does_not_count() -> None:
    seen = in_app(
        "cls-parameters",
        """
        import abc

        class Base(abc.ABC): ...

        @app.cls()
        class C(Base): ...
        """,
    )
    assert seen.found == []


def test_a_dataclass_makes_a_constructor() -> None:
    seen = in_app(
        "cls-parameters",
        """
        import dataclasses

        @app.cls()
        @dataclasses.dataclass
        class C:
            name: str
        """,
    )
    assert seen.found == ["cls-dataclass: manual"]
    assert "Take @dataclass off C" in seen.said


def test_new_is_not_refused() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __new__(cls):
                return super().__new__(cls)
        """,
    )
    assert seen.found == []


# SDK fact 9: which types travel


def test_int_travels() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: int):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: int = modal.parameter()",
        "-     def __init__(self, x: int):",
        "-         self.x = x",
    ]


def test_str_travels() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
    ]


def test_bool_travels() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: bool):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: bool = modal.parameter()",
        "-     def __init__(self, x: bool):",
        "-         self.x = x",
    ]


def test_bytes_travels() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: bytes):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: bytes = modal.parameter()",
        "-     def __init__(self, x: bytes):",
        "-         self.x = x",
    ]


def test_float_does_not_travel_and_goes_as_text() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: float):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self, x: float):",
        "+     x: str = modal.parameter()",
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "-         self.x = x",
        "+         self.x = float(self.x)",
    ]


def test_a_union_with_none_does_not_travel() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str | None):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self, x: str | None):",
        "-         self.x = x",
        "+     x: str = modal.parameter()",
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "+         self.x = self.x or None",
    ]


def test_optional_does_not_travel() -> None:
    seen = in_app(
        "cls-parameters",
        """
        from typing import Optional

        @app.cls()
        class C:
            def __init__(self, x: Optional[str] = None):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "- from typing import Optional",
        "- ",
        "-     def __init__(self, x: Optional[str] = None):",
        "-         self.x = x",
        '+     x: str = modal.parameter(default="")',
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "+         self.x = self.x or None",
    ]


def test_literal_does_not_travel() -> None:
    seen = in_app(
        "cls-parameters",
        """
        from typing import Literal

        @app.cls()
        class C:
            def __init__(self, x: Literal["a", "b"]):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "- from typing import Literal",
        "- ",
        "+     x: str = modal.parameter()",
        '-     def __init__(self, x: Literal["a", "b"]):',
        "-         self.x = x",
    ]


def test_list_does_not_travel_and_goes_as_json() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: list):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+ import json",
        "-     def __init__(self, x: list):",
        "-         self.x = x",
        "+     x: str = modal.parameter()",
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "+         self.x = json.loads(self.x)",
    ]


def test_any_is_left_to_a_person() -> None:
    seen = in_app(
        "cls-parameters",
        """
        from typing import Any

        @app.cls()
        class C:
            def __init__(self, x: Any):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]


def test_a_secret_is_left_to_a_person() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: modal.Secret):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]


def test_a_type_is_inferred_from_a_literal_default_and_is_for_review() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, n=3):
                self.n = n
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     n: int = modal.parameter(default=3)",
        "-     def __init__(self, n=3):",
        "-         self.n = n",
    ]
    assert "`n` has no annotation: its default is of type int" in seen.said


# SDK fact 9: annotations that are text


def test_from_future_import_annotations_goes_where_nothing_needs_it() -> None:
    seen = look(
        "cls-parameters",
        """
        from __future__ import annotations

        import modal

        app = modal.App("a")

        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "- from __future__ import annotations",
        "- ",
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
    ]


def test_from_future_import_annotations_that_is_needed_is_a_reason_to_refuse() -> None:
    seen = look(
        "cls-parameters",
        """
        from __future__ import annotations

        import modal

        app = modal.App("a")

        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x

            @modal.method()
            def f(self) -> C: ...
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]
    assert "the annotation at line 13 needs it" in seen.said


def test_a_quoted_annotation_loses_its_quotes() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: "str"):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        '-     def __init__(self, x: "str"):',
        "-         self.x = x",
    ]


# SDK fact 9: defaults


def test_none_is_no_text_so_the_empty_text_stands_for_it() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str = None):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self, x: str = None):",
        "-         self.x = x",
        '+     x: str = modal.parameter(default="")',
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "+         self.x = self.x or None",
    ]


def test_a_default_of_another_type_is_not_checked_so_a_person_looks() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str = 3):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter(default=3)",
        "-     def __init__(self, x: str = 3):",
        "-         self.x = x",
    ]
    assert "the default of `x` is of type int, not str" in seen.said


def test_required_ones_come_before_those_with_defaults() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, *, n: int = 3, name: str):
                self.n = n
                self.name = name
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     name: str = modal.parameter()",
        "+     n: int = modal.parameter(default=3)",
        "-     def __init__(self, *, n: int = 3, name: str):",
        "-         self.n = n",
        "-         self.name = name",
    ]


# SDK fact 9: calls by position fail late, in any file


def test_calls_by_position_are_named() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x

        @app.local_entrypoint()
        def main():
            C("a").f.remote()
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
        '-     C("a").f.remote()',
        '+     C(x="a").f.remote()',
    ]


def test_calls_in_other_files_are_named() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x
        """,
        files={"client.py": 'from main import C\n\nC("a").f.remote()\n'},
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
        "client.py:",
        '- C("a").f.remote()',
        '+ C(x="a").f.remote()',
    ]


def test_calls_of_a_class_that_is_looked_up_are_named() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x
        """,
        files={"client.py": 'import modal\n\nmodal.Cls.from_name("a", "C")("x").f.remote()\n'},
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
        "client.py:",
        '- modal.Cls.from_name("a", "C")("x").f.remote()',
        '+ modal.Cls.from_name("a", "C")(x="x").f.remote()',
    ]
    assert "client.py:3 finds the class by its name, and may be deployed apart from it" in seen.said
    assert "Deploy the callers that name the parameters before the class" in seen.said


def test_calls_that_unpack_are_said_and_left() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x

        def make(args):
            return C(*args)
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
    ]
    assert "Check the calls named above; they are not all changed." in seen.said


def test_callers_are_deployed_before_the_class() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         self.x = x",
    ]
    assert "have to name the parameters before the class is deployed" in seen.said


# SDK fact 9: logic in a constructor


def test_a_parameter_that_is_stored_by_another_name_is_for_review() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.name = x
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self, x: str):",
        "+     x: str = modal.parameter()",
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "-         self.name = x",
        "+         self.name = self.x",
    ]


def test_what_is_worked_out_moves_to_enter() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, n: int):
                self.n = n * 2
        """,
    )
    assert seen.found == ["cls-constructor: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self, n: int):",
        "+     n: int = modal.parameter()",
        "+ ",
        "+     @modal.enter()",
        "+     def setup(self):",
        "+         n = self.n",
    ]
    assert "before the class is deployed" in seen.said


def test_a_memory_snapshot_needs_snap_for_the_constructor_ran_before_it() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls(enable_memory_snapshot=True)
        class C:
            def __init__(self):
                self.x = 1
        """,
    )
    assert seen.found == ["cls-setup: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "-     def __init__(self):",
        "+     @modal.enter(snap=True)",
        "+     def setup(self):",
    ]


def test_the_new_enter_method_takes_no_name_that_is_taken() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self):
                self.x = 1

            def setup(self): ...
        """,
    )
    assert seen.found == ["cls-setup: review"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     @modal.enter()",
        "-     def __init__(self):",
        "+     def set_up(self):",
    ]


def test_an_enter_method_above_would_run_first_so_a_person_moves_it() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            @modal.enter()
            def start(self): ...

            def __init__(self):
                self.x = 1
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]


def test_super_init_goes_where_there_is_nothing_above() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                super().__init__()
                self.x = x
        """,
    )
    assert seen.found == ["cls-constructor: safe"]
    assert seen.choices == ["parameters"]
    assert seen.becomes() == [
        "+     x: str = modal.parameter()",
        "-     def __init__(self, x: str):",
        "-         super().__init__()",
        "-         self.x = x",
    ]


def test_a_class_that_calls_its_constructor_elsewhere_is_left_to_a_person() -> None:
    seen = in_app(
        "cls-parameters",
        """
        @app.cls()
        class C:
            def __init__(self, x: str):
                self.x = x

        C.__init__(object(), "x")
        """,
    )
    assert seen.found == ["cls-constructor-by-hand: manual"]
