"""How far each objective has come, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.course.model import Course, Exercise, Hint, Objective, Phase, Resource, Unit
from grader.learner.objectives import WEIGHTS, Evidence, weigh
from grader.learner.progress import ExerciseState
from grader.learner.reading_list import Item, ItemState, join_lists

HINTS = (Hint(1, "a"), Hint(2, "b"), Hint(3, "c"))


def exercise(name: str, objectives: str = "explain", resources: str = "") -> Exercise:
    """An exercise with its objectives and readings, named in one text each."""
    return Exercise(
        *(f"unit/{name}", name, "It is built.", ("f",), 10, HINTS),
        objectives=tuple(objectives.split()),
        resources=tuple(resources.split()),
    )


def resource(name: str, objectives: str = "") -> Resource:
    """A paper with its own objectives."""
    url = f"https://example.org/{name}"
    return Resource(name, name, "paper", url, objectives=tuple(objectives.split()))


def course(exercises: list[Exercise], resources: list[Resource]) -> Course:
    """A course with two objectives."""
    units = (Unit("unit", "Unit", "All.", tuple(exercises)),)
    objectives = (Objective("explain", "Explain it."), Objective("build", "Build it."))
    return Course("C", (Phase("p", "P", (1, 2), units),), objectives, tuple(resources))


def read(whole: Course, **states: ItemState) -> tuple[Item, ...]:
    """The course's list with some entries in a state."""
    return tuple(item._replace(state=states.get(item.id, "open")) for item in join_lists(whole, {}))


def first(
    whole: Course,
    states: dict[str, ExerciseState],
    readings: tuple[Item, ...] = (),
    cards: dict[str, tuple[int, int]] | None = None,
) -> Evidence:
    """The evidence for the first objective."""
    named = {f"unit/{name}": state for name, state in states.items()}
    return weigh(whole, named, readings, cards or {})[0]


def test_the_weights_are_of_a_hundred() -> None:
    """What the page says of them is true."""
    assert sum(WEIGHTS.values()) == 100


def test_exercises_alone_make_the_whole() -> None:
    """One of three passed is a third; the kinds of which there is nothing are left out."""
    whole = course([exercise("a"), exercise("b"), exercise("c")], [])
    found = first(whole, {"a": "passed", "b": "started", "c": "open"})
    assert found.share == Fraction(1, 3)
    assert found.percent == 33


@pytest.mark.parametrize(
    ("state", "share"), [("passed", 1), ("stale", 0.5), ("started", 0), ("skipped", 0), ("open", 0)]
)
def test_what_an_exercise_counts(state: ExerciseState, share: float) -> None:
    """A pass counts whole, a stale one half, and to skip is no evidence."""
    assert first(course([exercise("a")], []), {"a": state}).share == share


@pytest.mark.parametrize(
    ("state", "share"), [("done", 1), ("reading", 0.5), ("next", 0), ("inbox", 0), ("open", 0)]
)
def test_what_a_reading_counts(state: ItemState, share: float) -> None:
    """Done counts whole, being read half, and a good intention nothing."""
    whole = course([], [resource("one", "explain")])
    assert first(whole, {}, read(whole, one=state)).share == share


def test_all_kinds_together_by_hand() -> None:
    """Exercises 1/2 of 70, readings 3/4 of 15, cards 2/5 of 15: 35 + 11.25 + 6 = 52.25 percent."""
    whole = course(
        [exercise("a"), exercise("b")], [resource("one", "explain"), resource("two", "explain")]
    )
    listed = read(whole, one="done", two="reading")
    found = first(whole, {"a": "passed", "b": "open"}, listed, {"explain": (2, 5)})
    assert found.share == Fraction(5225, 10000)
    assert found.percent == 52


def test_without_cards_the_other_two_make_the_whole() -> None:
    """Exercises 1/2 of 70 and no reading of 15: 35 of 85 is 41 percent, rounded down."""
    whole = course([exercise("a"), exercise("b")], [resource("one", "explain")])
    found = first(whole, {"a": "passed", "b": "open"}, read(whole))
    assert found.share == Fraction(35, 85)
    assert found.percent == 41


def test_a_hundred_percent_means_everything() -> None:
    """299 of 300 exercises are 99 percent, and all of everything is 100."""
    many = [exercise(f"e{n}") for n in range(300)]
    whole = course(many, [resource("one", "explain")])
    states: dict[str, ExerciseState] = {f"e{n}": "passed" for n in range(300)}
    done, cards = read(whole, one="done"), {"explain": (7, 7)}
    assert first(whole, states, done, cards).percent == 100
    assert first(whole, {**states, "e7": "stale"}, done, cards).percent == 99


def test_a_reading_counts_where_the_exercises_that_name_it_do() -> None:
    """Beside its own objectives it has those of every exercise that names it."""
    whole = course(
        [exercise("a", "build", "one"), exercise("b", "explain", "two")],
        [resource("one", "explain"), resource("two"), resource("three")],
    )
    open_: dict[str, ExerciseState] = {"unit/a": "open", "unit/b": "open"}
    explain, build = weigh(whole, open_, read(whole))
    assert [item.id for item in explain.readings] == ["one", "two"]
    assert [item.id for item in build.readings] == ["one"]
    assert [e.name for e, _ in explain.exercises] == ["b"]


@pytest.mark.parametrize("state", ["inbox", "next", "reading", "done"])
def test_an_own_reading_never_lowers_the_share(state: ItemState) -> None:
    """It is listed from the first day, and counts once it is done."""
    whole = course([exercise("a")], [resource("one", "explain")])
    before = first(whole, {"a": "passed"}, read(whole, one="done"))
    own = Item(resource("own-1", "explain"), state, own=True)
    after = first(whole, {"a": "passed"}, (*read(whole, one="done"), own))
    assert before.share == after.share == 1
    assert own in after.readings
    alone = first(whole, {"a": "open"}, (*read(whole), own))
    assert (alone.share > 0) == (state == "done")


def test_nothing_counts_towards_a_new_objective() -> None:
    """Its share is 0 and not an error; cards of another objective change nothing."""
    whole = course([exercise("a")], [])
    states: dict[str, ExerciseState] = {"unit/a": "passed"}
    build = weigh(whole, states, (), {"explain": (1, 1)})[1]
    assert build.is_empty
    assert build.percent == 0
