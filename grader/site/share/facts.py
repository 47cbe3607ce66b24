"""What others may read about a learner's progress: the one place that chooses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from grader.course.model import Course, Unit
from grader.grading.outcome import Standing
from grader.learner.progress import ExerciseState, Progress, Total
from grader.learner.settings import Settings
from grader.learner.study_days import StudyDays, count_study_days
from grader.services.session import Session
from grader.services.study import list_days


@dataclass(frozen=True, slots=True)
class ExerciseFacts:
    """One exercise."""

    id: str
    title: str
    state: ExerciseState
    attempts: int
    passed_day: str | None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit with its exercises, in course order."""

    id: str
    title: str
    total: Total
    rows: tuple[ExerciseFacts, ...]


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """One phase with its units, in course order."""

    id: str
    title: str
    total: Total
    units: tuple[UnitFacts, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """One objective, and how many of the exercises that count towards it are passed."""

    id: str
    text: str
    exercises: int
    passed: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A learner's progress on one day, as others may read it."""

    course: str
    name: str
    """The learner's, from the settings; it may be empty."""
    address: str
    """Of the published site, without a slash at its end; it may be empty."""
    day: date
    total: Total
    phases: tuple[PhaseFacts, ...]
    objectives: tuple[ObjectiveFacts, ...]
    study: StudyDays
    days: int
    """The number of days of study."""

    @property
    def share(self) -> str:
        """How many exercises are passed: ``12 of 41``."""
        return f"{self.total.passed} of {self.total.exercises}"

    @property
    def days_in_words(self) -> str:
        """How regularly the learner studied: days among the last 30, and days in a row."""
        row = self.study.streak
        streak = f", {row} day{'s' * (row != 1)} in a row" if row else ""
        return f"Studied on {self.study.recent} of the last 30 days{streak}"


def collect_facts(session: Session, progress: Progress, standings: Mapping[str, Standing]) -> Facts:
    """Collect today's facts from an opened workspace."""
    days, settings, today = list_days(session), session.read_settings(), session.get_today()
    return build_facts(session.course, progress, standings, days, settings, today)


def build_facts(
    course: Course,
    progress: Progress,
    standings: Mapping[str, Standing],
    days: Iterable[date],
    settings: Settings,
    today: date,
) -> Facts:
    """Build the facts of that day; ``days`` are those of study."""
    done = {day for day in days if day <= today}
    return Facts(
        course=course.title,
        name=" ".join("".join(filter(_is_allowed, settings.name)).split()),
        address=settings.address.rstrip("/"),
        day=today,
        total=progress.total,
        phases=tuple(
            PhaseFacts(
                phase.id,
                phase.title,
                progress.phases[phase.id],
                tuple(_build_unit(unit, progress, standings) for unit in phase.units),
            )
            for phase in course.phases
        ),
        objectives=_count_objectives(course, progress),
        study=count_study_days(done, today, settings.is_off),
        days=len(done),
    )


def _is_allowed(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _build_unit(unit: Unit, progress: Progress, standings: Mapping[str, Standing]) -> UnitFacts:
    rows = []
    for exercise in unit.exercises:
        known = standings.get(exercise.id, Standing(exercise.id))
        state = progress.states[exercise.id]
        rows.append(
            ExerciseFacts(exercise.id, exercise.title, state, known.attempts, known.passed_day)
        )
    return UnitFacts(unit.id, unit.title, progress.units[unit.id], tuple(rows))


def _count_objectives(course: Course, progress: Progress) -> tuple[ObjectiveFacts, ...]:
    counted: dict[str, list[ExerciseState]] = {objective.id: [] for objective in course.objectives}
    for exercise in course.iterate_exercises():
        for objective in exercise.objectives:
            counted[objective].append(progress.states[exercise.id])
    return tuple(
        ObjectiveFacts(aim.id, aim.text, len(counted[aim.id]), counted[aim.id].count("passed"))
        for aim in course.objectives
    )
