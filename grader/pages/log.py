"""The daily log by month: what the learner wrote, and beside it what was graded that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from grader.course import Course
from grader.journal import MONTHS, Entry, title
from grader.notes import markup
from grader.outcome import Attempt
from grader.pages.places import Places, day_anchor, exercise_page, month_page
from grader.pages.scene import Scene
from grader.pages.words import VERDICTS, count, escape, one_line, table, to, warning

_LINES = 12
"""Lines of a day that the home page shows."""


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """A page per month that has an entry or an attempt, and their index."""
    entries = {entry.day: entry for entry in scene.entries}
    graded = _by_day(scene.attempts)
    days = sorted({*entries, *graded}, reverse=True)
    made = {"log/index.md": _index(scene, days, entries, graded)}
    for page, held in groupby(days, month_page):
        parts = [_day(day, entries.get(day), graded.get(day, ()), scene, places) for day in held]
        made[page] = f"# {_month(page)}\n\n" + "\n\n".join(parts) + "\n"
    return made


def month_pages(scene: Scene) -> list[tuple[str, str]]:
    """Each month that has an entry or an attempt, newest first, and its page."""
    days = {entry.day for entry in scene.entries} | set(_by_day(scene.attempts))
    return [(_month(page), page) for page in sorted({month_page(d) for d in days}, reverse=True)]


def excerpt(entry: Entry, places: Places, page: str) -> str:
    """The beginning of a day's text."""
    lines = _own(entry).split("\n")
    shown = written(entry, "\n".join(lines[:_LINES]), places, page, shift=3)
    if len(lines) <= _LINES:
        return shown
    link = f"{to(page, month_page(entry.day))}#{day_anchor(entry.day)}"
    return f"{shown}\n\n[The rest of the day]({link})"


def written(entry: Entry, text: str, places: Places, page: str, shift: int = 2) -> str:
    """What the learner wrote on a day, apart from everything around it."""
    link = places.link(page, entry.path, lambda problem: None)
    html = markup.html(text, link, shift=shift, prefix=f"{entry.day.isoformat()}-")
    return f'<div class="gw-entry">{one_line(html)}</div>'


def _own(entry: Entry) -> str:
    """A day's text without the day as its heading, which the page has already."""
    text = markup.without_controls(entry.text).strip("\n")
    first, _, rest = text.partition("\n")
    return rest.strip("\n") if first.strip("# ") == title(entry.day) else text


def _by_day(attempts: Iterable[Attempt]) -> dict[date, list[Attempt]]:
    found: dict[date, list[Attempt]] = {}
    for attempt in attempts:
        try:
            found.setdefault(date.fromisoformat(attempt.day), []).append(attempt)
        except ValueError:  # records edited by hand
            continue
    return found


def _day(
    day: date, entry: Entry | None, graded: Iterable[Attempt], scene: Scene, places: Places
) -> str:
    page = month_page(day)
    parts = [f"## {title(day)}"]
    if entry is not None:
        parts.append(written(entry, _own(entry), places, page))
    if lines := graded_lines(graded, scene.course, page):
        parts.append('<p class="gw-label">Graded that day</p>')
        parts.append("\n".join(f"- {line}" for line in lines))
    return "\n\n".join(parts)


def graded_lines(attempts: Iterable[Attempt], course: Course, page: str) -> list[str]:
    """One line for each exercise: how the day ended for it, and after how many attempts."""
    titles = {exercise.id: exercise.title for exercise in course.exercises()}
    by_exercise: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_exercise.setdefault(attempt.exercise, []).append(attempt)
    lines = []
    for exercise, tries in by_exercise.items():
        ended = "passed" if any(t.verdict == "passed" for t in tries) else tries[-1].verdict
        name = escape(titles.get(exercise, exercise))
        if exercise in titles:
            name = f"[{name}]({to(page, exercise_page(exercise))})"
        lines.append(f"{name}: {VERDICTS.get(ended, ended)}, {count(len(tries), 'attempt')}")
    return lines


def _index(
    scene: Scene,
    days: list[date],
    entries: dict[date, Entry],
    graded: dict[date, list[Attempt]],
) -> str:
    parts = ["# Log", "One file a day in `docs/log`, yours to edit; `grade log` adds a line."]
    if days:
        rows = []
        for page, group in groupby(days, month_page):
            held = list(group)
            wrote = count(sum(day in entries for day in held), "day")
            tries = count(sum(len(graded.get(day, ())) for day in held), "attempt")
            rows.append([f"[{_month(page)}]({to('log/index.md', page)})", wrote, tries])
        parts.append(table(["Month", "Written", "Graded"], rows))
    if scene.problems:
        root = f"{scene.workspace.root}/"
        told = [problem.replace(root, "") for problem in scene.problems]
        parts.append(warning("Not everything could be read", told))
    return "\n\n".join(parts) + "\n"


def _month(page: str) -> str:
    year, month = page.removeprefix("log/").removesuffix(".md").split("-")
    return f"{MONTHS[int(month) - 1]} {year}"
