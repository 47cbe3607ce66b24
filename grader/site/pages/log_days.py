"""The days of the log: what was written and graded on each, as any page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from grader.grading.outcome import Attempt
from grader.learner.entry_text import name_day
from grader.learner.journal import Entry
from grader.learner.log_line import sum_minutes
from grader.learner.model import StudySpan
from grader.learner.notes import markup, rendering
from grader.learner.notes.comments import remove_comments
from grader.learner.states import VERDICTS
from grader.site.formatting import (
    escape_markdown,
    fold_html,
    format_minutes,
    make_link,
    make_relative,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.mentions import link_mentions
from grader.site.name_index import NameIndex
from grader.site.page_paths import LOG, locate_day, locate_exercise, locate_month
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_LINES, _CHARACTERS = 12, 1500
"""How much of a day is shown on a page that it shares with others."""
_FEW_LINES, _FEW_CHARACTERS = 4, 280
"""How much of a day the home page shows."""


class StudyCount(NamedTuple):
    """What was reviewed and read on a day."""

    cards: int = 0
    repeats: int = 0
    readings: int = 0

    @property
    def weight(self) -> int:
        """As many attempts as it counts for where days are compared; ten cards are like one."""
        return -(-self.cards // 10) + self.repeats + self.readings

    def list_words(self) -> list[str]:
        """Return each count that is not zero, in words."""
        words = [
            (self.cards, pluralize(self.cards, "card")),
            (self.repeats, f"{pluralize(self.repeats, 'exercise')} solved again"),
            (self.readings, pluralize(self.readings, "reading")),
        ]
        return [shown for count, shown in words if count]


NOTHING = StudyCount()


@dataclass(frozen=True, slots=True)
class LogDays:
    """Every day of study, and what pages show of it."""

    site: SiteData
    links: LinkResolver
    known: NameIndex
    entries: Mapping[date, Entry]
    graded: Mapping[date, list[Attempt]]
    studied: Mapping[date, StudyCount]
    """What was reviewed and read."""
    titles: Mapping[str, str]
    """Of the exercises, by id."""
    shown: dict[date, str] = field(default_factory=dict)
    """Whole entries as the pages of the log show them, which lie in one folder."""
    lines: dict[date, str] = field(default_factory=dict)
    """What was graded, as the same pages show it."""

    @classmethod
    def collect(cls, site: SiteData, links: LinkResolver) -> LogDays:
        """Collect the days of the log, of the attempts, and of reviews and readings."""
        entries = {entry.day: entry for entry in site.entries}
        known = NameIndex.build(site.course, links)
        titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
        return cls(
            site,
            links,
            known,
            entries,
            group_by_day(site.attempts),
            count_studied(site.spans),
            titles,
        )

    def list_days(self) -> list[date]:
        """List the days, newest first."""
        return sorted({*self.entries, *self.graded, *self.studied}, reverse=True)

    def describe_day(self, day: date) -> str:
        """Describe a day in figures: minutes logged, attempts, reviews and readings."""
        entry, tries = self.entries.get(day), self.graded.get(day, ())
        minutes = sum_minutes(entry.text) if entry else 0
        minutes_logged = [f"{format_minutes(minutes)} logged"] * bool(minutes)
        attempts = [pluralize(len(tries), "attempt")] * bool(tries)
        return " · ".join([*minutes_logged, *attempts, *self.get_studied(day).list_words()])

    def get_studied(self, day: date) -> StudyCount:
        """Return what was reviewed and read on a day."""
        return self.studied.get(day, NOTHING)

    def name_done(self, day: date) -> str:
        """Return what was done on a day beside writing, as a heading."""
        if day not in self.studied:
            return "Graded"
        return "Graded, reviewed and read" if day in self.graded else "Reviewed and read"

    def render_entry(self, day: date) -> str:
        """Render what the learner wrote on a day, for a page of the log; empty without an entry."""
        entry = self.entries.get(day)
        if entry is not None and day not in self.shown:
            self.shown[day] = self._render_text(entry, _strip_heading(entry), locate_day(day), 2)
        return self.shown.get(day, "")

    def render_excerpt(self, day: date, page: str, shift: int = 2) -> str:
        """Render the beginning of what the learner wrote, with a link to the rest."""
        entry = self.entries.get(day)
        if entry is None:
            return ""
        text = _strip_heading(entry)
        beginning = _take_beginning(text)
        if beginning == text and page in (locate_month(day), LOG):
            return self.render_entry(day)
        shown = self._render_text(entry, beginning, page, shift)
        if beginning == text:
            return shown
        return f"{shown}\n\n{make_link('The rest of the day', page, locate_day(day))}"

    def render_beginning(self, day: date, page: str, shift: int) -> str:
        """Render the first lines of what the learner wrote, for a page that shows little of it."""
        entry = self.entries[day]
        few = _take_beginning(_strip_heading(entry), _FEW_LINES, _FEW_CHARACTERS)
        return self._render_text(entry, few, page, shift)

    def render_graded(self, day: date) -> str:
        """Render a list of what was done on a day beside writing; empty if nothing."""
        if day not in self.lines:
            tries = self.graded.get(day, ())
            lines = describe_attempts(tries, self.titles, locate_day(day))
            lines += self.get_studied(day).list_words()
            self.lines[day] = "\n".join(f"- {line}" for line in lines)
        return self.lines[day]

    def _render_text(self, entry: Entry, text: str, page: str, shift: int) -> str:
        link = self.links.make_resolver(page, entry.path, lambda problem: None)
        html = rendering.render_html(text, link, shift=shift, prefix=f"{entry.day.isoformat()}-")
        return fill_block("log/entry.html", html=fold_html(link_mentions(self.known, html, page)))


def count_studied(spans: Iterable[StudySpan]) -> dict[date, StudyCount]:
    """Return what was reviewed and read on each day that has any."""
    found: dict[date, StudyCount] = {}
    for span in spans:
        with suppress(ValueError):  # records edited by hand
            day = _parse_day(span.day)
            known = found.get(day, NOTHING)
            added = (span.cards, span.repeats, span.readings)
            found[day] = StudyCount(*(old + new for old, new in zip(known, added, strict=True)))
    return found


def _strip_heading(entry: Entry) -> str:
    """Return a day's text without the date as its heading, which the page has already."""
    text = remove_comments(markup.remove_controls(entry.text)).strip("\n")
    first, _, rest = text.partition("\n")
    return rest.strip("\n") if first.strip("# ") == name_day(entry.day) else text


