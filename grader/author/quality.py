"""What has been shown of each exercise, in a row: by its mistakes, mutants, styles and peers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.author.answers import Answer, Answers
from grader.author.case import Case, read
from grader.author.gate import Tell, check
from grader.author.mutate import mutate
from grader.author.proof import Figures
from grader.author.proved import Proved
from grader.author.submission import Kind, submissions
from grader.author.survivor import Tally
from grader.course import Course, Exercise
from grader.curriculum import files
from grader.engine.client import Engine
from grader.errors import CourseError, Fault, UsageError
from grader.practice import Desk
from grader.practice.lanes import Unwatched, Watch
from grader.workspace import Workspace

HEAD = ("exercise", "checks", "caught", "named", "mutants", "explained", "styles", "peers", "s")
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    good: int
    of: int

    def __str__(self) -> str:
        return f"{self.good}/{self.of}" if self.of else "-"

    def __add__(self, other: Share) -> Share:
        return Share(self.good + other.good, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one exercise, or of all."""

    exercise: str
    checks: int
    caught: Share
    named: Share
    mutants: Share
    explained: int
    styles: Share
    peers: Share
    seconds: float

    def cells(self) -> tuple[str, ...]:
        """What stands in the table, under ``HEAD``."""
        shares = (self.caught, self.named, self.mutants)
        answers = (str(self.styles), str(self.peers))
        counted = (str(self.checks), *map(str, shares), str(self.explained), *answers)
        return (self.exercise, *counted, f"{self.seconds:.1f}")


@dataclass(frozen=True, slots=True)
class Quality:
    """The rows, the answers behind two of their columns, and what else is wrong."""

    rows: tuple[Row, ...]
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]

    def total(self) -> Row:
        """All rows in one."""
        rows, none = self.rows, Share(0, 0)
        return Row(
            exercise=f"{len(rows)} exercises",
            checks=sum(row.checks for row in rows),
            caught=sum((row.caught for row in rows), none),
            named=sum((row.named for row in rows), none),
            mutants=sum((row.mutants for row in rows), none),
            explained=sum(row.explained for row in rows),
            styles=sum((row.styles for row in rows), none),
            peers=sum((row.peers for row in rows), none),
            seconds=sum(row.seconds for row in rows),
        )


def quality(
    desk: Desk,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Watch | None = None,
) -> Quality:
    """Hold every proof there is of the exercises, as far as it is not known, and count."""
    watch = watch or Unwatched()
    proved = Proved(desk.workspace, desk.course)
    faults = check(desk, engine, exercises, tell, cached=cached, watch=watch, proved=proved)
    tallies = mutate(desk, engine, exercises, tell, cached=cached, watch=watch)
    entries = {found.id: found for found in files.read(desk.workspace).exercises()}
    cases = {one.id: read(desk.workspace, one, entries[one.id]) for one in exercises}
    kinds: tuple[Kind, ...] = ("styles", "peers")
    asked = [
        one
        for kind in kinds
        for one in submissions(desk.workspace, desk.course, kind)
        if one.exercise.id in cases
    ]
    answers = Answers(desk, engine, watch, cached=cached).of(asked, cases)
    rows = (_row(tally, _held(proved, cases[tally.exercise]), answers) for tally in tallies)
    wrong = {*faults, *(fault for tally in tallies for fault in tally.faults)}
    return Quality(tuple(rows), tuple(answers), tuple(sorted(wrong)))


def markdown(found: Quality) -> Iterator[str]:
    """The table's lines in Markdown."""
    yield from _lines([HEAD, ("---", *["---:"] * (len(HEAD) - 1))])
    yield from _lines(row.cells() for row in (*found.rows, found.total()))


def ready(workspace: Workspace, course: Course) -> None:
    """Raise what would keep the table from being written whole."""
    _parts(workspace)
    lacking = {name for one in submissions(workspace, course, "peers") for name in one.lacks()}
    if lacking:
        names = ", ".join(sorted(lacking))
        raise UsageError(f"peers need {names}: run pip install -e '.[peers]' before --write")


def write(workspace: Workspace, found: Quality) -> None:
    """Put the table between the marks of its page."""
    before, after = _parts(workspace)
    table = "\n".join(markdown(found))
    workspace.quality.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", "utf-8")


def _parts(workspace: Workspace) -> tuple[str, str]:
    """What the page says before the marks and after them."""
    path = workspace.quality
    text = path.read_text("utf-8") if path.is_file() else ""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        problem = f"the page has no line {BEGIN} with a line {END} after it"
        raise CourseError([Fault(path, 1, 1, problem, "put them where the table shall stand")])
    return before, after


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    return (f"| {' | '.join(row)} |" for row in rows)


def _held(proved: Proved, case: Case) -> Figures:
    """What its trials came to; nothing where none could be held."""
    return proved.figures(case) or Figures(len(case.claims), len(case.mistakes), 0, 0, 0, 0.0)


def _row(tally: Tally, figures: Figures, answers: Sequence[Answer]) -> Row:
    def share(kind: Kind) -> Share:
        given = [
            answer.passed
            for answer in answers
            if answer.submission.kind == kind and answer.submission.exercise.id == tally.exercise
        ]
        return Share(sum(given), len(given))

    return Row(
        exercise=tally.exercise,
        checks=figures.checks,
        caught=Share(figures.caught, figures.mistakes),
        named=Share(figures.named, figures.mistakes - figures.slow),
        mutants=Share(tally.noticed, tally.mutants),
        explained=len(tally.survivors) - len(tally.unexplained),
        styles=share("styles"),
        peers=share("peers"),
        seconds=figures.seconds,
    )
