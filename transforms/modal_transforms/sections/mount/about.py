"""What the section on mounts is, in our own words."""

from __future__ import annotations

from modal_transforms.core.model import Section

SECTION = Section(
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
