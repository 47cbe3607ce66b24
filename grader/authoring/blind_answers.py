"""Answers of a blind trial: whole files, right or wrong, by people who saw stub and lesson alone.

The first line of each says what it is: ``# right: style`` or
``# wrong: what is wrong | violates: the contract's sentence``. They are graded as a learner's
file is, and counted: wrong ones that pass, right ones that are refused, and how many of the
others are explained.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.base.errors import CourseError, Fault
from grader.course.model import Course, Exercise
from grader.grading.client import Engine
from grader.grading.outcome import Outcome
from grader.services.grading import grade_submission
from grader.services.parallel import Observer, Task, run_parallel
from grader.services.session import Session
from grader.services.submission import read_submission

SEED = 7

_HEAD = re.compile(r"# (?:right: (?P<style>\S.*)|wrong: (?P<says>\S.*?) \| violates: (?P<of>\S.*))")


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """One file of a trial."""

    exercise: Exercise
    path: Path
    wrong: bool
    says: str
    """What is wrong with it, or the style of a right one."""
    violates: str = ""
    """The contract's sentence that a wrong one breaks."""


@dataclass(frozen=True, slots=True)
class BlindResult:
    """What became of an answer."""

    answer: BlindAnswer
    outcome: Outcome
    verdict_after: float
    """Seconds until the verdict."""
    explained_after: float
    """Seconds until the explanation, or until there was none."""

    @property
    def is_misjudged(self) -> bool:
        """Return True if a wrong answer passed or a right one did not."""
        return (self.outcome.verdict == "passed") is self.answer.wrong

    @property
    def explanation(self) -> str:
        """Return how a failure is explained: ``named``, ``related``, ``said``, or not at all."""
        first = self.outcome.first_failure
        if self.outcome.looks_like is not None:
            return "named"
        if self.outcome.relations:
            return "related"
        if self.outcome.verdict == "error" or (first is not None and first.says_cause):
            return "said"
        return ""


def list_answers(course: Course, folder: Path) -> list[BlindAnswer]:
    """Return the answers below ``folder``, as ``UNIT/NAME/*.py``; ``CourseError`` for bad heads."""
    known = {exercise.id: exercise for exercise in course.iterate_exercises()}
    answers, faults = [], []
    for path in sorted(folder.glob("*/*/*.py")):
        exercise = known.get(f"{path.parent.parent.name}/{path.parent.name}")
        head = _HEAD.fullmatch(path.read_text("utf-8").partition("\n")[0].strip())
        if exercise is None:
            faults.append(Fault(path, 1, 1, "the course has no such exercise", "move it"))
        elif head is None:
            remedy = "write # right: style, or # wrong: what | violates: sentence"
            faults.append(Fault(path, 1, 1, "the first line does not say what it is", remedy))
        elif head["style"]:
            answers.append(BlindAnswer(exercise, path, False, head["style"]))
        else:
            answers.append(BlindAnswer(exercise, path, True, head["says"], head["of"]))
    if faults:
        raise CourseError(faults)
    return answers


def grade_answers(
    session: Session, engine: Engine, answers: Sequence[BlindAnswer], watch: Observer
) -> Iterator[BlindResult]:
    """Yield what becomes of each answer, in their order; they are graded on all cores."""
    tasks = [
        Task(one.exercise.id, partial(_grade_answer, session, engine, one), one.exercise.seconds)
        for one in answers
    ]
    if tasks:
        engine.start()
    with closing(run_parallel(tasks, engine.abandon, watch)) as done:
        yield from done


def _grade_answer(session: Session, engine: Engine, answer: BlindAnswer) -> BlindResult:
    began = time.perf_counter()
    after: list[float] = []
    hear: Callable[[Outcome], None] = lambda outcome: after.append(time.perf_counter() - began)  # noqa: E731
    submission = read_submission(answer.path, session.workspace.show_path(answer.path))
    outcome = grade_submission(session, engine, answer.exercise, submission, SEED, hear)
    return BlindResult(answer, outcome, after[0], time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class TrialCount:
    """What the answers to one exercise, or to all, come to."""

    exercise: str
    wrong: int
    caught: int
    named: int
    related: int
    said: int
    right: int
    accepted: int

    @property
    def explained(self) -> int:
        """Return how many wrong answers are explained, in whichever way."""
        return self.named + self.related + self.said

    def __add__(self, other: TrialCount) -> TrialCount:
        return TrialCount(
            "all",
            self.wrong + other.wrong,
            self.caught + other.caught,
            self.named + other.named,
            self.related + other.related,
            self.said + other.said,
            self.right + other.right,
            self.accepted + other.accepted,
        )


def count_results(results: Sequence[BlindResult]) -> list[TrialCount]:
    """Return the counts of each exercise that has answers, in their order."""
    names = dict.fromkeys(result.answer.exercise.id for result in results)
    return [
        _count_exercise(name, [one for one in results if one.answer.exercise.id == name])
        for name in names
    ]


def _count_exercise(name: str, results: Sequence[BlindResult]) -> TrialCount:
    wrong = [one for one in results if one.answer.wrong]
    right = [one for one in results if not one.answer.wrong]
    caught = [one for one in wrong if not one.is_misjudged]
    how = [one.explanation for one in caught]
    accepted = sum(not one.is_misjudged for one in right)
    shares = (how.count("named"), how.count("related"), how.count("said"))
    return TrialCount(name, len(wrong), len(caught), *shares, len(right), accepted)
