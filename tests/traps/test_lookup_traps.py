"""Traps of ``.lookup``."""

from __future__ import annotations

import pytest
from support.cases import report, sources

from traps.seen import in_app, look

# SDK fact 8: who has it


def test_app_lookup_stays() -> None:
    seen = in_app("lookup", 'found = modal.App.lookup("x", create_if_missing=True)')
    assert seen.found == []


def test_lookups_of_ones_own_and_of_others_are_left() -> None:
    seen = in_app(
        "lookup",
        """
        class Table:
            def lookup(self, key): ...

        Table().lookup("x")
        {}.get("lookup")
        """,
    )
    assert seen.found == []


def test_an_environment_has_from_name() -> None:
    seen = in_app(
        "lookup",
        """
        from modal.environments import Environment

        e = Environment.lookup("dev")
        """,
    )
    assert seen.found == ["lookup: safe"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- e = Environment.lookup("dev")',
        '+ e = Environment.from_name("dev")',
    ]


def test_a_mount_has_no_from_name_any_more() -> None:
    seen = in_app("lookup", 'm = modal.Mount.lookup("x")')
    assert seen.found == []


# SDK fact 8: parameters


def test_namespace_goes() -> None:
    seen = look(
        "lookup",
        """
        import modal

        v = modal.Volume.lookup("v", namespace=None)
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- v = modal.Volume.lookup("v", namespace=None)',
        '+ v = modal.Volume.from_name("v")',
    ]


def test_workspace_goes() -> None:
    seen = in_app("lookup", 'c = modal.Cls.lookup("x", "C", workspace=None)')
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- c = modal.Cls.lookup("x", "C", workspace=None)',
        '+ c = modal.Cls.from_name("x", "C")',
    ]


def test_client_goes_to_hydrate() -> None:
    seen = in_app(
        "lookup",
        """
        def g(client):
            return modal.Volume.lookup("v", client=client)
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert seen.becomes() == [
        '-     return modal.Volume.lookup("v", client=client)',
        '+     return modal.Volume.from_name("v").hydrate(client)',
    ]
    assert seen.becomes("from-name") == [
        '-     return modal.Volume.lookup("v", client=client)',
        '+     return modal.Volume.from_name("v", client=client)',
    ]


def test_positional_extras_become_keywords() -> None:
    seen = in_app("lookup", 'f = modal.Function.lookup("x", "f", None, None, "dev")')
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- f = modal.Function.lookup("x", "f", None, None, "dev")',
        '+ f = modal.Function.from_name("x", "f", environment_name="dev")',
    ]


def test_label_is_the_name() -> None:
    seen = in_app("lookup", 'v = modal.Volume.lookup(label="v")')
    assert seen.found == ["lookup: safe"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- v = modal.Volume.lookup(label="v")',
        '+ v = modal.Volume.from_name(name="v")',
    ]


def test_tag_is_the_name() -> None:
    seen = in_app("lookup", 'f = modal.Function.lookup("x", tag="f")')
    assert seen.found == ["lookup: safe"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- f = modal.Function.lookup("x", tag="f")',
        '+ f = modal.Function.from_name("x", name="f")',
    ]


def test_data_of_a_dict_only_filled_a_new_one() -> None:
    seen = in_app("lookup", 'd = modal.Dict.lookup("d", {"a": 1}, create_if_missing=True)')
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["fill", "from-name"]
    assert seen.becomes() == [
        '- d = modal.Dict.lookup("d", {"a": 1}, create_if_missing=True)',
        '+ d = modal.Dict.from_name("d", create_if_missing=True)',
        "+ if d.len() == 0:",
        '+     d.update({"a": 1})',
    ]


# SDK fact 8: async


