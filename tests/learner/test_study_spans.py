"""Stretches of reviewing and reading: where one goes on, where the next begins, what it lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from grader.grading.outcome import Attempt
from grader.learner.forecast import count_minutes_between, count_study_minutes
from grader.learner.model import StudySpan
from grader.learner.records import tables
from grader.learner.study_spans import add_moment, list_days

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def add(known: dict[str, StudySpan], minute: float, since: float | None = None) -> None:
    """Answer a card so many minutes after noon."""
    begun = None if since is None else NOON + timedelta(minutes=since)
    known |= add_moment(known, "cards", DAY, NOON + timedelta(minutes=minute), begun)


def attempt(minute: float) -> Attempt:
    """An attempt so many minutes after noon."""
    at = (NOON + timedelta(minutes=minute)).isoformat(timespec="seconds")
    return Attempt("one/a", "failed", {}, 1, 0.1, "", "", at, DAY.isoformat())


def test_moments_close_together_are_one_span() -> None:
    """Cards after 0, 30 and 75 minutes go on; the one after 121 begins anew."""
    known: dict[str, StudySpan] = {}
    for minute in (0, 30, 75, 121):
        add(known, minute)
    assert [span.cards for span in known.values()] == [3, 1]
    assert count_minutes_between([], known.values()) == {DAY: 75.0}


def test_a_card_takes_the_time_since_its_question_was_shown() -> None:
    """Two minutes of thought count; a question left open over night says nothing."""
    known: dict[str, StudySpan] = {}
    add(known, 2, since=0)
    assert count_minutes_between([], known.values()) == {DAY: 2.0}
    other: dict[str, StudySpan] = {}
    add(other, 600, since=0)
    assert count_minutes_between([], other.values()) == {}


def test_another_day_has_a_span_of_its_own() -> None:
    """A review across the hour at which the day begins counts for both days."""
    known = add_moment({}, "readings", DAY, NOON)
    known |= add_moment(known, "readings", DAY + timedelta(days=1), NOON + timedelta(minutes=1))
    assert list_days(known.values()) == {DAY, DAY + timedelta(days=1)} and len(known) == 2


def test_time_that_overlaps_counts_once() -> None:
    """Attempts within a span add nothing, those after it the time since its end."""
    known: dict[str, StudySpan] = {}
    add(known, 30, since=0)
    tries = [attempt(minute) for minute in (-10, 10, 20, 45)]
    assert count_minutes_between(tries, known.values()) == {DAY: 55.0}
    assert count_study_minutes(tries, {DAY: 60}, known.values()) == {DAY: 60}


@pytest.mark.parametrize(
    "span",
    [
        StudySpan("someday", NOON.isoformat(), NOON.isoformat(), 1),
        StudySpan(DAY.isoformat(), "soon", NOON.isoformat(), 1),
        StudySpan(DAY.isoformat(), NOON.isoformat(), "2026-11-22T11:00:00+00:00", 1),
        StudySpan(DAY.isoformat(), NOON.isoformat(), "2026-11-22T13:00:00", 1),
        StudySpan(DAY.isoformat(), "2026-11-22T12:00:00", "2026-11-22T13:00:00", 1),
    ],
)
def test_spans_edited_by_hand_cost_only_themselves(span: StudySpan) -> None:
    """What has no time that can be read has no minutes, and the others keep theirs."""
    tries = [attempt(0), attempt(20)]
    assert count_minutes_between(tries, [span]) == {DAY: 20.0}


def test_of_two_clones_the_longer_span_stays(tmp_path: Path) -> None:
    """A merge keeps what was lengthened last, and each span that only one side has."""
    short = StudySpan(DAY.isoformat(), NOON.isoformat(), "2026-11-22T12:05:00+00:00", 3)
    long = StudySpan(DAY.isoformat(), NOON.isoformat(), "2026-11-22T12:25:00+00:00", 9)
    assert tables.pick_longer_span(short, long) == tables.pick_longer_span(long, short) == long
    table = tables.open_study(tmp_path)
    table.put({NOON.isoformat(): long})
    assert tables.open_study(tmp_path).read_all() == {NOON.isoformat(): long}
