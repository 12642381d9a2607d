"""Traps of ``@modal.build``."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 3: spellings, order and settings


def test_build_gave_a_day_and_run_function_gives_an_hour() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]


def test_a_timeout_of_builds_own_is_kept() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build(timeout=600)
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=600))",
        "-     @modal.build(timeout=600)",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]
    assert seen.becomes("volume-function") == [
        '+ cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)',
        "- @app.cls(image=image)",
        '+ @app.function(image=image, volumes={"/d": cache_vol}, timeout=600)',
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        '+ @app.cls(image=image, volumes={"/d": cache_vol})',
        "-     @modal.build(timeout=600)",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]


def test_force_becomes_force_build() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build(force=True)
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400, force_build=True))",
        "-     @modal.build(force=True)",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]


def test_secrets_gpu_and_volumes_of_the_class_go_along_and_its_timeout_and_retries_do_not() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image, gpu="T4", cpu=2, retries=3, timeout=60)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        '- @app.cls(image=image, gpu="T4", cpu=2, retries=3, timeout=60)',
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(",
        '+     image=image.run_function(fetch, gpu="T4", cpu=2, timeout=86400),',
        '+     gpu="T4",',
        "+     cpu=2,",
        "+     retries=3,",
        "+     timeout=60,",
        "+ )",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]


def test_build_methods_run_in_the_order_of_their_definition() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def one(self):
                get("a", "/a/x.bin")

            @modal.build()
            def two(self):
                get("b", "/b/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review", "build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def one():",
        '+     get("a", "/a/x.bin")',
        "+ ",
        "+ ",
        "+ def two():",
        '+     get("b", "/b/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(one, timeout=86400).run_function(two, timeout=86400))",
        "-     @modal.build()",
        "-     def one(self):",
        '-         get("a", "/a/x.bin")',
        "- ",
        "-     @modal.build()",
        "-     def two(self):",
        '-         get("b", "/b/x.bin")',
    ]
    assert seen.becomes("volume-function") == [
        '+ a_vol = modal.Volume.from_name("a-a", create_if_missing=True)',
        '+ b_vol = modal.Volume.from_name("a-b", create_if_missing=True)',
        "- @app.cls(image=image)",
        '+ @app.function(image=image, volumes={"/a": a_vol}, timeout=86400)',
        "+ def one():",
        '+     get("a", "/a/x.bin")',
        "+ ",
        "+ ",
        '+ @app.function(image=image, volumes={"/b": b_vol}, timeout=86400)',
        "+ def two():",
        '+     get("b", "/b/x.bin")',
        "+ ",
        "+ ",
        '+ @app.cls(image=image, volumes={"/a": a_vol, "/b": b_vol})',
        "-     @modal.build()",
        "-     def one(self):",
        '-         get("a", "/a/x.bin")',
        "- ",
        "-     @modal.build()",
        "-     def two(self):",
        '-         get("b", "/b/x.bin")',
    ]


def test_two_directories_are_two_volumes_for_no_class_mounts_one_twice() -> None:
    seen = in_app(
        "build",
        """
        from transformers import AutoModel as M

        @app.cls(image=image)
        class C:
            @modal.build()
            def one(self):
                M.from_pretrained("m", cache_dir="/one")

            @modal.build()
            def two(self):
                M.from_pretrained("n", cache_dir="/two")
        """,
    )
    assert seen.found == ["build-method: review", "build-method: review"]
    assert seen.choices == [
        "run-function",
        "volume",
        "volume-function",
    ]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def one():",
        '+     M.from_pretrained("m", cache_dir="/one")',
        "+ ",
        "+ ",
        "+ def two():",
        '+     M.from_pretrained("n", cache_dir="/two")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(one, timeout=86400).run_function(two, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def one(self):",
        '-         M.from_pretrained("m", cache_dir="/one")',
        "- ",
        "-     @modal.build()",
        "-     def two(self):",
        '-         M.from_pretrained("n", cache_dir="/two")',
    ]


def test_a_class_of_nothing_but_build_methods_stays_a_class() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def one(self):
                get("a", "/a/x.bin")

            @modal.build()
            def two(self):
                get("b", "/b/x.bin")
        """,
    )
    assert seen.found == ["build-method: review", "build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def one():",
        '+     get("a", "/a/x.bin")',
        "+ ",
        "+ ",
        "+ def two():",
        '+     get("b", "/b/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(one, timeout=86400).run_function(two, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def one(self):",
        '-         get("a", "/a/x.bin")',
        "- ",
        "-     @modal.build()",
        "-     def two(self):",
        '-         get("b", "/b/x.bin")',
    ]


