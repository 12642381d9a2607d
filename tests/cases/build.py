"""Cases of the section ``build``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW

CASES = [
    Case(
        id="stacked-with-enter",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.build()  # bakes the weights in
                @modal.enter()
                def load(self):
                    self.model = fetch()

                # runs at build time - adds a layer to the image
                @modal.build()  # type: ignore[attr-defined]
                @modal.enter()
                def warm(self):
                    self.model.warm()

                # add another step to the image build
                # and warm up the tokenizer
                @modal.build()  # image build: the revision is pinned in REVISIONS.md
                @modal.enter()
                def read(self):
                    self.words = fetch()

                # the build needs it too, but TODO(ann): drop
                @modal.build()  # what modal.build() did not do: stats
                @modal.enter()
                def count(self):
                    self.counts = fetch()

            def fetch(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.enter()
                def load(self):
                    self.model = fetch()

                @modal.enter()
                def warm(self):
                    self.model.warm()

                # add another step to the image build
                # and warm up the tokenizer
                # image build: the revision is pinned in REVISIONS.md
                @modal.enter()
                def read(self):
                    self.words = fetch()

                # the build needs it too, but TODO(ann): drop
                # what modal.build() did not do: stats
                @modal.enter()
                def count(self):
                    self.counts = fetch()

            def fetch(): ...
        """,
        choice="enter-only",
        rules=("build-stacked",) * 4,
        applicability=REVIEW,
    ),
    Case(
        id="stacked-below-enter-by-bare-names",
        before="""
            from modal import App, build, enter

            app = App("a")

            @app.cls()
            class Model:
                @enter()
                @build(force=True, timeout=60)
                def load(self):
                    self.model = 1
        """,
        after="""
            from modal import App, enter

            app = App("a")

            @app.cls()
            class Model:
                @enter()
                def load(self):
                    self.model = 1
        """,
        choice="enter-only",
        rules=("build-stacked",),
        applicability=REVIEW,
    ),
    Case(
        id="stacked-with-a-volume",
        before="""
            import modal
            from transformers import pipeline

            image = modal.Image.debian_slim().pip_install("transformers")
            app = modal.App("my app")

            @app.cls(image=image, gpu="A10G")
            class Model:
                @modal.build()
                @modal.enter()
                def load(self):
                    self.model = pipeline("text-generation", model="m")
        """,
        after="""
            import modal
            from transformers import pipeline

            image = (
                modal.Image.debian_slim()
                .pip_install("transformers")
                .env({"HF_HUB_CACHE": "/cache"})
            )
            app = modal.App("my app")
            cache_vol = modal.Volume.from_name("my-app-cache", create_if_missing=True)

            @app.cls(image=image, gpu="A10G", volumes={"/cache": cache_vol})
            class Model:
                @modal.enter()
                def load(self):
                    self.model = pipeline("text-generation", model="m")
        """,
        rules=("build-stacked",),
        applicability=REVIEW,
    ),
    Case(
        id="hugging-face-download",
        before="""
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("huggingface_hub")
            )
            app = modal.App("a", image=image)

            @app.cls(
                gpu="A10G",
                secrets=[],
            )
            class Model:
                @modal.build()
                def download(self):
                    from huggingface_hub import snapshot_download

                    snapshot_download(self.name)

                @modal.enter()
                def load(self): ...
        """,
        after="""
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("huggingface_hub")
                .env({"HF_HUB_CACHE": "/cache"})
            )
            app = modal.App("a", image=image)
            cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)

            @app.cls(
                gpu="A10G",
                secrets=[],
                volumes={"/cache": cache_vol},
            )
            class Model:
                @modal.enter()
                def download(self):
                    from huggingface_hub import snapshot_download

                    snapshot_download(self.name)

                @modal.enter()
                def load(self): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="volumes-that-are-there",
        before="""
            import modal
            import torch

            app = modal.App("a")
            image = modal.Image.debian_slim().env({"TORCH_HOME": "/weights"})
            MORE = {}

            @app.cls(image=image, volumes={"/data": modal.Volume.from_name("data")})
            class One:
                @modal.build()
                def download(self):
                    torch.hub.load("a/b", "c")

            @app.cls(image=image, volumes={"/weights": modal.Volume.from_name("weights")})
            class Two:
                @modal.build()
                def download(self):
                    torch.hub.load("a/b", "c")

            @app.cls(image=image, volumes=MORE)
            class Three:
                @modal.build()
                def download(self):
                    torch.hub.load("a/b", "c")
        """,
        after="""
            import modal
            import torch

            app = modal.App("a")
            one_cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)
            three_cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)
            image = modal.Image.debian_slim().env({"TORCH_HOME": "/weights"})
            MORE = {}

            @app.cls(image=image, volumes={"/data": modal.Volume.from_name("data"), "/weights": one_cache_vol})
            class One:
                @modal.enter()
                def download(self):
                    torch.hub.load("a/b", "c")

            @app.cls(image=image, volumes={"/weights": modal.Volume.from_name("weights")})
            class Two:
                @modal.enter()
                def download(self):
                    torch.hub.load("a/b", "c")

            @app.cls(image=image, volumes={**MORE, "/weights": three_cache_vol})
            class Three:
                @modal.enter()
                def download(self):
                    torch.hub.load("a/b", "c")
        """,
        choice="volume",
        rules=("build-method",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="two-caches-in-one-volume",
        before="""
            from modal import App, Image, build
            import nltk
            from transformers import AutoModel

            app = App("a")

            @app.cls()
            class Model:
                @build()
                def download(self):
                    nltk.download("punkt")
                    AutoModel.from_pretrained("m")
        """,
        after="""
            from modal import App, Image, Volume, enter
            import nltk
            from transformers import AutoModel

            app = App("a")
            cache_vol = Volume.from_name("a-cache", create_if_missing=True)

            @app.cls(
                volumes={"/cache": cache_vol},
                image=(
                    Image.debian_slim()
                    .env({"NLTK_DATA": "/cache/nltk", "HF_HUB_CACHE": "/cache/huggingface"})
                ),
            )
            class Model:
                @enter()
                def download(self):
                    nltk.download("punkt")
                    AutoModel.from_pretrained("m")
        """,
        choice="volume",
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="directory-that-the-program-names",
        before="""
            import modal
            from huggingface_hub import snapshot_download

            MODEL_DIR = "/model"
            app = modal.App("a")

            @app.cls(image=modal.Image.debian_slim())
            class Model:
                @modal.build()
                def download(self):
                    snapshot_download("m", local_dir=MODEL_DIR)
        """,
        after="""
            import modal
            from huggingface_hub import snapshot_download

            MODEL_DIR = "/model"
            app = modal.App("a")
            cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)

            @app.cls(image=modal.Image.debian_slim(), volumes={MODEL_DIR: cache_vol})
            class Model:
                @modal.enter()
                def download(self):
                    snapshot_download("m", local_dir=MODEL_DIR)
        """,
        choice="volume",
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="image-of-the-whole-app",
        before="""
            import modal
            import whisper

            app = modal.App("a", image=modal.Image.debian_slim())

            @app.cls()
            class Model:
                @modal.build()
                def download(self):
                    whisper.load_model("base")

            @app.function()
            def f(): ...
        """,
        after="""
            import modal
            import whisper

            app = modal.App("a", image=modal.Image.debian_slim())
            cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)

            @app.cls(volumes={"/root/.cache": cache_vol})
            class Model:
                @modal.enter()
                def download(self):
                    whisper.load_model("base")

            @app.function()
            def f(): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="image-written-where-the-app-is-made",
        before="""
            import modal

            # What everything runs in.
            app = modal.App("a", image=modal.Image.debian_slim())


            @app.cls(gpu="T4")
            class Model:
                @modal.build()
                def compile_kernels(self) -> None:
                    open("/kernels", "w").close()

                @modal.method()
                def go(self): ...
        """,
        after="""
            import modal


            def compile_kernels() -> None:
                open("/kernels", "w").close()


            # What everything runs in.
            app = modal.App(
                "a",
                image=(
                    modal.Image.debian_slim()
                    .run_function(compile_kernels, gpu="T4", timeout=86400)
                ),
            )


            @app.cls(gpu="T4")
            class Model:
                @modal.method()
                def go(self): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="image-written-above-a-volume-of-the-class",
        before="""
            import modal

            app = modal.App("a", image=modal.Image.debian_slim())
            vol = modal.Volume.from_name("v")


            @app.cls(volumes={"/v": vol})
            class Model:
                @modal.build()
                @modal.enter()
                def compile_kernels(self):
                    open("/kernels", "w").close()
        """,
        after="""
            import modal

            app = modal.App("a", image=modal.Image.debian_slim())
            vol = modal.Volume.from_name("v")


            @app.cls(volumes={"/v": vol})
            class Model:
                @modal.enter()
                def compile_kernels(self):
                    open("/kernels", "w").close()
        """,
        rules=("build-stacked",),
        applicability=REVIEW,
    ),
    Case(
        id="image-written-where-another-file-makes-the-app",
        before="""
            import modal

            from common import app


            @app.cls()
            class Model:
                @modal.build()
                @modal.enter()
                def compile_kernels(self):
                    open("/kernels", "w").close()
        """,
        after="""
            import modal

            from common import app


            @app.cls()
            class Model:
                @modal.enter()
                def compile_kernels(self):
                    open("/kernels", "w").close()
        """,
        files={"common.py": 'import modal\n\napp = modal.App("a", image=modal.Image.debian_slim())\n'},
        rules=("build-stacked",),
        applicability=REVIEW,
    ),
    Case(
        id="function-run-while-the-image-is-built",
        before="""
            import modal

            image = modal.Image.debian_slim().pip_install("x")
            app = modal.App("a")
            vol = modal.Volume.from_name("v")


            # Serves the model.
            @app.cls(
                image=image,
                gpu="T4",
                secrets=[modal.Secret.from_name("s")],
                volumes={"/v": vol},
                timeout=60,
            )
            class Model:
                size: int = 3

                # Compiles the kernels.
                @modal.build(force=True)
                def compile_kernels(self):
                    \"\"\"Takes long.\"\"\"
                    text = '''
            kept as it is
                '''
                    open("/tmp/x", "w").write(text)  # done

                @modal.enter()
                def load(self): ...
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().pip_install("x")
            app = modal.App("a")
            vol = modal.Volume.from_name("v")


            # Compiles the kernels.
            def compile_kernels():
                \"\"\"Takes long.\"\"\"
                text = '''
            kept as it is
                '''
                open("/tmp/x", "w").write(text)  # done


            # Serves the model.
            @app.cls(
                image=image.run_function(
                    compile_kernels,
                    gpu="T4",
                    secrets=[modal.Secret.from_name("s")],
                    volumes={"/v": vol},
                    timeout=86400,
                    force_build=True,
                ),
                gpu="T4",
                secrets=[modal.Secret.from_name("s")],
                volumes={"/v": vol},
                timeout=60,
            )
            class Model:
                size: int = 3

                @modal.enter()
                def load(self): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
        choice="run-function",
    ),
    Case(
        id="constants-of-the-class",
        before="""
            import modal

            app = modal.App("a")
            REVISION = "main"

            @app.cls()
            class Model:
                name = "org/model"
                revision = REVISION

                def __init__(self):
                    self.size = 3

                @modal.build(timeout=600)
                async def download(self):
                    self.path = f"{self.name}-{self.size}"
                    await fetch(self.path, self.revision)

            async def fetch(*a): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            REVISION = "main"

            async def download():
                name = "org/model"
                size = 3
                path = f"{name}-{size}"
                await fetch(path, REVISION)


            @app.cls(image=modal.Image.debian_slim().run_function(download, timeout=600))
            class Model:
                name = "org/model"
                revision = REVISION

                def __init__(self):
                    self.size = 3

            async def fetch(*a): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
        proof=Proof(new_after=Sdk.FAILS, old_after=Sdk.WARNS, why="the constructor is another section's matter"),
    ),
    Case(
        id="image-that-ends-with-mounted-files",
        before="""
            import modal

            base = modal.Image.debian_slim().add_local_python_source("helpers")
            app = modal.App("a")

            def download(): ...

            @app.cls(image=base)
            class Model:
                @modal.build()
                def download(self):
                    download()
        """,
        after="""
            import modal

            base = modal.Image.debian_slim().add_local_python_source("helpers", copy=True)
            app = modal.App("a")

            def download(): ...

            def download_for_model():
                download()


            @app.cls(image=base.run_function(download_for_model, timeout=86400))
            class Model:
                pass
        """,
        rules=("build-method",),
        applicability=REVIEW,
        files={"helpers.py": ""},
    ),
    Case(
        id="loaded-again-when-a-container-starts",
        before="""
            import modal

            image = modal.Image.debian_slim().pip_install("transformers")
            app = modal.App("a")

            @app.cls(image=image)
            class Model:
                @modal.build()
                def download(self):
                    from huggingface_hub import snapshot_download

                    snapshot_download("org/m")

                @modal.enter()
                def load(self):
                    from transformers import AutoModel

                    name = "org/m"
                    self.model = AutoModel.from_pretrained(name)
        """,
        after="""
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("transformers")
                .env({"HF_HUB_CACHE": "/cache"})
            )
            app = modal.App("a")
            cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)

            @app.cls(image=image, volumes={"/cache": cache_vol})
            class Model:
                @modal.enter()
                def load(self):
                    from transformers import AutoModel

                    name = "org/m"
                    self.model = AutoModel.from_pretrained(name)
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="loaded-again-and-no-volume-wanted",
        before="""
            import modal
            from transformers import pipeline

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.build()
                def download(self):
                    pipeline(model=NAME)

                @modal.enter()
                def load(self):
                    self.model = pipeline("text-generation", model=NAME)

            NAME = "org/m"
        """,
        after="""
            import modal
            from transformers import pipeline

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.enter()
                def load(self):
                    self.model = pipeline("text-generation", model=NAME)

            NAME = "org/m"
        """,
        choice="remove",
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="loads-what-no-other-method-loads",
        before="""
            import modal
            from transformers import AutoModel

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.build()
                def download(self):
                    AutoModel.from_pretrained("org/m")

                @modal.enter()
                def load(self):
                    self.model = AutoModel.from_pretrained("org/other")
        """,
        after="""
            import modal
            from transformers import AutoModel

            app = modal.App("a")

            def download():
                AutoModel.from_pretrained("org/m")


            @app.cls(image=modal.Image.debian_slim().run_function(download, timeout=86400))
            class Model:
                @modal.enter()
                def load(self):
                    self.model = AutoModel.from_pretrained("org/other")
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="files-of-its-own-stay-in-the-image",
        before="""
            import modal
            from huggingface_hub import snapshot_download
            from transformers.utils import move_cache

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.build()
                @modal.enter()
                def download(self):
                    snapshot_download("org/m", local_dir="/model")
                    move_cache()
        """,
        after="""
            import modal
            from huggingface_hub import snapshot_download
            from transformers.utils import move_cache

            app = modal.App("a")

            def download():
                snapshot_download("org/m", local_dir="/model")
                move_cache()


            @app.cls(image=modal.Image.debian_slim().run_function(download, timeout=86400))
            class Model:
                @modal.enter()
                def download(self):
                    snapshot_download("org/m", local_dir="/model")
                    move_cache()
        """,
        rules=("build-stacked",),
        applicability=REVIEW,
    ),
    Case(
        id="an-old-cache-is-moved-and-nothing-downloaded",
        before="""
            import modal
            from transformers.utils import move_cache

            app = modal.App("a")

            @app.cls()
            class One:
                @modal.build()
                def tidy(self):
                    move_cache()

                @modal.enter()
                def load(self):
                    self.ready = True

            @app.cls()
            class Two:
                @modal.build()
                @modal.enter()
                def tidy(self):
                    move_cache()
        """,
        after="""
            import modal
            from transformers.utils import move_cache

            app = modal.App("a")

            @app.cls()
            class One:
                @modal.enter()
                def load(self):
                    self.ready = True

            @app.cls()
            class Two:
                @modal.enter()
                def tidy(self):
                    move_cache()
        """,
        rules=("build-method", "build-stacked"),
        applicability=REVIEW,
    ),
    Case(
        id="functions-of-two-classes-have-two-names",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class One:
                @modal.build()
                def download(self):
                    open("/one", "w").close()

            @app.cls()
            class Two:
                @modal.build()
                def download(self):
                    open("/two", "w").close()

                @modal.build()
                def compile(self):
                    open("/three", "w").close()
        """,
        after="""
            import modal

            app = modal.App("a")

            def download_for_one():
                open("/one", "w").close()


            @app.cls(image=modal.Image.debian_slim().run_function(download_for_one, timeout=86400))
            class One:
                pass

            def download_for_two():
                open("/two", "w").close()


            def compile_for_two():
                open("/three", "w").close()


            @app.cls(
                image=(
                    modal.Image.debian_slim()
                    .run_function(download_for_two, timeout=86400)
                    .run_function(compile_for_two, timeout=86400)
                ),
            )
            class Two:
                pass
        """,
        rules=("build-method",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="volume-that-a-function-fills",
        before="""
            import modal

            image = modal.Image.debian_slim().apt_install("wget")
            app = modal.App("a")

            @app.cls(image=image, memory=1024)
            class Model:
                @modal.build()
                def download(self):
                    import subprocess

                    subprocess.run(["wget", "-O", "/weights/m.bin", "https://example.com/m.bin"], check=True)

                @modal.method()
                def f(self): ...
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().apt_install("wget")
            app = modal.App("a")
            cache_vol = modal.Volume.from_name("a-cache", create_if_missing=True)

            @app.function(image=image, memory=1024, volumes={"/weights": cache_vol}, timeout=86400)
            def download():
                import subprocess

                subprocess.run(["wget", "-O", "/weights/m.bin", "https://example.com/m.bin"], check=True)


            @app.cls(image=image, memory=1024, volumes={"/weights": cache_vol})
            class Model:
                @modal.method()
                def f(self): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
        choice="volume-function",
    ),
    Case(
        id="inherited-from-an-undecorated-class",
        before="""
            from modal import App, Image, build, enter
            from sentence_transformers import SentenceTransformer

            image = Image.debian_slim()
            app = App("a", image=image)

            class Base:
                def _get(self):
                    return SentenceTransformer(self.name)

                @build()
                def download(self):
                    self._get()

                @enter()
                def start(self):
                    self.model = self._get()

            @app.cls(gpu="any")
            class Model(Base):
                name = "m"
        """,
        after="""
            from modal import App, Image, Volume, enter
            from sentence_transformers import SentenceTransformer

            image = Image.debian_slim().env({"HF_HUB_CACHE": "/cache"})
            app = App("a", image=image)
            cache_vol = Volume.from_name("a-cache", create_if_missing=True)

            class Base:
                def _get(self):
                    return SentenceTransformer(self.name)

                @enter()
                def start(self):
                    self.model = self._get()

            @app.cls(gpu="any", volumes={"/cache": cache_vol})
            class Model(Base):
                name = "m"
        """,
        rules=("build-method",),
        applicability=REVIEW,
    ),
    Case(
        id="method-that-does-nothing",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                x = 1

                @modal.build()
                def nothing(self):
                    # not any more
                    ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                x = 1
        """,
        rules=("build-empty",),
        applicability=REVIEW,
    ),
    Case(
        id="method-that-others-call-stays",
        before="""
            import modal
            from urllib.request import urlretrieve

            app = modal.App("a")

            @app.cls(image=modal.Image.debian_slim())
            class Model:
                @modal.build()
                def fetch(self):
                    urlretrieve("https://x/y", "/models/y.bin")

                @modal.enter()
                def load(self):
                    self.fetch()
        """,
        after="""
            import modal
            from urllib.request import urlretrieve

            app = modal.App("a")

            def fetch():
                urlretrieve("https://x/y", "/models/y.bin")


            @app.cls(image=modal.Image.debian_slim().run_function(fetch, timeout=86400))
            class Model:
                def fetch(self):
                    urlretrieve("https://x/y", "/models/y.bin")

                @modal.enter()
                def load(self):
                    self.fetch()
        """,
        rules=("build-method",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="a-volume-for-each-directory",
        before="""
            import modal
            from transformers import AutoModel

            app = modal.App("a")

            @app.cls(image=modal.Image.debian_slim())
            class Model:
                @modal.build()
                def one(self):
                    AutoModel.from_pretrained("m", cache_dir="/one")

            @app.cls(image=modal.Image.debian_slim())
            class Other:
                @modal.build()
                def two(self):
                    AutoModel.from_pretrained("n", cache_dir="/two")
        """,
        after="""
            import modal
            from transformers import AutoModel

            app = modal.App("a")
            model_one_vol = modal.Volume.from_name("a-one", create_if_missing=True)
            other_two_vol = modal.Volume.from_name("a-two", create_if_missing=True)

            @app.cls(image=modal.Image.debian_slim(), volumes={"/one": model_one_vol})
            class Model:
                @modal.enter()
                def one(self):
                    AutoModel.from_pretrained("m", cache_dir="/one")

            @app.cls(image=modal.Image.debian_slim(), volumes={"/two": other_two_vol})
            class Other:
                @modal.enter()
                def two(self):
                    AutoModel.from_pretrained("n", cache_dir="/two")
        """,
        choice="volume",
        rules=("build-method",) * 2,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="class-of-nothing-but-build-methods",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.cls(image=image)
            class Model:
                @modal.build()
                def one(self):
                    print(1)

                @modal.build()
                def two(self):
                    print(2)
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            def one():
                print(1)


            def two():
                print(2)


            @app.cls(image=image.run_function(one, timeout=86400).run_function(two, timeout=86400))
            class Model:
                pass
        """,
        rules=("build-method",) * 2,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="calls-its-own-methods",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def fetch(self): ...

                @modal.build()
                def download(self):
                    self.fetch()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def fetch(self): ...

                @modal.build()
                def download(self):
                    self.fetch()
        """,
        rules=("build-method",),
        applicability=Applicability.MANUAL,
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        id="import-that-another-file-takes",
        before="from modal import App, build\n\napp = App('a')\n",
        after="from modal import App\n\napp = App('a')\n",
        rules=("build-import",),
        applicability=Applicability.REVIEW,
        files={"other.py": "from main import app, build\n\nprint(app)\n"},
        files_after={"other.py": "from main import app\n\nprint(app)\n"},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 warns only when it is called"),
    ),
    Case(
        id="import-that-nothing-uses",
        before="""
            from modal import App, build
            from modal.partial_function import enter

            app = App("a")
        """,
        after="""
            from modal import App
            from modal.partial_function import enter

            app = App("a")
        """,
        rules=("build-import",),
        proof=Proof(
            old_before=Sdk.ACCEPTS, new_after=Sdk.ACCEPTS, why="the import alone does not warn; 1.6.4 has no such name"
        ),
    ),
    Case(
        id="by-its-name-alone",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __build__(self):
                    print("not any more")
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __build__(self):
                    print("not any more")
        """,
        rules=("build-dunder",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="no SDK looks at it since 0.72"),
    ),
    Case(
        id="called-not-used-as-a-decorator",
        before="""
            import modal

            app = modal.App("a")

            class Model:
                def load(self): ...

                load = modal.build()(load)

            app.cls()(Model)
        """,
        after="""
            import modal

            app = modal.App("a")

            class Model:
                def load(self): ...

                load = modal.build()(load)

            app.cls()(Model)
        """,
        rules=("build-call",),
        applicability=Applicability.MANUAL,
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        id="an-attribute-of-what-the-file-imports",
        before="""
            import modal
            from settings import BASE

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = BASE.name

                @modal.build(timeout=60)
                def download(self):
                    self.files = fetch(self.name)

            def fetch(name): ...
        """,
        after="""
            import modal
            from settings import BASE

            app = modal.App("a")

            def download():
                name = BASE.name
                files = fetch(name)


            @app.cls(image=modal.Image.debian_slim().run_function(download, timeout=60))
            class Model:
                name: str = BASE.name

            def fetch(name): ...
        """,
        rules=("build-method",),
        applicability=REVIEW,
        files={"settings.py": "class BASE:\n    name = 'x'\n"},
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="own-build-decorator",
        code="""
            import modal

            def build(): return lambda f: f

            app = modal.App("a")

            @app.cls()
            class Model:
                @build()
                def load(self): ...
        """,
    ),
    NearMiss(
        id="another-librarys-build",
        code="""
            from nox import build
            import tools

            class Model:
                @build()
                def load(self): ...

                @tools.build()
                def again(self): ...
        """,
    ),
    NearMiss(
        id="method-called-build",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def build(self): ...

            Model().build.remote()
            image = modal.Image.debian_slim()
            image.build(app)
        """,
    ),
    NearMiss(
        id="text-and-comments",
        code="""
            import modal

            # @modal.build() was here
            NOTE = "use @modal.build()"
        """,
    ),
    NearMiss(
        id="run-function-already",
        code="""
            import modal

            def download(): ...

            image = modal.Image.debian_slim().run_function(download, timeout=86400)
        """,
    ),
    NearMiss(
        id="import-of-something-else-called-build",
        code="""
            from build import build
            from modal import App
        """,
    ),
    NearMiss(
        id="import-under-another-name-that-is-read",
        code="""
            from modal import build as on_build

            __all__ = ["on_build"]
        """,
    ),
]
