"""Traps of ``Image.copy_local_*``."""

from __future__ import annotations

from traps.seen import in_app

# SDK fact 1: where a relative path, or none, landed


def test_a_file_without_a_remote_path_landed_in_the_root() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("a.txt")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.txt")',
        '+ image = image.add_local_file("a.txt", "/a.txt", copy=True)',
    ]


def test_a_folder_without_a_remote_path_put_its_contents_into_the_root() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data")',
        '+ image = image.add_local_dir("data", "/", copy=True)',
    ]


def test_a_relative_target_counts_from_the_root_and_not_from_slash_root() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data", "data")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "data")',
        '+ image = image.add_local_dir("data", "/data", copy=True)',
    ]
    assert "The files land in /data, where they landed before." in seen.said


def test_a_relative_target_counts_from_the_workdir_that_is_set_before_it() -> None:
    seen = in_app("image-copy", 'image = image.workdir("/app").copy_local_file("a.txt", "conf/a.txt").workdir("/x")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == [
        "copy",
        "mount",
    ]
    assert seen.becomes() == [
        '- image = image.workdir("/app").copy_local_file("a.txt", "conf/a.txt").workdir("/x")',
        '+ image = image.workdir("/app").add_local_file("a.txt", "/app/conf/a.txt", copy=True).workdir("/x")',
    ]


def test_the_workdir_of_a_registry_image_cannot_be_seen() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_registry("x").copy_local_dir("data", "data")')
    assert seen.found == ["image-copy-workdir: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_registry("x").copy_local_dir("data", "data")',
        '+ image = modal.Image.from_registry("x").add_local_dir("data", "/data", copy=True)',
    ]
    assert "The image's working directory cannot be told from the code" in seen.said


def test_the_workdir_of_a_dockerfile_cannot_be_seen() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_dockerfile("Dockerfile").copy_local_file("a.txt")')
    assert seen.found == ["image-copy-workdir: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_dockerfile("Dockerfile").copy_local_file("a.txt")',
        '+ image = modal.Image.from_dockerfile("Dockerfile").add_local_file("a.txt", "/a.txt", copy=True)',
    ]
    assert "The image's working directory cannot be told from the code" in seen.said


def test_the_workdir_of_an_aws_image_cannot_be_seen() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_aws_ecr("x").copy_local_dir("data", "data")')
    assert seen.found == ["image-copy-workdir: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_aws_ecr("x").copy_local_dir("data", "data")',
        '+ image = modal.Image.from_aws_ecr("x").add_local_dir("data", "/data", copy=True)',
    ]
    assert "The image's working directory cannot be told from the code" in seen.said


def test_the_workdir_of_a_google_image_cannot_be_seen() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_gcp_artifact_registry("x").copy_local_dir("data", "d")')
    assert seen.found == ["image-copy-workdir: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_gcp_artifact_registry("x").copy_local_dir("data", "d")',
        '+ image = modal.Image.from_gcp_artifact_registry("x").add_local_dir("data", "/d", copy=True)',
    ]
    assert "The image's working directory cannot be told from the code" in seen.said


def test_the_workdir_of_an_image_that_is_handed_in_cannot_be_seen() -> None:
    seen = in_app(
        "image-copy",
        """
        def more(image: modal.Image) -> modal.Image:
            return image.copy_local_dir("data", "data")
        """,
    )
    assert seen.found == ["image-copy-workdir: review"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '-     return image.copy_local_dir("data", "data")',
        '+     return image.add_local_dir("data", "/data", copy=True)',
    ]
    assert "The image's working directory cannot be told from the code" in seen.said


def test_a_workdir_that_is_set_on_a_registry_image_can_be_seen() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_registry("x").workdir("/app").copy_local_dir("d", "d")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_registry("x").workdir("/app").copy_local_dir("d", "d")',
        '+ image = modal.Image.from_registry("x").workdir("/app").add_local_dir("d", "/app/d", copy=True)',
    ]


# SDK fact 1: the remote path of the new methods


def test_an_absolute_target_is_exact_whatever_the_image() -> None:
    seen = in_app("image-copy", 'image = modal.Image.from_registry("x").copy_local_dir("data", "/data")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = modal.Image.from_registry("x").copy_local_dir("data", "/data")',
        '+ image = modal.Image.from_registry("x").add_local_dir("data", "/data", copy=True)',
    ]


def test_a_path_as_the_target_of_a_file_is_made_text_for_the_new_method_crashes_on_it() -> None:
    seen = in_app(
        "image-copy",
        """
        from pathlib import PurePosixPath

        image = image.copy_local_file("a.txt", PurePosixPath("/etc/a.txt"))
        """,
    )
    assert seen.found == ["image-copy-path: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.txt", PurePosixPath("/etc/a.txt"))',
        '+ image = image.add_local_file("a.txt", str(PurePosixPath("/etc/a.txt")), copy=True)',
    ]
    assert "which add_local_file does not take" in seen.said


