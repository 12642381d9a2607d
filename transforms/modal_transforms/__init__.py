"""Find code written for the Modal SDK before 1.0 and say how it reads on 1.x.

Pure: source text in, findings and edits out. Nothing here writes a file, runs git or draws a screen.
"""

from __future__ import annotations