def _take_beginning(text: str, most: int = _LINES, characters: int = _CHARACTERS) -> str:
    """Return the first lines, cut after a number of characters."""
    lines, room = [], characters
    for line in text.split("\n")[:most]:
        if len(line) > room:
            break
        lines.append(line)
        room -= len(line)
    return "\n".join(lines) if lines else text[:characters].rpartition(" ")[0] + " …"


@lru_cache(maxsize=10_000)
def _parse_day(day: str) -> date:
    return date.fromisoformat(day)


def group_by_day(attempts: Iterable[Attempt]) -> dict[date, list[Attempt]]:
    """Group the attempts by day."""
    found: dict[date, list[Attempt]] = {}
    for attempt in attempts:
        try:
            found.setdefault(_parse_day(attempt.day), []).append(attempt)
        except ValueError:  # records edited by hand
            continue
    return found


def describe_attempts(
    attempts: Iterable[Attempt], titles: Mapping[str, str], page: str
) -> list[str]:
    """Return one line per exercise: the best verdict of the day, and the number of attempts."""
    by_exercise: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_exercise.setdefault(attempt.exercise, []).append(attempt)
    lines = []
    for exercise, tries in by_exercise.items():
        ended = "passed" if any(t.verdict == "passed" for t in tries) else tries[-1].verdict
        name = escape_markdown(titles.get(exercise, exercise))
        if exercise in titles:
            name = f"[{name}]({make_relative(page, locate_exercise(exercise))})"
        verdict = VERDICTS[ended].word if ended in VERDICTS else ended
        lines.append(f"{name}: {verdict}, {pluralize(len(tries), 'attempt')}")
    return lines
