"""The home page: whose work it is, how far it has come, what is new, the year, what is next.

Before the first attempt it is an invitation (``invitation``) in place of empty charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grader.course.model import Phase, Unit
from grader.learner.states import COMING_LATER
from grader.learner.study_days import StudyDays, count_study_days
from grader.site.bars import BarPart, describe_total, measure_parts
from grader.site.formatting import (
    add_front_matter,
    escape_markdown,
    format_percent,
    hide_sidebars,
    make_href,
    make_link,
    pluralize,
    quote_yaml,
    slugify,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise, locate_milestone, locate_unit
from grader.site.pages.invitation import has_begun, render_invitation
from grader.site.pages.key_figures import render_figures
from grader.site.pages.latest import render_latest
from grader.site.pages.log_days import LogDays
from grader.site.pages.masthead import describe_work, render_links
from grader.site.pages.objectives import render_short_list
from grader.site.pages.showcase import render_milestones
from grader.site.pages.year import Done, count_days, render_year
from grader.site.signs import draw_state, draw_unit_state
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_PAGE = "index.md"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the home page; its front matter has the sentence that says whose work it is."""
    sentence = describe_work(site)
    heading, more = f"# {escape_markdown(sentence)}", str(render_links(site))
    if has_begun(site):
        parts = [heading, _describe_state(site), more, *_render_progress_page(site, links)]
        text = "\n\n".join(part for part in parts if part)
    else:
        head = [heading, escape_markdown(site.course.summary), more]
        text = render_invitation(site, head, _render_next(site, "First step"))
    page = hide_sidebars(f"{text.rstrip()}\n", "navigation", "toc")
    return {_PAGE: add_front_matter(page, f"headline: {quote_yaml(sentence)}\n")}


def _render_progress_page(site: SiteData, links: LinkResolver) -> list[str]:
    """Render all but the head, once something has been done."""
    log = LogDays.collect(site, links)
    done = {
        day: (len(log.graded.get(day, ())), day in log.entries, log.get_studied(day))
        for day in log.list_days()
        if day <= site.today
    }
    study = count_study_days(done, site.today, site.settings.is_off)
    total = site.progress.total
    return [
        fill_block(
            "home/bar.html", parts=measure_parts(total), words=describe_total(total, empty="")
        ),
        render_figures(site, study, list(done)),
        *render_milestones(site, _PAGE),
        render_latest(site, links, log, _PAGE),
        _render_year(site, done, study),
        _render_next(site),
        _render_progress(site),
        render_short_list(site),
    ]


def _describe_state(site: SiteData) -> str:
    """Say how the work is done, and what comes next."""
    course = escape_markdown(site.course.title)
    words = [f"Each part is an exercise of the course {course}, and checked by a grader."]
    if site.progress.next:
        title = site.course.find_exercise(site.progress.next).title
        words.append(f"Next is {make_link(title, _PAGE, locate_exercise(site.progress.next))}.")
    if coming := site.progress.find_coming():
        milestone = coming.milestone
        link = make_link(milestone.title, _PAGE, locate_milestone(milestone.id))
        away = "all that it needs is passed" if coming.is_ready else f"after {coming.way}"
        words.append(f"The next milestone is {link}, {away}.")
    return " ".join(words)


def _render_next(site: SiteData, label: str = "Next") -> str:
    following = site.progress.next
    if following is None:
        total = site.progress.total.exercises
        return f"All {total} exercises are passed." if total else "The course has no exercises yet."
    exercise = site.course.find_exercise(following)
    block = fill_block(
        "home/next.html",
        state=draw_state(site.progress.states[following]),
        optional=exercise in site.course.list_optional(),
        minutes=pluralize(exercise.minutes, "minute"),
        summary=exercise.summary,
        file=site.workspace.show_path(site.workspace.locate_stub(following)),
        exercise=following,
        opens=_link_exercises(site, site.progress.opens),
        offers=_link_exercises(site, site.progress.offers),
    )
    title = escape_markdown(exercise.title)
    return f"## {label}: [{title}]({locate_exercise(following)})\n\n{block}"


def _link_exercises(site: SiteData, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the title and the address of each exercise."""
    found = map(site.course.find_exercise, names)
    return [(e.title, make_href(_PAGE, locate_exercise(e.id))) for e in found]


def _render_year(site: SiteData, done: Done, study: StudyDays) -> str:
    days = pluralize(count_days(done, site.today), "day")
    words = f"{days} of study in the last 53 weeks, {study.recent} of them in the last 30 days."
    picture = render_year(done, site.today, site.settings.is_off, _PAGE)
    return f"## The year\n\n{words} Each leads to its page.\n\n{picture}"


def _render_progress(site: SiteData) -> str:
    total = site.progress.total
    passed = f"{total.passed} of {pluralize(total.exercises, 'exercise')} passed"
    share = f"{passed}, {format_percent(total.percent)}"
    bars = fill_block(
        "home/phases.html", phases=[_make_phase_bar(site, p) for p in site.course.phases]
    )
    more = "[The tracker](tracker.md) has every exercise, [the pace](pace.md) the hours and weeks."
    return f"## Progress\n\n{share}. {more}\n\n{bars}"


class _ProgressBar(NamedTuple):
    """A phase or a unit, and how far it has come."""

    title: str
    link: str
    words: str
    parts: Sequence[BarPart]
    units: Sequence[_ProgressBar] = ()


def _make_phase_bar(site: SiteData, phase: Phase) -> _ProgressBar:
    total = site.progress.phases[phase.id]
    return _ProgressBar(
        phase.title,
        f"tracker.html#{slugify(phase.title)}",
        describe_total(total, empty=COMING_LATER),
        measure_parts(total),
        [_make_unit_bar(site, unit) for unit in phase.units],
    )


def _make_unit_bar(site: SiteData, unit: Unit) -> _ProgressBar:
    total = site.progress.units[unit.id]
    there = make_href(_PAGE, locate_unit(unit.id))
    return _ProgressBar(unit.title, there, draw_unit_state(total), measure_parts(total))
