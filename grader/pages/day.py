"""A page for each day of the log, with the days beside it; and how an entry stands on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from grader.journal import MONTHS, Entry, title
from grader.logline import minutes_of
from grader.notes import markup
from grader.outcome import Attempt
from grader.pages.mentions import Known
from grader.pages.places import Places, day_page, exercise_page, month_page
from grader.pages.scene import Scene
from grader.pages.words import VERDICTS, address, alone, count, escape, hours, one_line, to

_LINES, _LETTERS = 12, 1500
"""As much of a day is shown where it is not alone on its page."""


@dataclass(frozen=True, slots=True)
class Diary:
    """Every day that has an entry or an attempt, and what is known of it."""

    scene: Scene
    places: Places
    known: Known
    entries: Mapping[date, Entry]
    graded: Mapping[date, list[Attempt]]
    titles: Mapping[str, str]
    """Of the exercises, by id."""
    shown: dict[date, str] = field(default_factory=dict)
    """Whole entries as the pages of the log show them, which lie in one folder."""

    @classmethod
    def of(cls, scene: Scene, places: Places) -> Diary:
        """The diary of a scene."""
        entries = {entry.day: entry for entry in scene.entries}
        known = Known.of(scene.course, places)
        titles = {exercise.id: exercise.title for exercise in scene.course.exercises()}
        return cls(scene, places, known, entries, by_day(scene.attempts), titles)

    def days(self) -> list[date]:
        """The days, newest first."""
        return sorted({*self.entries, *self.graded}, reverse=True)

    def facts(self, day: date) -> str:
        """What a day amounts to, in figures."""
        entry, tries = self.entries.get(day), self.graded.get(day, ())
        minutes = minutes_of(entry.text) if entry else 0
        told = [f"{hours(minutes)} logged"] * bool(minutes)
        return " · ".join([*told, *[count(len(tries), "attempt")] * bool(tries)])

    def whole(self, day: date) -> str:
        """What the learner wrote on a day, for a page of the log; nothing without an entry."""
        entry = self.entries.get(day)
        if entry is not None and day not in self.shown:
            self.shown[day] = self._written(entry, _own(entry), day_page(day), 2)
        return self.shown.get(day, "")

    def excerpt(self, day: date, page: str, shift: int = 2) -> str:
        """The beginning of what they wrote, and where the rest is."""
        entry = self.entries.get(day)
        if entry is None:
            return ""
        text = _own(entry)
        beginning = _beginning(text)
        if beginning == text and page == month_page(day):
            return self.whole(day)
        shown = self._written(entry, beginning, page, shift)
        if beginning == text:
            return shown
        return f"{shown}\n\n[The rest of the day]({to(page, day_page(day))})"

    def graded_lines(self, day: date, page: str) -> str:
        """A list of what was graded on a day; nothing when nothing was."""
        lines = graded_lines(self.graded.get(day, ()), self.titles, page)
        return "\n".join(f"- {line}" for line in lines)

    def _written(self, entry: Entry, text: str, page: str, shift: int) -> str:
        link = self.places.link(page, entry.path, lambda problem: None)
        html = markup.html(text, link, shift=shift, prefix=f"{entry.day.isoformat()}-")
        return f'<div class="gw-entry">{one_line(self.known.linked(html, page))}</div>'


def pages(diary: Diary) -> dict[str, str]:
    """A page for each day."""
    days = diary.days()
    return {
        day_page(day): _page(diary, day, earlier, later)
        for later, day, earlier in zip([None, *days], days, [*days[1:], None], strict=False)
    }


def neighbours(page: str, label: str, *links: tuple[str, str, str]) -> str:
    """Links to what lies before and after: a mark, words and a page each; none without a page."""
    signs = {"prev": ("← ", ""), "next": ("", " →"), "up": ("", "")}
    told = [
        f'<a rel="{mark}" href="{address(page, there)}">{signs[mark][0]}{words}{signs[mark][1]}</a>'
        if there
        else "<span></span>"
        for mark, words, there in links
    ]
    return f'<nav class="gw-neighbours" aria-label="{label}">{"".join(told)}</nav>'


def _page(diary: Diary, day: date, earlier: date | None, later: date | None) -> str:
    page, wrote, graded = day_page(day), diary.whole(day), ""
    if lines := diary.graded_lines(day, page):
        graded = f"## Graded\n\n{lines}"
    file = f"written in `{diary.scene.workspace.shown(diary.entries[day].path)}`" if wrote else ""
    parts = [
        f"# {title(day)}",
        _beside(page, day, earlier, later),
        " · ".join(part for part in (diary.facts(day), file) if part),
        f"## Log\n\n{wrote}" if wrote else "",
        graded,
    ]
    return alone("\n\n".join(part for part in parts if part) + "\n")


def _beside(page: str, day: date, earlier: date | None, later: date | None) -> str:
    return neighbours(
        page,
        "Days",
        ("prev", _short(earlier, day), day_page(earlier) if earlier else ""),
        ("up", f"{MONTHS[day.month - 1]} {day.year}", month_page(day)),
        ("next", _short(later, day), day_page(later) if later else ""),
    )


def _short(day: date | None, beside: date) -> str:
    if day is None:
        return ""
    year = f" {day.year}" * (day.year != beside.year)
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def _own(entry: Entry) -> str:
    """A day's text without the day as its heading, which the page has already."""
    text = markup.without_controls(entry.text).strip("\n")
    first, _, rest = text.partition("\n")
    return rest.strip("\n") if first.strip("# ") == title(entry.day) else text


def _beginning(text: str) -> str:
    """The first lines, and no more letters than a glance takes."""
    lines, room = [], _LETTERS
    for line in text.split("\n")[:_LINES]:
        if len(line) > room:
            break
        lines.append(line)
        room -= len(line)
    return "\n".join(lines) if lines else text[:_LETTERS].rpartition(" ")[0] + " …"


def by_day(attempts: Iterable[Attempt]) -> dict[date, list[Attempt]]:
    """The attempts of each day."""
    found: dict[date, list[Attempt]] = {}
    for attempt in attempts:
        try:
            found.setdefault(date.fromisoformat(attempt.day), []).append(attempt)
        except ValueError:  # records edited by hand
            continue
    return found


def graded_lines(attempts: Iterable[Attempt], titles: Mapping[str, str], page: str) -> list[str]:
    """One line for each exercise: how the day ended for it, and after how many attempts."""
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