def test_a_path_as_the_target_of_a_folder_is_taken() -> None:
    seen = in_app(
        "image-copy",
        """
        from pathlib import PurePosixPath

        image = image.copy_local_dir("data", PurePosixPath("/data"))
        """,
    )
    assert seen.found == ["image-copy-path: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", PurePosixPath("/data"))',
        '+ image = image.add_local_dir("data", PurePosixPath("/data"), copy=True)',
    ]


def test_a_target_made_at_run_time_may_be_relative_or_a_path() -> None:
    seen = in_app(
        "image-copy",
        """
        import os

        image = image.copy_local_file("a.txt", os.environ["TARGET"])
        """,
    )
    assert seen.found == ["image-copy-computed: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.txt", os.environ["TARGET"])',
        '+ image = image.add_local_file("a.txt", os.environ["TARGET"], copy=True)',
    ]
    assert "it must be absolute and text, not a Path" in seen.said


def test_a_tilde_in_the_local_path_is_left_as_it_is() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("~/data", "/data")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("~/data", "/data")',
        '+ image = image.add_local_dir("~/data", "/data", copy=True)',
    ]


# SDK fact 1: a file target that names a directory


def test_a_file_target_that_names_a_directory_gets_a_slash_and_is_for_review() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("a.py", "/root")')
    assert seen.found == ["image-copy-folder: review"]
    assert seen.choices == ["folder", "mount", "file"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.py", "/root")',
        '+ image = image.add_local_file("a.py", "/root/", copy=True)',
    ]
    assert seen.becomes("file") == [
        '- image = image.copy_local_file("a.py", "/root")',
        '+ image = image.add_local_file("a.py", "/root", copy=True)',
    ]
    assert "A copy went into /root where that is a folder" in seen.said


def test_a_file_target_that_is_the_workdir_gets_a_slash() -> None:
    seen = in_app("image-copy", 'image = image.workdir("/app").copy_local_file("a.py", "/app")')
    assert seen.found == ["image-copy-folder: review"]
    assert seen.choices == ["folder", "mount", "file"]
    assert seen.becomes() == [
        '- image = image.workdir("/app").copy_local_file("a.py", "/app")',
        '+ image = image.workdir("/app").add_local_file("a.py", "/app/", copy=True)',
    ]


def test_a_dot_as_the_target_of_a_file_is_the_workdir_with_the_file_in_it() -> None:
    seen = in_app("image-copy", 'image = image.workdir("/app").copy_local_file("a.py", ".")')
    assert seen.found == ["image-copy-relative: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.workdir("/app").copy_local_file("a.py", ".")',
        '+ image = image.workdir("/app").add_local_file("a.py", "/app/a.py", copy=True)',
    ]


def test_a_file_target_without_a_suffix_may_be_a_directory() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("a.py", "/opt/tool")')
    assert seen.found == ["image-copy-folder: review"]
    assert seen.choices == ["folder", "mount", "file"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.py", "/opt/tool")',
        '+ image = image.add_local_file("a.py", "/opt/tool/", copy=True)',
    ]
    assert seen.becomes("file") == [
        '- image = image.copy_local_file("a.py", "/opt/tool")',
        '+ image = image.add_local_file("a.py", "/opt/tool", copy=True)',
    ]


def test_a_file_target_of_the_files_own_name_is_no_directory() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("Makefile", "/app/Makefile")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("Makefile", "/app/Makefile")',
        '+ image = image.add_local_file("Makefile", "/app/Makefile", copy=True)',
    ]


def test_a_trailing_slash_of_a_file_target_means_what_it_meant() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("a.py", "/root/")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.py", "/root/")',
        '+ image = image.add_local_file("a.py", "/root/", copy=True)',
    ]


def test_the_root_itself_as_a_file_target_ends_in_a_slash_already() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_file("a.py", "/")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_file("a.py", "/")',
        '+ image = image.add_local_file("a.py", "/", copy=True)',
    ]


# SDK fact 1: a build step after files that are only mounted fails when the image is built


def test_copy_true_keeps_it_a_layer_wherever_it_stands() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data", "/data").pip_install("numpy")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data").pip_install("numpy")',
        '+ image = image.add_local_dir("data", "/data", copy=True).pip_install("numpy")',
    ]


def test_a_layer_may_be_spared_where_nothing_is_built_on_it() -> None:
    seen = in_app(
        "image-copy",
        """
        image = image.copy_local_dir("data", "/data")

        @app.function(image=image)
        def f(): ...
        """,
    )
    assert seen.found == [
        "image-copy: review",
    ]
    assert seen.choices == [
        "mount",
        "copy",
    ]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data")',
        '+ image = image.add_local_dir("data", "/data")',
    ]
    assert seen.becomes("mount") == [
        '- image = image.copy_local_dir("data", "/data")',
        '+ image = image.add_local_dir("data", "/data")',
    ]


