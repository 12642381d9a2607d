"""Traps of ``modal.Mount`` and ``mounts=``."""

from __future__ import annotations

from traps.seen import in_app, look

# SDK fact 2: the parameter is called mounts


def test_mount_in_the_singular_never_was_a_parameter() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(mount=modal.Mount.from_local_dir("data"))
        def f(): ...
        """,
    )
    assert seen.found == ["mount-singular: manual"]
    assert "mount= is no parameter and never was one" in seen.said


# SDK fact 2: only three constructors warn, everything fails


def test_calls_in_a_chain_do_not_warn_and_go_all_the_same() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_dir("data").add_local_file("conf.yaml").add_local_dir("x", remote_path="/m")

        @app.function(mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- m = modal.Mount.from_local_dir("data").add_local_file("conf.yaml").add_local_dir("x", remote_path="/m")',
        "- ",
        "- @app.function(mounts=[m])",
        "+ @app.function(",
        "+     image=(",
        "+         modal.Image.debian_slim()",
        '+         .add_local_dir("data", "/data")',
        '+         .add_local_file("conf.yaml", "/conf.yaml")',
        '+         .add_local_dir("x", remote_path="/m")',
        "+     ),",
        "+ )",
    ]


def test_an_empty_list_of_mounts_does_not_warn_and_goes_all_the_same() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(mounts=[])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- @app.function(mounts=[])",
        "+ @app.function()",
    ]


def test_a_mount_by_name_does_not_warn_and_has_no_successor() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(mounts=[modal.Mount.from_name("shared")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-dynamic: manual"]
    assert "deployed under a name" in seen.said


def test_a_mount_that_is_looked_up_has_no_successor() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.lookup("shared")

        @app.function(mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-dynamic: manual"]
    assert "deployed under a name" in seen.said


def test_the_copy_of_the_oldest_sdks_is_left_to_a_person() -> None:
    seen = in_app("mount", 'built = image.copy(modal.Mount.from_local_dir("data"), "/data")')
    assert seen.found == ["mount-dynamic: manual"]


def test_an_import_of_modal_mount_works_on_1_6_and_is_no_support() -> None:
    seen = in_app(
        "mount",
        """
        from modal.mount import Mount

        @app.function(image=image, mounts=[Mount.from_local_dir("data")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", "/data")',
        "+ @app.function(image=image)",
        "- from modal.mount import Mount",
        "- ",
        '- @app.function(image=image, mounts=[Mount.from_local_dir("data")])',
    ]


def test_the_older_names_stub_and_mounts_are_the_same_thing() -> None:
    seen = look(
        "mount",
        """
        import modal

        stub = modal.Stub("a")

        @stub.function(mounts=[modal.Mount.from_local_dir("data")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @stub.function(mounts=[modal.Mount.from_local_dir("data")])',
        '+ @stub.function(image=modal.Image.debian_slim().add_local_dir("data", "/data"))',
    ]


# SDK fact 2: a mount's paths begin at the root, not at /root


def test_a_folder_lands_in_the_root_and_not_where_the_guide_puts_it() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", "/data")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])',
        "+ @app.function(image=image)",
    ]


def test_a_folder_lands_under_the_last_part_of_its_path() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("~/assets/x/")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("~/assets/x/", "/x")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("~/assets/x/")])',
        "+ @app.function(image=image)",
    ]


def test_from_local_dir_of_a_dot_lands_in_the_root_itself() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir(".")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir(".", "/")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir(".")])',
        "+ @app.function(image=image)",
    ]
    assert "the files land in / itself" in seen.said


def test_from_local_dir_of_two_dots_lands_in_the_root_itself() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("..")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("..", "/")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("..")])',
        "+ @app.function(image=image)",
    ]
    assert "the files land in / itself" in seen.said


def test_a_relative_remote_path_is_anchored_at_the_root() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("../foo", remote_path="bar/baz")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("../foo", remote_path="/bar/baz")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("../foo", remote_path="bar/baz")])',
        "+ @app.function(image=image)",
    ]


def test_a_file_lands_in_the_root() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_file("~/x/y.txt")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_file("~/x/y.txt", "/y.txt")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_file("~/x/y.txt")])',
        "+ @app.function(image=image)",
    ]


def test_packages_land_in_slash_root() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
        def f(): ...
        """,
        files={"pkg/__init__.py": ""},
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])',
        "+ @app.function(image=image)",
    ]


