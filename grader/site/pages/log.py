"""The daily log by month: what the learner wrote, and beside it what was graded that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import groupby

from markupsafe import Markup

from grader.learner import study_spans
from grader.learner.entry_text import MONTHS, name_day
from grader.learner.log_line import sum_minutes
from grader.site.formatting import (
    add_front_matter,
    format_minutes,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import LOG, locate_day, locate_month
from grader.site.pages import day as day_pages
from grader.site.pages.day import render_neighbours
from grader.site.pages.log_days import LogDays, group_by_day
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table
from grader.site.templating import fill_block

_MAX_BYTES = 80_000
"""Bytes of days that the page of a month shows."""


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page per month and per day of study, and the landing page."""
    log = LogDays.collect(site, links)
    months = [(page, list(held)) for page, held in groupby(log.list_days(), locate_month)]
    pages = {LOG: _render_landing(log, months)} | day_pages.render_day_pages(log)
    names = ["", *(page for page, _ in months), ""]
    for later, (page, held), earlier in zip(names, months, names[2:], strict=False):
        parts = [
            f"# {_name_month(page)}",
            _link_neighbours(page, earlier, later),
            *_render_days(log, held, page),
        ]
        pages[page] = "\n\n".join(parts) + "\n"
    return pages


def list_month_pages(site: SiteData) -> list[tuple[str, str]]:
    """List each month with a day of study, newest first, and its page."""
    days = {entry.day for entry in site.entries} | set(group_by_day(site.attempts))
    days |= study_spans.list_days(site.spans)
    return [
        (_name_month(page), page) for page in sorted({locate_month(d) for d in days}, reverse=True)
    ]


def _render_days(log: LogDays, held: list[date], page: str) -> Iterator[str]:
    """Render the days of a month up to a size limit, and after it only their figures.

    The page is one of the log.
    """
    room = _MAX_BYTES
    for day in held:
        heading = f"## {make_link(name_day(day), page, locate_day(day))}"
        shown = "\n\n".join([heading, *_render_day(log, day, page)])
        room -= len(shown.encode("utf-8"))
        yield shown if room > 0 else f"{heading}\n\n{log.describe_day(day)}".rstrip()


@cache
def _draw_label(words: str) -> Markup:
    return fill_block("log/label.html", words=words)


def _render_day(log: LogDays, day: date, page: str) -> list[str]:
    parts = [log.render_excerpt(day, page)]
    if lines := log.render_graded(day):
        parts += [_draw_label(f"{log.name_done(day)} that day"), lines]
    return [part for part in parts if part]


def _link_neighbours(page: str, earlier: str, later: str) -> Markup:
    return render_neighbours(
        page,
        "Months",
        ("prev", _name_month(earlier) if earlier else "", earlier),
        ("up", "All months", f"{LOG}#all-months"),
        ("next", _name_month(later) if later else "", later),
    )


def _render_landing(log: LogDays, months: list[tuple[str, list[date]]]) -> str:
    """Render the current month and below it a list of all; the search finds the months' pages."""
    parts = ["# Log", "One file a day in `docs/log`, yours to edit; `grade log` adds a line."]
    if log.site.problems and log.site.is_preview:
        root = f"{log.site.workspace.root}/"
        problems = [problem.replace(root, "") for problem in log.site.problems]
        parts.append(
            fill_block("warning.html", heading="Not everything could be read", lines=problems)
        )
    if months:
        rows = [_make_row(log, page, held) for page, held in months]
        table = render_markdown_table(["Month", "Written", "Logged", "Graded"], rows)
        parts += [*_render_latest(log, months), "## All months", table]
    return add_front_matter("\n\n".join(parts) + "\n", "search:\n  exclude: true\n")


def _render_latest(log: LogDays, months: list[tuple[str, list[date]]]) -> Iterator[str]:
    """Render this month, or before its first day the last one; not one that is still to come."""
    today = locate_month(log.site.today)
    place = next((n for n, (page, _) in enumerate(months) if page <= today), 0)
    page, held = months[place]
    if page != today:
        yield f"Nothing in {_name_month(today)} yet."
    earlier = months[place + 1][0] if place + 1 < len(months) else ""
    wrote, minutes, tries = _count_month(log, held)
    counts = [
        *[f"{pluralize(wrote, 'day')} written"] * bool(wrote),
        *[f"{format_minutes(minutes)} logged"] * bool(minutes),
        *[pluralize(tries, "attempt")] * bool(tries),
    ]
    link = make_link(_name_month(page), LOG, page)
    yield ": ".join([f"**{link}**", *[", ".join(counts)] * bool(counts)])
    yield _link_neighbours(LOG, earlier, months[place - 1][0] if place else "")
    yield from _render_days(log, held, LOG)


def _make_row(log: LogDays, page: str, held: list[date]) -> list[str]:
    wrote, minutes, tries = _count_month(log, held)
    link = make_link(_name_month(page), LOG, page)
    logged = format_minutes(minutes) if minutes else "–"
    return [link, pluralize(wrote, "day"), logged, pluralize(tries, "attempt")]


def _count_month(log: LogDays, held: list[date]) -> tuple[int, int, int]:
    """Return the days with an entry, the minutes logged, and the attempts."""
    wrote = [log.entries[day] for day in held if day in log.entries]
    minutes = sum(sum_minutes(entry.text) for entry in wrote)
    return len(wrote), minutes, sum(len(log.graded.get(day, ())) for day in held)


def _name_month(page: str) -> str:
    year, month = page.removeprefix("log/").removesuffix(".md").split("-")
    return f"{MONTHS[int(month) - 1]} {year}"
