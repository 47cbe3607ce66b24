"""A note: one Markdown file or notebook below ``docs/notes``, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

NoteKind = Literal["markdown", "notebook"]
KINDS: dict[str, NoteKind] = {".md": "markdown", ".markdown": "markdown", ".ipynb": "notebook"}
"""The kind of note by the ending of its file."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says: Markdown in parts, each of which stands by itself."""

    path: Path
    place: str
    """Where it lies below the notes' folder, with forward slashes."""
    kind: NoteKind
    title: str
    parts: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The pictures of a notebook, by the name that its parts use."""
    warnings: tuple[str, ...] = ()
    fault: str = ""
    """What is wrong with a note that cannot be read, and what to do."""
    about: tuple[str, ...] = ()
    """The exercises that it says it is about, as it names them."""
    about_line: int = 0
    """The line that names them; 0 in a notebook."""
    tags: tuple[str, ...] = ()
    """The tags in its front matter, as they were written."""
    hashtags: tuple[str, ...] = ()
    """The tags in its text, without their sign."""
    date: str = ""
    """The date in its front matter, as it was written."""
    links: tuple[str, ...] = ()
    """Where its links lead, as written."""
    leaks: tuple[str, ...] = ()
    """What in it should not be published, each with its path and line or cell."""
    run: str = ""
    """The day of the run whose outputs are shown, for a notebook with an executed copy."""
