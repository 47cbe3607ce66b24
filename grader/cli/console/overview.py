"""What comes next, how far it has gone, and what there is."""

from __future__ import annotations

from collections.abc import Sequence

from grader.cli.console.finish import format_run
from grader.cli.console.terminal import (
    draw_bar,
    format_entry,
    get_terminal_width,
    hang,
    join_fitting,
    label_line,
    measure,
    paint,
    paint_words,
    say,
    say_all,
    wrap,
)
from grader.course.model import Course, Exercise, Hint
from grader.learner.progress import ExerciseState, MilestoneProgress, Progress
from grader.learner.states import COMING_LATER, EXERCISES, MILESTONES

_LEGEND: tuple[ExerciseState, ...] = ("passed", "started", "open", "skipped", "stale")


MOST_OFFERS = 3
"""Optional exercises that are named beside the next exercise."""
LAST_HINT = "That was the last hint."


def ask_to_reveal(exercise: Exercise) -> str:
    """Return the question that is asked before a solution is shown without a pass."""
    return f"{exercise.id} is not passed yet. Show its solution, and record that it was shown?"


def show_next(
    exercise: Exercise, where: str, lesson: str, progress: Progress, optional: bool
) -> None:
    """Show five lines: what to open, what it asks for, what to type.

    After a milestone one more says which optional exercises could be done in its place.
    """
    done = f"{progress.total.passed} of {progress.total.exercises} passed"
    state = progress.states[exercise.id]
    word = "" if state == "open" else f", {state}"
    facts = f"  about {exercise.minutes} minutes{word}{', optional' * optional}; {done}"
    say(
        f"{paint(exercise.id, 'name')}  {paint(exercise.title, 'strong')}"
        f"{paint_words(facts, 'faint')}"
    )
    say_all(format_introduction(exercise, where, lesson))
    say(f"{paint('Then', 'strong')}    grade        stuck? grade hint {exercise.id}")
    for one in progress.milestones:
        if one.is_ready:
            say(label_line("Run", f"{format_run(one.milestone)}  ({one.milestone.title})"))
    if progress.offers:
        say(label_line("Or", format_offers(progress.offers)))


def format_offers(offers: Sequence[str]) -> str:
    """Return the first optional exercises, and how many more there are."""
    shown, left = offers[:MOST_OFFERS], len(offers) - MOST_OFFERS
    noun = "an optional exercise" if len(offers) == 1 else "optional exercises"
    return f"{noun}: {', '.join(shown)}{f' and {left} more: grade list' if left > 0 else ''}"


def format_title(exercise: Exercise) -> str:
    """Return an exercise's id and title."""
    return f"{paint(exercise.id, 'name')}  {paint(exercise.title, 'strong')}"


def format_introduction(exercise: Exercise, where: str, lesson: str) -> list[str]:
    """Return what an exercise asks for, where to write it and what to read before."""
    names = ", ".join(exercise.names)
    return [
        wrap(exercise.summary),
        f"{paint('Open', 'strong')}    {where}  and write {names}: its docstring is the contract",
        f"{paint('Lesson', 'strong')}  {lesson}",
    ]


def show_done(course: Course) -> None:
    """Show that nothing is left."""
    say(format_done(course))


def format_done(course: Course) -> str:
    """Return that nothing is left, and what could be done still."""
    return f"Every exercise of {course.title} is passed. grade --mine puts your own parts together."


def show_pass(exercise: Exercise, progress: Progress, following: str) -> None:
    """Show after a pass how far the learner has come and what is next."""
    compare = f"compare with the reference: grade solution {exercise.id}"
    say(join_fitting([format_progress(progress), compare], "   ", ""))
    if following:
        say(f"{paint('Next', 'strong')}  {following}")


def format_progress(progress: Progress) -> str:
    """Return a bar, and how many are passed."""
    total = progress.total
    passed = f"{total.passed} of {total.exercises} passed ({total.percent} %)"
    return f"{draw_bar(total.passed, total.exercises)} {passed}"


def show_milestones(progress: Progress) -> None:
    """Show each milestone: what one has then, and how it is run or what is missing."""
    for one in progress.milestones:
        head = f"{format_milestone_box(one)} "
        name = f"{paint(one.milestone.id, 'name')}  {paint_words(one.milestone.title, 'strong')}"
        say(hang(head, f"{name}{format_milestone_left(one)}", measure(head), get_terminal_width()))
        say(wrap(one.milestone.text, "    "))
        if one.missing:
            say(wrap(f"missing: {', '.join(one.missing)}", "    "))


def format_milestone_box(one: MilestoneProgress) -> str:
    """Return the box of a milestone, ticked where it is reached."""
    sign = MILESTONES[one.is_reached]
    return paint(sign.box, sign.tint)