def test_the_guides_place_is_offered_where_relative_paths_are_opened() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
        def f():
            return open("data/x").read()
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "workdir"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", "/data")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])',
        "+ @app.function(image=image)",
    ]
    assert seen.becomes("workdir") == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", "/root/data")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])',
        "+ @app.function(image=image)",
    ]
    assert "which is looked up in /root, not in /" in seen.said


# SDK fact 2: a trailing slash of a file target was dropped


def test_a_trailing_slash_was_dropped_so_the_file_was_called_like_the_folder() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "/root/sub/")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "inside"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_file("y.txt", "/root/sub")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "/root/sub/")])',
        "+ @app.function(image=image)",
    ]
    assert seen.becomes("inside") == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_file("y.txt", "/root/sub/")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "/root/sub/")])',
        "+ @app.function(image=image)",
    ]
    assert "used to be the file itself" in seen.said


def test_a_relative_target_with_a_trailing_slash_was_the_file() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "sub/")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "inside"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_file("y.txt", "/sub")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "sub/")])',
        "+ @app.function(image=image)",
    ]


# SDK fact 2: from mounts= to methods of the image


def test_mounted_files_stay_mounted_and_become_no_layer() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        "+ @app.function(image=image)",
    ]
    assert seen.becomes("decorator") == [
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ @app.function(image=image.add_local_dir("data", remote_path="/data"))',
    ]


