"""An outcome as a learner reads it: which claim broke, what came, and what to do next."""

from __future__ import annotations

from grader.console.paint import complain, labelled, paint, say, wrapped
from grader.course import Exercise
from grader.outcome import CheckResult, Outcome, Verdict

WORDS = {
    "passed": "ok",
    "failed": "FAIL",
    "blocked": "--",
    "timeout": "TIME",
    "crashed": "CRASH",
    "memory": "MEM",
}
KINDS: dict[Verdict, str] = {
    "passed": "good",
    "failed": "bad",
    "open": "odd",
    "error": "bad",
    "grader_error": "odd",
}


def show(outcome: Outcome, exercise: Exercise) -> None:
    """The whole outcome of one exercise."""
    say(_headline(outcome))
    if outcome.verdict == "grader_error":
        return show_our_fault(outcome)
    if outcome.verdict == "error":
        say(wrapped(outcome.fault or _first_message(outcome), "  "))
        say(f"{paint('Next', 'strong')}  mend the file and save it; then: grade {exercise.id}")
        return None
    for check in outcome.checks:
        say(_line(check))
    failure = outcome.first_failure
    if failure is not None and outcome.verdict == "failed":
        _show_failure(outcome, failure)
    return None


def show_unrecorded(outcome: Outcome) -> None:
    """That a verdict stands but could not be kept, and why."""
    complain(f"{outcome.exercise}: not recorded. {outcome.unrecorded}")


def show_briefly(outcome: Outcome) -> None:
    """One line, and why when it is not a pass."""
    say(_headline(outcome))
    failure = outcome.first_failure
    if outcome.verdict == "failed" and failure is not None:
        say(wrapped(f"{failure.claim} {failure.message.splitlines()[0]}", "    "))
        if outcome.looks_like is not None:
            say(wrapped(f"looks like: {outcome.looks_like.says}", "    "))
    elif outcome.verdict in ("error", "grader_error"):
        say(wrapped(outcome.fault or _first_message(outcome), "    "))


def show_our_fault(outcome: Outcome) -> None:
    """What to do about a fault that is not the learner's."""
    say(wrapped(outcome.fault or "a check did not run", "  "))
    say(
        wrapped(
            "This is a fault of the grader or of the course, not of your code. No attempt was "
            f"recorded. `grade doctor` looks for the cause; replay with --seed {outcome.seed}."
        )
    )


def _headline(outcome: Outcome) -> str:
    passed = sum(check.status == "passed" for check in outcome.checks)
    total = len(outcome.checks)
    word = {
        "passed": f"passed, {total} of {total} checks",
        "failed": f"not yet: {passed} of {total} checks pass",
        "open": "open: not written yet",
        "error": "cannot be graded",
        "grader_error": "not graded",
    }[outcome.verdict]
    tail = paint(f"  {outcome.seconds:.2f} s, seed {outcome.seed}", "faint")
    if outcome.target != "exercises":
        tail += paint(f", target {outcome.target}", "faint")
    if outcome.verdict == "open":
        tail = ""
    return f"{paint(outcome.exercise, 'name')}  {paint(word, KINDS[outcome.verdict])}{tail}"


def _line(check: CheckResult) -> str:
    kind = "good" if check.status == "passed" else "bad"
    word = paint(f"{WORDS[check.status]:<5}", kind)
    line = wrapped(check.claim or check.name, "        ", f"  {word} ")
    if check.status == "passed" and check.message:
        line += "\n" + wrapped(check.message, "        ")
    return line


def _show_failure(outcome: Outcome, failure: CheckResult) -> None:
    say()
    say(wrapped(paint(failure.claim or failure.name, "strong")))
    say(wrapped(failure.message, "  "))
    for label, text in [
        ("asked", failure.asked),
        ("want", failure.want),
        ("got", failure.got),
        ("where", failure.where),
    ]:
        if text:
            say(labelled(label, text))
    if outcome.looks_like is not None:
        say(wrapped(outcome.looks_like.says, "            ", paint("Looks like  ", "strong")))
    say(
        f"{paint('Next', 'strong')}  mend it, then: grade {outcome.exercise}"
        f"   stuck? grade hint {outcome.exercise}"
    )
    again = f"      the same inputs again: grade {outcome.exercise} --seed {outcome.seed}"
    say(paint(again, "faint"))


def _first_message(outcome: Outcome) -> str:
    return outcome.checks[0].message if outcome.checks else "the file cannot be graded"
