"""An outcome as a learner reads it: which claim broke, what came, and what to do next."""

from __future__ import annotations

from dataclasses import replace

from grader.cli.console.terminal import (
    complain,
    join_fitting,
    label_text,
    paint,
    say,
    say_all,
    wrap,
)
from grader.course.model import Exercise
from grader.grading.outcome import CheckResult, Outcome
from grader.learner.states import CHECKS, VERDICTS


def show_outcome(outcome: Outcome, exercise: Exercise) -> None:
    """Show the whole outcome of one exercise, and what to type next."""
    show_verdict(outcome, exercise)
    show_explanation(outcome)


def show_verdict(outcome: Outcome, exercise: Exercise) -> None:
    """Show what was found, without its explanation."""
    say(format_headline(outcome))
    if outcome.verdict in ("error", "grader_error"):
        say_all(format_trouble(outcome))
    else:
        say_all(format_claim(check) for check in outcome.checks)
    if outcome.verdict == "error":
        say(_format_fix("fix the file and save it", exercise.id))
    elif outcome.verdict == "failed":
        say()
        say_all(format_failure(replace(outcome, looks_like=None, relations=())))


def show_explanation(outcome: Outcome) -> None:
    """Show the mistake that a wrong answer looks like, or its relations, and what to type next."""
    if outcome.verdict == "failed":
        say_all(_format_explanation(outcome))
        _say_next(outcome)


def format_trouble(outcome: Outcome) -> list[str]:
    """Return why there is no verdict on the checks, and what to do where the fault is ours."""
    lines = [wrap(outcome.fault or _get_first_message(outcome), "  ")]
    if outcome.verdict == "grader_error":
        lines = [
            wrap(outcome.fault or "a check did not run", "  "),
            wrap(_format_our_fault(outcome)),
        ]
    return lines


def format_failure(outcome: Outcome) -> list[str]:
    """Return the first check to fix, in full, and the explanation."""
    first = outcome.first_failure
    if first is None:
        return []
    lines = [paint(wrap(first.claim or first.name), "strong"), wrap(first.message, "  ")]
    for label, text in [
        ("asked", first.asked),
        ("want", first.want),
        ("got", first.got),
        ("where", first.where),
    ]:
        if text:
            lines.append(label_text(label, text))
    return [*lines, *_format_explanation(outcome)]


def _format_explanation(outcome: Outcome) -> list[str]:
    if outcome.looks_like is not None:
        return [wrap(outcome.looks_like.says, "            ", paint("Looks like  ", "strong"))]
    label = paint("Measured    ", "strong")
    return [wrap(sentence, "            ", label) for sentence in outcome.relations]


def format_unrecorded(outcome: Outcome) -> str:
    """Return that a verdict stands but could not be recorded, and why."""
    return f"{outcome.exercise}: not recorded. {outcome.unrecorded}"


def show_unrecorded(outcome: Outcome) -> None:
    """Complain of a verdict that could not be recorded."""
    complain(format_unrecorded(outcome))


def show_briefly(outcome: Outcome) -> None:
    """Show one line, and why when it is not a pass."""
    say(format_headline(outcome))
    first = outcome.first_failure
    if outcome.verdict == "failed" and first is not None:
        say(wrap(f"{first.claim} {first.message.splitlines()[0]}", "    "))
        if outcome.looks_like is not None:
            say(wrap(f"looks like: {outcome.looks_like.says}", "    "))
        for sentence in outcome.relations:
            say(wrap(f"measured: {sentence}", "    "))
    elif outcome.verdict in ("error", "grader_error"):
        say(wrap(outcome.fault or _get_first_message(outcome), "    "))


def format_headline(outcome: Outcome) -> str:
    """Return the exercise and its verdict, in one line where there is room."""
    word, tail = describe_verdict(outcome)
    pieces = [paint(outcome.exercise, "name"), paint(word, VERDICTS[outcome.verdict].tint)]
    if outcome.verdict != "open":
        pieces.append(paint(tail, "faint"))
    return join_fitting(pieces, "  ", "  ")


def describe_verdict(outcome: Outcome) -> tuple[str, str]:
    """Return the verdict in words, and how long it took with which inputs."""
    passed = sum(check.status == "passed" for check in outcome.checks)
    total = len(outcome.checks)
    word = {
        "passed": f"passed, {total} of {total} checks",
        "failed": f"not yet: {passed} of {total} checks pass",
        "open": "open: not written yet",
        "error": "cannot be graded",
        "grader_error": "not graded",
    }[outcome.verdict]
    tail = f"{outcome.seconds:.2f} s, seed {outcome.seed}"
    if outcome.target != "exercises":
        tail += f", target {outcome.target}"
    return word, tail


def format_claim(check: CheckResult) -> str:
    """Return what a check claims, and whether it is so."""
    sign = CHECKS[check.status]
    word = paint(f"{sign.box:<5}", sign.tint)
    line = wrap(check.claim or check.name, "        ", f"  {word} ")
    if check.status == "passed" and check.message:
        line += "\n" + wrap(check.message, "        ")
    return line


def format_unjudged(text: str) -> str:
    """Return a claim that no answer has been judged for yet."""
    return wrap(text, "        ", f"  {paint('...  ', 'faint')} ")


def _format_our_fault(outcome: Outcome) -> str:
    return (
        "This is a bug in the grader or in the course, not in your code. No attempt was "
        f"recorded. `grade doctor` looks for the cause; replay with --seed {outcome.seed}."
    )


def _say_next(outcome: Outcome) -> None:
    fix, stuck = _format_fix("fix it", outcome.exercise), f"stuck? grade hint {outcome.exercise}"
    say(join_fitting((fix, stuck), "   ", "      "))
    again = f"grade {outcome.exercise} --seed {outcome.seed}"
    say(paint(join_fitting(("      the same inputs again:", again), " ", "      "), "faint"))


def _format_fix(fix: str, exercise: str) -> str:
    first = f"{paint('Next', 'strong')}  {fix},"
    return join_fitting((first, f"then: grade {exercise}"), " ", "      ")


def _get_first_message(outcome: Outcome) -> str:
    return outcome.checks[0].message if outcome.checks else "the file cannot be graded"
