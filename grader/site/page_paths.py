"""The path of each page, below the rendered pages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from grader.learner.entry_text import strip_controls


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


def _split_place(place: str) -> list[str]:
    whole = PurePosixPath(place)
    return [*whole.parts[:-1], whole.stem]
