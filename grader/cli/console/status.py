"""How far the learner has come: ``grade status``."""

from __future__ import annotations

from grader.cli.console.overview import format_milestone_box, format_milestone_left
from grader.cli.console.terminal import (
    count_noun,
    draw_bar,
    get_terminal_width,
    hang,
    measure,
    paint,
    paint_words,
    say,
    wrap,
)
from grader.course.model import Course, Phase
from grader.learner.progress import Progress, Total
from grader.learner.states import COMING_LATER
from grader.learner.study_days import StudyDays, WeekHours


def show_status(course: Course, progress: Progress, study: StudyDays, week: WeekHours) -> None:
    """Show progress on the main path, by phase and by unit, days and hours, and what is next."""
    total = progress.total
    say(f"{paint(course.title, 'strong')}  {total.passed} of {total.exercises} passed")
    _show_path_status(progress)
    for phase in course.phases:
        head = f"{phase.title} ({_format_estimate(phase)})"
        say()
        say(_format_total(progress.phases[phase.id], paint_words(head, "strong")))
        for unit in phase.units:
            say(_format_total(progress.units[unit.id], f"  {unit.title}"))
    say()
    say(wrap(format_study(study, week)))
    if progress.next is not None:
        say(f"{paint('Next', 'strong')}  {progress.next}   (type: grade)")


def _format_estimate(phase: Phase) -> str:
    """Return how long the exercises that a phase has take; without one, how long it may take."""
    minutes = sum(exercise.minutes for unit in phase.units for exercise in unit.exercises)
    if minutes:
        return f"about {max(1, round(minutes / 60))} h"
    fastest, slowest = phase.weeks
    if fastest == slowest:
        return count_noun(fastest, "week")
    return f"{fastest} to {slowest} weeks"


def format_study(study: StudyDays, week: WeekHours) -> str:
    """Return the week's hours beside the goal, and on how many days there was study."""
    row = f"{count_noun(study.streak, 'day')} in a row"
    longest = f", {study.longest} at most" if study.longest > study.streak else ""
    yet = "" if study.today else "; nothing yet today"
    hours = f"This week {week.hours:.1f} of {week.target:g} hours."
    return f"{hours} Studied on {study.recent} of the last 30 days; {row}{longest}{yet}."


def _show_path_status(progress: Progress) -> None:
    """Show how far the main path has come, its milestones, and the optional exercises."""
    if progress.path.exercises or progress.milestones:
        say()
    if progress.path.exercises:
        say(_format_total(progress.path, paint_words("Main path", "strong")))
    for one in progress.milestones:
        head = f"    {format_milestone_box(one)} milestone  "
        text = f"{one.milestone.title}{format_milestone_left(one)}"
        say(hang(head, text, measure(head), get_terminal_width()))
    if progress.optional.exercises:
        say(_format_total(progress.optional, paint_words("Optional exercises", "strong")))


def _format_total(total: Total, title: str) -> str:
    """Return a bar and a count, or in the same width that there are none yet, and of what."""
    bar = draw_bar(total.passed, total.exercises)
    count = f"{total.passed}/{total.exercises}"
    drawn = f"{bar} {count:>6}"
    if not total.exercises:
        drawn = f"{COMING_LATER:>{measure(drawn)}}"
    head = f"{drawn}  "
    return hang(head, title, measure(head), get_terminal_width())
