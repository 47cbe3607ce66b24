"""``grade [EXERCISE | UNIT]...``: grade, show, and say what comes next."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import closing

import click

from grader.commands.names import complete, desk
from grader.commands.study import next_in_words, remind
from grader.commands.table import COMMANDS
from grader.console import machine, overview, verdict
from grader.console.bar import Bar
from grader.console.paint import complain, say
from grader.course import Exercise
from grader.engine.client import Engine
from grader.errors import NOT_PASSED, OUR_FAULT, PASSED, UsageError
from grader.outcome import Outcome, Target
from grader.practice import Desk, grade, unwritten, whereabouts

MILESTONE = "model/load_llama"
"""With its pass a real model runs on the learner's code, which is offered."""


@click.command(name="run", short_help="Grade exercises.")
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option("--all", "everything", is_flag=True, help="Every exercise of the course.")
@click.option(
    "--target",
    type=click.Choice(["exercises", "solutions"]),
    default="exercises",
    help="Whose code is graded; the references' results are not recorded.",
)
@click.option("--mine", is_flag=True, help="Earlier exercises are yours, not the references.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="The inputs of an earlier run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
@click.option("--cold", is_flag=True, help="Fresh processes instead of forks; slower.")
@click.pass_context
def run(
    ctx: click.Context,
    names: tuple[str, ...],
    everything: bool,
    target: Target,
    mine: bool,
    seed: int | None,
    as_json: bool,
    cold: bool,
) -> None:
    """Grade exercises: the next one, those named, a unit's, or all of them.

    Exit code: 0 all passed, 1 not all passed, 2 usage or course error, 3 our own fault.
    """
    if mine and target == "solutions":
        raise UsageError("--mine and --target solutions exclude each other")
    at = desk()
    exercises = _chosen(at, names, everything, target)
    in_hand = not names and not everything
    if in_hand and not as_json and _nothing_to_grade(at, exercises):
        ctx.exit(PASSED)
    chosen_seed = int.from_bytes(os.urandom(4), "big") >> 1 if seed is None else seed
    outcomes = []
    with Bar() as bar, Engine(cold, _ignore if as_json else bar.aside()(complain)) as engine:
        whose: Target = "mine" if mine else target
        with closing(_outcomes(at, engine, exercises, chosen_seed, whose, bar)) as coming:
            for outcome in coming:
                outcomes.append(outcome)
                with bar.aside():
                    _tell(at, outcome, len(exercises) == 1, as_json)
    _warn(at)
    if as_json:
        say(machine.results(outcomes))
    elif len(exercises) > 1:
        _sum_up(at, outcomes, target)
    ctx.exit(_exit_code(outcomes, in_hand))


def _chosen(at: Desk, names: tuple[str, ...], everything: bool, target: Target) -> list[Exercise]:
    """The exercises to grade, in course order."""
    if everything:
        if names:
            raise UsageError("give names or --all, not both")
        return list(at.course.exercises())
    if names:
        try:
            return at.find(names)
        except UsageError as error:
            from difflib import get_close_matches

            meant = get_close_matches(names[0], COMMANDS, n=1, cutoff=0.7)
            if meant and "did you mean" not in str(error):
                raise UsageError(f"{error} Or did you mean: grade {meant[0]}?") from error
            raise
    if target == "solutions":
        raise UsageError("name exercises, or add --all: the references have no next one")
    following = at.progress().next
    return [at.course.exercise(following)] if following else []


def _nothing_to_grade(at: Desk, exercises: list[Exercise]) -> bool:
    """Say what to do where there is nothing to grade yet: all done, or an untouched stub."""
    if not exercises:
        overview.show_done(at.course)
        return True
    (exercise,) = exercises
    path = at.workspace.stub(exercise.id)
    try:
        untouched = unwritten(path.read_text("utf-8"), exercise)
    except (OSError, ValueError):
        return False
    if untouched:
        next_in_words(at, exercise)
    return untouched


def _outcomes(
    at: Desk, engine: Engine, exercises: list[Exercise], seed: int, target: Target, bar: Bar
) -> Generator[Outcome]:
    """The outcomes in course order; of several, the bar shows what is running."""
    if len(exercises) == 1:
        yield grade(at, engine, exercises[0], seed, target)
        return
    from grader.practice.many import grade_all  # threads, which one exercise does not need

    yield from grade_all(at, engine, exercises, seed, target, bar)


def _tell(at: Desk, outcome: Outcome, alone: bool, as_json: bool) -> None:
    if not as_json:
        _show(at, outcome, alone)
    if outcome.unrecorded:
        verdict.show_unrecorded(outcome)


def _show(at: Desk, outcome: Outcome, alone: bool) -> None:
    exercise = at.course.exercise(outcome.exercise)
    if not alone:
        return verdict.show_briefly(outcome)
    if outcome.verdict == "open":
        return next_in_words(at, exercise)
    verdict.show(outcome, exercise)
    recorded = outcome.target == "exercises" and not outcome.unrecorded
    if outcome.verdict == "passed" and recorded:
        progress = at.progress()
        following = progress.next
        words = (
            f"{following}   {whereabouts(at, at.course.exercise(following))}" if following else ""
        )
        overview.show_pass(exercise, progress, words)
        remind(at)
    if outcome.verdict == "passed" and outcome.target != "solutions" and exercise.id == MILESTONE:
        from grader.commands.model import offer  # 20 ms, which other passes do without

        offer()
    return None


def _sum_up(at: Desk, outcomes: list[Outcome], target: Target) -> None:
    passed = sum(outcome.verdict == "passed" for outcome in outcomes)
    say(f"\n{passed} of {len(outcomes)} passed")
    first = next((o for o in outcomes if o.verdict not in ("passed", "open")), None)
    if first is not None:
        say(f"Next  grade {first.exercise}")


def _ignore(text: str) -> None:
    """With ``--json`` nothing is said but the object."""


def _warn(at: Desk) -> None:
    for warning in at.records.warnings:
        complain(f"records: {warning}")


def _exit_code(outcomes: list[Outcome], in_hand: bool) -> int:
    verdicts = {outcome.verdict for outcome in outcomes}
    if "grader_error" in verdicts or any(outcome.unrecorded for outcome in outcomes):
        return OUR_FAULT
    if in_hand and verdicts <= {"open"}:
        return PASSED
    return PASSED if verdicts <= {"passed"} else NOT_PASSED