def test_an_image_that_something_extends_gets_files_at_the_decorator() -> None:
    seen = in_app(
        "mount",
        """
        bigger = image.pip_install("numpy")

        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        def f(): ...

        @app.function(image=bigger)
        def g(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ @app.function(image=image.add_local_dir("data", remote_path="/data"))',
    ]


def test_an_image_with_other_users_gets_files_at_the_decorator() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        def f(): ...

        @app.function(image=image)
        def g(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ @app.function(image=image.add_local_dir("data", remote_path="/data"))',
    ]


def test_a_class_with_build_methods_needs_the_files_in_a_layer() -> None:
    seen = in_app(
        "mount",
        """
        @app.cls(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        class C:
            @modal.build()
            def fetch(self): ...
        """,
    )
    assert seen.found == ["mount-class: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @app.cls(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ @app.cls(image=image.add_local_dir("data", remote_path="/data", copy=True))',
    ]


def test_without_an_image_the_base_is_modals_default() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        "+ @app.function(",
        '+     image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        "+ )",
    ]


def test_without_an_image_the_base_is_the_apps() -> None:
    seen = in_app(
        "mount",
        """
        other = modal.App("b", image=image)

        @other.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        def f(): ...

        @other.function()
        def g(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- @other.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ @other.function(image=image.add_local_dir("data", remote_path="/data"))',
    ]


def test_mounts_of_an_app_reach_functions_with_images_of_their_own() -> None:
    seen = in_app(
        "mount",
        """
        other = modal.App("b", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

        @other.function()
        def f(): ...

        @other.function(image=image)
        def g(): ...

        @other.cls()
        class C: ...
        """,
    )
    assert seen.found == ["mount-app: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        '- other = modal.App("b", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        "+ other = modal.App(",
        '+     "b", image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        "+ )",
    ]
    assert "What has an image of its own gets the files too: `g`" in seen.said


def test_mounts_of_an_app_come_beside_those_of_a_function() -> None:
    seen = in_app(
        "mount",
        """
        other = modal.App("b", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

        @other.function(mounts=[modal.Mount.from_local_dir("own")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-app: review", "mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- other = modal.App("b", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ other = modal.App("b")',
        '- @other.function(mounts=[modal.Mount.from_local_dir("own")])',
        "+ @other.function(",
        "+     image=(",
        "+         modal.Image.debian_slim()",
        '+         .add_local_dir("data", remote_path="/data")',
        '+         .add_local_dir("own", "/own")',
        "+     ),",
        "+ )",
    ]


def test_files_that_run_function_needs_are_in_a_layer_before_it() -> None:
    seen = in_app(
        "mount",
        """
        def fetch(): ...

        built = image.run_function(fetch, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        """,
    )
    assert seen.found == ["mount-run-function: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- built = image.run_function(fetch, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
        '+ built = image.add_local_dir("data", remote_path="/data", copy=True).run_function(fetch)',
    ]
    assert "from now on they also stay in it" in seen.said


def test_a_sandbox_takes_files_by_its_image() -> None:
    seen = in_app(
        "mount",
        'sb = modal.Sandbox.create("ls", app=app, image=image, mounts=[modal.Mount.from_local_dir("x")])',
    )
    assert seen.found == ["mount-sandbox: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- sb = modal.Sandbox.create("ls", app=app, image=image, mounts=[modal.Mount.from_local_dir("x")])',
        '+ sb = modal.Sandbox.create("ls", app=app, image=image.add_local_dir("x", "/x"))',
    ]


def test_a_sandbox_of_the_app_is_gone_itself() -> None:
    seen = in_app("mount", 'sb = app.spawn_sandbox("ls", mounts=[modal.Mount.from_local_dir("x")])')
    assert seen.found == ["mount-sandbox: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- sb = app.spawn_sandbox("ls", mounts=[modal.Mount.from_local_dir("x")])',
        '+ sb = app.spawn_sandbox("ls", image=modal.Image.debian_slim().add_local_dir("x", "/x"))',
    ]
    assert "App.spawn_sandbox itself is gone" in seen.said


def test_mounts_and_include_source_do_not_conflict() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, include_source=True, mounts=[modal.Mount.from_local_dir("d")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("d", "/d")',
        '- @app.function(image=image, include_source=True, mounts=[modal.Mount.from_local_dir("d")])',
        "+ @app.function(image=image, include_source=True)",
    ]


def test_a_mount_shared_by_functions_is_a_change_for_each() -> None:
    seen = in_app(
        "mount",
        """
        data = modal.Mount.from_local_dir("data", remote_path="/data")

        @app.function(mounts=[data])
        def f(): ...

        @app.function(mounts=[data])
        def g(): ...
        """,
    )
    assert seen.found == ["mount-function: review", "mount-function: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- data = modal.Mount.from_local_dir("data", remote_path="/data")',
        "- ",
        "- @app.function(mounts=[data])",
        "+ @app.function(",
        '+     image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        "+ )",
        "- @app.function(mounts=[data])",
        "+ @app.function(",
        '+     image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        "+ )",
    ]
    assert "is used in other places too" in seen.said


def test_a_list_that_grows_on_a_condition_is_left_to_a_person() -> None:
    seen = in_app(
        "mount",
        """
        import os

        mounts = [modal.Mount.from_local_dir("data", remote_path="/data")]
        if os.environ.get("X"):
            mounts.append(modal.Mount.from_local_dir("x"))

        @app.function(mounts=mounts)
        def f(): ...
        """,
    )
    assert seen.found == ["mount-dynamic: manual"]
    assert "is changed after it is made" in seen.said
    assert "def with_files(image)" in seen.said


def test_a_function_that_returns_a_mount_is_left_to_a_person() -> None:
    seen = in_app(
        "mount",
        """
        def files():
            return modal.Mount.from_local_dir("data", remote_path="/data")

        @app.function(mounts=[files()])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-dynamic: manual"]
    assert "is made by the function `files`" in seen.said


def test_lists_that_are_added_up_are_followed() -> None:
    seen = in_app(
        "mount",
        """
        mounts = [modal.Mount.from_local_dir("data", remote_path="/data")]

        @app.function(mounts=mounts + [modal.Mount.from_local_dir("x")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- mounts = [modal.Mount.from_local_dir("data", remote_path="/data")]',
        "- ",
        '- @app.function(mounts=mounts + [modal.Mount.from_local_dir("x")])',
        "+ @app.function(",
        "+     image=(",
        "+         modal.Image.debian_slim()",
        '+         .add_local_dir("data", remote_path="/data")',
        '+         .add_local_dir("x", "/x")',
        "+     ),",
        "+ )",
    ]


# SDK fact 2: condition= and recursive=


def test_condition_keeps_what_ignore_leaves_out() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: p.endswith(".py"))

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_dir("data", remote_path="/data", ignore=lambda p: not str(p).endswith(".py"))',
        "+ )",
        '- m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: p.endswith(".py"))',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(image=image)",
    ]


def test_a_condition_on_a_folder_of_the_path_sees_other_paths_since_0_76() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: "/src/" in p)

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_dir("data", remote_path="/data", ignore=lambda p: "/src/" not in str(p))',
        "+ )",
        '- m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: "/src/" in p)',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(image=image)",
    ]
    assert "since 0.76.0 it is given paths relative to the added folder" in seen.said


def test_a_condition_on_the_start_of_the_path_sees_other_paths_since_0_76() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: not p.startswith("/home"))

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_dir("data", remote_path="/data", ignore=lambda p: str(p).startswith("/home"))',
        "+ )",
        '- m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: not p.startswith("/home"))',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(image=image)",
    ]
    assert "since 0.76.0 it is given paths relative to the added folder" in seen.said


def test_a_condition_that_asks_the_disk_sees_other_paths_since_0_76() -> None:
    seen = in_app(
        "mount",
        """
        import os

        m = modal.Mount.from_local_dir("data", remote_path="/data", condition=os.path.isfile)

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add"]
    assert seen.becomes() == [
        '- m = modal.Mount.from_local_dir("data", remote_path="/data", condition=os.path.isfile)',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(",
        "+     image=image.add_local_dir(",
        '+         "data", remote_path="/data", ignore=lambda path: not os.path.isfile(str(path))',
        "+     ),",
        "+ )",
    ]
    assert "since 0.76.0 it is given paths relative to the added folder" in seen.said


def test_a_condition_on_a_plain_name_means_what_it_meant() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: "node_modules" not in p)

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_dir("data", remote_path="/data", ignore=lambda p: "node_modules" in str(p))',
        "+ )",
        '- m = modal.Mount.from_local_dir("data", remote_path="/data", condition=lambda p: "node_modules" not in p)',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(image=image)",
    ]


def test_not_recursive_is_a_pattern_now() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data", recursive=False)])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data", ignore=["*/**"])',
        (
            '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/da'
            'ta", recursive=False)])'
        ),
        "+ @app.function(image=image)",
    ]


def test_recursive_is_the_default_and_goes() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data", recursive=True)])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
        (
            '- @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/da'
            'ta", recursive=True)])'
        ),
        "+ @app.function(image=image)",
    ]


# SDK fact 2: add_local_python_source takes other files


def test_data_files_of_packages_would_stay_behind() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/data.json": "{}"},
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "only-python"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        "+ image = modal.Image.debian_slim().add_local_python_source(",
        '+     "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]',
        "+ )",
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])',
        "+ @app.function(image=image)",
    ]
    assert seen.becomes("only-python") == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])',
        "+ @app.function(image=image)",
    ]
    assert "there is also pkg/data.json" in seen.said


