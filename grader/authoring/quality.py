"""What has been shown of each exercise, in a row: by its mistakes, mutants, styles and peers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.blind_answers import (
    TrialCount,
    count_results,
    grade_answers,
    list_answers,
)
from grader.authoring.case import Case, read_case
from grader.authoring.gate import Tell, check
from grader.authoring.graded_answers import AnswerGrader, GradedAnswer
from grader.authoring.mutant_tally import Tally
from grader.authoring.mutation_run import mutate
from grader.authoring.proof_cache import ProofCache
from grader.authoring.sample_answers import Kind, list_samples
from grader.authoring.trial_ledger import TrialLedger
from grader.authoring.trial_rules import TrialFigures
from grader.base.errors import CourseError, Fault, UsageError
from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.course.loader import files
from grader.course.model import Course, Exercise
from grader.grading.client import Engine
from grader.services.parallel import Observer, SilentObserver
from grader.services.session import Session

HEAD = (
    *("exercise", "checks", "caught", "named", "mutants", "explained", "styles", "peers"),
    *("wrong", "why", "right", "s"),
)
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many."""

    good: int
    of: int

    def __str__(self) -> str:
        return f"{self.good}/{self.of}" if self.of else "-"

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.good + other.good, self.of + other.of)


@dataclass(frozen=True, slots=True)
class QualityRow:
    """The figures of one exercise, or of all."""

    exercise: str
    checks: int
    caught: Ratio
    named: Ratio
    mutants: Ratio
    explained: int
    styles: Ratio
    peers: Ratio
    wrong: Ratio
    """Wrong answers of the blind trial that fail."""
    why: Ratio
    """Of those, the ones that are explained: named, related, or said by the message."""
    right: Ratio
    """Right answers of the blind trial that pass."""
    seconds: float

    def format_cells(self) -> tuple[str, ...]:
        """Return what stands in the table, under ``HEAD``."""
        shares = (self.caught, self.named, self.mutants)
        answers = map(str, (self.styles, self.peers, self.wrong, self.why, self.right))
        counts = (str(self.checks), *map(str, shares), str(self.explained), *answers)
        return (self.exercise, *counts, f"{self.seconds:.1f}")


@dataclass(frozen=True, slots=True)
class Quality:
    """The rows, the answers behind two of their columns, and what else is wrong."""

    rows: tuple[QualityRow, ...]
    answers: tuple[GradedAnswer, ...]
    faults: tuple[Fault, ...]

    def sum_rows(self) -> QualityRow:
        """Return the sum of all rows."""
        rows, none = self.rows, Ratio(0, 0)
        return QualityRow(
            exercise=f"{len(rows)} exercises",
            checks=sum(row.checks for row in rows),
            caught=sum((row.caught for row in rows), none),
            named=sum((row.named for row in rows), none),
            mutants=sum((row.mutants for row in rows), none),
            explained=sum(row.explained for row in rows),
            styles=sum((row.styles for row in rows), none),
            peers=sum((row.peers for row in rows), none),
            wrong=sum((row.wrong for row in rows), none),
            why=sum((row.why for row in rows), none),
            right=sum((row.right for row in rows), none),
            seconds=sum(row.seconds for row in rows),
        )


def measure_quality(
    session: Session,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Observer | None = None,
) -> Quality:
    """Run every proof of the exercises that is not known yet, and count the results."""
    watch = watch or SilentObserver()
    proofs = ProofCache(session.workspace, session.course)
    faults = check(session, engine, exercises, tell, cached=cached, watch=watch, proofs=proofs)
    tallies = mutate(session, engine, exercises, tell, cached=cached, watch=watch)
    entries = {found.id: found for found in files.read(session.workspace).iterate_exercises()}
    cases = {one.id: read_case(session, one, entries[one.id]) for one in exercises}
    kinds: tuple[Kind, ...] = ("styles", "peers")
    samples = [
        one
        for kind in kinds
        for one in list_samples(session.workspace, session.course, kind)
        if one.exercise.id in cases
    ]
    answers = AnswerGrader(session, engine, watch, cached=cached).grade(samples, cases)
    trials = _run_trials(session, engine, exercises, watch, cached=cached)
    rows = (
        _build_row(
            tally, _read_figures(proofs, cases[tally.exercise]), answers, trials.get(tally.exercise)
        )
        for tally in tallies
    )
    wrong = {*faults, *(fault for tally in tallies for fault in tally.faults)}
    return Quality(tuple(rows), tuple(answers), tuple(sorted(wrong)))


