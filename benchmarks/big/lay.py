"""The whole workspace: course, notes, notebooks, log, records, settings."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.big import course, studied, written
from benchmarks.clone import ROOT
from grader.base.paths import Workspace

TODAY = date(2026, 11, 22)
"""The last day that has an entry."""
SEED = 5

SETTINGS = """name = "A learner"
time_zone = "Europe/Berlin"
hours_a_week = 6.0
days_off = ["2025-12-24 to 2026-01-02"]
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each kind."""

    exercises: int = 120
    notes: int = 300
    notebooks: int = 30
    """Of the notes."""
    days: int = 1_000
    attempts: int = 20_000
    cards: int = 2_000


BIG = Size()
MIDDLE = Size(exercises=24, notes=60, notebooks=6, days=120, attempts=2_000, cards=400)


def lay(root: Path, size: Size = BIG, seed: int = SEED) -> Workspace:
    """Write the workspace into a folder that is new or empty."""
    root.mkdir(parents=True, exist_ok=True)
    own, chance = Workspace(root), random.Random(seed)
    _frame(root)
    exercises = course.lay(own, size.exercises)
    days = _days(size.days, chance)
    notes = written.notes(own, size.notes - size.notebooks, size.cards, exercises, days, chance)
    written.notebooks(own, size.notebooks, chance)
    written.log(own, days, exercises, notes, chance)
    studied.attempts(own, size.attempts, TODAY, chance)
    own.settings.write_text(SETTINGS, "utf-8")
    return own


def _frame(root: Path) -> None:
    """What of the project the site needs: its settings, its pages, the tool itself."""
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    for page in sorted((ROOT / "docs").glob("*.md")):
        shutil.copy(page, root / "docs")
    (root / "grader").symlink_to(ROOT / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)


def _days(count: int, chance: random.Random) -> list[date]:
    """Days of study up to today, with gaps of a day or two between them."""
    found, day = [], TODAY
    for _ in range(count):
        found.append(day)
        day -= timedelta(days=1 if chance.random() < 0.92 else chance.randint(2, 3))
    return sorted(found)
