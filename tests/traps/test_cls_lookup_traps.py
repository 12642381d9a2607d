"""Traps of looking up classes and their methods."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 10: a method looked up as a function


def test_the_environment_goes_to_the_class() -> None:
    seen = in_app("cls-lookup", 'f = modal.Function.from_name("x", "C.f", environment_name="dev")')
    assert seen.found == ["cls-method-name: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        '- f = modal.Function.from_name("x", "C.f", environment_name="dev")',
        '+ f = modal.Cls.from_name("x", "C", environment_name="dev")().f',
    ]


def test_a_class_that_is_not_in_sight_may_have_parameters() -> None:
    seen = in_app("cls-lookup", 'f = modal.Function.from_name("x", "C.f")')
    assert seen.found == ["cls-method-name: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        '- f = modal.Function.from_name("x", "C.f")',
        '+ f = modal.Cls.from_name("x", "C")().f',
    ]


def test_a_class_in_sight_without_parameters_is_exact() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        f = modal.Function.from_name("a", "C.f")
        """,
    )
    assert seen.found == ["cls-method-name: safe"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        '- f = modal.Function.from_name("a", "C.f")',
        '+ f = modal.Cls.from_name("a", "C")().f',
    ]


def test_parameters_of_a_class_in_sight_are_asked_for() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            name: str = modal.parameter()

            @modal.method()
            def f(self): ...

        f = modal.Function.from_name("a", "C.f")
        """,
    )
    assert seen.found == ["cls-method-name: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes(values={"value-name": '"x"'}) == [
        '- f = modal.Function.from_name("a", "C.f")',
        '+ f = modal.Cls.from_name("a", "C")(name="x").f',
    ]


def test_a_name_that_is_put_together_is_left_to_a_person() -> None:
    seen = in_app(
        "cls-lookup",
        """
        def find(cls, name):
            return modal.Function.from_name("x", f"{cls}.{name}")
        """,
    )
    assert seen.found == ["cls-method-name: manual"]


def test_a_lookup_of_a_method_is_both_changes_in_one() -> None:
    seen = in_app("cls-lookup", 'f = modal.Function.lookup("x", "C.f")')
    assert seen.found == ["cls-method-name: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        '- f = modal.Function.lookup("x", "C.f")',
        '+ f = modal.Cls.from_name("x", "C")().f',
    ]


# SDK fact 10: a class that is not instantiated


def test_a_local_class_is_instantiated_first() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        C.f.remote(1)
        """,
    )
    assert seen.found == ["cls-not-instantiated: safe"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- C.f.remote(1)",
        "+ C().f.remote(1)",
    ]


def test_a_class_with_required_parameters_is_not_guessed() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            name: str = modal.parameter()

            @modal.method()
            def f(self): ...

        C.f.remote(1)
        """,
    )
    assert seen.found == ["cls-not-instantiated: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes(values={"value-name": '"x"'}) == [
        "- C.f.remote(1)",
        '+ C(name="x").f.remote(1)',
    ]


def test_a_class_with_defaults_only_needs_nothing() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            n: int = modal.parameter(default=1)

            @modal.method()
            def f(self): ...

        C.f.map([1])
        """,
    )
    assert seen.found == ["cls-not-instantiated: safe"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- C.f.map([1])",
        "+ C().f.map([1])",
    ]


def test_a_class_that_was_looked_up_is_for_review() -> None:
    seen = in_app(
        "cls-lookup",
        """
        C = modal.Cls.from_name("x", "C")
        C.f.remote(1)
        """,
    )
    assert seen.found == ["cls-not-instantiated: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- C.f.remote(1)",
        "+ C().f.remote(1)",
    ]


def test_a_method_that_is_handed_on_shows_nothing_on_1_6_until_it_is_called() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        def run(method): ...

        run(C.f)
        """,
    )
    assert seen.found == ["cls-not-instantiated: review"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- run(C.f)",
        "+ run(C().f)",
    ]


def test_local_calls_need_an_instance_too() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        C.f.local(1)
        """,
    )
    assert seen.found == ["cls-not-instantiated: safe"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- C.f.local(1)",
        "+ C().f.local(1)",
    ]


def test_the_address_of_an_endpoint_is_a_method_of_an_instance() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.fastapi_endpoint()
            def f(self): ...

        print(C.f.web_url)
        """,
    )
    assert seen.found == ["cls-not-instantiated: safe"]
    assert seen.choices == ["instance"]
    assert seen.becomes() == [
        "- print(C.f.web_url)",
        "+ print(C().f.get_web_url())",
    ]


# SDK fact 10: what is no such access


def test_attributes_static_and_plain_methods_stay() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            SIZE = 3

            @staticmethod
            def helper(): ...

            def plain(self): ...

        print(C.SIZE, C.helper(), C.plain)
        """,
    )
    assert seen.found == []


def test_annotations_stay() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        def run(c: C) -> "C": ...
        """,
    )
    assert seen.found == []


def test_a_method_of_self_stays() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

            @modal.method()
            def g(self):
                return self.f.remote()
        """,
    )
    assert seen.found == []


def test_instances_stay() -> None:
    seen = in_app(
        "cls-lookup",
        """
        @app.cls()
        class C:
            @modal.method()
            def f(self): ...

        C().f.remote(1)
        """,
    )
    assert seen.found == []