def format_table(found: Quality) -> Iterator[str]:
    """Yield the table's lines in Markdown."""
    yield from _format_lines([HEAD, ("---", *["---:"] * (len(HEAD) - 1))])
    yield from _format_lines(row.format_cells() for row in (*found.rows, found.sum_rows()))


def require_complete(workspace: Workspace, course: Course) -> None:
    """Raise what would keep the table from being written whole."""
    _split_page(workspace)
    lacking = {
        name for one in list_samples(workspace, course, "peers") for name in one.list_missing()
    }
    if lacking:
        names = ", ".join(sorted(lacking))
        raise UsageError(f"peers need {names}: run pip install -e '.[peers]' before --write")


def write_quality(workspace: Workspace, found: Quality) -> None:
    """Put the table between the marks of its page."""
    before, after = _split_page(workspace)
    table = "\n".join(format_table(found))
    write_file(workspace.quality, f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


def _split_page(workspace: Workspace) -> tuple[str, str]:
    """Return what the page contains before the marks and after them."""
    path = workspace.quality
    text = path.read_text("utf-8") if path.is_file() else ""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        problem = f"the page has no line {BEGIN} with a line {END} after it"
        raise CourseError([Fault(path, 1, 1, problem, "add them where the table belongs")])
    return before, after


def _format_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    return (f"| {' | '.join(row)} |" for row in rows)


def _read_figures(proofs: ProofCache, case: Case) -> TrialFigures:
    """Return the figures of its trials; zeros where none could be run."""
    return proofs.read_figures(case) or TrialFigures(
        len(case.claims), len(case.mistakes), 0, 0, 0, 0.0
    )


def _run_trials(
    session: Session,
    engine: Engine,
    exercises: Sequence[Exercise],
    watch: Observer,
    *,
    cached: bool,
) -> dict[str, TrialCount]:
    """Grade the blind answers that the ledger does not know; return what each exercise came to."""
    chosen = {exercise.id: exercise for exercise in exercises}
    ledger = TrialLedger(session, session.workspace.trials)
    given = list_answers(session.course, session.workspace.trials)
    answers = [answer for answer in given if answer.exercise.id in chosen]
    changed = ledger.list_changed(answers) if cached else answers
    counts = {
        one.exercise: one
        for one in count_results([*grade_answers(session, engine, changed, watch)])
    }
    for name in chosen.keys() - counts.keys():
        own = [answer for answer in answers if answer.exercise.id == name]
        known = ledger.find(chosen[name], own) if own else None
        counts |= {name: known} if known else {}
    return counts


def _build_row(
    tally: Tally,
    figures: TrialFigures,
    answers: Sequence[GradedAnswer],
    blind: TrialCount | None,
) -> QualityRow:
    def count_passed(kind: Kind) -> Ratio:
        given = [
            answer.passed
            for answer in answers
            if answer.sample.kind == kind and answer.sample.exercise.id == tally.exercise
        ]
        return Ratio(sum(given), len(given))

    return QualityRow(
        exercise=tally.exercise,
        checks=figures.checks,
        caught=Ratio(figures.caught, figures.mistakes),
        named=Ratio(figures.named, figures.mistakes - figures.slow),
        mutants=Ratio(tally.noticed, tally.mutants),
        explained=len(tally.survivors) - len(tally.unexplained),
        styles=count_passed("styles"),
        peers=count_passed("peers"),
        wrong=Ratio(blind.caught, blind.wrong) if blind else Ratio(0, 0),
        why=Ratio(blind.explained, blind.caught) if blind else Ratio(0, 0),
        right=Ratio(blind.accepted, blind.right) if blind else Ratio(0, 0),
        seconds=figures.seconds,
    )