def test_compiled_modules_of_packages_would_stay_behind() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/fast.so": ""},
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "only-python"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        "+ image = modal.Image.debian_slim().add_local_python_source(",
        '+     "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]',
        "+ )",
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])',
        "+ @app.function(image=image)",
    ]
    assert "there is also pkg/fast.so" in seen.said


def test_byte_code_and_hidden_files_never_went_along() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/__pycache__/a.pyc": "", "pkg/.hid/z.txt": ""},
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])',
        "+ @app.function(image=image)",
    ]


def test_packages_that_are_not_in_sight_may_hold_data() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("elsewhere")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator", "only-python"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        "+ image = modal.Image.debian_slim().add_local_python_source(",
        '+     "elsewhere", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]',
        "+ )",
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("elsewhere")])',
        "+ @app.function(image=image)",
    ]
    assert "are not in sight" in seen.said


def test_remote_dir_of_packages_has_no_equivalent_so_the_folder_is_named() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", remote_dir="/opt")])
        def f(): ...
        """,
        files={"pkg/__init__.py": ""},
    )
    assert seen.found == ["mount-function: review"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_dir("pkg", "/opt/pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"])',
        "+ )",
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", remote_dir="/opt")])',
        "+ @app.function(image=image)",
    ]


def test_remote_dir_of_packages_out_of_sight_is_left_to_a_person() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("nope", remote_dir="/opt")])
        def f(): ...
        """,
    )
    assert seen.found == ["mount-dynamic: manual"]
    assert "add_local_python_source only knows /root" in seen.said


