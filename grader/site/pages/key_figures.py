"""The key figures of the home page: passed, hours, days in a row, mistakes fixed.

Each says what its own page says, to which it leads. What there is none of yet is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from grader.learner.entry_text import name_day
from grader.learner.study_days import StudyDays
from grader.site.formatting import keep_on_one_line, pluralize
from grader.site.mistake_history import find_all_met_mistakes
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_LEAST = 0.05
"""Hours that are not 0.0 when they are rounded."""


class _Figure(NamedTuple):
    """A number, what it counts, and the page that has more of it."""

    number: str | int
    words: str
    link: str


def render_figures(site: SiteData, study: StudyDays, days: Sequence[date]) -> Markup:
    """Render the figures; ``days`` are those of study."""
    total = site.progress.total
    share = keep_on_one_line(f"{total.percent} %")
    words = Markup("of {} passed, {}").format(pluralize(total.exercises, "exercise"), share)
    figures = [
        _Figure(total.passed, words, "tracker.html"),
        *_count_hours(site, days),
        *_count_row(site, study),
        *_count_mistakes(site),
    ]
    return fill_block("home/figures.html", figures=figures)


def _count_hours(site: SiteData, days: Sequence[date]) -> Iterator[_Figure]:
    hours = sum(site.count_minutes().values()) / 60
    if days and hours >= _LEAST:
        began = name_day(min(days)).partition(", ")[2]
        yield _Figure(f"{hours:.1f}", f"hours of study since {began}", "pace.html")


def _count_row(site: SiteData, study: StudyDays) -> Iterator[_Figure]:
    """Yield the days in a row; where none are left, those of the longest row."""
    if study.streak:
        words = f"{_name_days(study.streak)} in a row{_describe_today(site, study)}"
        more = f"; {study.longest} in the longest" if study.longest > study.streak else ""
        yield _Figure(study.streak, words + more, "log/index.html")
    elif study.longest:
        words = f"{_name_days(study.longest)} in the longest row"
        yield _Figure(study.longest, words, "log/index.html")


def _name_days(number: int) -> str:
    return "day" if number == 1 else "days"


def _describe_today(site: SiteData, study: StudyDays) -> str:
    if study.today:
        return ""
    return "; today is a day off" if site.settings.is_off(site.today) else "; not yet today"


def _count_mistakes(site: SiteData) -> Iterator[_Figure]:
    found = find_all_met_mistakes(site)
    if found:
        fixed = sum(one.fixed is not None for one in found)
        yield _Figure(fixed, f"of {pluralize(len(found), 'mistake')} fixed", "mistakes.html")
