"""``list``, ``status``, ``next``, ``hint``, ``solution``, ``reset``, ``skip``.

The last four take the exercise that ``grade`` would grade, unless another is named.
"""

from __future__ import annotations

from datetime import datetime

import click

from grader.base.errors import PASSED, UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import (
    add_exercise_argument,
    choose_exercise,
    open_session,
)
from grader.cli.console import json_output, overview, status
from grader.cli.console.confirmation import confirm
from grader.cli.console.pager import show_in_pager
from grader.cli.console.side_by_side import format_solution
from grader.cli.console.terminal import complain, say, say_exactly
from grader.course.model import Exercise
from grader.learner.study_days import StudyDays, WeekHours
from grader.services import help
from grader.services.session import Session
from grader.services.submission import read_leniently

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON value and nothing else."
)


def introduce_exercise(session: Session, exercise: Exercise) -> None:
    """Show what to open and what it asks for, in five lines."""
    lesson = session.workspace.show_path(session.workspace.locate_lesson(exercise.id))
    overview.show_next(
        exercise,
        help.locate_stub(session, exercise),
        lesson,
        session.read_progress(),
        exercise in session.course.list_optional(),
    )
    remind_of_due(session)


def introduce_next(session: Session) -> None:
    """Show what comes next: the exercise, or that every one is passed."""
    following = session.read_progress().next
    if following is None:
        overview.show_done(session.course)
    else:
        introduce_exercise(session, session.course.find_exercise(following))


def format_next(session: Session) -> str:
    """Return what comes next as JSON."""
    progress, workspace = session.read_progress(), session.workspace
    path = workspace.show_path(workspace.locate_stub(progress.next)) if progress.next else None
    return json_output.format_next(session.course, progress, path)


def report_status(session: Session) -> None:
    """Show how far the learner has come, and what is due."""
    status.show_status(session.course, session.read_progress(), *_measure_study(session))
    remind_of_due(session)


def show_hint(session: Session, name: str | None) -> None:
    """Show the next hint and record it; without a name, for the exercise in hand."""
    chosen = choose_exercise(session, name)
    if name is None:
        say(overview.format_title(chosen))
    overview.show_hints(chosen, help.give_hint(session, chosen))


def remind_of_due(session: Session) -> None:
    """Show one line on cards and exercises that are due, where any are."""
    from grader.services.due import count_due

    cards, exercises = count_due(session)
    if cards or exercises:
        say(overview.format_reminder(cards, exercises))


@click.command(name="list")
@as_json_option
def show_list(as_json: bool) -> None:
    """List every exercise with its state: the main path, then what is optional."""
    session = open_session()
    if as_json:
        say_exactly(json_output.format_exercises(session.course, session.read_progress()))
    else:
        overview.show_list(session.course, session.read_progress())


@click.command(name="status")
@as_json_option
def show_status(as_json: bool) -> None:
    """Show your progress, the milestones, and the days on which you studied."""
    session = open_session()
    if as_json:
        progress, standings = session.read_progress(), session.records.read_standings()
        study = _measure_study(session)
        say_exactly(json_output.format_status(session.course, progress, standings, *study))
    else:
        report_status(session)
    for warning in session.records.warnings:
        complain(f"records: {warning}")


def _measure_study(session: Session) -> tuple[StudyDays, WeekHours]:
    """Count the days of study, and measure the hours of this week."""
    from grader.services.study import count_days, measure_week  # 15 ms that others do without

    return count_days(session), measure_week(session)


@click.command(name="next")
@as_json_option
def show_next(as_json: bool) -> None:
    """Show what to do next: the file to open and what it asks for."""
    session = open_session()
    if as_json:
        say_exactly(format_next(session))
    else:
        introduce_next(session)


@click.command()
@add_exercise_argument
def hint(name: str | None) -> None:
    """Show the next hint; there are three for each exercise.

    Without a name the hint is for the exercise that plain `grade` would grade.
    """
    show_hint(open_session(), name)


@click.command()
@add_exercise_argument
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_context
def solution(ctx: click.Context, name: str | None, yes: bool) -> None:
    """Show the reference beside your file; before a pass, ask first and record it.

    Without a name it is the exercise that plain `grade` would grade.
    """
    session = open_session()
    chosen = choose_exercise(session, name)
    asks = session.records.read_standing(chosen.id).passed_at is None and not yes
    otherwise = "the solution was not shown. In a script add --yes"
    if asks and not confirm(overview.ask_to_reveal(chosen), otherwise):
        say(f"Not shown. A hint may be enough: grade hint {chosen.id}")
        ctx.exit(PASSED)
    reference = help.reveal(session, chosen)
    own = read_leniently(session.workspace.locate_stub(chosen.id))
    show_in_pager(format_solution(chosen, reference, sanitize(own, 200_000)))


@click.command()
@add_exercise_argument
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def reset(name: str | None, yes: bool) -> None:
    """Replace your file with a fresh stub; your file is kept, and its path is printed.

    Without a name it is the exercise that plain `grade` would grade, after a confirmation.
    """
    session = open_session()
    chosen = choose_exercise(session, name)
    shown = session.workspace.show_path(session.workspace.locate_stub(chosen.id))
    if name is None and not yes:
        question = f"Replace {shown} with a fresh stub? Your file is kept in progress/aside."
        named = f"nothing was reset. In a script name the exercise: grade reset {chosen.id}"
        if not confirm(question, named):
            say("Nothing was reset.")
            return
    done = help.reset(session, chosen, datetime.now())
    say(f"{shown} is a fresh stub.")
    if done.saved is not None:
        say(f"Your file is kept as {session.workspace.show_path(done.saved)}")


@click.command()
@add_exercise_argument
@click.option("--undo", is_flag=True, help="Undo the skip.")
def skip(name: str | None, undo: bool) -> None:
    """Leave an exercise for later; the exercises that need it become available anyway.

    Without a name it is the exercise that plain `grade` would grade; with --undo the one that
    is skipped.
    """
    session = open_session()
    chosen = _find_skipped(session) if undo and name is None else choose_exercise(session, name)
    help.skip(session, chosen, skipped=not undo)
    if undo:
        say(f"{chosen.id} is no longer skipped.")
    else:
        say(f"{chosen.id} is skipped; grade skip {chosen.id} --undo undoes it.")
    following = session.read_progress().next
    if following is not None:
        say(f"Next  {following}")


def _find_skipped(session: Session) -> Exercise:
    """Return the one exercise that is skipped; a usage error where it is not one."""
    states = session.read_progress().states
    skipped = [name for name, state in states.items() if state == "skipped"]
    if len(skipped) == 1:
        return session.course.find_exercise(skipped[0])
    if not skipped:
        raise UsageError("no exercise is skipped.")
    raise UsageError(f"{len(skipped)} exercises are skipped; name one: {', '.join(skipped)}")
