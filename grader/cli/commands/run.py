"""``grade [EXERCISE | UNIT]...``: grade, show, and say what comes next."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial

import click

from grader.base.errors import NOT_PASSED, OUR_FAULT, PASSED, UsageError
from grader.cli.commands.arguments import complete, open_session
from grader.cli.commands.run_report import (
    announce_finished,
    grade_visibly,
    list_passed,
    show_contract_changes,
    show_result,
    sum_up,
    warn,
)
from grader.cli.commands.study import introduce_exercise
from grader.cli.commands.table import COMMANDS
from grader.cli.console import json_output, overview
from grader.cli.console.progress_bar import ProgressBar
from grader.cli.console.terminal import complain, say_exactly
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.grading.outcome import Outcome, Target
from grader.services.grading import choose_seed, grade
from grader.services.session import Session
from grader.services.submission import is_unwritten, read_submission


@click.command(name="run", short_help="Grade exercises.")
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option("--all", "everything", is_flag=True, help="Every exercise of the course.")
@click.option("--stale", is_flag=True, help="Every stale pass: its contract or checks changed.")
@click.option(
    "--target",
    type=click.Choice(["exercises", "solutions"]),
    default="exercises",
    help="Whose code is graded; the references' results are not recorded.",
)
@click.option("--mine", is_flag=True, help="Use your own earlier exercises, not the references.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="The inputs of an earlier run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
@click.option("--cold", is_flag=True, help="Fresh processes instead of forks; slower.")
@click.pass_context
def run(
    ctx: click.Context,
    names: tuple[str, ...],
    everything: bool,
    stale: bool,
    target: Target,
    mine: bool,
    seed: int | None,
    as_json: bool,
    cold: bool,
) -> None:
    """Grade exercises: the next one, those named, a unit's, or all of them.

    Exit code: 0 all passed, 1 not all passed, 2 usage or course error, 3 internal error.
    """
    if mine and target == "solutions":
        raise UsageError("--mine and --target solutions exclude each other")
    session = open_session()
    exercises = _choose(session, names, everything, stale, target)
    is_next = not (names or everything or stale)
    if not as_json and _show_before(session, exercises, is_next, stale):
        ctx.exit(PASSED)
    chosen_seed = choose_seed() if seed is None else seed
    before = list_passed(session)
    outcomes = []
    with ProgressBar() as bar, Engine(cold, _choose_listener(bar, as_json)) as engine:
        whose: Target = "mine" if mine else target
        # Closed also on Ctrl-C: runs under way are then abandoned before the engine goes.
        with closing(
            _grade(session, engine, exercises, chosen_seed, whose, bar, as_json)
        ) as coming:
            for outcome in coming:
                outcomes.append(outcome)
                with bar.hide():
                    show_result(session, outcome, len(exercises) == 1, as_json)
    warn(session)
    _show_end(session, outcomes, before, as_json)
    ctx.exit(_choose_exit_code(outcomes, is_next))


def _show_end(
    session: Session, outcomes: list[Outcome], before: frozenset[str], as_json: bool
) -> None:
    """Show what a run comes to: the units and phases that it finished, the milestones reached."""
    if as_json:
        say_exactly(json_output.format_results(outcomes))
        return
    if len(outcomes) > 1:
        sum_up(outcomes)
    announce_finished(session, before)


def _choose(
    session: Session, names: tuple[str, ...], everything: bool, stale: bool, target: Target
) -> list[Exercise]:
    """Return the exercises to grade, in course order."""
    if stale:
        if names or everything or target == "solutions":
            raise UsageError(
                "--stale takes no names, --all or --target: it grades your stale passes"
            )
        states = session.read_progress().states
        return [e for e in session.course.iterate_exercises() if states[e.id] == "stale"]
    if everything:
        if names:
            raise UsageError("give names or --all, not both")
        return list(session.course.iterate_exercises())
    if names:
        try:
            return session.find(names)
        except UsageError as error:
            from difflib import get_close_matches

            meant = get_close_matches(names[0], COMMANDS, n=1, cutoff=0.7)
            if meant and "did you mean" not in str(error):
                raise UsageError(f"{error} Or did you mean: grade {meant[0]}?") from error
            raise
    if target == "solutions":
        raise UsageError("name exercises, or add --all: the references have no next one")
    following = session.read_progress().next
    return [session.course.find_exercise(following)] if following else []


def _show_before(session: Session, exercises: list[Exercise], is_next: bool, stale: bool) -> bool:
    """Show what to know before grading; return True if there is nothing to grade."""
    if stale:
        show_contract_changes(session, exercises)
    return is_next and _show_if_nothing(session, exercises)


def _show_if_nothing(session: Session, exercises: list[Exercise]) -> bool:
    """Say what to do where there is nothing to grade yet: all done, or an untouched stub."""
    if not exercises:
        overview.show_done(session.course)
        return True
    (exercise,) = exercises
    path = session.workspace.locate_stub(exercise.id)
    submission = read_submission(path, path.name)
    untouched = not submission.trouble and is_unwritten(submission.text, exercise)
    if untouched:
        introduce_exercise(session, exercise)
    return untouched


def _grade(
    session: Session,
    engine: Engine,
    exercises: list[Exercise],
    seed: int,
    target: Target,
    bar: ProgressBar,
    as_json: bool,
) -> Generator[Outcome]:
    """Yield the outcomes in course order; of several, the bar shows what is running.

    Of a single one, its training runs are shown, and the verdict before its mistake is looked for.
    """
    if len(exercises) == 1:
        graded = partial(grade, session, engine, exercises[0], seed, target)
        yield graded() if as_json else grade_visibly(exercises[0], graded)
        return
    from grader.services.grade_all import grade_all

    yield from grade_all(session, engine, exercises, seed, target, bar)


def _choose_listener(bar: ProgressBar, as_json: bool) -> Callable[[str], None]:
    """Return who hears what the engine has to say: nobody under ``--json``."""
    return (lambda text: None) if as_json else bar.hide()(complain)


def _choose_exit_code(outcomes: list[Outcome], is_next: bool) -> int:
    verdicts = {outcome.verdict for outcome in outcomes}
    if "grader_error" in verdicts or any(outcome.unrecorded for outcome in outcomes):
        return OUR_FAULT
    if is_next and verdicts <= {"open"}:
        return PASSED
    return PASSED if verdicts <= {"passed"} else NOT_PASSED