def test_ignore_of_packages_means_the_same() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", ignore=["*.json"])])
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "pkg/data.json": "{}"},
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg", ignore=["*.json"])',
        ('- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", ignore=["*.json"])])'),
        "+ @app.function(image=image)",
    ]


def test_condition_of_packages_is_turned_round() -> None:
    seen = in_app(
        "mount",
        """
        m = modal.Mount.from_local_python_packages("pkg", condition=lambda p: p.endswith(".py"))

        @app.function(image=image, mounts=[m])
        def f(): ...
        """,
        files={"pkg/__init__.py": ""},
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "+ image = (",
        "- image = modal.Image.debian_slim()",
        "+     modal.Image.debian_slim()",
        '+     .add_local_python_source("pkg", ignore=lambda p: not str(p).endswith(".py"))',
        "+ )",
        '- m = modal.Mount.from_local_python_packages("pkg", condition=lambda p: p.endswith(".py"))',
        "- ",
        "- @app.function(image=image, mounts=[m])",
        "+ @app.function(image=image)",
    ]


def test_a_list_of_package_names_is_unpacked_for_the_new_method_refuses_it() -> None:
    seen = in_app(
        "mount",
        """
        @app.function(image=image, mounts=[modal.Mount.from_local_python_packages(["pkg", "one"])])
        def f(): ...
        """,
        files={"pkg/__init__.py": "", "one.py": ""},
    )
    assert seen.found == ["mount-function: safe"]
    assert seen.choices == ["add", "decorator"]
    assert seen.becomes() == [
        "- image = modal.Image.debian_slim()",
        '+ image = modal.Image.debian_slim().add_local_python_source("pkg", "one")',
        '- @app.function(image=image, mounts=[modal.Mount.from_local_python_packages(["pkg", "one"])])',
        "+ @app.function(image=image)",
    ]


# SDK fact 2: copy_mount


