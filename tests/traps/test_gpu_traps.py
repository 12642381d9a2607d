"""Traps of ``modal.gpu``."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 11: which string an object is


def test_a100_is_the_one_of_40_gb() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100())
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.A100())",
        '+ @app.function(gpu="A100-40GB")',
    ]


def test_a100_of_80_gb_in_eights() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100(size="80GB", count=8))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        '- @app.function(gpu=modal.gpu.A100(size="80GB", count=8))',
        '+ @app.function(gpu="A100-80GB:8")',
    ]


def test_an_empty_size_is_no_size() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100(size=""))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        '- @app.function(gpu=modal.gpu.A100(size=""))',
        '+ @app.function(gpu="A100-40GB")',
    ]


def test_memory_of_80_is_a_size() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100(memory=80))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.A100(memory=80))",
        '+ @app.function(gpu="A100-80GB")',
    ]


def test_the_smallest_a100_was_of_20_gb() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100(memory=20))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: review"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.A100(memory=20))",
        '+ @app.function(gpu="A100-40GB")',
    ]
    assert "the smallest has 40" in seen.said


def test_other_sizes_never_were() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.A100(size="100GB"))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: manual"]


def test_a_count_may_be_positional() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.T4(2))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.T4(2))",
        '+ @app.function(gpu="T4:2")',
    ]


def test_a_count_of_one_is_no_suffix() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.H100(count=1))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.H100(count=1))",
        '+ @app.function(gpu="H100")',
    ]


def test_a_count_of_none_at_all_is_left_to_a_person() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.H100(count=0))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: manual"]


def test_a_count_by_name_is_put_into_the_string() -> None:
    seen = in_app(
        "gpu",
        """
        N = 4

        @app.function(gpu=modal.gpu.H100(count=N))
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.H100(count=N))",
        '+ @app.function(gpu=f"H100:{N}")',
    ]


def test_any_is_any() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.Any())
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        "- @app.function(gpu=modal.gpu.Any())",
        '+ @app.function(gpu="any")',
    ]


# SDK fact 11: where it stands


def test_a_list_of_fallbacks_is_a_list_of_strings() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=[modal.gpu.H100(), modal.gpu.A100(size="80GB")])
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-object: safe", "gpu-object: safe"]
    assert seen.choices == ["string"]
    assert seen.becomes() == [
        '- @app.function(gpu=[modal.gpu.H100(), modal.gpu.A100(size="80GB")])',
        '+ @app.function(gpu=["H100", "A100-80GB"])',
    ]


def test_strings_stay() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu="A100")
        def f(): ...
        """,
    )
    assert seen.found == []


def test_a_class_that_is_not_called_was_always_an_error() -> None:
    seen = in_app(
        "gpu",
        """
        @app.function(gpu=modal.gpu.H100)
        def f(): ...
        """,
    )
    assert seen.found == ["gpu-mention: manual"]


def test_the_count_that_is_read_elsewhere_is_kept() -> None:
    seen = in_app(
        "gpu",
        """
        GPU = modal.gpu.A100(count=4)

        @app.function(gpu=GPU)
        def f():
            print(GPU.count)
        """,
    )
    assert seen.found == ["gpu-count: review"]
    assert seen.choices == ["constant"]
    assert seen.becomes() == [
        "- GPU = modal.gpu.A100(count=4)",
        "+ GPU_COUNT = 4",
        '+ GPU = f"A100-40GB:{GPU_COUNT}"',
        "-     print(GPU.count)",
        "+     print(GPU_COUNT)",
    ]


def test_an_object_that_is_inspected_is_left_to_a_person() -> None:
    seen = in_app(
        "gpu",
        """
        GPU = modal.gpu.A100(count=4)

        @app.function(gpu=GPU)
        def f():
            print(isinstance(GPU, modal.gpu._GPUConfig))
        """,
    )
    assert seen.found == ["gpu-object: manual", "gpu-mention: manual"]


def test_an_unused_import_breaks_too() -> None:
    seen = in_app("gpu", "from modal import gpu")
    assert seen.found == ["gpu-import: safe"]
    assert seen.choices == ["remove"]
    assert seen.becomes() == [
        "- from modal import gpu",
    ]


def test_an_annotation_breaks_too() -> None:
    seen = in_app(
        "gpu",
        """
        def pick() -> modal.gpu.GPU_T:
            return "T4"
        """,
    )
    assert seen.found == ["gpu-annotation: safe"]
    assert seen.choices == ["str"]
    assert seen.becomes() == [
        "- def pick() -> modal.gpu.GPU_T:",
        "+ def pick() -> str:",
    ]
