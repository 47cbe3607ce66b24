"""``list``, ``status``, ``next``, ``hint``, ``solution``, ``reset``, ``skip``."""

from __future__ import annotations

from datetime import date, datetime

import click

from grader import practice
from grader.commands.names import desk, exercise_argument
from grader.console import machine, overview
from grader.console.paint import complain, say
from grader.course import Exercise
from grader.errors import PASSED
from grader.harmless import harmless
from grader.journal import Journal
from grader.practice import Desk
from grader.progress import study_days

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON value and nothing else."
)


def next_in_words(at: Desk, exercise: Exercise) -> None:
    """What to open and what it asks for, in five lines."""
    lesson = at.workspace.shown(at.workspace.lesson(exercise.id))
    overview.show_next(exercise, practice.whereabouts(at, exercise), lesson, at.progress())
    remind(at)


def remind(at: Desk) -> None:
    """One line on cards and exercises that are due, where any are."""
    from grader.practice.due import due_in_short

    cards, exercises = due_in_short(at)
    if cards or exercises:
        say(overview.reminder(cards, exercises))


@click.command(name="list")
@as_json_option
def show_list(as_json: bool) -> None:
    """Every exercise with its state, in the order of the course."""
    at = desk()
    if as_json:
        say(machine.catalogue(at.course, at.progress()))
    else:
        overview.show_list(at.course, at.progress())


@click.command(name="status")
@as_json_option
def show_status(as_json: bool) -> None:
    """How far you have come, by phase and unit, and the days you studied."""
    at = desk()
    days = study_days(_days(at), at.today(), at.settings().is_off)
    if as_json:
        say(machine.status(at.course, at.progress(), at.records.standings(), days))
    else:
        overview.show_status(at.course, at.progress(), days)
        remind(at)
    for warning in at.records.warnings:
        complain(f"records: {warning}")


def _days(at: Desk) -> set[date]:
    """The days with an attempt or an entry; no entry is read."""
    graded = {date.fromisoformat(day) for day in at.records.days()}
    return graded.union(Journal(at.workspace.log).named())


@click.command(name="next")
@as_json_option
def show_next(as_json: bool) -> None:
    """What to do next: the file to open and what it asks for."""
    at = desk()
    following = at.progress().next
    if as_json:
        path = at.workspace.shown(at.workspace.stub(following)) if following else None
        say(machine.following(following, path))
    elif following is None:
        overview.show_done(at.course)
    else:
        next_in_words(at, at.course.exercise(following))


@click.command()
@exercise_argument
def hint(exercise: str) -> None:
    """A hint for an exercise, one step further each time; three in all."""
    at = desk()
    chosen = at.one(exercise)
    overview.show_hints(chosen, practice.hint(at, chosen))


@click.command()
@exercise_argument
@click.option("--yes", is_flag=True, help="Do not ask, also before a pass.")
@click.pass_context
def solution(ctx: click.Context, exercise: str, yes: bool) -> None:
    """The reference beside your file. Before you have passed, it asks first and records it."""
    at = desk()
    chosen = at.one(exercise)
    asks = at.records.standing(chosen.id).passed_at is None and not yes
    if asks and not click.confirm(overview.asks_to_reveal(chosen), default=False):
        say(f"Not shown. A hint may do: grade hint {chosen.id}")
        ctx.exit(PASSED)
    reference = practice.reveal(at, chosen)
    try:
        own = at.workspace.stub(chosen.id).read_text("utf-8", errors="replace")
    except OSError:
        own = ""
    overview.show_beside(chosen, reference, harmless(own, 200_000))


@click.command()
@exercise_argument
def reset(exercise: str) -> None:
    """Put a fresh stub in place. Your file is saved aside first, and it says where."""
    at = desk()
    chosen = at.one(exercise)
    done = practice.reset(at, chosen, datetime.now())
    say(f"{at.workspace.shown(done.path)} is a fresh stub.")
    if done.saved is not None:
        say(f"Your file is kept as {at.workspace.shown(done.saved)}")


@click.command()
@exercise_argument
@click.option("--undo", is_flag=True, help="Take it up again.")
def skip(exercise: str, undo: bool) -> None:
    """Leave an exercise for later: what needs it opens all the same."""
    at = desk()
    chosen = at.one(exercise)
    practice.skip(at, chosen, skipped=not undo)
    if undo:
        say(f"{chosen.id} is back in line.")
    else:
        say(f"{chosen.id} is skipped; grade skip {chosen.id} --undo takes it up again.")
    following = at.progress().next
    if following is not None:
        say(f"Next  {following}")