def test_build_may_come_from_partial_function() -> None:
    seen = in_app(
        "build",
        """
        from modal.partial_function import build

        @app.cls(image=image)
        class C:
            @build()
            def fetch(self):
                print(1)
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function"]
    assert seen.becomes() == [
        "- from modal.partial_function import build",
        "+ def fetch():",
        "+     print(1)",
        "- @app.cls(image=image)",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "+     pass",
        "-     @build()",
        "-     def fetch(self):",
        "-         print(1)",
    ]


def test_build_by_its_name_alone_is_called_by_nobody_and_nobody_says_so() -> None:
    seen = in_app(
        "build",
        """
        @app.cls(image=image)
        class C:
            def __build__(self):
                print(1)
        """,
    )
    assert seen.found == ["build-dunder: manual"]
    assert "is called by no SDK since 0.65" in seen.said


def test_build_by_its_name_in_a_class_of_ones_own_is_left() -> None:
    seen = in_app(
        "build",
        """
        class C:
            def __build__(self):
                print(1)
        """,
    )
    assert seen.found == []


# SDK fact 3: a method that builds and enters


def test_a_method_that_builds_and_enters_loses_only_build() -> None:
    seen = in_app(
        "build",
        """
        @app.cls(image=image)
        class C:
            @modal.build()
            @modal.enter()
            def load(self):
                self.model = 1
        """,
    )
    assert seen.found == ["build-stacked: review"]
    assert seen.choices == [
        "run-function",
        "enter-only",
    ]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def load():",
        "+     model = 1",
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(load, timeout=86400))",
        "-     @modal.build()",
    ]
    assert "each cold start does the work again" in seen.said


def test_the_order_of_build_and_enter_does_not_matter() -> None:
    seen = in_app(
        "build",
        """
        @app.cls(image=image)
        class C:
            @modal.enter()
            @modal.build()
            def load(self):
                self.model = 1
        """,
    )
    assert seen.found == ["build-stacked: review"]
    assert seen.choices == [
        "run-function",
        "enter-only",
    ]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def load():",
        "+     model = 1",
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(load, timeout=86400))",
        "-     @modal.build()",
    ]


def test_what_a_library_caches_by_itself_goes_into_a_volume_as_the_guide_says() -> None:
    seen = in_app(
        "build",
        """
        from transformers import pipeline

        @app.cls(image=image)
        class C:
            @modal.build()
            @modal.enter()
            def load(self):
                self.model = pipeline("x")
        """,
    )
    assert seen.found == ["build-stacked: review"]
    assert seen.choices == [
        "volume",
        "run-function",
        "enter-only",
    ]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)',
        '+ image = modal.Image.debian_slim().env({"HF_HUB_CACHE": "/cache"})',
        "- @app.cls(image=image)",
        '+ @app.cls(image=image, volumes={"/cache": cache_vol})',
        "-     @modal.build()",
    ]
    assert seen.becomes("enter-only") == [
        "-     @modal.build()",
    ]
    assert "keeps its files in the cache of Hugging Face" in seen.said


# SDK fact 3: a Volume changes where files live


def test_no_volume_can_be_mounted_at_slash_root() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/root/x.bin")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/root/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/root/x.bin")',
    ]


def test_no_volume_is_mounted_where_it_hides_the_system() -> None:
    seen = in_app(
        "build",
        """
        from transformers import AutoModel as M

        @app.cls(image=image)
        class C:
            @modal.build()
            @modal.enter()
            def load(self):
                self.m = M.from_pretrained("m", cache_dir="/usr/local/lib")
        """,
    )
    assert seen.found == ["build-stacked: review"]
    assert seen.choices == [
        "run-function",
        "enter-only",
    ]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def load():",
        '+     m = M.from_pretrained("m", cache_dir="/usr/local/lib")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(load, timeout=86400))",
        "-     @modal.build()",
    ]


def test_what_a_file_is_fetched_to_is_no_directory() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/models/x")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/models/x")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/models/x")',
    ]
    assert seen.becomes("volume-function") == [
        '+ cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)',
        "- @app.cls(image=image)",
        '+ @app.function(image=image, volumes={"/models": cache_vol}, timeout=86400)',
        "+ def fetch():",
        '+     get("u", "/models/x")',
        "+ ",
        "+ ",
        '+ @app.cls(image=image, volumes={"/models": cache_vol})',
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/models/x")',
    ]


# SDK fact 3: a method that becomes a function


def test_a_method_that_uses_its_instance_cannot_be_a_function() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get(self.url, "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: manual"]
    assert "it uses self.url" in seen.said


def test_a_parameter_has_no_value_while_the_image_is_built() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            name: str = modal.parameter()

            @modal.build()
            def fetch(self):
                get(self.name, "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: manual"]
    assert "while an image is built there is no instance" in seen.said


def test_a_constant_of_the_class_becomes_a_name_of_the_function() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            URL = "https://x"

            @modal.build()
            def fetch(self):
                get(self.URL, "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     URL = "https://x"',
        '+     get(URL, "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "- ",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get(self.URL, "/d/x.bin")',
    ]


def test_a_method_that_calls_its_parents_cannot_be_a_function() -> None:
    seen = in_app(
        "build",
        """
        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                super().fetch()
        """,
    )
    assert seen.found == ["build-method: manual"]
    assert "it uses super" in seen.said


def test_a_method_that_others_call_stays_in_its_class() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.enter()
            def load(self):
                self.fetch()
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
        "-     @modal.build()",
    ]
    assert "other methods call fetch, so the class keeps it" in seen.said


def test_a_method_that_an_heir_calls_stays_in_its_class() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        class Base:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")

        @app.cls(image=image)
        class C(Base):
            @modal.enter()
            def load(self):
                self.fetch()
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "-     @modal.build()",
        "- @app.cls(image=image)",
        "+ @app.cls(image=image.run_function(fetch, timeout=86400))",
    ]


def test_the_function_comes_before_the_image_that_runs_it_and_is_plain() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image, gpu="T4")
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")

            @modal.method()
            def go(self): ...
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        '- @app.cls(image=image, gpu="T4")',
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        '+ @app.cls(image=image.run_function(fetch, gpu="T4", timeout=86400), gpu="T4")',
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
        "- ",
    ]


def test_a_name_that_is_taken_is_not_taken_twice() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        def fetch(): ...

        @app.cls(image=image)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        "- @app.cls(image=image)",
        "+ def fetch_for_c():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=image.run_function(fetch_for_c, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
    ]


def test_files_that_are_only_mounted_need_copy_true_before_run_function() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        files = image.add_local_dir("d", "/d")

        @app.cls(image=files)
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function", "volume-function"]
    assert seen.becomes() == [
        '- files = image.add_local_dir("d", "/d")',
        '+ files = image.add_local_dir("d", "/d", copy=True)',
        "- @app.cls(image=files)",
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        "+ @app.cls(image=files.run_function(fetch, timeout=86400))",
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
    ]


def test_files_mounted_at_the_decorator_come_after_run_function() -> None:
    seen = in_app(
        "build",
        """
        from urllib.request import urlretrieve as get

        @app.cls(image=image.add_local_dir("d", "/d"))
        class C:
            @modal.build()
            def fetch(self):
                get("u", "/d/x.bin")
        """,
    )
    assert seen.found == ["build-method: review"]
    assert seen.choices == ["run-function"]
    assert seen.becomes() == [
        '- @app.cls(image=image.add_local_dir("d", "/d"))',
        "+ def fetch():",
        '+     get("u", "/d/x.bin")',
        "+ ",
        "+ ",
        '+ @app.cls(image=image.run_function(fetch, timeout=86400).add_local_dir("d", "/d"))',
        "+     pass",
        "-     @modal.build()",
        "-     def fetch(self):",
        '-         get("u", "/d/x.bin")',
    ]


def test_what_moving_the_mounts_makes_possible_is_said() -> None:
    seen = in_app(
        "build",
        """
        @app.cls(image=image, mounts=[modal.Mount.from_local_dir("a", remote_path="/a")])
        class C:
            @modal.build()
            def b(self):
                open("/x", "w").write("1")
        """,
    )
    assert "after section 2" in seen.said


def test_files_of_a_folder_that_is_given_are_in_no_cache() -> None:
    seen = in_app(
        "build",
        """
        from huggingface_hub import snapshot_download
        from transformers.utils import move_cache

        @app.cls(image=image)
        class C:
            @modal.build()
            def b(self):
                snapshot_download("m", local_dir="/model")
                move_cache()
        """,
    )
    assert seen.choices[0] == "run-function"
    assert "keeps its files in the folder that it is given, '/model'" in seen.said
    assert "cache of" not in seen.said
