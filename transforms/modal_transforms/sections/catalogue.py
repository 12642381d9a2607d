"""What each section of the migration guide is about, in our own words; the registry says how each is found."""

from __future__ import annotations

from modal_transforms.model import Section

IMAGE_COPY = Section(
    number=1,
    slug="image-copy",
    title="Image.copy_* → add_local_*",
    anchor="deprecating-imagecopy_-methods",
    since="0.72.11",
    breaks_in="1.1.0",
    subject="replace Image.copy_local_* by add_local_*",
    what=(
        "Image.copy_local_file and Image.copy_local_dir are now add_local_file and add_local_dir. The "
        "new methods want an absolute remote path, and add files when a container starts unless "
        "copy=True makes an image layer, as before."
    ),
    why=(
        "From 1.1.0 the old methods do not exist. copy=True keeps what runs: later build steps need the "
        "files in a layer."
    ),
    before='image = modal.Image.debian_slim().copy_local_dir("data", "/data")',
    after='image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)',
)

MOUNT = Section(
    number=2,
    slug="mount",
    title="Mount → image files",
    anchor="deprecating-mount-as-part-of-the-public-api",
    since="0.72.4",
    breaks_in="1.0.0",
    subject="add local files to images instead of mounts",
    what=(
        "modal.Mount and mounts= are gone; files are added to the image of the function that needs them. "
        'A mount\'s paths begin at /, so from_local_dir("data") was /data and stays there.'
    ),
    why="From 1.0.0 Mount cannot be imported and mounts= is a TypeError.",
    before='@app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])\ndef f(): ...',
    after='@app.function(image=image.add_local_dir("data", remote_path="/data"))\ndef f(): ...',
)

BUILD = Section(
    number=3,
    slug="build",
    title="@modal.build",
    anchor="deprecating-the-modalbuild-decorator",
    since="0.72.17",
    breaks_in="1.1.0",
    subject="replace @modal.build",
    what=(
        "Methods that ran while the image was built become a download into a Volume when a container "
        "starts, or a function that Image.run_function runs."
    ),
    why=(
        "From 1.1.0 modal.build does not exist. A Volume keeps the files when the image changes; "
        "run_function bakes them in as today."
    ),
    before=("@modal.build()\n@modal.enter()\ndef load(self): ..."),
    after=("@modal.enter()\ndef load(self): ..."),
)

LOCAL_SOURCE = Section(
    number=4,
    slug="local-source",
    title="Local Python source",
    anchor="requiring-explicit-inclusion-of-local-python-dependencies",
    since="0.73.11",
    breaks_in="1.0.0",
    subject="include local Python source explicitly",
    what=(
        "Modal used to ship every local module that a program had imported. Now the image says which: "
        'add_local_python_source("helpers"). Only the module or package that defines the function still '
        "comes by itself."
    ),
    why=("From 1.0.0 nothing fails on your machine; the container stops with ModuleNotFoundError."),
    before=("import helpers\n\nimage = modal.Image.debian_slim()"),
    after=('import helpers\n\nimage = modal.Image.debian_slim().add_local_python_source("helpers")'),
)

AUTOSCALER = Section(
    number=5,
    slug="autoscaler",
    title="Autoscaler parameters",
    anchor="renaming-autoscaler-parameters",
    since="0.73.76",
    breaks_in="1.4.0",
    subject="rename autoscaler parameters",
    what=(
        "keep_warm is now min_containers, concurrency_limit is max_containers, container_idle_timeout is "
        "scaledown_window, and buffer_containers has left its experimental name."
    ),
    why=(
        "From 1.4.0 the old names raise DeprecationError as soon as the decorator runs, even when set to None. "
        "The values mean what they meant."
    ),
    before="@app.function(keep_warm=1, container_idle_timeout=300)\ndef embed(text): ...",
    after="@app.function(min_containers=1, scaledown_window=300)\ndef embed(text): ...",
)

FASTAPI_ENDPOINT = Section(
    number=6,
    slug="fastapi-endpoint",
    title="web_endpoint → fastapi_endpoint",
    anchor="renaming-modalweb_endpoint-to-modalfastapi_endpoint",
    since="0.73.89",
    breaks_in="1.4.0",
    subject="rename web_endpoint to fastapi_endpoint",
    what=("modal.web_endpoint is called modal.fastapi_endpoint. Parameters and behaviour are the same."),
    why=("From 1.4.0 calling the old decorator raises DeprecationError, although importing it still works."),
    before=("@app.function()\n@modal.web_endpoint()\ndef hello(): ..."),
    after=("@app.function()\n@modal.fastapi_endpoint()\ndef hello(): ..."),
)

