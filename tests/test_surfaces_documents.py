"""Markdown and reStructuredText: their Python, their commands and old names in back-ticks, reviewed as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cases import clean
from support.pilot import write
from support.surfaces import look, migrated, taken

from modal_transforms.core.model import Applicability
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all

GPU = "modal.gpu.A100()"

# path, before, and what is put in place of what
CHANGED = {
    "a-fence-in-a-list": (
        "README.md",
        """
        # Deploy

        1. Write `app.py`, with gpu=modal.gpu.A100() in it:

           ```python
           import modal

           app = modal.App()

           @app.function(gpu=modal.gpu.A100(), keep_warm=2)
           def f(): ...
           ```

        2. Run modal deploy pkg.mod now, or `modal deploy pkg.mod`.
        """,
        [
            ("gpu=modal.gpu.A100(), keep_warm=", 'gpu="A100-40GB", min_containers='),
            ("`modal deploy ", "`modal deploy -m "),
        ],
        ["autoscaler-text", "gpu-text", "module-mode-text"],
    ),
    "several-fences-are-one-program": (
        "guide.mdx",
        """
        ```py title="app.py"
        from modal import App, gpu
        app = App()
        ```
        Then <b>gpu.T4()</b>:
        ~~~python
        @app.function(gpu=gpu.T4(count=2))
        def f(): ...
        ~~~
        """,
        [("(gpu=gpu.T4(count=2))", '(gpu="T4:2")'), ("App, gpu", "App")],
        ["gpu-text"],
    ),
    "a-direct-call-where-the-app-is-started-and-one-that-is-shown": (
        "README.md",
        """
        ```python
        import modal
        app = modal.App()

        @app.function()
        def train(x): ...
        ```
        ```python
        @app.local_entrypoint()
        def main():
            train(1)
        ```
        Wrong: a call is not
        ```python
        results = train(inputs).map()
        ```
        """,
        [("    train(1)", "    train.remote(1)")],
        ["old-calls-text", "old-calls-text"],
    ),
    "an-excerpt-without-imports": (
        "README.md",
        """
        ```python
        @app.cls(gpu=modal.gpu.H100(), container_idle_timeout=60)
        class Model:
            # as before
        ```
        """,
        [('gpu=modal.gpu.H100(), container_idle_timeout', 'gpu="H100", scaledown_window')],
        ["autoscaler-text", "gpu-text"],
    ),
    "a-line-of-dots-is-no-prompt": (
        "README.md",
        """
        ```python
        import modal
        app = modal.App()
        ...
        @app.function(
            keep_warm=2,
            ...
        )
        def f():
            ...

        @app.function(
            ...,
            gpu=modal.gpu.T4(),
        )
        def g(): ...
        ```
        """,
        [("keep_warm", "min_containers"), ("modal.gpu.T4()", '"T4"')],
        ["autoscaler-text", "gpu-text"],
    ),
    "a-fence-of-no-language-that-holds-names-of-modals": (
        "README.md",
        """
        ```
        f = modal.Function.lookup("a", "f")
        ...
        f.remote(1)
        ```

        Or:

        ```
        @modal.web_endpoint()
        def web(): ...
        ```

        See:

        ```
        modal.com
        modal deploy pkg.mod
        ```
        """,
        [("Function.lookup", "Function.from_name"), ("web_endpoint", "fastapi_endpoint"), ("deploy ", "deploy -m ")],
        ["fastapi-endpoint-text", "lookup-text", "module-mode-text"],
    ),
    "code-over-two-lines": (
        "README.md",
        """
        Run it with `modal run
        pkg.mod`, or <code>modal deploy
          --name x pkg.mod</code>; in a quote:

        > so ``modal serve
        > pkg.mod``.
        """,
        [("\npkg.mod", "\n-m pkg.mod"), ("x pkg", "x -m pkg"), ("> pkg", "> -m pkg")],
        ["module-mode-text"],
    ),
    "old-names-in-prose": (
        "README.md",
        """
        # On Modal

        Set `keep_warm` or <code>concurrency_limit=2</code>; `modal.Function.lookup` finds it.

        > In a quote, `web_endpoint`,
        > and `modal.gpu.T4(count=2)`.

        `keep_warm` was renamed to something, keep_warm in words is left, and in code of another language:

        ```yaml
        x: `keep_warm`
        ```

        ```python
        import modal
        app = modal.App()
        @app.function(
            # keep_warm=3,
            keep_warm=1,
        )
        def f(): ...
        ```
        """,
        [
            ("`keep_warm` or", "`min_containers` or"),
            ("concurrency_limit", "max_containers"),
            ("Function.lookup", "Function.from_name"),
            ("web_endpoint", "fastapi_endpoint"),
            ("modal.gpu.T4(count=2)", '"T4:2"'),
            (" keep_warm=", " min_containers="),
        ],
        ["autoscaler-text", "fastapi-endpoint-text", "gpu-text", "lookup-text"],
    ),
    "its-own-variables": (
        "README.md",
        """
        ```bash
        export APP=src.app
        FILE=app.py
        modal deploy $APP
        ```

        Then `modal run $APP::f`, `modal serve $FILE`, `modal shell $OTHER`.

        ```
        $ modal run "${APP}::g"
        ```
        """,
        [("deploy $APP", "deploy -m $APP"), ("run $APP", "run -m $APP"), ('run "$', 'run -m "$')],
        ["module-mode-text"],
    ),
    "prompts": (
        "README.md",
        """
        ```pycon
        >>> import modal
        >>> f = modal.Function.lookup("a", "f")
        <Function>
        >>> f.remote(1)
        modal.Function.lookup("a", "f")
        ```
        """,
        [('= modal.Function.lookup', '= modal.Function.from_name')],
        ["lookup-text"],
    ),
    "a-block-quote": (
        "README.md",
        """
        > Note:
        > ```python
        > import modal
        > g = modal.gpu.A100(size="80GB")
        > ```
        > and `uv run modal run pkg.mod::f --x 1`
        """,
        [('modal.gpu.A100(size="80GB")', '"A100-80GB"'), ("> import modal\n", ""), ("run pkg", "run -m pkg")],
        ["gpu-text", "module-mode-text"],
    ),
    "a-fence-that-does-not-parse-and-one-that-does": (
        "README.md",
        """
        ```python
        gpu = modal.gpu.A100() if else
        ```
        ```python
        gpu = modal.gpu.T4()
        ```
        """,
        [("modal.gpu.T4()", '"T4"')],
        ["gpu-text"],
    ),
    "a-fence-that-never-closes": (
        "README.md",
        """
        ```bash
        modal deploy pkg.mod

        ```python
        gpu = modal.gpu.T4()
        ```
        Use `modal run pkg.mod`.

        ```sh
        modal serve pkg.mod
        """,
        [("gpu.T4()", "T4"), ("modal.T4", '"T4"'), ("deploy pkg", "deploy -m pkg"), ("run pkg", "run -m pkg"),
         ("serve pkg", "serve -m pkg")],
        ["module-mode-text", "gpu-text"],
    ),
    "nested-fences": (
        "README.md",
        """
        ````markdown
        ```python
        gpu = modal.gpu.T4()
        ```
        ````
        ~~~~text
        ```
        modal deploy pkg.mod
        ```
        ~~~~
        """,
        [("modal.gpu.T4()", '"T4"'), ("deploy pkg", "deploy -m pkg")],
        ["gpu-text", "module-mode-text"],
    ),
    "fences-of-files": (
        "README.md",
        """
        ```yaml
        jobs:
          a:
            steps:
              - run: >
                  modal deploy
                  pkg.mod
        ```
        ```dockerfile
        CMD ["modal", "serve", "pkg.mod"]
        ```
        ```makefile
        a:
        {TAB}@modal run pkg.mod
        ```
        """,
        [("          pkg.mod", "          -m pkg.mod"), ('"pkg.mod"', '"-m", "pkg.mod"'), ("run pkg", "run -m pkg")],
        ["module-mode-text"],
    ),
    "indented-code-and-html": (
        "README.md",
        """
        Deploy:

            $ modal deploy pkg.mod
            modal run --env x pkg.mod

        or <code>modal serve pkg.mod</code>, ``modal shell pkg.mod``
        """,
        [("deploy pkg", "deploy -m pkg"), ("x pkg", "x -m pkg"), ("serve pkg", "serve -m pkg"),
         ("shell pkg", "shell -m pkg")],
        ["module-mode-text"],
    ),
    "restructured-text": (
        "docs/index.rst",
        """
        Title
        =====

        Use ``modal deploy pkg.mod`` (modal deploy pkg.mod)::

            modal run pkg.mod

        .. code-block:: python
           :linenos:

           import modal
           app = modal.App()

           @app.function(concurrency_limit=5)
           def f(): ...

        .. code-block:: console

           $ modal serve pkg.mod
        """,
        [("``modal deploy ", "``modal deploy -m "), ("modal run ", "modal run -m "), ("serve ", "serve -m "),
         ("concurrency_limit", "max_containers")],
        ["module-mode-text", "autoscaler-text"],
    ),
    "a-comment-in-a-fence": (
        "README.md",
        """
        ```python
        x = 1  # then modal deploy pkg.mod
        ```
        """,
        [("deploy pkg", "deploy -m pkg")],
        ["module-mode-text"],
    ),
    "a-fence-that-names-nothing": (
        "README.md",
        """
        Run `pip install modal` first.

        ```
        @stub.function(keep_warm=1)
        def f(): ...
        ```
        """,
        [("@stub", "@app"), ("keep_warm", "min_containers")],
        ["autoscaler-text", "stub-app-text"],
    ),
}  # fmt: skip

LEFT = {
    "prose": "Run modal deploy pkg.mod and use modal.gpu.A100() or keep_warm=1 in app.function.\n",
    "other-languages": "```js\nconst gpu = modal.gpu.A100(); // modal deploy pkg.mod\n```\n",
    "not-modal": "```python\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef f(keep_warm=1): ...\n"
    "store.lookup('a', 'b')\n```\n",
    "an-app-in-a-document-that-never-says-modal": "```python\n@app.function(keep_warm=1)\ndef f(): ...\n```\n",
    "files": "```bash\nmodal deploy pkg/mod.py\nmodal run -m pkg.mod\nmodal run <module>\n```\n"
    "`modal run`, `modal run it`\n",
    "new-api": "```python\nimport modal\napp = modal.App()\n"
    "@app.function(gpu='A100', min_containers=1)\ndef f(): ...\n```\n",
    "two-code-spans-in-two-paragraphs": "A stray ` here, modal run\n\npkg.mod` there.\n\n- `modal run\n- pkg.mod`\n",
    "a-fence-with-names-of-others": "```\nservice.lookup(1)\ndoc = mymodal.Function.lookup(1, 2)\n```\n",
    "old-names-without-modal": "The modal shows `keep_warm`, then `web_endpoint`.\n\nA Modal of React.\n",
    "a-broken-fence": "```python\nimport modal\n@@@ modal.gpu.A100(\n```\n",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", CHANGED)
def test_a_document_is_migrated_in_its_code_only(name: str, newline: str) -> None:
    path, text, changes, rules = CHANGED[name]
    before = clean(text).replace("{TAB}", "\t")
    after = before
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    data = before.replace("\n", newline).encode()
    report = look(path, data)
    assert not report.problems
    assert sorted(finding.rule for finding in report.findings) == sorted(rules)
    assert {finding.applicability for finding in report.findings if finding.choices} == {Applicability.REVIEW}
    assert migrated(path, data).decode() == after.replace("\n", newline)


def test_a_document_that_tells_what_was_or_of_what_is_the_repositorys_own_is_left_alone() -> None:
    prose = b"On Modal, set `keep_warm`.\n"
    own = {"lib.py": b"import modal\ndef f(keep_warm): ...\n"}
    assert [finding.rule for finding in look("docs/guide.md", prose).findings] == ["autoscaler-text"]
    assert look("docs/CHANGELOG.md", prose).findings == ()
    assert look("docs/migration-to-1.0.md", prose).findings == ()
    shown = look("docs/modal-1-0-migration.md", b"```\nmodal run pkg.mod\n```\n")
    assert (shown.findings, len(shown.left_alone)) == ((), 1)
    for words in (b"In contrast to", b"Unlike", b"Prior to 1.0, it was", b"An older, deprecated way:\n\n-"):
        assert look("docs/guide.md", b"On Modal. " + words + b" `modal.Cls.lookup`, this waits.\n").findings == ()
    assert look("docs/guide.md", prose, own).findings == ()


@pytest.mark.parametrize("name", LEFT)
def test_what_only_reads_like_it_is_left_alone(name: str) -> None:
    report = look("README.md", LEFT[name].encode())
    assert not report.problems
    assert report.findings == ()


def test_the_places_of_one_section_are_one_finding_all_or_none() -> None:
    text = "```python\na = modal.gpu.A100()\nb = modal.gpu.T4()\n```\n\n```python\nc = modal.gpu.L4()\n```\n"
    (finding,) = look("README.md", text.encode()).findings
    assert [site.line for site in finding.sites] == [2, 3, 7]
    assert finding.message.endswith("and 2 more in this document")
    assert any("taken for Modal's" in sentence for sentence in finding.evidence)


PROGRAM = """
```python
from modal import App, asgi_app
app = App()

@app.function(OLD)
NEW@asgi_app()
def f(): ...
```
"""


def test_each_complete_program_of_a_document_gets_its_own_imports() -> None:
    excerpt = "```python\nfrom modal import gpu\n```\n```python\ng = gpu.T4()\n```\n"
    before = (PROGRAM.replace("OLD", "allow_concurrent_inputs=5").replace("NEW", "") * 2).encode()
    after = (
        PROGRAM.replace("OLD", "")
        .replace("NEW", "@concurrent(max_inputs=5)\n")
        .replace("asgi_app\n", "asgi_app, concurrent\n")
    )
    assert migrated("README.md", before).decode() == after * 2
    assert b'g = "T4"' in migrated("README.md", before + excerpt.encode())
    idle = "```python\nx = modal.gpu.T4()\n```\n```python\nimport modal\n...\n```\n"
    assert migrated("README.md", idle.encode()).decode() == idle.replace("modal.gpu.T4()", '"T4"')


def test_what_cannot_be_rewritten_is_told_with_advice() -> None:
    text = "```python\nimport modal\napp = modal.App(mounts=[modal.Mount.from_local_dir(d) for d in found()])\n```\n"
    manual = [f for f in look("README.md", text.encode()).findings if f.applicability is Applicability.MANUAL]
    assert len(manual) <= 1
    assert all(finding.advice for finding in manual)


def test_a_name_alone_is_asked_about_where_a_document_shows_it_as_a_command() -> None:
    text = (
        "Use `modal run it`.\n`cd x && modal run y`\n"
        "```\nmodal deploy bot\nmodal deploy other --env a\nmodal run was ok\n```\n"
    )
    found = look("README.md", text.encode()).findings
    assert {finding.rule for finding in found} == {"module-mode-bare"}
    assert sorted(finding.sites[0].text for finding in found) == ["bot", "other", "y"]
    said = {finding.sites[0].text: finding.evidence for finding in found}
    assert said["bot"] == ("shown, not run", "`bot` may be src/bot.py, run from the folder that holds it")
    assert said["other"] == ("shown, not run", "no module of the repository is called `other`")


def test_a_document_that_is_not_utf_8_is_reported_and_untouched() -> None:
    from support.cases import look as look_at_source

    from modal_transforms.formats import open_source

    report = look_at_source(open_source("README.md", b"caf\xe9 `modal deploy pkg.mod`\n"))
    assert [problem.message[:9] for problem in report.problems] == ["not utf-8"]


def test_links_go_along_with_a_heading_that_is_renamed_unless_another_document_has_one() -> None:
    text = clean("""
        # Use of `modal deploy app.py`

        See [above](#the-web_endpoint-decorator) and <a href="#by-functionlookup">y</a>.

        [x]: #the-web_endpoint-decorator

        ## The `web_endpoint` decorator

        By `Function.lookup`
        --------------------

        ## Again `Function.lookup`
        ## Again `Function.lookup`
    """)
    changed = {
        "#the-web_endpoint-decorator": "#the-fastapi_endpoint-decorator",
        "The `web_endpoint`": "The `fastapi_endpoint`",
        "#by-functionlookup": "#by-functionfrom_name",
        "By `Function.lookup`": "By `Function.from_name`",
    }
    other = {"docs/other.md": b"[to](../README.md#by-functionlookup)"}
    for files, kept in (({}, 0), (other, 2)):
        wanted = text
        for old, new in list(changed.items())[: len(changed) - kept]:
            wanted = wanted.replace(old, new)
        after = taken(look("README.md", text.encode(), files), "README.md", text.encode()).after
        assert after.text == wanted


def test_a_document_may_take_mounts_from_a_file(tmp_path: Path) -> None:
    """What the document reads is no use of the variable that Python follows."""
    common = 'import modal\n\n# the data\none = modal.Mount.from_local_dir("a", remote_path="/a")  # a\nboth = [one]\n'
    shown = "```python\nimport modal\nfrom common import both\napp = modal.App()\n\n@app.function(mounts=both)\n"
    write(tmp_path, {"README.md": f"{shown}def f(): ...\n```\n", "common.py": common})
    found = scan_all(scope_of(tmp_path))
    assert found.problems == []
    assert "mounts= is gone" in str([each.message for each in found.findings if each.site.path == "README.md"])
