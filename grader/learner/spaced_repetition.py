"""What is due, and the schedule of a card after an answer: pure rules around FSRS.

Days are the learner's. FSRS gets noon in UTC for any moment of a day, so that a card answered
late in the evening and early next morning counts as a day apart, also when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from grader.grading.outcome import Standing
from grader.learner.model import CardSchedule, ScheduleState
from grader.learner.settings import Settings

if TYPE_CHECKING:
    from fsrs import Card as Schedule
    from fsrs import Scheduler

Choice = Literal["again", "hard", "good", "easy"]
CHOICES: tuple[Choice, ...] = ("again", "hard", "good", "easy")
CardState = Literal["new", "due", "learning", "known"]

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


class DayPlan(NamedTuple):
    """What is asked today, in order."""

    due: tuple[str, ...]
    new: tuple[str, ...]
    held_back: int
    """New ones that wait for another day."""


def find_due_day(recall: CardSchedule, settings: Settings) -> date:
    """Return the learner's day on which the card is due; what cannot be read is due at once."""
    moment = _parse_moment(recall.due)
    return settings.find_day(moment) if moment else date.min


def find_state(recall: CardSchedule | None, today: date, settings: Settings) -> CardState:
    """Return where the learner is with a card; None stands for one never asked."""
    if recall is None:
        return "new"
    if find_due_day(recall, settings) <= today:
        return "due"
    return "known" if recall.stability >= KNOWN_DAYS else "learning"


def estimate_recall(recall: CardSchedule, today: date, settings: Settings) -> float:
    """Return the estimated chance, 0 to 1, that the card is remembered today."""
    return _make_scheduler().get_card_retrievability(
        _make_fsrs_card(recall, settings), _make_noon(today)
    )


def plan_day(
    ids: Iterable[str], recalls: Mapping[str, CardSchedule], today: date, settings: Settings
) -> DayPlan:
    """Return what to ask today: the due, likeliest forgotten first; then new ones in order."""
    ids = list(ids)
    new = [key for key in ids if key not in recalls]
    due = [key for key in ids if key in recalls and find_due_day(recalls[key], settings) <= today]
    chance = {key: estimate_recall(recalls[key], today, settings) for key in due}
    due.sort(key=lambda key: (chance[key], key))
    room = max(0, settings.new_cards - count_begun(recalls, today, settings))
    return DayPlan(tuple(due), tuple(new[:room]), max(0, len(new) - room))


def count_begun(recalls: Mapping[str, CardSchedule], today: date, settings: Settings) -> int:
    """Return how many cards were asked for the first time today."""
    firsts = [r for key, r in recalls.items() if r.reviews == 1 and not key.startswith(EXERCISE)]
    return sum(_parse_day(recall.last_review, settings) == today for recall in firsts)


def count_due(recalls: Mapping[str, CardSchedule], today: date, settings: Settings) -> int:
    """Return how many of these are due."""
    return sum(find_due_day(recall, settings) <= today for recall in recalls.values())


def find_next_day(recalls: Iterable[CardSchedule], today: date, settings: Settings) -> date | None:
    """Return the next day after today on which one of these is due."""
    days = (find_due_day(recall, settings) for recall in recalls)
    return min((day for day in days if day > today), default=None)


def grade_card(
    recall: CardSchedule | None, choice: Choice, now: datetime, settings: Settings
) -> CardSchedule:
    """Return the card's schedule after this answer; None stands for one never asked."""
    from fsrs import Rating

    before, today = _make_fsrs_card(recall, settings), _make_noon(settings.find_day(now))
    after, _ = _make_scheduler().review_card(before, Rating[choice.capitalize()], today)
    lapsed = choice == "again" and recall is not None
    return CardSchedule(
        due=_make_midday(after.due.date(), settings).isoformat(timespec="seconds"),
        last_review=now.astimezone(UTC).isoformat(timespec="seconds"),
        state=_name_state(after),
        stability=round(after.stability or 0.0, 4),
        difficulty=round(after.difficulty or 0.0, 4),
        step=after.step,
        reviews=(recall.reviews if recall else 0) + 1,
        lapses=(recall.lapses if recall else 0) + lapsed,
    )


def preview_days(
    recall: CardSchedule | None, now: datetime, settings: Settings
) -> dict[Choice, date]:
    """Return for each answer the day on which the card would be due next."""
    return {c: find_due_day(grade_card(recall, c, now, settings), settings) for c in CHOICES}


def schedule_exercises(
    standings: Mapping[str, Standing], recalls: Mapping[str, CardSchedule], known: Iterable[str]
) -> dict[str, CardSchedule]:
    """Return the schedule of each passed exercise of those known, by its name among the cards'.

    One that was not yet solved again is as if answered once, at its first pass.
    """
    found = {}
    for name in known:
        standing, key = standings.get(name), f"{EXERCISE}{name}"
        if standing is not None and standing.passed_at is not None:
            found[key] = recalls.get(key) or _schedule_first_pass(standing.passed_at)
    return found


def grade_repeat(failures: int, minutes: float, planned: int) -> Choice:
    """Return the answer that solving an exercise again comes to.

    With failed gradings it was hard; at the first go it was good, and easy where it took no
    more than half of the minutes that the course plans for it.
    """
    if failures:
        return "hard"
    return "easy" if minutes <= planned / 2 else "good"


def _schedule_first_pass(at: str) -> CardSchedule:
    moment = _parse_moment(at) or datetime(2000, 1, 1, tzinfo=UTC)
    due = (moment + timedelta(days=EXERCISE_DAYS)).isoformat(timespec="seconds")
    return CardSchedule(due, at, "review", float(EXERCISE_DAYS), EXERCISE_DIFFICULTY, reviews=0)


@cache
def _make_scheduler() -> Scheduler:
    """Return FSRS by whole days: without steps of minutes, and nothing random."""
    from fsrs import Scheduler

    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
    )


def _make_fsrs_card(recall: CardSchedule | None, settings: Settings) -> Schedule:
    from fsrs import Card as Schedule
    from fsrs import State as Stage

    if recall is None:
        return Schedule(card_id=1, due=datetime(2000, 1, 1, tzinfo=UTC))
    last = _parse_day(recall.last_review, settings)
    return Schedule(
        card_id=1,
        state=Stage[recall.state.capitalize()],
        step=recall.step if recall.state == "review" else recall.step or 0,
        stability=max(recall.stability, 0.001),
        difficulty=min(max(recall.difficulty, 1.0), 10.0),
        due=_parse_moment(recall.due) or datetime(2000, 1, 1, tzinfo=UTC),
        last_review=_make_noon(last) if last else None,
    )


def _name_state(schedule: Schedule) -> ScheduleState:
    names: dict[str, ScheduleState] = {
        "Learning": "learning",
        "Review": "review",
        "Relearning": "relearning",
    }
    return names[schedule.state.name]


def _parse_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_day(text: str, settings: Settings) -> date | None:
    moment = _parse_moment(text)
    return settings.find_day(moment) if moment else None


def _make_noon(day: date) -> datetime:
    """Return the moment that FSRS gets for a day."""
    return datetime.combine(day, time(12), UTC)


def _make_midday(day: date, settings: Settings) -> datetime:
    """Return a moment that lies in that day of the learner's, whenever their days begin."""
    noon = datetime.combine(day, time(12, 30))
    zone = settings.zone
    return (noon.replace(tzinfo=zone) if zone else noon).astimezone(UTC)
