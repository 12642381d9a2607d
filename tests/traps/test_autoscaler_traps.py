"""Traps of the autoscaler's names."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 5: old names raise by mere presence


def test_keep_warm_of_none_raises_as_well() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(keep_warm=None)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- @app.function(keep_warm=None)",
        "+ @app.function(min_containers=None)",
    ]


def test_the_experimental_name_is_renamed_too() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(_experimental_buffer_containers=2)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- @app.function(_experimental_buffer_containers=2)",
        "+ @app.function(buffer_containers=2)",
    ]


def test_options_of_a_class_are_renamed_too() -> None:
    seen = in_app(
        "autoscaler",
        """
        C = modal.Cls.from_name("x", "C")
        C.with_options(concurrency_limit=2, container_idle_timeout=60)().f.remote()
        """,
    )
    assert seen.found == ["autoscaler-rename: safe", "autoscaler-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- C.with_options(concurrency_limit=2, container_idle_timeout=60)().f.remote()",
        "+ C.with_options(max_containers=2, scaledown_window=60)().f.remote()",
    ]


def test_options_of_a_class_never_took_keep_warm() -> None:
    seen = in_app(
        "autoscaler",
        """
        C = modal.Cls.from_name("x", "C")
        C.with_options(keep_warm=1)().f.remote()
        """,
    )
    assert seen.found == ["autoscaler-options: manual"]


def test_keep_warm_of_a_method_had_no_effect_and_goes() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.cls()
        class C:
            @modal.method(keep_warm=1)
            def f(self): ...
        """,
    )
    assert seen.found == ["autoscaler-method: review"]
    assert seen.choices == ["delete", "move"]
    assert seen.becomes() == [
        "-     @modal.method(keep_warm=1)",
        "+     @modal.method()",
    ]
    assert seen.becomes("move") == [
        "- @app.cls()",
        "+ @app.cls(min_containers=1)",
        "-     @modal.method(keep_warm=1)",
        "+     @modal.method()",
    ]


def test_keep_warm_methods_become_update_autoscaler() -> None:
    seen = in_app(
        "autoscaler",
        """
        f = modal.Function.from_name("x", "f")
        f.keep_warm(2)
        """,
    )
    assert seen.found == ["keep-warm-method: safe"]
    assert seen.choices == ["update", "autoscaler"]
    assert seen.becomes() == [
        "- f.keep_warm(2)",
        "+ f.update_autoscaler(min_containers=2)",
    ]
    assert seen.becomes("autoscaler") == [
        "- f.keep_warm(2)",
        "+ f.autoscaler.update(min_containers=2)",
    ]


def test_keep_warm_methods_are_awaited_by_their_aio() -> None:
    seen = in_app(
        "autoscaler",
        """
        f = modal.Function.from_name("x", "f")

        async def g():
            await f.keep_warm.aio(2)
        """,
    )
    assert seen.found == ["keep-warm-method: safe"]
    assert seen.choices == ["update", "autoscaler"]
    assert seen.becomes() == [
        "-     await f.keep_warm.aio(2)",
        "+     await f.update_autoscaler.aio(min_containers=2)",
    ]


# SDK fact 5: both names given, and dicts


def test_of_both_names_the_old_one_won() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(keep_warm=1, min_containers=2)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-both: review"]
    assert seen.choices == ["old", "new"]
    assert seen.becomes() == [
        "- @app.function(keep_warm=1, min_containers=2)",
        "+ @app.function(min_containers=1)",
    ]
    assert seen.becomes("new") == [
        "- @app.function(keep_warm=1, min_containers=2)",
        "+ @app.function(min_containers=2)",
    ]


def test_a_key_of_a_dict_that_is_splatted_is_renamed_too() -> None:
    seen = in_app(
        "autoscaler",
        """
        OPTIONS = dict(keep_warm=1)

        @app.function(**OPTIONS)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-splat: review"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- OPTIONS = dict(keep_warm=1)",
        "+ OPTIONS = dict(min_containers=1)",
    ]


def test_a_key_of_a_dict_that_goes_elsewhere_is_left() -> None:
    seen = in_app(
        "autoscaler",
        """
        OPTIONS = dict(keep_warm=1)

        print(OPTIONS)
        """,
    )
    assert seen.found == []


# SDK fact 5: values that the new names refuse


def test_a_window_below_two_seconds_is_refused() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(container_idle_timeout=1)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-value: review"]
    assert seen.choices == ["fit", "rename"]
    assert seen.becomes() == [
        "- @app.function(container_idle_timeout=1)",
        "+ @app.function(scaledown_window=2)",
    ]
    assert seen.becomes("rename") == [
        "- @app.function(container_idle_timeout=1)",
        "+ @app.function(scaledown_window=1)",
    ]


def test_a_window_above_an_hour_is_refused() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(container_idle_timeout=7200)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-value: review"]
    assert seen.choices == ["fit", "rename"]
    assert seen.becomes() == [
        "- @app.function(container_idle_timeout=7200)",
        "+ @app.function(scaledown_window=3600)",
    ]


def test_true_is_no_number_of_containers() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(keep_warm=True)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-value: review"]
    assert seen.choices == ["fit", "rename"]
    assert seen.becomes() == [
        "- @app.function(keep_warm=True)",
        "+ @app.function(min_containers=1)",
    ]


def test_a_float_is_no_number_of_seconds() -> None:
    seen = in_app(
        "autoscaler",
        """
        @app.function(container_idle_timeout=5 * 60.0)
        def f(): ...
        """,
    )
    assert seen.found == ["autoscaler-value: review"]
    assert seen.choices == ["fit", "rename"]
    assert seen.becomes() == [
        "- @app.function(container_idle_timeout=5 * 60.0)",
        "+ @app.function(scaledown_window=300)",
    ]


# SDK fact 5: the same words elsewhere


def test_parameters_of_ones_own_functions_are_left() -> None:
    seen = in_app(
        "autoscaler",
        """
        def serve(keep_warm=1): ...

        serve(keep_warm=2)
        """,
    )
    assert seen.found == []


def test_fields_of_ones_own_classes_are_left() -> None:
    seen = in_app(
        "autoscaler",
        """
        class Settings:
            keep_warm: int = 1

        Settings().keep_warm
        """,
    )
    assert seen.found == []


def test_an_app_of_another_library_is_left() -> None:
    seen = in_app(
        "autoscaler",
        """
        from flask import Flask

        other = Flask("x")

        @other.function(keep_warm=1)
        def f(): ...
        """,
    )
    assert seen.found == []