def test_copy_mount_copies_to_the_root_and_not_to_slash_root() -> None:
    seen = in_app("mount", 'built = image.copy_mount(modal.Mount.from_local_dir("data"))')
    assert seen.found == ["mount-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- built = image.copy_mount(modal.Mount.from_local_dir("data"))',
        '+ built = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_copy_mount_counts_from_the_workdir() -> None:
    seen = in_app("mount", 'built = image.workdir("/app").copy_mount(modal.Mount.from_local_dir("data"))')
    assert seen.found == ["mount-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- built = image.workdir("/app").copy_mount(modal.Mount.from_local_dir("data"))',
        '+ built = image.workdir("/app").add_local_dir("data", "/app/data", copy=True)',
    ]


def test_copy_mount_into_a_relative_folder_gets_the_slash_that_the_guide_lacks() -> None:
    seen = in_app("mount", 'built = image.copy_mount(modal.Mount.from_local_dir("data"), "root")')
    assert seen.found == ["mount-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- built = image.copy_mount(modal.Mount.from_local_dir("data"), "root")',
        '+ built = image.add_local_dir("data", "/root/data", copy=True)',
    ]


def test_copy_mount_joins_its_target_and_the_mounts() -> None:
    seen = in_app(
        "mount",
        'built = image.copy_mount(modal.Mount.from_local_dir("public", remote_path="/"), "/static")',
    )
    assert seen.found == ["mount-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- built = image.copy_mount(modal.Mount.from_local_dir("public", remote_path="/"), "/static")',
        '+ built = image.add_local_dir("public", remote_path="/static", copy=True)',
    ]


# SDK fact 2: context_mount=


def test_context_mount_of_none_just_goes() -> None:
    seen = in_app("mount", 'built = modal.Image.from_dockerfile("Dockerfile", context_mount=None)')
    assert seen.found == ["mount-context: safe"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        '- built = modal.Image.from_dockerfile("Dockerfile", context_mount=None)',
        '+ built = modal.Image.from_dockerfile("Dockerfile")',
    ]


def test_context_mount_of_the_current_folder_goes_if_copy_finds_its_sources() -> None:
    seen = in_app(
        "mount",
        'built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir(".", remote_path="/"))',
    )
    assert seen.found == ["mount-context: review"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        ('- built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir(".", remote_path="/"))'),
        '+ built = modal.Image.from_dockerfile("D")',
    ]
    assert "Check that every COPY and ADD finds its source there" in seen.said


def test_context_mount_of_another_folder_is_its_context_dir() -> None:
    seen = in_app(
        "mount",
        'built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir("a", remote_path="/"))',
    )
    assert seen.found == ["mount-context: review"]
    assert seen.choices == ["folder", "delete"]
    assert seen.becomes() == [
        ('- built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir("a", remote_path="/"))'),
        '+ built = modal.Image.from_dockerfile("D", context_dir="a")',
    ]


def test_context_mount_that_renames_files_wants_other_sources_in_copy() -> None:
    seen = in_app(
        "mount",
        'built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir("a", remote_path="/b"))',
    )
    assert seen.found == ["mount-context: review"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        ('- built = modal.Image.from_dockerfile("D", context_mount=modal.Mount.from_local_dir("a", remote_path="/b"))'),
        '+ built = modal.Image.from_dockerfile("D")',
    ]
    assert "the mount had given the files other names" in seen.said


def test_context_mount_of_dockerfile_commands_is_the_same() -> None:
    seen = in_app(
        "mount",
        'built = image.dockerfile_commands("COPY a b", context_mount=modal.Mount.from_local_dir(".", remote_path="/"))',
    )
    assert seen.found == ["mount-context: review"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        (
            '- built = image.dockerfile_commands("COPY a b", context_mount=modal.Mount.from_local_dir'
            '(".", remote_path="/"))'
        ),
        '+ built = image.dockerfile_commands("COPY a b")',
    ]


def test_context_mount_went_by_position_in_0_72() -> None:
    seen = in_app(
        "mount",
        'built = modal.Image.from_dockerfile("D", modal.Mount.from_local_dir(".", remote_path="/"))',
    )
    assert seen.found == ["mount-context: review"]
    assert seen.choices == ["delete"]
    assert seen.becomes() == [
        '- built = modal.Image.from_dockerfile("D", modal.Mount.from_local_dir(".", remote_path="/"))',
        '+ built = modal.Image.from_dockerfile("D")',
    ]


def test_from_registry_never_took_a_context_mount() -> None:
    seen = in_app(
        "mount",
        'built = modal.Image.from_registry("x", context_mount=modal.Mount.from_local_dir("a"))',
    )
    assert seen.found == ["mount-dynamic: manual"]
