"""A milestone in the terminal: whose code runs, the live progress, and what the model writes."""

from __future__ import annotations

import math
import sys
import textwrap
from collections.abc import Sequence

import click

from grader.cli.console.redrawn_line import RedrawnLine
from grader.cli.console.terminal import (
    count_noun,
    get_terminal_width,
    hang,
    paint,
    say,
    wrap,
)
from grader.course.model import Milestone
from grader.milestones import (
    LINES_TO_BEAT,
    Evaluation,
    Event,
    Figure,
    Line,
    Piece,
    Progress,
    Reached,
    format_figure,
)
from grader.services.milestone import PartOwner

SAMPLE_LINES = 6
"""As many lines of a sample are shown while training goes on; the site's page shows all."""


def format_owners(owners: Sequence[PartOwner]) -> list[str]:
    """Return which parts are the learner's, and which are the references'."""
    own = [part.exercise.id for part in owners if part.owner == "exercises"]
    others = [part.exercise.id for part in owners if part.owner == "solutions"]
    lines = []
    if own:
        head = f"{paint('Yours', 'good')}       "
        lines.append(
            hang(head, f"{count_noun(len(own), 'part')}: {', '.join(own)}", 12, _columns())
        )
    if others:
        head = f"{paint('Reference', 'odd')}   "
        words = f"{count_noun(len(others), 'part')} not passed yet: {', '.join(others)}"
        lines.append(hang(head, words, 12, _columns()))
    return lines


class MilestoneView:
    """Shows the events of one run as they come."""

    def __init__(self, milestone: Milestone, line: RedrawnLine) -> None:
        self._milestone, self._line = milestone, line
        self._line_to_beat, self._beaten_name = math.nan, ""
        self.has_evaluations = False

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Progress):
            self._draw(event)
            return
        self._line.clear()
        if isinstance(event, Line):
            say(wrap(event.text))
        elif isinstance(event, Piece):
            click.echo(event.text, nl=False)
            sys.stdout.flush()
        elif isinstance(event, Figure):
            self._show_figure(event)
        elif isinstance(event, Evaluation):
            self._show_evaluation(event)
        elif isinstance(event, Reached):
            self._show_result(event)

    def _draw(self, event: Progress) -> None:
        """Draw the progress line again; without a bar it fits into 80 columns."""
        parts = [
            f"step {event.step:,} of {event.steps:,}",
            f"loss {event.loss:.3f}",
            f"{event.tokens_per_second:,.0f} tokens/s",
            f"{format_seconds(event.seconds_left)} left",
        ]
        if math.isfinite(self._line_to_beat):
            parts.insert(2, f"{self._beaten_name} {self._line_to_beat:.3f}")
        self._line.draw("  ".join(parts))

    def _show_figure(self, event: Figure) -> None:
        if event.name in LINES_TO_BEAT:
            self._line_to_beat, self._beaten_name = event.value, event.name
        say(f"{format_figure(event.value):>8}  {event.name}")

    def _show_evaluation(self, event: Evaluation) -> None:
        self.has_evaluations = True
        beaten = event.valid < self._line_to_beat
        loss = paint(f"{event.valid:.3f}", "good" if beaten else "odd")
        beat, name = self._line_to_beat, self._beaten_name
        beside = f" ({name} {beat:.3f})" if math.isfinite(beat) else ""
        head = f"step {event.step:,}, {format_seconds(event.seconds)}"
        say(f"{paint(head, 'strong')}  {loss} nats per character{beside}")
        show_sample(event.sample, SAMPLE_LINES)

    def _show_result(self, event: Reached) -> None:
        say()
        if event.reached:
            say(f"{paint('Milestone reached', 'good')}  {self._milestone.title}")
        else:
            say(f"{paint('Not reached yet', 'odd')}  {self._milestone.title}")
        say(wrap(event.why))


def show_sample(text: str, most: int) -> None:
    """Show the first lines of what a model wrote, set in."""
    lines = [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, max(20, min(76, _columns() - 4))) or [""]
    ]
    for line in lines[:most]:
        say(paint(f"    {line}".rstrip(), "faint"))
    if len(lines) > most:
        say(paint("    …", "faint"))


def format_seconds(seconds: float) -> str:
    """Return ``45 s`` or ``9:05 min``."""
    if not math.isfinite(seconds):
        return "?"
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 100 else f"{whole // 60}:{whole % 60:02} min"


def _columns() -> int:
    return max(40, min(get_terminal_width(), 110))
