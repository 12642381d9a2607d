"""Traps of what comes after the guide: what looks like a new name and means something else."""

from __future__ import annotations

from traps.seen import in_app, look

# sandbox files: arguments turn round, defaults differ, names become objects


def test_the_text_comes_before_the_path() -> None:
    seen = look(
        "sandbox-files", "import modal\n\ndef f(sb: modal.Sandbox, p, text):\n    sb.open(p, 'w').write(text)\n"
    )
    assert seen.becomes() == [
        "-     sb.open(p, 'w').write(text)",
        "+     sb.filesystem.write_text(text, p)",
    ]
    assert "The path has to be absolute" in seen.said


def test_no_parents_were_made_unless_asked_for() -> None:
    seen = look("sandbox-files", "import modal\n\ndef f(sb: modal.Sandbox):\n    sb.mkdir('/a/b')\n")
    assert seen.choices == ["make", "parents"]
    assert seen.becomes() == [
        "-     sb.mkdir('/a/b')",
        "+     sb.filesystem.make_directory('/a/b', create_parents=False)",
    ]


def test_errors_that_were_caught_are_other_ones() -> None:
    program = """
        import modal

        def f(sb: modal.Sandbox):
            try:
                sb.rm("/a")
            except FileNotFoundError:
                pass
    """
    assert "catch modal.exception.SandboxFilesystemNotFoundError" in look("sandbox-files", program).said


def test_a_part_of_a_file_is_a_persons_matter() -> None:
    program = "import modal\n\ndef f(sb: modal.Sandbox):\n    sb.open('/log', 'a').write('x')\n"
    assert look("sandbox-files", program).found == ["sandbox-open-by-hand: manual"]


# autoscaler: None left a setting as it was, and takes it back now


def test_none_is_not_handed_on() -> None:
    seen = in_app(
        "autoscaler-api", "f = modal.Function.from_name('a', 'f')\nf.update_autoscaler(max_containers=None)\n"
    )
    assert seen.becomes() == [
        "- f.update_autoscaler(max_containers=None)",
        "+ f.autoscaler.update()",
    ]


def test_a_variable_may_be_none() -> None:
    seen = in_app("autoscaler-api", "f = modal.Function.from_name('a', 'f')\nf.update_autoscaler(max_containers=n)\n")
    assert seen.found == ["autoscaler-update: review"]
    assert "Check that max_containers cannot be None" in seen.said


def test_instances_have_no_autoscaler() -> None:
    seen = in_app("autoscaler-api", "modal.Cls.from_name('a', 'C')().update_autoscaler(min_containers=1)\n")
    assert seen.found == ["autoscaler-instance: manual"]


# async code: where nothing stops, and where an await would change what something is


def test_a_generator_does_not_become_another_one() -> None:
    seen = in_app(
        "async-calls",
        """
        @app.function()
        def f(x): ...

        async def g():
            return sum(f.remote(x) for x in range(3))
        """,
    )
    assert seen.found == ["async-blocking-by-hand: manual"]


def test_what_is_handed_to_gather_is_not_awaited_one_by_one() -> None:
    seen = in_app(
        "async-calls",
        """
        import asyncio

        @app.function()
        def f(x): ...

        async def g():
            return await asyncio.gather(f.remote(1), f.remote(2))
        """,
    )
    assert seen.becomes() == [
        "-     return await asyncio.gather(f.remote(1), f.remote(2))",
        "+     return await asyncio.gather(f.remote.aio(1), f.remote.aio(2))",
    ]


# stored objects: making one gives no identifier any more


def test_an_identifier_that_is_wanted_is_a_persons_matter() -> None:
    seen = in_app("object-managers", "v = modal.Volume.create_deployed('v')\n")
    assert seen.found == ["object-create-by-hand: manual"]


# Python: a wheel names the one that it is for


def test_a_wheel_for_the_old_python_keeps_it() -> None:
    seen = in_app(
        "python-version", "i = modal.Image.debian_slim('3.10').pip_install('https://a/b-cp310-cp310-any.whl')\n"
    )
    assert seen.found == ["python-version-by-hand: manual"]
    assert "cp310" in seen.said
