"""An outcome as a learner reads it: which claim broke, what came, and what to do next."""

from __future__ import annotations

from grader.console.paint import complain, labelled, paint, say, say_all, wrapped
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
    """The whole outcome of one exercise, and what to type next."""
    say(headline(outcome))
    if outcome.verdict in ("error", "grader_error"):
        say_all(trouble(outcome))
    else:
        say_all(claim(check) for check in outcome.checks)
    if outcome.verdict == "error":
        say(f"{paint('Next', 'strong')}  mend the file and save it; then: grade {exercise.id}")
    elif outcome.verdict == "failed":
        say()
        say_all(failure(outcome))
        _say_next(outcome)


def trouble(outcome: Outcome) -> list[str]:
    """Why there is no verdict on the checks, and what to do where the fault is ours."""
    lines = [wrapped(outcome.fault or _first_message(outcome), "  ")]
    if outcome.verdict == "grader_error":
        lines = [wrapped(outcome.fault or "a check did not run", "  "), wrapped(_ours(outcome))]
    return lines


def failure(outcome: Outcome) -> list[str]:
    """The check to mend first, in full, and the mistake that it looks like."""
    first = outcome.first_failure
    if first is None:
        return []
    lines = [wrapped(paint(first.claim or first.name, "strong")), wrapped(first.message, "  ")]
    for label, text in [
        ("asked", first.asked),
        ("want", first.want),
        ("got", first.got),
        ("where", first.where),
    ]:
        if text:
            lines.append(labelled(label, text))
    if outcome.looks_like is not None:
        label = paint("Looks like  ", "strong")
        lines.append(wrapped(outcome.looks_like.says, "            ", label))
    return lines


def unrecorded(outcome: Outcome) -> str:
    """That a verdict stands but could not be kept, and why."""
    return f"{outcome.exercise}: not recorded. {outcome.unrecorded}"


def show_unrecorded(outcome: Outcome) -> None:
    """Complain of a verdict that could not be kept."""
    complain(unrecorded(outcome))


def show_briefly(outcome: Outcome) -> None:
    """One line, and why when it is not a pass."""
    say(headline(outcome))
    first = outcome.first_failure
    if outcome.verdict == "failed" and first is not None:
        say(wrapped(f"{first.claim} {first.message.splitlines()[0]}", "    "))
        if outcome.looks_like is not None:
            say(wrapped(f"looks like: {outcome.looks_like.says}", "    "))
    elif outcome.verdict in ("error", "grader_error"):
        say(wrapped(outcome.fault or _first_message(outcome), "    "))


def headline(outcome: Outcome) -> str:
    """The exercise and its verdict, in one line."""
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


def claim(check: CheckResult) -> str:
    """What a check claims, and whether it is so."""
    kind = "good" if check.status == "passed" else "bad"
    word = paint(f"{WORDS[check.status]:<5}", kind)
    line = wrapped(check.claim or check.name, "        ", f"  {word} ")
    if check.status == "passed" and check.message:
        line += "\n" + wrapped(check.message, "        ")
    return line


def unjudged(text: str) -> str:
    """A claim that no answer has been judged for yet."""
    return wrapped(text, "        ", f"  {paint('...  ', 'faint')} ")


def _ours(outcome: Outcome) -> str:
    return (
        "This is a fault of the grader or of the course, not of your code. No attempt was "
        f"recorded. `grade doctor` looks for the cause; replay with --seed {outcome.seed}."
    )


def _say_next(outcome: Outcome) -> None:
    say(
        f"{paint('Next', 'strong')}  mend it, then: grade {outcome.exercise}"
        f"   stuck? grade hint {outcome.exercise}"
    )
    again = f"      the same inputs again: grade {outcome.exercise} --seed {outcome.seed}"
    say(paint(again, "faint"))


def _first_message(outcome: Outcome) -> str:
    return outcome.checks[0].message if outcome.checks else "the file cannot be graded"
