"""Traps of ``web_endpoint``."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 6: the import still works, the call fails


def test_an_import_of_web_endpoint_goes_with_its_use() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        from modal import web_endpoint

        @app.function()
        @web_endpoint()
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- from modal import web_endpoint",
        "+ from modal import fastapi_endpoint",
        "- @web_endpoint()",
        "+ @fastapi_endpoint()",
    ]


def test_an_import_from_partial_function_is_the_same() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        from modal.partial_function import web_endpoint

        @app.function()
        @web_endpoint(method="POST")
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "+ from modal import fastapi_endpoint",
        "- from modal.partial_function import web_endpoint",
        "- ",
        '- @web_endpoint(method="POST")',
        '+ @fastapi_endpoint(method="POST")',
    ]


def test_an_endpoint_without_brackets_never_worked() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        @app.function()
        @modal.web_endpoint
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-bare: review"]
    assert seen.choices == ["call"]
    assert seen.becomes() == [
        "- @modal.web_endpoint",
        "+ @modal.fastapi_endpoint()",
    ]


def test_wait_for_response_true_was_the_default_and_goes() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        @app.function()
        @modal.web_endpoint(wait_for_response=True)
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-rename: safe", "endpoint-wait: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- @modal.web_endpoint(wait_for_response=True)",
        "+ @modal.fastapi_endpoint()",
    ]


def test_wait_for_response_false_has_no_successor() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        @app.function()
        @modal.web_endpoint(wait_for_response=False)
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-rename: safe", "endpoint-wait: manual"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- @modal.web_endpoint(wait_for_response=False)",
        "+ @modal.fastapi_endpoint(wait_for_response=False)",
    ]


def test_names_that_a_module_lists_in_all_are_renamed_too() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        from modal import web_endpoint

        __all__ = ["web_endpoint"]
        """,
    )
    assert seen.found == ["endpoint-reexport: review"]
    assert seen.choices == ["rename", "alias"]
    assert seen.becomes() == [
        "- from modal import web_endpoint",
        "+ from modal import fastapi_endpoint",
        '- __all__ = ["web_endpoint"]',
        '+ __all__ = ["fastapi_endpoint"]',
    ]


# SDK fact 6: images without fastapi


def test_the_image_must_bring_fastapi_by_itself() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        @app.function()
        @modal.web_endpoint()
        def f(): ...
        """,
    )
    assert seen.found == ["endpoint-rename: safe"]
    assert seen.choices == ["rename"]
    assert seen.becomes() == [
        "- @modal.web_endpoint()",
        "+ @modal.fastapi_endpoint()",
    ]
    assert "does not install fastapi" in seen.said


# SDK fact 6: the same words elsewhere


def test_ones_own_web_endpoint_is_left() -> None:
    seen = in_app(
        "fastapi-endpoint",
        """
        def web_endpoint():
            return lambda f: f

        @web_endpoint()
        def f(): ...
        """,
    )
    assert seen.found == []


def test_texts_are_left() -> None:
    seen = in_app("fastapi-endpoint", 'print("decorate it with @modal.web_endpoint()")')
    assert seen.found == []