def format_milestone_left(one: MilestoneProgress) -> str:
    """Return how far away a milestone is, how it is run, or when it was reached."""
    if one.is_ready:
        return f"  ready: {format_run(one.milestone)}"
    if one.is_reached:
        return paint_words(f"  reached on {one.day}", "faint") if one.day else ""
    return paint_words(f"  after {one.way}", "faint")


def show_list(course: Course, progress: Progress) -> None:
    """Show every exercise with its state, and what an open one waits for.

    The main path comes first, with its milestones, and then the optional exercises by unit.
    """
    if course.path:
        _show_path(course, progress)
        _show_optional(course, progress)
    else:
        _show_phases(course, progress)
    legend = "  ".join(f"{EXERCISES[state].box} {EXERCISES[state].word}" for state in _LEGEND)
    say(paint(f"\n{legend}: grade it again", "faint"))


def _show_path(course: Course, progress: Progress) -> None:
    """Show the exercises and milestones of the main path."""
    found = {one.milestone.id: one for one in progress.milestones}
    say(paint("Main path", "strong"))
    for step in course.path:
        if isinstance(step, Exercise):
            say(format_row(step, progress))
        else:
            say(_format_milestone(found[step.id], progress))


def _show_optional(course: Course, progress: Progress) -> None:
    """Show the other exercises by unit, their milestones, and the phases that have nothing yet."""
    optional = {exercise.id for exercise in course.list_optional()}
    if optional:
        say(f"{paint('Optional', 'strong')}  at any time")
    for unit in course.iterate_units():
        exercises = [exercise for exercise in unit.exercises if exercise.id in optional]
        if exercises:
            say(f"  {unit.title}")
        say_all(format_row(exercise, progress) for exercise in exercises)
    for one in progress.milestones:
        if one.milestone not in course.path:
            say(_format_milestone(one, progress))
    for phase in course.phases:
        if not progress.phases[phase.id].exercises:
            say(f"{paint(phase.title, 'strong')}  {COMING_LATER}")


def _format_milestone(one: MilestoneProgress, progress: Progress) -> str:
    """Return a milestone in the list of exercises."""
    title = f"{paint(one.milestone.title, 'strong')}{format_milestone_left(one)}"
    return format_entry(
        f"    {format_milestone_box(one)}", "milestone", _get_column(progress), title
    )


def _show_phases(course: Course, progress: Progress) -> None:
    """Show the exercises by phase and unit."""
    for phase in course.phases:
        say(paint(f"{phase.title}", "strong") + ("" if phase.units else f"  {COMING_LATER}"))
        for unit in phase.units:
            say(f"  {unit.title}" + ("" if unit.exercises else f"  {COMING_LATER}"))
            for exercise in unit.exercises:
                say(format_row(exercise, progress))


def _get_column(progress: Progress) -> int:
    """Return how wide the names of exercises are in a list."""
    return max((len(name) for name in progress.states), default=0)


def format_row(exercise: Exercise, progress: Progress) -> str:
    """Return an exercise in a list: its state, name, title, and what it waits for."""
    sign = EXERCISES[progress.states[exercise.id]]
    missing = [
        need.removeprefix(f"{exercise.unit}/")
        for need in exercise.needs
        if progress.states[need] in ("open", "started")
    ]
    tail = f"after {', '.join(missing)}" if missing else ""
    mark = paint(" <- next", "strong") if exercise.id == progress.next else ""
    box = f"    {paint(sign.box, sign.tint)}"
    return format_entry(box, exercise.id, _get_column(progress), exercise.title + mark, tail)


def show_hints(exercise: Exercise, hints: tuple[Hint, ...]) -> None:
    """Show all hints seen so far, the new one last, and whether there is another."""
    say_all(format_hints(hints))
    left = len(exercise.hints) - len(hints)
    more = f"{left} more: grade hint {exercise.id}" if left else LAST_HINT
    say(paint(more, "faint"))


def format_hints(hints: tuple[Hint, ...]) -> list[str]:
    """Return the hints, each with its number."""
    return [wrap(hint.text, "   ", f"{paint(str(hint.level), 'strong')}  ") for hint in hints]


def count_in_words(cards: int, exercises: int) -> str:
    """Return ``3 cards and 1 exercise``; nothing where there are none."""
    counts = [
        f"{number} {noun}{'s' * (number != 1)}"
        for number, noun in ((cards, "card"), (exercises, "exercise"))
        if number
    ]
    return " and ".join(counts)


def format_reminder(cards: int, exercises: int) -> str:
    """Return one line on what is due; empty where nothing is."""
    counts = count_in_words(cards, exercises)
    verb = "is" if cards + exercises == 1 else "are"
    return f"{counts} {verb} due: grade review" if counts else ""
