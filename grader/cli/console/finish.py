"""What is said when a unit or a phase is finished or a milestone reached, and what to try then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.console.terminal import get_width, hang, paint, wrap
from grader.course.model import Milestone, Unit
from grader.learner.progress import MilestoneProgress

if TYPE_CHECKING:
    from grader.learner.forecast import PhaseTime


def format_finish(unit: Unit) -> list[str]:
    """Return that a unit is finished, what the learner has now, and what to do with it."""
    count = len(unit.exercises)
    all_passed = f"all {count} exercises are passed" if count > 1 else "its exercise is passed"
    lines = [hang(paint("Unit finished", "good"), f"  {unit.title}: {all_passed}.", 2, get_width())]
    if unit.finish is not None:
        lines.append(wrap(unit.finish.text))
        lines.append(_label("Try it", format_try(unit)))
        lines.append(_label("Log it", f'grade log "{unit.finish.log}"'))
    return lines


def format_phase(took: PhaseTime) -> list[str]:
    """Return that a phase is finished, and what it took."""
    count = sum(len(unit.exercises) for unit in took.phase.units)
    hours = f" in {took.hours:.1f} hours of study" if took.hours >= 0.1 else ""
    weeks = f" over {took.weeks:.1f} weeks" if hours and took.weeks and took.weeks >= 1 else ""
    words = f"  {took.phase.title}: all {count} exercises are passed{hours}{weeks}."
    return [hang(paint("Phase finished", "good"), words, 2, get_width())]


def format_milestone(one: MilestoneProgress) -> list[str]:
    """Return that a milestone is ready to be run, or reached, and what the learner has then."""
    milestone = one.milestone
    if one.runs:
        head = paint("Milestone", "good")
        title = hang(head, f"  {milestone.title}: all that it needs is passed.", 2, get_width())
        return [title, wrap(milestone.text), _label("Run it", format_run(milestone))]
    head = paint("Milestone reached", "good")
    return [hang(head, f"  {milestone.title}.", 2, get_width()), wrap(milestone.text)]


def format_run(milestone: Milestone) -> str:
    """Return the command that runs a milestone."""
    return f"grade milestone {milestone.id}"


def format_try(unit: Unit) -> str:
    """Return the command that runs a unit's demo on its example."""
    example = unit.finish.example if unit.finish else ""
    return f'grade try {unit.id} "{example}"'


def _label(label: str, command: str) -> str:
    return hang(f"{paint(label, 'strong')}  ", command, len(label) + 2, get_width())
