"""A page for each day of the log, with links to the days beside it."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from grader.learner.entry_text import MONTHS, name_day
from grader.site.formatting import (
    hide_sidebars,
    make_href,
)
from grader.site.neighbours import Neighbours
from grader.site.page_paths import locate_day, locate_month
from grader.site.pages.log_days import LogDays
from grader.site.templating import fill_block


def render_day_pages(log: LogDays) -> dict[str, str]:
    """Return a page for each day."""
    days = log.list_days()
    return {
        locate_day(day): _render_page(log, day, earlier, later)
        for later, day, earlier in zip([None, *days], days, [*days[1:], None], strict=False)
    }


def render_neighbours(page: str, label: str, *links: tuple[str, str, str]) -> Markup:
    """Render links to the pages before and after: direction, words and page of each."""
    held = [(kind, words, there and make_href(page, there)) for kind, words, there in links]
    return fill_block("log/neighbours.html", label=label, links=held)


def link_neighbours(page: str, label: str, up: tuple[str, str], beside: Neighbours) -> Markup:
    """Render links to the pages beside a page of the course; ``up`` is a title and its page."""
    before, after = beside
    return render_neighbours(page, label, ("prev", *before), ("up", *up), ("next", *after))


def _render_page(log: LogDays, day: date, earlier: date | None, later: date | None) -> str:
    page, wrote, graded = locate_day(day), log.render_entry(day), ""
    if lines := log.render_graded(day):
        graded = f"## {log.name_done(day)}\n\n{lines}"
    file = f"written in `{log.site.workspace.show_path(log.entries[day].path)}`" if wrote else ""
    parts = [
        f"# {name_day(day)}",
        _link_neighbours(page, day, earlier, later),
        " · ".join(part for part in (log.describe_day(day), file) if part),
        f"## Log\n\n{wrote}" if wrote else "",
        graded,
    ]
    text = "\n\n".join(part for part in parts if part)
    return hide_sidebars(f"{text}\n", "navigation", "toc")


def _link_neighbours(page: str, day: date, earlier: date | None, later: date | None) -> Markup:
    return render_neighbours(
        page,
        "Days",
        ("prev", _abbreviate(earlier, day), locate_day(earlier) if earlier else ""),
        ("up", f"{MONTHS[day.month - 1]} {day.year}", locate_month(day)),
        ("next", _abbreviate(later, day), locate_day(later) if later else ""),
    )


def _abbreviate(day: date | None, beside: date) -> str:
    if day is None:
        return ""
    year = f" {day.year}" * (day.year != beside.year)
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"