CONCURRENT = Section(
    number=7,
    slug="concurrent",
    title="allow_concurrent_inputs → @modal.concurrent",
    anchor="replacing-allow_concurrent_inputs-with-modalconcurrent",
    since="0.73.148",
    breaks_in="1.4.0",
    subject="replace allow_concurrent_inputs by @modal.concurrent",
    what=(
        "How many inputs a container takes at once is set by a decorator of its own, directly under "
        "@app.function or @app.cls."
    ),
    why=(
        "From 1.4.0 the old keyword raises DeprecationError, even when it is None. max_inputs alone is "
        "what the keyword did."
    ),
    before=("@app.function(allow_concurrent_inputs=10)\ndef f(x): ..."),
    after=("@app.function()\n@modal.concurrent(max_inputs=10)\ndef f(x): ..."),
)

LOOKUP = Section(
    number=8,
    slug="lookup",
    title=".lookup → .from_name",
    anchor="deprecating-the-lookup-method-on-modal-objects",
    since="0.72.56",
    breaks_in="1.2.0",
    subject="replace .lookup by .from_name",
    what=(
        "Objects are found with from_name, which does not talk to Modal until the object is used. "
        ".hydrate() asks at once, as lookup did. App.lookup stays."
    ),
    why=(
        "From 1.2.0 lookup does not exist. A missing object is reported at first use instead of here, "
        "unless the code hydrates."
    ),
    before='f = modal.Function.lookup("my-app", "f")',
    after='f = modal.Function.from_name("my-app", "f")',
)

CLS_PARAMETERS = Section(
    number=9,
    slug="cls-parameters",
    title="Cls constructors → modal.parameter",
    anchor="removing-support-for-custom-cls-constructors",
    since="0.74.0",
    breaks_in="1.6.0",
    subject="replace constructors by modal.parameter",
    what=(
        "Classes under @app.cls may not have an __init__. Parameters are annotations with "
        "modal.parameter(), set-up goes to a method with @modal.enter(), and callers pass the parameters "
        "by keyword."
    ),
    why=(
        "From 1.6.0 the class is refused where it is defined; positional arguments fail only when a "
        "remote call is made."
    ),
    before=('class Model:\n    def __init__(self, name: str = "bert"):\n        self.name = name'),
    after=('class Model:\n    name: str = modal.parameter(default="bert")'),
)

CLS_LOOKUP = Section(
    number=10,
    slug="cls-lookup",
    title="Cls lookup patterns",
    anchor="simplifying-cls-lookup-patterns",
    since="0.73.26",
    breaks_in="1.2.0",
    subject="instantiate classes before calling their methods",
    what=("A method of a deployed class is called on an instance: look the class up, instantiate it, call the method."),
    why=(
        "From 1.2.0 a method of a class that was not instantiated cannot be called, and from 1.4.0 "
        '"Cls.method" is not a function name.'
    ),
    before=('f = modal.Function.from_name("app", "Model.run")\nf.remote(1)'),
    after=('run = modal.Cls.from_name("app", "Model")().run\nrun.remote(1)'),
)

GPU = Section(
    number=11,
    slug="gpu",
    title="modal.gpu objects → strings",
    anchor="deprecating-modalgpu-objects",
    since="0.73.31",
    breaks_in="1.4.0",
    subject="name GPUs by strings",
    what='GPUs are named by strings: "H100", "A100-80GB:2".',
    why="From 1.4.0 the module modal.gpu does not exist; even an unused import of it fails.",
    before='gpu=modal.gpu.A100(size="80GB", count=2)',
    after='gpu="A100-80GB:2"',
)

MODULE_MODE = Section(
    number=12,
    slug="module-mode",
    title="modal run -m",
    anchor="requiring-explicit-invocation-for-module-mode",
    since="0.73.58",
    breaks_in="1.4.0",
    subject="pass -m for module references",
    what=("A reference to a module (pkg.app) needs -m after the subcommand; without it, the reference must be a file."),
    why="From 1.4.0 the command stops with an error that shows the right one.",
    before="modal deploy pkg.app",
    after="modal deploy -m pkg.app",
)