def test_both_await_and_aio_go() -> None:
    seen = in_app(
        "lookup",
        """
        async def g():
            v = await modal.Volume.lookup.aio("v")
            return v.listdir("/")
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '-     v = await modal.Volume.lookup.aio("v")',
        '+     v = modal.Volume.from_name("v")',
    ]


def test_a_blocking_call_in_a_coroutine_is_just_renamed() -> None:
    seen = in_app(
        "lookup",
        """
        async def g():
            v = modal.Volume.lookup("v")
            return v.listdir("/")
        """,
    )
    assert seen.found == ["lookup: safe"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '-     v = modal.Volume.lookup("v")',
        '+     v = modal.Volume.from_name("v")',
    ]


def test_coroutines_that_are_gathered_are_for_review() -> None:
    seen = in_app(
        "lookup",
        """
        import asyncio

        async def g():
            return await asyncio.gather(modal.Volume.lookup.aio("a"), modal.Volume.lookup.aio("b"))
        """,
    )
    assert seen.found == ["lookup: review", "lookup: review"]
    assert seen.choices == ["hydrate"]
    assert seen.becomes() == [
        '-     return await asyncio.gather(modal.Volume.lookup.aio("a"), modal.Volume.lookup.aio("b"))',
        (
            '+     return await asyncio.gather(modal.Volume.from_name("a").hydrate.aio(), modal.Volum'
            'e.from_name("b").hydrate.aio())'
        ),
    ]


# SDK fact 8: from_name does not ask the server


def test_a_missing_object_is_noticed_in_the_try_only_if_it_is_hydrated() -> None:
    seen = in_app(
        "lookup",
        """
        try:
            v = modal.Volume.lookup("v")
        except Exception:
            v = None
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert seen.becomes() == [
        '-     v = modal.Volume.lookup("v")',
        '+     v = modal.Volume.from_name("v").hydrate()',
    ]


def test_a_bare_lookup_that_creates_creates_only_if_it_is_hydrated() -> None:
    seen = in_app("lookup", 'modal.Volume.lookup("v", create_if_missing=True)')
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert seen.becomes() == [
        '- modal.Volume.lookup("v", create_if_missing=True)',
        '+ modal.Volume.from_name("v", create_if_missing=True).hydrate()',
    ]


def test_an_id_can_be_read_only_if_it_is_hydrated() -> None:
    seen = in_app(
        "lookup",
        """
        v = modal.Volume.lookup("v")
        print(v.object_id)
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert seen.becomes() == [
        '- v = modal.Volume.lookup("v")',
        '+ v = modal.Volume.from_name("v").hydrate()',
    ]


def test_web_url_is_a_method_now() -> None:
    seen = in_app(
        "lookup",
        """
        f = modal.Function.lookup("x", "f")
        print(f.web_url)
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["from-name", "hydrate"]
    assert seen.becomes() == [
        '- f = modal.Function.lookup("x", "f")',
        '+ f = modal.Function.from_name("x", "f")',
        "- print(f.web_url)",
        "+ print(f.get_web_url())",
    ]


def test_web_url_in_a_coroutine_is_awaited_by_choice() -> None:
    seen = in_app(
        "lookup",
        """
        f = modal.Function.from_name("x", "f")

        async def g():
            print(f.web_url)
        """,
    )
    assert seen.found == ["web-url: safe"]
    assert seen.choices == ["call", "await"]
    assert seen.becomes() == [
        "-     print(f.web_url)",
        "+     print(f.get_web_url())",
    ]
    assert seen.becomes("await") == [
        "-     print(f.web_url)",
        "+     print(await f.get_web_url.aio())",
    ]


def test_what_a_container_returns_is_hydrated() -> None:
    seen = in_app(
        "lookup",
        """
        @app.function()
        def f():
            return modal.Volume.lookup("v")
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert seen.becomes() == [
        '-     return modal.Volume.lookup("v")',
        '+     return modal.Volume.from_name("v").hydrate()',
    ]


def test_resolve_is_hydrate() -> None:
    seen = in_app(
        "lookup",
        """
        v = modal.Volume.from_name("v")
        v.resolve()
        """,
    )
    assert seen.found == ["resolve: safe"]
    assert seen.choices == ["hydrate"]
    assert seen.becomes() == [
        "- v.resolve()",
        "+ v.hydrate()",
    ]


# what travels has to be hydrated; what stays has not


def test_it_says_where_an_object_travels() -> None:
    seen = in_app(
        "lookup",
        """
        f = modal.Function.from_name("a", "f")

        def start(q):
            job = {"queue": modal.Queue.lookup("q")}
            f.spawn(
                job,
            )
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.choices == ["hydrate", "from-name"]
    assert "it travels as an argument of .spawn at line 10: Modal serializes only what is hydrated" in seen.said


def test_what_a_serialized_function_looks_up_itself_stays_lazy() -> None:
    seen = in_app(
        "lookup",
        """
        @app.function(serialized=True)
        def work():
            table = modal.Dict.lookup("d")
            return table["size"]

        @app.function(serialized=False)
        def other():
            return queue.len()

        queue = modal.Queue.lookup("q")
        """,
    )
    assert seen.found == ["lookup: safe"] * 2


def test_what_threads_and_other_libraries_are_given_is_no_argument_of_modals() -> None:
    seen = in_app(
        "lookup",
        """
        import ray
        from concurrent.futures import ThreadPoolExecutor

        def start(pool):
            with ThreadPoolExecutor() as executor:
                executor.map(print, [modal.Queue.lookup("q")])
            ray.spawn(modal.Queue.lookup("r"))
            pool.apply(print, modal.Queue.lookup("s"))
        """,
    )
    assert seen.found == ["lookup: review"] * 3
    assert all(finding.choices[0].key == "from-name" for finding in seen.findings)


def test_a_helper_that_gives_an_object_to_its_own_process_stays_lazy() -> None:
    seen = in_app(
        "lookup",
        """
        def queue():
            return modal.Queue.lookup("q")

        def start():
            return queue().len()

        @app.local_entrypoint()
        def main():
            return modal.Dict.lookup("d")
        """,
    )
    assert seen.found == ["lookup: review"] * 2
    assert all(finding.choices[0].key == "from-name" for finding in seen.findings)


def test_an_object_that_travels_in_another_file_is_hydrated() -> None:
    seen = look(
        "lookup",
        """
        import modal

        queue = modal.Queue.lookup("q")
        """,
        files={
            "start.py": 'import modal\nfrom main import queue\n\nmodal.Function.from_name("a", "f").remote(queue)\n'
        },
    )
    assert seen.becomes() == [
        '- queue = modal.Queue.lookup("q")',
        '+ queue = modal.Queue.from_name("q").hydrate()',
    ]


def test_objects_that_go_round_in_a_circle_are_followed_once() -> None:
    seen = in_app(
        "lookup",
        """
        a = modal.Queue.lookup("q")
        b = a
        a = b
        def f(x):
            return f(x)
        f(a)
        """,
    )
    assert seen.found == ["lookup: safe"]


def test_a_dict_that_is_filled_and_travels_is_hydrated() -> None:
    seen = in_app(
        "lookup",
        """
        def start(f):
            f.remote(modal.Dict.lookup("d", {"a": 1}))
        """,
    )
    assert seen.found == ["lookup: review"]
    assert seen.becomes()[1:] == ['+     f.remote(modal.Dict.from_name("d").hydrate())']


# SDK facts 8 and 13: what stands around a lookup went in versions of its own


@pytest.mark.parametrize(
    ("line", "rule", "since", "breaks_in"),
    [
        ("url = f.web_url", "web-url", "0.74.63", "1.4.0"),
        ('modal.Volume.from_name(label="v")', "lookup-name", "0.68.39", "1.0.0"),
        ('modal.Volume.from_name("v", namespace=None)', "from-name-namespace", "1.1.0", "1.4.0"),
        ('modal.Function.from_name("a", "f").resolve()', "resolve", "0.72.39", "1.0.0"),
        ('modal.Function.lookup("a", "f")', "lookup", "", ""),
    ],
)
def test_each_spelling_has_its_own_versions(line: str, rule: str, since: str, breaks_in: str) -> None:
    text = f'import modal\n\nf = modal.Function.from_name("a", "f")\n{line}\n'
    found = report(sources("main.py", text, {}), "main.py").findings
    told = {(each.since, each.breaks_in) for each in found if each.rule == rule}
    assert told == {(since, breaks_in)}