def test_even_env_is_a_build_step() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data", "/data").env({"A": "b"})')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == [
        "copy",
        "mount",
    ]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data").env({"A": "b"})',
        '+ image = image.add_local_dir("data", "/data", copy=True).env({"A": "b"})',
    ]


def test_even_workdir_is_a_build_step_under_another_name() -> None:
    seen = in_app(
        "image-copy",
        """
        files = image.copy_local_dir("data", "/data")
        bigger = files.workdir("/app")
        """,
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- files = image.copy_local_dir("data", "/data")',
        '+ files = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_another_file_may_build_on_it() -> None:
    seen = in_app(
        "image-copy",
        'image = image.copy_local_dir("data", "/data")',
        files={"other.py": 'from main import image\n\nbigger = image.pip_install("numpy")\n'},
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data")',
        '+ image = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_a_later_addition_with_copy_true_is_a_build_step() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data", "/data").add_local_file("a", "/a", copy=True)')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data").add_local_file("a", "/a", copy=True)',
        '+ image = image.add_local_dir("data", "/data", copy=True).add_local_file("a", "/a", copy=True)',
    ]


def test_additions_in_a_row_are_no_build_steps() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("data", "/data").add_local_file("a", "/a")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("data", "/data").add_local_file("a", "/a")',
        '+ image = image.add_local_dir("data", "/data", copy=True).add_local_file("a", "/a")',
    ]


def test_build_methods_of_a_class_are_build_steps_on_its_image() -> None:
    seen = in_app(
        "image-copy",
        """
        files = image.copy_local_dir("data", "/data")

        @app.cls(image=files)
        class C:
            @modal.build()
            def fetch(self): ...
        """,
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- files = image.copy_local_dir("data", "/data")',
        '+ files = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_inherited_build_methods_are_build_steps_on_the_image_of_the_class() -> None:
    seen = in_app(
        "image-copy",
        """
        files = image.copy_local_dir("data", "/data")

        class Base:
            @modal.build()
            def fetch(self): ...

        @app.cls(image=files)
        class C(Base): ...
        """,
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- files = image.copy_local_dir("data", "/data")',
        '+ files = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_a_proxy_was_a_build_step_in_0_72() -> None:
    seen = in_app(
        "image-copy",
        """
        files = image.copy_local_dir("data", "/data")

        @app.function(image=files, proxy=modal.Proxy.from_name("p"))
        def f(): ...
        """,
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '- files = image.copy_local_dir("data", "/data")',
        '+ files = image.add_local_dir("data", "/data", copy=True)',
    ]


def test_what_is_built_on_an_image_that_is_returned_cannot_be_seen() -> None:
    seen = in_app(
        "image-copy",
        """
        def more(image: modal.Image) -> modal.Image:
            return image.copy_local_dir("data", "/data")
        """,
    )
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy"]
    assert seen.becomes() == [
        '-     return image.copy_local_dir("data", "/data")',
        '+     return image.add_local_dir("data", "/data", copy=True)',
    ]


# SDK fact 2: what ignore= is given changed in 0.76


def test_an_ignore_that_reads_whole_paths_means_something_else_since_0_76() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("d", "/d", ignore=lambda p: "/src/" in str(p))')
    assert seen.found == ["image-copy: review"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("d", "/d", ignore=lambda p: "/src/" in str(p))',
        '+ image = image.add_local_dir("d", "/d", ignore=lambda p: "/src/" in str(p), copy=True)',
    ]
    assert "may judge by the whole path" in seen.said


def test_an_ignore_that_reads_suffixes_means_what_it_meant() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("d", "/d", ignore=lambda p: p.suffix == ".pyc")')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("d", "/d", ignore=lambda p: p.suffix == ".pyc")',
        '+ image = image.add_local_dir("d", "/d", ignore=lambda p: p.suffix == ".pyc", copy=True)',
    ]


def test_patterns_of_ignore_are_told_about_0_76() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("d", "/d", ignore=["*.json"])')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("d", "/d", ignore=["*.json"])',
        '+ image = image.add_local_dir("d", "/d", ignore=["*.json"], copy=True)',
    ]
    assert "From 0.76.0 on, ignore gets paths relative to the added folder" in seen.said


def test_ignore_by_position_becomes_a_keyword() -> None:
    seen = in_app("image-copy", 'image = image.copy_local_dir("d", "/d", ["*.pyc"])')
    assert seen.found == ["image-copy: safe"]
    assert seen.choices == ["copy", "mount"]
    assert seen.becomes() == [
        '- image = image.copy_local_dir("d", "/d", ["*.pyc"])',
        '+ image = image.add_local_dir("d", "/d", ignore=["*.pyc"], copy=True)',
    ]
