"""Traps of ``allow_concurrent_inputs``."""

from __future__ import annotations

from traps.seen import in_app, look

# SDK fact 7: none, one and what is not known


def test_none_raises_too_and_just_goes() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.function(allow_concurrent_inputs=None, timeout=60)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent-unused: safe"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=None, timeout=60)",
        "+ @app.function(timeout=60)",
    ]


def test_a_value_that_may_be_none_is_for_review() -> None:
    seen = in_app(
        "concurrent",
        """
        import os

        @app.function(allow_concurrent_inputs=os.environ.get("N"))
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent-value: review"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "+ @app.function()",
        '- @app.function(allow_concurrent_inputs=os.environ.get("N"))',
        '+ @modal.concurrent(max_inputs=os.environ.get("N"))',
    ]


# SDK fact 7: placement


def test_it_goes_right_under_the_function() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.function(allow_concurrent_inputs=5)
        @modal.asgi_app()
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_above_a_plain_wrapper_for_below_it_is_lost() -> None:
    seen = in_app(
        "concurrent",
        """
        def wrapped(f):
            return lambda: f()

        @app.function(allow_concurrent_inputs=5)
        @wrapped
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_above_a_wraps_wrapper_for_below_it_the_wrapper_is_bypassed() -> None:
    seen = in_app(
        "concurrent",
        """
        import functools

        def wrapped(f):
            @functools.wraps(f)
            def inner(): ...
            return inner

        @app.function(allow_concurrent_inputs=5)
        @wrapped
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_on_a_class_and_never_on_its_methods() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.cls(allow_concurrent_inputs=5)
        class C:
            @modal.method()
            def f(self): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.cls(allow_concurrent_inputs=5)",
        "+ @app.cls()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_a_keyword_beside_the_decorator_was_ignored() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.function(allow_concurrent_inputs=5)
        @modal.concurrent(max_inputs=9)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent-unused: safe"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
    ]


def test_beside_batched_it_may_stand_anywhere() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.function(allow_concurrent_inputs=5)
        @modal.batched(max_batch_size=2, wait_ms=5)
        def f(xs): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_one_input_at_a_time_is_what_a_container_takes_by_default() -> None:
    seen = in_app(
        "concurrent",
        """
        @app.function(allow_concurrent_inputs=1)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent-unused: safe"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == ["- @app.function(allow_concurrent_inputs=1)", "+ @app.function()"]


# SDK fact 7: other callables


def test_with_options_set_the_target_as_well() -> None:
    seen = in_app(
        "concurrent",
        """
        C = modal.Cls.from_name("x", "C")
        C.with_options(gpu="T4", allow_concurrent_inputs=5)().f.remote()
        """,
    )
    assert seen.found == ["concurrent-options: review"]
    assert seen.choices == ["method"]
    assert seen.becomes() == [
        '- C.with_options(gpu="T4", allow_concurrent_inputs=5)().f.remote()',
        '+ C.with_options(gpu="T4").with_concurrency(max_inputs=5, target_inputs=5)().f.remote()',
    ]


def test_with_options_of_nothing_else_goes() -> None:
    seen = in_app(
        "concurrent",
        """
        C = modal.Cls.from_name("x", "C")
        C.with_options(allow_concurrent_inputs=5)().f.remote()
        """,
    )
    assert seen.found == ["concurrent-options: review"]
    assert seen.choices == ["method"]
    assert seen.becomes() == [
        "- C.with_options(allow_concurrent_inputs=5)().f.remote()",
        "+ C.with_concurrency(max_inputs=5, target_inputs=5)().f.remote()",
    ]


def test_the_call_form_wraps_the_function() -> None:
    seen = in_app(
        "concurrent",
        """
        def g(): ...

        f = app.function(allow_concurrent_inputs=5)(g)
        """,
    )
    assert seen.found == ["concurrent-call: review"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- f = app.function(allow_concurrent_inputs=5)(g)",
        "+ f = app.function()(modal.concurrent(max_inputs=5)(g))",
    ]


def test_settings_in_a_dict_are_for_review() -> None:
    seen = in_app(
        "concurrent",
        """
        OPTIONS = {"allow_concurrent_inputs": 5}

        @app.function(**OPTIONS)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent-dict: review"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        '- OPTIONS = {"allow_concurrent_inputs": 5}',
        "+ OPTIONS = {}",
        "+ @modal.concurrent(max_inputs=5)",
    ]


# SDK fact 7: the name concurrent


def test_concurrent_of_the_standard_library_is_not_shadowed() -> None:
    seen = look(
        "concurrent",
        """
        import concurrent.futures

        from modal import App

        app = App("a")

        @app.function(allow_concurrent_inputs=5)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "+ import modal",
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=5)",
    ]


def test_a_file_of_from_imports_gets_one_more() -> None:
    seen = look(
        "concurrent",
        """
        from modal import App

        app = App("a")

        @app.function(allow_concurrent_inputs=5)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- from modal import App",
        "+ from modal import App, concurrent",
        "- @app.function(allow_concurrent_inputs=5)",
        "+ @app.function()",
        "+ @concurrent(max_inputs=5)",
    ]


def test_an_expression_is_moved_as_it_is() -> None:
    seen = in_app(
        "concurrent",
        """
        N = 5

        @app.function(allow_concurrent_inputs=N * 2)
        def f(): ...
        """,
    )
    assert seen.found == ["concurrent: safe"]
    assert seen.choices == ["decorator"]
    assert seen.becomes() == [
        "- @app.function(allow_concurrent_inputs=N * 2)",
        "+ @app.function()",
        "+ @modal.concurrent(max_inputs=N * 2)",
    ]
