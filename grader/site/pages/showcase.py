"""The milestones on the home page: the latest runs with what the model wrote, and all others."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.learner.model import MilestoneRecord
from grader.learner.progress import MilestoneProgress
from grader.site.bars import describe_total
from grader.site.formatting import make_href
from grader.site.page_paths import locate_milestone
from grader.site.pages import milestones
from grader.site.pages.main_path import describe_optional, draw_milestone_state
from grader.site.pages.milestones import Sample
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_RUNS = 3
"""As many runs are shown with samples and curves."""
_LINES, _CHARACTERS = 8, 360
"""How much of a sample is shown."""


class _Card(NamedTuple):
    """A milestone; one that was run has what its run showed."""

    title: str
    link: str
    text: str
    state: Markup
    why: str = ""
    sample: Sample | None = None
    curve: Markup = Markup("")


def render_milestones(site: SiteData, page: str) -> list[str]:
    """Render how far the main path has come, and its milestones, with a heading."""
    found = site.progress.milestones
    if not found and not site.course.path:
        return []
    runs = sorted(_find_runs(site), key=lambda run: run[1].at, reverse=True)[:_RUNS]
    shown = [one.milestone.id for one, _ in runs]
    block = fill_block(
        "home/milestones.html",
        runs=[_make_run(one, record, page, n) for n, (one, record) in enumerate(runs)],
        others=[_make_card(one, page) for one in found if one.milestone.id not in shown],
    )
    heading = f"## [Milestones]({milestones.PAGE})" if found else "## Main path"
    return [part for part in (heading, _describe_path(site), str(block)) if part]


def _describe_path(site: SiteData) -> str:
    if not site.course.path:
        return ""
    words = describe_total(site.progress.path, empty="")
    return f"On the [main path](map.md): {words}.{describe_optional(site.course)}"


def _find_runs(site: SiteData) -> list[tuple[MilestoneProgress, MilestoneRecord]]:
    """Find the milestones that were run, each with the run that its page shows."""
    found = []
    for one in site.progress.milestones:
        record = milestones.find_record(site, one.milestone.id)
        if record and (one.is_reached or record.curve or record.samples):
            found.append((one, record))
    return found


def _make_card(one: MilestoneProgress, page: str) -> _Card:
    milestone = one.milestone
    link = make_href(page, locate_milestone(milestone.id))
    return _Card(milestone.title, link, milestone.text, draw_milestone_state(one))


def _make_run(one: MilestoneProgress, record: MilestoneRecord, page: str, number: int) -> _Card:
    samples = milestones.list_samples(record)
    return _make_card(one, page)._replace(
        why=record.why,
        sample=_shorten(samples[-1]) if samples else None,
        curve=Markup(milestones.draw_curve(record, number)),
    )


def _shorten(sample: Sample) -> Sample:
    """Return the beginning of a sample, cut at a line's end where there is one."""
    lines, room = list[str](), _CHARACTERS
    for line in sample.lines:
        if len(lines) == _LINES or room <= 0:
            return Sample(sample.title, [*lines, "…"])
        lines.append(line if len(line) <= room else f"{line[:room].rpartition(' ')[0]} …")
        room -= len(line)
    return Sample(sample.title, lines)
