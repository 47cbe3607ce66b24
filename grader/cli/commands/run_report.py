"""What ``grade`` shows of the outcomes of a run, and what it offers next."""

from __future__ import annotations

from collections.abc import Callable

from grader.base.errors import RecordsError
from grader.base.printable import sanitize
from grader.cli.commands.study import introduce_exercise, remind_of_due
from grader.cli.console import overview, verdict
from grader.cli.console.finish import format_finish, format_milestone, format_phase
from grader.cli.console.terminal import complain, paint, say, say_all, wrap
from grader.cli.console.training import StepLine, show_expected
from grader.course.model import Exercise
from grader.grading.outcome import Outcome
from grader.services.help import list_contract_changes, locate_stub
from grader.services.own_parts import list_parts
from grader.services.session import Session

MILESTONE = "model/load_llama"
"""With its pass a real model runs on the learner's code, which is offered."""
MOST_SENTENCES = 6
"""Changed sentences of one contract that are shown."""


def show_result(session: Session, outcome: Outcome, alone: bool, as_json: bool) -> None:
    """Show an outcome, in full where it is ``alone``; with JSON only what was not recorded."""
    if not as_json:
        _show_outcome(session, outcome, alone)
    if outcome.unrecorded:
        verdict.show_unrecorded(outcome)


def grade_visibly(exercise: Exercise, graded: Callable[..., Outcome]) -> Outcome:
    """Grade one exercise: say how long it takes, show its training runs, and then its verdict.

    ``graded`` is ``grade`` without its listeners. ``show_result`` shows the rest of the outcome.
    """
    with StepLine() as line:

        def show_verdict(outcome: Outcome) -> None:
            line.clear()
            if outcome.verdict == "failed":
                verdict.show_verdict(outcome, exercise)

        return graded(
            tell=lambda check: line.clear(),
            tell_verdict=show_verdict,
            tell_begin=lambda: show_expected(exercise),
            tell_steps=line.show,
        )


def _show_outcome(session: Session, outcome: Outcome, alone: bool) -> None:
    exercise = session.course.find_exercise(outcome.exercise)
    if not alone:
        return verdict.show_briefly(outcome)
    if outcome.verdict == "open":
        return introduce_exercise(session, exercise)
    if outcome.verdict == "failed":
        return verdict.show_explanation(outcome)  # the verdict was shown when it came
    verdict.show_verdict(outcome, exercise)
    recorded = outcome.target == "exercises" and not outcome.unrecorded
    if outcome.verdict == "passed" and recorded:
        progress = session.read_progress()
        following = progress.next
        words = ""
        if following:
            words = f"{following}   {locate_stub(session, session.course.find_exercise(following))}"
        overview.show_pass(exercise, progress, words)
        remind_of_due(session)
    if outcome.verdict == "passed" and outcome.target != "solutions":
        _offer_model(session, exercise, recorded)
    return None


def _offer_model(session: Session, passed: Exercise, recorded: bool) -> None:
    """Offer the open model with a pass of its loader, or of the last part that the loader needs.

    A pass that could not be recorded leaves the records alone: they may not be readable either.
    """
    if passed.id != MILESTONE:
        if not recorded or session.records.read_standing(MILESTONE).passed_at is None:
            return
        parts = list_parts(session, session.find_one(MILESTONE))
        if passed not in [part.exercise for part in parts] or any(p.unwritten for p in parts):
            return
    from grader.cli.commands.open_model import offer_model

    offer_model(session)


def show_contract_changes(session: Session, exercises: list[Exercise]) -> None:
    """Show for each stale pass which sentences of the contract are new to the learner's file."""
    if not exercises:
        say("No pass is stale.")
    for exercise in exercises:
        new = list_contract_changes(session, exercise)
        why = "" if new else "  its checks changed, its contract did not"
        say(paint(exercise.id, "strong") + why)
        for line in new[:MOST_SENTENCES]:
            say(wrap(sanitize(line, 400), "    ", "  + "))
        if len(new) > MOST_SENTENCES:
            lesson = session.workspace.show_path(session.workspace.locate_reference(exercise.id))
            say(paint(f"    {len(new) - MOST_SENTENCES} more: the docstring in {lesson}", "faint"))
    if exercises:
        say()


def sum_up(outcomes: list[Outcome]) -> None:
    """Show how many passed, and the first exercise to work on."""
    passed = sum(outcome.verdict == "passed" for outcome in outcomes)
    say(f"\n{passed} of {len(outcomes)} passed")
    first = next((o for o in outcomes if o.verdict not in ("passed", "open")), None)
    if first is not None:
        say(f"Next  grade {first.exercise}")


def list_passed(session: Session) -> frozenset[str]:
    """Return the exercises that were passed at some time; none where nothing can be read."""
    try:
        standings = session.records.read_standings()
    except RecordsError:  # the verdict comes all the same, and says that it is not recorded
        return frozenset()
    return frozenset(name for name, one in standings.items() if one.passed_at is not None)


def announce_finished(session: Session, before: frozenset[str]) -> None:
    """Say what is finished or reached now, and was not with what had been passed ``before``."""
    after = list_passed(session)
    if after - before:
        _announce_units(session, before, after)
        _announce_phases(session, before, after)
        _announce_milestones(session, before, after)


def _announce_milestones(session: Session, before: frozenset[str], after: frozenset[str]) -> None:
    """Say which milestones can be run or are reached now."""
    for one in session.read_progress().milestones:
        needs = set(one.milestone.needs)
        if needs <= after and not needs <= before:
            say()
            say_all(format_milestone(one))


def _announce_units(session: Session, before: frozenset[str], after: frozenset[str]) -> None:
    """Say which units are finished now."""
    for unit in session.course.iterate_units():
        names = {exercise.id for exercise in unit.exercises}
        if names <= after and not names <= before:
            say()
            say_all(format_finish(unit))


def _announce_phases(session: Session, before: frozenset[str], after: frozenset[str]) -> None:
    """Say which phases are finished now, and how long they took."""
    for phase in session.course.phases:
        names = {exercise.id for unit in phase.units for exercise in unit.exercises}
        if names and names <= after and not names <= before:
            from grader.services.study import measure_phases

            say()
            say_all(format_phase(measure_phases(session)[phase.id]))


def warn(session: Session) -> None:
    """Show what was noticed of the records."""
    for warning in session.records.warnings:
        complain(f"records: {warning}")
