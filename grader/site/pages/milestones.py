"""The pages of milestones: what each asks for, whose code ran, the loss, what the model wrote."""

from __future__ import annotations

import math
from typing import NamedTuple

from grader.course.lessons.diagrams.diagram import Curve, Diagram, Plot
from grader.course.model import Milestone
from grader.learner.model import MilestoneRecord
from grader.learner.progress import MilestoneProgress
from grader.milestones import LINES_TO_BEAT, format_figure
from grader.site.formatting import (
    escape_markdown,
    hide_sidebars,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise, locate_milestone
from grader.site.pages.lesson import draw_diagram
from grader.site.pages.main_path import draw_milestone_state
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table
from grader.site.templating import fill_block

PAGE = "milestones/index.md"
SAMPLES = 6
"""As many samples are shown: the first, the last, and some between."""
YOURS = "yours"


class Sample(NamedTuple):
    """What a model wrote at one step, or with one seed."""

    title: str
    lines: list[str]


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page of all milestones, and one for each."""
    pages = {
        locate_milestone(one.milestone.id): _render_page(site, one)
        for one in site.progress.milestones
    }
    return {PAGE: _render_index(site), **pages}


def _render_index(site: SiteData) -> str:
    parts = ["# Milestones", "What the parts that you wrote do together: `grade milestone`."]
    if not site.progress.milestones:
        parts.append("This course has none yet.")
    for one in site.progress.milestones:
        milestone = one.milestone
        link = make_link(milestone.title, PAGE, locate_milestone(milestone.id))
        parts += [f"## {link}", str(draw_milestone_state(one)), escape_markdown(milestone.text)]
    return hide_sidebars("\n\n".join(parts) + "\n")


def _render_page(site: SiteData, one: MilestoneProgress) -> str:
    milestone = one.milestone
    parts = [
        f"# {escape_markdown(milestone.title)}",
        str(draw_milestone_state(one)),
        escape_markdown(milestone.text),
        f"```sh\ngrade milestone {milestone.id}\n```",
    ]
    record = find_record(site, milestone.id)
    parts += _render_needs(site, milestone) if record is None else _render_record(site, one, record)
    return hide_sidebars("\n\n".join(part for part in parts if part) + "\n")


def find_record(site: SiteData, milestone: str) -> MilestoneRecord | None:
    """Return the run that reached a milestone, or else the last one; None before the first."""
    return site.milestones.get(milestone) or site.milestones.get(f"{milestone}.last")


def _render_needs(site: SiteData, milestone: Milestone) -> list[str]:
    here = locate_milestone(milestone.id)
    titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
    links = [make_link(titles[need], here, locate_exercise(need)) for need in milestone.needs]
    return ["## What it needs", "\n".join(f"- {link}" for link in links)]


def _render_record(site: SiteData, one: MilestoneProgress, record: MilestoneRecord) -> list[str]:
    here = locate_milestone(one.milestone.id)
    return [
        "## The run",
        escape_markdown(record.why),
        _render_figures(record),
        draw_curve(record),
        *_render_samples(record),
        *_render_parts(site, here, record),
    ]


def _render_figures(record: MilestoneRecord) -> str:
    rows = [[escape_markdown(name), format_figure(value)] for name, value in record.figures.items()]
    if record.curve:
        last = record.curve[-1]
        rows += [
            [name, f"{last[key]:,.{digits}f}"]
            for name, key, digits in (
                ("loss of the last evaluation, in nats per character", "valid", 3),
                ("steps", "step", 0),
                ("seconds of training", "seconds", 0),
            )
            if key in last
        ]
        rows += [
            [escape_markdown(name), escape_markdown(value)]
            for name, value in record.settings.items()
        ]
    return render_markdown_table(("Measured", "Value"), rows) if rows else ""


def draw_curve(record: MilestoneRecord, number: int = 0) -> str:
    """Draw the loss over the steps, with the line to beat; nothing before two evaluations.

    ``number`` tells the curves of one page apart.
    """
    valid = [(p["step"], p["valid"]) for p in record.curve if "step" in p and "valid" in p]
    train = [(p["step"], p["train"]) for p in record.curve if "step" in p and "train" in p]
    if len(valid) < 2:
        return ""
    found = [name for name in LINES_TO_BEAT if name in record.figures]
    other, beat = (LINES_TO_BEAT[found[0]], record.figures[found[0]]) if found else ("", math.nan)
    losses = [loss for _, loss in (*valid, *train)] + [beat] * math.isfinite(beat)
    last = max(step for step, _ in valid)
    curves = [Curve("text that is held out", points=tuple(valid), dots=len(valid) < 30)]
    if len(train) > 1:
        curves.append(Curve("the last batches", points=tuple(train), style="second"))
    if math.isfinite(beat):
        text = f"{other} ({beat:.3f})"
        curves.append(Curve(text, points=((0, beat), (last, beat)), style="third"))
    room = 0.05 * (max(losses) - min(losses) or 1.0)
    plot = Plot(
        (0, last or 1),
        (min(losses) - room, max(losses) + room),
        tuple(curves),
        "step",
        "loss, nats per character",
    )
    words = f"The loss fell from {valid[0][1]:.3f} to {valid[-1][1]:.3f} nats per character"
    words += f" in {last:,.0f} steps; {other} has {beat:.3f}." if beat == beat else "."
    return str(draw_diagram(Diagram(plot, words, 0), number))


def _render_samples(record: MilestoneRecord) -> list[str]:
    found = list_samples(record)
    if not found:
        return []
    trained = any(key.isdecimal() for key in record.samples)
    heading = "## What it wrote as training went on" if trained else "## What it wrote"
    if trained and len(found) > SAMPLES:
        found = [found[round(i * (len(found) - 1) / (SAMPLES - 1))] for i in range(SAMPLES)]
    return [heading, str(fill_block("milestone/samples.html", samples=found))]


def list_samples(record: MilestoneRecord) -> list[Sample]:
    """List what the model of a run wrote: by step where it was trained, else all."""
    if steps := sorted((key for key in record.samples if key.isdecimal()), key=int):
        return [Sample(f"step {int(key):,}", record.samples[key].splitlines()) for key in steps]
    title = f"seed {record.settings.get('seed', '0')}"
    return [Sample(title, text.strip().splitlines()) for text in record.samples.values()]


def _render_parts(site: SiteData, here: str, record: MilestoneRecord) -> list[str]:
    if not record.parts:
        return []
    titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
    owners = {name: text.partition(" ") for name, text in record.parts.items()}
    rows = [
        [
            make_link(titles[name], here, locate_exercise(name)),
            "yours" if owner == YOURS else "the reference",
            f"`{escape_markdown(digest[:12])}`",
        ]
        for name in titles
        if name in owners
        for owner, _, digest in [owners[name]]
    ]
    own = sum(owner == YOURS for owner, _, _ in owners.values())
    words = f"{own} of {pluralize(len(owners), 'part')} that ran were your own code."
    head = ("Part", "Whose", "SHA-256 of the file")
    return ["## Whose code ran", words, render_markdown_table(head, rows)]
