"""``grade author trial``: grade the answers of a blind trial, and count what came out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from grader.authoring import (
    BlindResult,
    TrialCount,
    TrialLedger,
    count_results,
    grade_answers,
    list_answers,
)
from grader.base.errors import NOT_PASSED, UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import complete, open_session
from grader.cli.console.progress_bar import ProgressBar
from grader.cli.console.terminal import say, say_exactly, wrap
from grader.grading.client import Engine
from grader.services.session import Session

HEAD = ("exercise", "wrong", "caught", "named", "related", "said", "right", "accepted")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per answer, on a line.")
@click.option("--changed", is_flag=True, help="Pass over what FOLDER/ledger.json has as it is now.")
@click.option("--write", is_flag=True, help="Keep what came out in FOLDER/ledger.json.")
@click.pass_context
def trial(
    ctx: click.Context,
    folder: Path,
    names: tuple[str, ...],
    as_json: bool,
    changed: bool,
    write: bool,
) -> None:
    """Grade the answers in FOLDER (UNIT/NAME/*.py) as a learner's file is graded.

    The first line of each is "# right: style" or "# wrong: what | violates: sentence". Exit code 1
    when a wrong answer passes or a right one is refused. No progress is recorded.
    """
    session = open_session()
    answers = list_answers(session.course, folder)
    if names:
        chosen = {exercise.id for exercise in session.find(names)}
        answers = [answer for answer in answers if answer.exercise.id in chosen]
    if not answers:
        raise UsageError(f"{folder} has no answers; expected UNIT/NAME/*.py")
    ledger = TrialLedger(session, folder)
    if changed:
        answers = ledger.list_changed(answers)
    results: list[BlindResult] = []
    left = Counter(answer.exercise.id for answer in answers)
    with Engine() as engine, ProgressBar() as bar:
        for result in grade_answers(session, engine, answers, bar):
            results.append(result)
            with bar.hide():
                _show_result(session, result, as_json)
            of = result.answer.exercise.id
            left[of] -= 1
            if write and not left[of]:  # at once: all of them take an hour, and may be stopped
                ledger.keep(one for one in results if one.answer.exercise.id == of)
    if not as_json and results:
        _show_counts(count_results(results))
    ctx.exit(NOT_PASSED if any(result.is_misjudged for result in results) else 0)


def _show_result(session: Session, result: BlindResult, as_json: bool) -> None:
    if as_json:
        say_exactly(json.dumps(_describe_result(session, result)))
        return
    shown = session.workspace.show_path(result.answer.path)
    answer, outcome, first = result.answer, result.outcome, result.outcome.first_failure
    if result.is_misjudged:
        say(f"{shown}:1: {'passes' if answer.wrong else 'is refused'}")
        say(wrap(sanitize(answer.says), "    "))
        if first is not None:
            say(wrap(f"{first.claim} {first.message}", "    "))
        elif outcome.fault:
            say(wrap(outcome.fault, "    "))


def _describe_result(session: Session, result: BlindResult) -> dict[str, object]:
    answer, outcome = result.answer, result.outcome
    first = outcome.first_failure
    return {
        "path": session.workspace.show_path(answer.path),
        "exercise": answer.exercise.id,
        "wrong": answer.wrong,
        "says": answer.says,
        "violates": answer.violates,
        "verdict": outcome.verdict,
        "fault": outcome.fault,
        "failed": [check.name for check in outcome.checks if check.status != "passed"],
        "claim": first.claim if first else "",
        "message": first.message if first else "",
        "asked": first.asked if first else "",
        "want": first.want if first else "",
        "got": first.got if first else "",
        "explanation": "" if outcome.verdict == "passed" else result.explanation,
        "mistake": outcome.looks_like.mistake if outcome.looks_like else "",
        "looks_like": outcome.looks_like.says if outcome.looks_like else "",
        "relations": list(outcome.relations),
        "verdict_after": round(result.verdict_after, 3),
        "explained_after": round(result.explained_after, 3),
    }


def _show_counts(counts: list[TrialCount]) -> None:
    whole = counts[0]
    for count in counts[1:]:
        whole = whole + count
    rows = [HEAD, *(_format_row(count) for count in [*counts, *([whole] if counts[1:] else [])])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        name, *numbers = row
        cells = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        say("  ".join([name.ljust(widths[0]), *cells]))


def _format_row(count: TrialCount) -> tuple[str, ...]:
    shares = (count.wrong, count.caught, count.named, count.related, count.said)
    return (count.exercise, *map(str, (*shares, count.right, count.accepted)))
