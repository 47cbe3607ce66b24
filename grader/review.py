"""What is due, and what a grade makes of a card's schedule: pure rules around FSRS.

Days are the learner's. FSRS is told noon in UTC for any moment of a day, so that a card answered
late in the evening and early next morning counts as a day apart, also when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from grader.learner import CardState, Recall
from grader.outcome import Standing
from grader.settings import Settings

if TYPE_CHECKING:
    from fsrs import Card as Schedule
    from fsrs import Scheduler

Choice = Literal["again", "hard", "good", "easy"]
CHOICES: tuple[Choice, ...] = ("again", "hard", "good", "easy")
State = Literal["new", "due", "learning", "known"]

KNOWN_DAYS = 7.0
"""A card counts as known while it is not due and would be remembered for a week."""
LONGEST = 365
"""Days after which a card is asked again, however well it is known."""
EXERCISE_DAYS = 28
"""Days after its first pass on which an exercise is due to be solved again."""
EXERCISE_DIFFICULTY = 5.0
"""Of an exercise that was passed once, on FSRS's scale from 1 to 10."""
EXERCISE = "exercise:"
"""What the names of exercises' schedules begin with, among those of cards."""


class Turn(NamedTuple):
    """What is asked today, in order."""

    due: tuple[str, ...]
    new: tuple[str, ...]
    held_back: int
    """New ones that wait for another day."""


def due_day(recall: Recall, settings: Settings) -> date:
    """The learner's day on which the card is due; what cannot be read is due at once."""
    moment = _moment(recall.due)
    return settings.day_of(moment) if moment else date.min


def state_of(recall: Recall | None, today: date, settings: Settings) -> State:
    """Where the learner is with a card; None stands for one never asked."""
    if recall is None:
        return "new"
    if due_day(recall, settings) <= today:
        return "due"
    return "known" if recall.stability >= KNOWN_DAYS else "learning"


def retention(recall: Recall, today: date, settings: Settings) -> float:
    """The estimated chance, 0 to 1, that the card is remembered today."""
    return _scheduler().get_card_retrievability(_schedule(recall, settings), _noon(today))


def turn(
    ids: Iterable[str], recalls: Mapping[str, Recall], today: date, settings: Settings
) -> Turn:
    """What to ask of these today: the due, likeliest forgotten first; then new ones in order."""
    ids = list(ids)
    new = [key for key in ids if key not in recalls]
    due = [key for key in ids if key in recalls and due_day(recalls[key], settings) <= today]
    chance = {key: retention(recalls[key], today, settings) for key in due}
    due.sort(key=lambda key: (chance[key], key))
    room = max(0, settings.new_cards - begun(recalls, today, settings))
    return Turn(tuple(due), tuple(new[:room]), max(0, len(new) - room))


def begun(recalls: Mapping[str, Recall], today: date, settings: Settings) -> int:
    """How many cards were asked for the first time today."""
    firsts = [r for key, r in recalls.items() if r.reviews == 1 and not key.startswith(EXERCISE)]
    return sum(_day(recall.last_review, settings) == today for recall in firsts)


def waiting(recalls: Mapping[str, Recall], today: date, settings: Settings) -> int:
    """How many of these are due."""
    return sum(due_day(recall, settings) <= today for recall in recalls.values())


def next_day(recalls: Iterable[Recall], today: date, settings: Settings) -> date | None:
    """The next day after today on which one of these is due."""
    days = (due_day(recall, settings) for recall in recalls)
    return min((day for day in days if day > today), default=None)


def graded(recall: Recall | None, choice: Choice, now: datetime, settings: Settings) -> Recall:
    """The card's schedule after this answer; None stands for one never asked."""
    from fsrs import Rating

    before, today = _schedule(recall, settings), _noon(settings.day_of(now))
    after, _ = _scheduler().review_card(before, Rating[choice.capitalize()], today)
    lapsed = choice == "again" and recall is not None
    return Recall(
        due=_midday(after.due.date(), settings).isoformat(timespec="seconds"),
        last_review=now.astimezone(UTC).isoformat(timespec="seconds"),
        state=_state(after),
        stability=round(after.stability or 0.0, 4),
        difficulty=round(after.difficulty or 0.0, 4),
        step=after.step,
        reviews=(recall.reviews if recall else 0) + 1,
        lapses=(recall.lapses if recall else 0) + lapsed,
    )


def outlook(recall: Recall | None, now: datetime, settings: Settings) -> dict[Choice, date]:
    """For each answer the day on which the card would be due next."""
    return {c: due_day(graded(recall, c, now, settings), settings) for c in CHOICES}


def exercises(
    standings: Mapping[str, Standing], recalls: Mapping[str, Recall], known: Iterable[str]
) -> dict[str, Recall]:
    """The schedule of each passed exercise of those known, by its name among the cards'.

    One that was not yet solved again is as if answered once, at its first pass.
    """
    found = {}
    for name in known:
        standing, key = standings.get(name), f"{EXERCISE}{name}"
        if standing is not None and standing.passed_at is not None:
            found[key] = recalls.get(key) or _passed(standing.passed_at)
    return found


def solved(failures: int, minutes: float, planned: int) -> Choice:
    """The answer that solving an exercise again comes to.

    With failed gradings it was hard; at the first go it was good, and easy where it took no
    more than half of the minutes that the course plans for it.
    """
    if failures:
        return "hard"
    return "easy" if minutes <= planned / 2 else "good"


def _passed(at: str) -> Recall:
    moment = _moment(at) or datetime(2000, 1, 1, tzinfo=UTC)
    due = (moment + timedelta(days=EXERCISE_DAYS)).isoformat(timespec="seconds")
    return Recall(due, at, "review", float(EXERCISE_DAYS), EXERCISE_DIFFICULTY, reviews=0)


@cache
def _scheduler() -> Scheduler:
    """FSRS by whole days: no steps of minutes, and nothing by chance."""
    from fsrs import Scheduler

    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
    )


def _schedule(recall: Recall | None, settings: Settings) -> Schedule:
    from fsrs import Card as Schedule
    from fsrs import State as Stage

    if recall is None:
        return Schedule(card_id=1, due=datetime(2000, 1, 1, tzinfo=UTC))
    last = _day(recall.last_review, settings)
    return Schedule(
        card_id=1,
        state=Stage[recall.state.capitalize()],
        step=recall.step if recall.state == "review" else recall.step or 0,
        stability=max(recall.stability, 0.001),
        difficulty=min(max(recall.difficulty, 1.0), 10.0),
        due=_moment(recall.due) or datetime(2000, 1, 1, tzinfo=UTC),
        last_review=_noon(last) if last else None,
    )


def _state(schedule: Schedule) -> CardState:
    names: dict[str, CardState] = {
        "Learning": "learning",
        "Review": "review",
        "Relearning": "relearning",
    }
    return names[schedule.state.name]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(text: str, settings: Settings) -> date | None:
    moment = _moment(text)
    return settings.day_of(moment) if moment else None


def _noon(day: date) -> datetime:
    """The moment that FSRS is told for a day."""
    return datetime.combine(day, time(12), UTC)


def _midday(day: date, settings: Settings) -> datetime:
    """A moment that lies in that day of the learner's, whenever their days begin."""
    noon = datetime.combine(day, time(12, 30))
    zone = settings.zone
    return (noon.replace(tzinfo=zone) if zone else noon).astimezone(UTC)
