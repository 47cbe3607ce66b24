"""What can be seen of an exercise without running it: counts, words, leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.authoring.case import Case
from grader.base.errors import CourseError, Fault
from grader.course.source.leftovers import find_leftovers

CHECKS, MISTAKES = 6, 8
"""At least so many."""
HINT_WORDS = 60
LESSON_WORDS = (250, 900)

_FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*\|", re.MULTILINE)
_LINK = re.compile(r"\]\(https?://[^)\s]+\)|<https?://[^>\s]+>")
_TO_READ = re.compile(r"^#+ +To read *$", re.MULTILINE)
_NEXT_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")


def find_faults(case: Case) -> list[Fault]:
    """Return all that is missing or out of bounds, and what gives the solution away."""
    return [
        *case.faults,
        *_check_hints(case),
        *_check_lesson(case),
        *_check_claims(case),
        *_check_mistakes(case),
        *_check_leftovers(case),
    ]


def _check_hints(case: Case) -> Iterator[Fault]:
    for hint, line in zip(case.exercise.hints, case.at.hints, strict=False):
        words = len(hint.text.split())
        if words > HINT_WORDS:
            problem = f"hint {hint.level} has {words} words"
            yield Fault(case.at.unit, line, 1, problem, f"say it in {HINT_WORDS} or fewer")
    names = {claim.name for claim in case.claims}
    for check_hint in case.exercise.check_hints if names else ():
        for check in sorted(set(check_hint.checks) - names):
            problem = f"a hint of {case.exercise.name} names {check}, which is not a check"
            yield Fault(
                case.at.unit, case.at.entry, 1, problem, f"choose one of {_format_few(names)}"
            )


def _check_lesson(case: Case) -> Iterator[Fault]:
    text, at = case.lesson, case.at.lesson
    if not text:
        return  # reported when it was read
    prose = _FORMULA.sub(" ", _FENCED.sub(" ", text))
    words = sum(any(c.isalpha() for c in word) for word in prose.split())
    fewest, most = LESSON_WORDS
    if not fewest <= words <= most:
        problem = f"the lesson has {words} words beside code and formulas"
        yield Fault(at, 1, 1, problem, f"write {fewest} to {most}")
    if not re.search(r"^# +\S", _FENCED.sub(" ", text), re.MULTILINE):
        yield Fault(at, 1, 1, "the lesson has no heading", 'begin with "# Title"')
    if not (_FORMULA.search(text) or _TABLE.search(text)):
        yield Fault(at, 1, 1, "the lesson has neither a formula nor a table", "add one")
    reading = _TO_READ.search(text)
    if reading is None:
        yield Fault(at, 1, 1, 'the lesson has no section "To read"', "add one, with a link")
    elif not _LINK.search(text[reading.end() :].split("\n#")[0]):
        line = text.count("\n", 0, reading.start()) + 1
        yield Fault(at, line, 1, '"To read" has no link', "link the sources of the lesson")


def _check_claims(case: Case) -> Iterator[Fault]:
    if not case.checks or any(fault.path == case.at.checks for fault in case.faults):
        return
    count = len(case.claims)
    if count < CHECKS:
        problem = f"{count} check{'s' * (count != 1)}"
        yield Fault(case.at.checks, 1, 1, problem, f"write at least {CHECKS}")
    seen: set[str] = set()
    for claim in case.claims:
        name, sentence = claim.name, claim.claim
        if name in seen:
            problem = f"duplicate {name}: pytest runs only the last one"
            yield Fault(case.at.checks, claim.line, 1, problem, "rename one of them")
        seen.add(name)
        if len([word for word in name.split("_")[1:] if word]) < 3:
            remedy = "name it by what it claims, such as test_every_row_sums_to_one"
            yield Fault(case.at.checks, claim.line, 1, f"{name} does not state a claim", remedy)
        if not sentence.endswith((".", "?", "!")) or len(_NEXT_SENTENCE.split(sentence)) != 1:
            problem = f"{name} has no docstring of one sentence"
            remedy = "state the claim in one plain sentence, with a full stop"
            yield Fault(case.at.checks, claim.line, 1, problem, remedy)


def _check_mistakes(case: Case) -> Iterator[Fault]:
    if not any(fault.path == case.at.mistakes for fault in case.faults):
        count = len(case.mistakes)
        if count < MISTAKES:
            problem = f"{count} mistake{'s' * (count != 1)}"
            yield Fault(case.at.mistakes, 1, 1, problem, f"write at least {MISTAKES}")
    names = {claim.name for claim in case.claims}
    for mistake in case.mistakes if names else ():
        if mistake.caught_by not in names:
            problem = f"{mistake.name} names {mistake.caught_by}, which is not a check"
            yield Fault(
                case.at.mistakes, mistake.line, 1, problem, f"choose one of {_format_few(names)}"
            )


def _format_few(names: set[str]) -> str:
    chosen = sorted(names)
    return ", ".join(chosen[:3]) + (", ..." if len(chosen) > 3 else "")


def _check_leftovers(case: Case) -> Iterator[Fault]:
    try:
        found = find_leftovers(case.reference, case.exercise.writes, path=case.at.reference)
    except CourseError:
        return  # reported when it was read
    for left in found:
        problem = f"the stub would keep {left.name}, which only the solution uses"
        remedy = 'add it to "writes:", or put it inside the function that uses it'
        yield Fault(case.at.reference, left.line, 1, problem, remedy)
