"""The path of each page, below the rendered pages."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from grader.learner.entry_text import strip_controls
from grader.learner.notes.new_note import is_device_name

LOG = "log/index.md"
"""The landing page of the log."""
TAGS = "tags/index.md"
"""The index of the tags."""
_NAME_BYTES = 150
"""The most bytes of a tag in a file's name."""


def locate_exercise(exercise: str) -> str:
    """Return the page of an exercise."""
    return f"units/{exercise}.md"


def locate_unit(unit: str) -> str:
    """Return the page of a unit."""
    return f"units/{unit}/index.md"


def locate_milestone(milestone: str) -> str:
    """Return the page of a milestone."""
    return f"milestones/{milestone}.md"


def locate_month(day: date) -> str:
    """Return the page of the month that contains a day."""
    return f"log/{day:%Y-%m}.md"


def locate_day(day: date) -> str:
    """Return the page of a day."""
    return f"log/{day.isoformat()}.md"


def locate_note(place: str) -> str:
    """Return the page of a note, with a name that any server and file system accepts."""
    parts = [
        re.sub(r"[^\w.-]+", "-", strip_controls(part)).strip("-.") or "note"
        for part in _split_place(place)
    ]
    if parts[-1].casefold() in ("index", "readme"):
        parts[-1] += "-note"
    return f"notes/{'/'.join(parts)}.md"


def locate_tag(key: str) -> str:
    """Return the page of a tag, by its key.

    A name that is taken, reserved by a system or too long for one gets a dot, which no tag has: so
    no two tags share a page.
    """
    return f"tags/{'/'.join(_name_tag_file(part) for part in key.split('/'))}.md"


def _name_tag_file(part: str) -> str:
    if part in ("index", "readme") or is_device_name(part):
        return f"tag.{part}"
    data = part.encode()
    if len(data) <= _NAME_BYTES:
        return part
    return f"{data[:_NAME_BYTES].decode(errors='ignore')}.{sha256(data).hexdigest()[:12]}"


def _split_place(place: str) -> list[str]:
    whole = PurePosixPath(place)
    return [*whole.parts[:-1], whole.stem]
