"""The daily log by month: what the learner wrote, and beside it what was graded that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from grader.journal import MONTHS, title
from grader.logline import minutes_of
from grader.pages import day as day_pages
from grader.pages.day import Diary, by_day, neighbours
from grader.pages.places import Places, day_page, month_page
from grader.pages.scene import Scene
from grader.pages.words import count, hours, table, to, warning

_ROOM = 80_000
"""Bytes of days that the page of a month shows."""


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """A page per month and per day that has an entry or an attempt, and their index."""
    diary = Diary.of(scene, places)
    months = [(page, list(held)) for page, held in groupby(diary.days(), month_page)]
    made = {"log/index.md": _index(diary, months)} | day_pages.pages(diary)
    names = ["", *(page for page, _ in months), ""]
    for later, (page, held), earlier in zip(names, months, names[2:], strict=False):
        parts = [f"# {_month(page)}", _beside(page, earlier, later), *_days(diary, held, page)]
        made[page] = "\n\n".join(parts) + "\n"
    return made


def month_pages(scene: Scene) -> list[tuple[str, str]]:
    """Each month that has an entry or an attempt, newest first, and its page."""
    days = {entry.day for entry in scene.entries} | set(by_day(scene.attempts))
    return [(_month(page), page) for page in sorted({month_page(d) for d in days}, reverse=True)]


def _days(diary: Diary, held: list[date], page: str) -> Iterator[str]:
    """The days of a month, as long as there is room; then what each amounts to."""
    room = _ROOM
    for day in held:
        heading = f"## [{title(day)}]({to(page, day_page(day))})"
        shown = "\n\n".join([heading, *_day(diary, day, page)])
        room -= len(shown.encode("utf-8"))
        yield shown if room > 0 else f"{heading}\n\n{diary.facts(day)}".rstrip()


def _day(diary: Diary, day: date, page: str) -> list[str]:
    parts = [diary.excerpt(day, page)]
    if lines := diary.graded_lines(day, page):
        parts += ['<p class="gw-label">Graded that day</p>', lines]
    return [part for part in parts if part]


def _beside(page: str, earlier: str, later: str) -> str:
    return neighbours(
        page,
        "Months",
        ("prev", _month(earlier) if earlier else "", earlier),
        ("up", "All months", "log/index.md"),
        ("next", _month(later) if later else "", later),
    )


def _index(diary: Diary, months: list[tuple[str, list[date]]]) -> str:
    parts = ["# Log", "One file a day in `docs/log`, yours to edit; `grade log` adds a line."]
    if months:
        rows = [_row(diary, page, held) for page, held in months]
        parts.append(table(["Month", "Written", "Logged", "Graded"], rows))
    if diary.scene.problems:
        root = f"{diary.scene.workspace.root}/"
        told = [problem.replace(root, "") for problem in diary.scene.problems]
        parts.append(warning("Not everything could be read", told))
    return "\n\n".join(parts) + "\n"


def _row(diary: Diary, page: str, held: list[date]) -> list[str]:
    wrote = [diary.entries[day] for day in held if day in diary.entries]
    minutes = sum(minutes_of(entry.text) for entry in wrote)
    tries = sum(len(diary.graded.get(day, ())) for day in held)
    link = f"[{_month(page)}]({to('log/index.md', page)})"
    logged = hours(minutes) if minutes else "–"
    return [link, count(len(wrote), "day"), logged, count(tries, "attempt")]


def _month(page: str) -> str:
    year, month = page.removeprefix("log/").removesuffix(".md").split("-")
    return f"{MONTHS[int(month) - 1]} {year}"
