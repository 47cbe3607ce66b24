"""What is told of a learner to others: the one place that chooses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from grader.course import Course, Unit
from grader.outcome import Standing
from grader.progress import Progress, State, Study, Total, study_days
from grader.settings import Settings


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise."""

    id: str
    title: str
    state: State
    attempts: int
    passed_day: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """One unit with its exercises, in course order."""

    id: str
    title: str
    total: Total
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase with its units, in course order."""

    id: str
    title: str
    total: Total
    units: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """One objective, and how many of the exercises that count towards it are passed."""

    id: str
    text: str
    exercises: int
    passed: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How far a learner has come on one day, as others may read it."""

    course: str
    name: str
    """The learner's, from the settings; it may be empty."""
    address: str
    """Of the published site, without a slash at its end; it may be empty."""
    day: date
    total: Total
    phases: tuple[Stretch, ...]
    objectives: tuple[Aim, ...]
    study: Study
    days: int
    """On which something was graded or logged, in all."""

    @property
    def share(self) -> str:
        """``12 of 41``."""
        return f"{self.total.passed} of {self.total.exercises}"

    @property
    def days_in_words(self) -> str:
        """How regularly: the last 30 days, and the days in a row."""
        row = self.study.streak
        streak = f", {row} day{'s' * (row != 1)} in a row" if row else ""
        return f"Studied on {self.study.recent} of the last 30 days{streak}"


def facts(
    course: Course,
    progress: Progress,
    standings: Mapping[str, Standing],
    days: Iterable[date],
    settings: Settings,
    today: date,
) -> Facts:
    """What is told on that day; ``days`` are those on which something was done."""
    done = {day for day in days if day <= today}
    return Facts(
        course=course.title,
        name=" ".join("".join(filter(_shown, settings.name)).split()),
        address=settings.address.rstrip("/"),
        day=today,
        total=progress.total,
        phases=tuple(
            Stretch(
                phase.id,
                phase.title,
                progress.phases[phase.id],
                tuple(_section(unit, progress, standings) for unit in phase.units),
            )
            for phase in course.phases
        ),
        objectives=_objectives(course, progress),
        study=study_days(done, today, settings.is_off),
        days=len(done),
    )


def _shown(character: str) -> bool:
    return character.isprintable() or character.isspace()


def days_done(graded: Iterable[str], written: Iterable[date]) -> set[date]:
    """The days on which something was graded, as the records name them, or written in the log."""
    done = set(written)
    for day in graded:
        with suppress(ValueError):  # records edited by hand
            done.add(date.fromisoformat(day))
    return done


def _section(unit: Unit, progress: Progress, standings: Mapping[str, Standing]) -> Section:
    rows = []
    for exercise in unit.exercises:
        known = standings.get(exercise.id, Standing(exercise.id))
        state = progress.states[exercise.id]
        rows.append(Row(exercise.id, exercise.title, state, known.attempts, known.passed_day))
    return Section(unit.id, unit.title, progress.units[unit.id], tuple(rows))


def _objectives(course: Course, progress: Progress) -> tuple[Aim, ...]:
    counted: dict[str, list[State]] = {objective.id: [] for objective in course.objectives}
    for exercise in course.exercises():
        for objective in exercise.objectives:
            counted[objective].append(progress.states[exercise.id])
    return tuple(
        Aim(aim.id, aim.text, len(counted[aim.id]), counted[aim.id].count("passed"))
        for aim in course.objectives
    )
