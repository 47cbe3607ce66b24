"""What counts towards each objective, and how far it has come: pure rules.

Exercises, readings and cards have weights as kinds, so that a hundred cards do not outweigh the
exercises, and a kind of which nothing counts is left out. Within a kind each thing counts the
same: whole, half or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.course.model import Course, Exercise, Objective
from grader.learner.progress import ExerciseState
from grader.learner.reading_list import Item, map_uses

WEIGHTS = {"exercises": 70, "readings": 15, "cards": 15}
"""Percent. A pass is proof; that something was read is only the learner's word."""

PASSED: Mapping[str, Fraction] = {"passed": Fraction(1), "stale": Fraction(1, 2)}
"""What an exercise counts by its state; in any other state it counts nothing."""

READ: Mapping[str, Fraction] = {"done": Fraction(1), "reading": Fraction(1, 2)}
"""What a reading counts by its state."""


class CardCount(NamedTuple):
    """The cards of notes about an objective's exercises: those known, and all."""

    known: int
    all: int


class Evidence(NamedTuple):
    """All that counts towards one objective."""

    objective: Objective
    exercises: tuple[tuple[Exercise, ExerciseState], ...]
    """In course order."""
    readings: tuple[Item, ...]
    """In the order of the list; the learner's own among them count once they are done."""
    cards: CardCount
    share: Fraction
    """From 0 to 1."""

    @property
    def percent(self) -> int:
        """The share rounded down: 100 means that everything is done."""
        return int(100 * self.share)

    @property
    def is_empty(self) -> bool:
        """Whether nothing counts towards it yet."""
        return not (self.exercises or self.readings or self.cards.all)

    @property
    def counted(self) -> tuple[Item, ...]:
        """The readings that the share counts: an own entry never lowers it."""
        return tuple(item for item in self.readings if not item.own or item.state == "done")


def weigh(
    course: Course,
    states: Mapping[str, ExerciseState],
    readings: Iterable[Item],
    cards: Mapping[str, tuple[int, int]] = {},
) -> tuple[Evidence, ...]:
    """Return the evidence for each objective, in the course's order.

    ``states`` has each exercise's, ``cards`` how many are known and how many
    there are for each objective that has any. A reading counts
    towards its own objectives and towards those of the exercises that name it.
    """
    items, named_by = list(readings), map_objectives(course)
    return tuple(
        _collect_evidence(
            objective,
            tuple(
                (e, states[e.id])
                for e in course.iterate_exercises()
                if objective.id in e.objectives
            ),
            tuple(
                item
                for item in items
                if objective.id in item.resource.objectives
                or objective.id in named_by.get(item.id, ())
            ),
            CardCount(*cards.get(objective.id, (0, 0))),
        )
        for objective in course.objectives
    )


def map_objectives(course: Course) -> dict[str, frozenset[str]]:
    """Return for each reading of the course the objectives of the exercises that name it."""
    by_exercise = {exercise.id: exercise.objectives for exercise in course.iterate_exercises()}
    return {
        name: frozenset(one for exercise in exercises for one in by_exercise[exercise])
        for name, exercises in map_uses(course).items()
    }


def _collect_evidence(
    objective: Objective,
    exercises: tuple[tuple[Exercise, ExerciseState], ...],
    readings: tuple[Item, ...],
    cards: CardCount,
) -> Evidence:
    found = Evidence(objective, exercises, readings, cards, Fraction(0))
    kinds = {
        "exercises": [PASSED.get(state, Fraction(0)) for _, state in exercises],
        "readings": [READ.get(item.state, Fraction(0)) for item in found.counted],
        "cards": [Fraction(cards.known, cards.all)] if cards.all else [],
    }
    return found._replace(share=_compute_share(kinds))


def _compute_share(kinds: Mapping[str, list[Fraction]]) -> Fraction:
    """Return the weighted mean of the kinds' means; kinds of which nothing counts are left out."""
    means = {kind: sum(parts, Fraction(0)) / len(parts) for kind, parts in kinds.items() if parts}
    whole = sum(WEIGHTS[kind] for kind in means)
    weighed = sum((WEIGHTS[kind] * mean for kind, mean in means.items()), Fraction(0))
    return weighed / whole if whole else Fraction(0)
