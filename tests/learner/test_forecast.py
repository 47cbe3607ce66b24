"""Hours, weeks and the forecast: numbers worked by hand, and what holds of any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from grader.course.model import Course, Exercise, Phase, Unit
from grader.grading.outcome import Attempt, Standing
from grader.learner.forecast import (
    Forecast,
    NoForecast,
    Start,
    Week,
    compute_target_finish,
    count_minutes_between,
    count_study_minutes,
    forecast_finish,
    list_weeks,
    measure_phases,
)

TODAY = date(2026, 11, 22)


def exercise(id: str, minutes: int) -> Exercise:
    """An exercise put at that many minutes."""
    return Exercise(id, id, "", ("f",), minutes, ())


def phase(id: str, spans: tuple[int, int], *exercises: Exercise) -> Phase:
    """A phase of one unit; of none without exercises."""
    return Phase(id, id, spans, (Unit(id, id, "", exercises),) if exercises else ())


COURSE = Course(
    "A course",
    (
        phase("one", (2, 4), exercise("one/a", 30), exercise("one/b", 60)),
        phase("two", (3, 6), exercise("two/c", 120), exercise("two/d", 240)),
        phase("three", (1, 1)),
    ),
)


def attempt(exercise: str, at: str) -> Attempt:
    """An attempt at that time, on the day of that time."""
    return Attempt(exercise, "failed", {}, 1, 0.1, "", "", f"{at}+00:00", at[:10])


def passed(id: str, day: date) -> Standing:
    """A standing that was first passed on that day."""
    return Standing(id, 1, passed_at=f"{day}T10:00:00+00:00", passed_day=day.isoformat())


def ago(days: int) -> date:
    """The day that many days before today."""
    return TODAY - timedelta(days=days)


def never(day: date) -> bool:
    """No day is off."""
    return False


def week(worth: int, passes: int = 2) -> Week:
    """A recent week in which exercises of that worth were passed."""
    return Week(TODAY, TODAY, 1.0, passes, worth)


# Hours


def test_the_time_between_attempts_of_one_sitting_counts() -> None:
    """10:00, 10:30 and 11:15 are 75 minutes; 12:01 begins a new sitting and is none."""
    tries = [attempt("one/a", f"2026-11-22T{at}:00") for at in ("10:00", "10:30", "11:15", "12:01")]
    assert count_minutes_between(tries) == {TODAY: 75.0}
    assert count_minutes_between(reversed(tries)) == count_minutes_between(tries)


def test_a_lone_attempt_counts_for_nothing() -> None:
    """Nothing says how long it took."""
    assert count_minutes_between([attempt("one/a", "2026-11-22T10:00:00")]) == {}


def test_a_sitting_over_the_days_end_counts_for_the_day_of_its_later_attempt() -> None:
    """The records say which day that is."""
    late = attempt("one/a", "2026-11-21T23:50:00")
    assert count_minutes_between([late, attempt("one/a", "2026-11-22T00:20:00")]) == {TODAY: 30.0}


def test_records_edited_by_hand_cost_only_themselves() -> None:
    """An attempt without a time that can be read is passed over."""
    tries = [attempt("one/a", f"2026-11-22T10:{at}:00") for at in ("00", "99", "20")]
    tries.append(replace(tries[0], at="2026-11-22T10:40:00"))  # no zone: no moment
    assert count_minutes_between(tries) == {TODAY: 20.0}


def test_of_two_counts_of_a_day_the_larger_one_counts() -> None:
    """What was logged and what was seen may be the same time: they are not added."""
    tries = [attempt("one/a", f"2026-11-22T10:{at}:00") for at in ("00", "40")]
    assert count_study_minutes(tries, {TODAY: 25, ago(1): 50}) == {ago(1): 50, TODAY: 40.0}
    assert count_study_minutes(tries, {TODAY: 90, ago(1): 0}) == {TODAY: 90}


# Phases


def test_a_days_hours_are_shared_among_phases_by_its_attempts() -> None:
    """Of 120 minutes with three attempts in one phase and one in the other, 90 and 30."""
    tries = [attempt("one/a", "2026-11-22T10:00:00")] * 3
    tries += [attempt("two/c", "2026-11-22T11:00:00")]
    one, two = measure_phases(COURSE, {}, tries, {TODAY: 120.0}, TODAY)
    assert (one.hours, two.hours) == (1.5, 0.5)
    assert (one.planned, two.planned) == (90, 360)


def test_a_day_without_attempts_counts_for_the_phase_in_hand() -> None:
    """Before any attempt that is the first phase, then the phase of the last attempt."""
    tries = [attempt("two/c", f"{ago(2)}T10:00:00")]
    minutes = {ago(3): 60.0, ago(2): 60.0, ago(1): 60.0}
    one, two = measure_phases(COURSE, {}, tries, minutes, TODAY)
    assert (one.hours, two.hours) == (1.0, 2.0)


def test_attempts_at_what_is_gone_count_for_the_phase_in_hand() -> None:
    """An exercise that the course no longer has takes no hours with it."""
    tries = [attempt("gone/x", "2026-11-22T10:00:00"), attempt("gone/x", "2026-11-22T10:30:00")]
    one, two = measure_phases(COURSE, {}, tries, count_study_minutes(tries, {}), TODAY)
    assert (one.hours, two.hours, one.weeks) == (0.5, 0.0, None)


def test_weeks_of_a_phase_run_from_its_first_attempt_to_its_last_pass() -> None:
    """A complete phase ended; one under way goes on today; days off are left out."""
    tries = [attempt("one/a", f"{ago(27)}T10:00:00"), attempt("two/c", f"{ago(6)}T10:00:00")]
    standings = {"one/a": passed("one/a", ago(20)), "one/b": passed("one/b", ago(14))}
    one, two = measure_phases(COURSE, standings, tries, {}, TODAY)
    assert (one.weeks, one.complete) == (2.0, True)
    assert (two.weeks, two.complete) == (1.0, False)
    off = {ago(number) for number in range(16, 23)}
    assert measure_phases(COURSE, standings, tries, {}, TODAY, off.__contains__)[0].weeks == 1.0


def test_the_hours_of_all_phases_are_all_hours() -> None:
    """Nothing is lost or counted twice, however the attempts lie."""
    names = ("one/a", "two/c", "gone/x")
    start = datetime(2026, 10, 1, 8, tzinfo=UTC)
    times = [start + timedelta(minutes=17 * n * (1 + n % 5)) for n in range(150)]
    tries = [attempt(names[n % 3], f"{at:%Y-%m-%dT%H:%M:%S}") for n, at in enumerate(sorted(times))]
    minutes = count_study_minutes(tries, {ago(n): 7 * n for n in range(40)})
    went = measure_phases(COURSE, {}, tries, minutes, TODAY)
    assert sum(w.hours for w in went) == pytest.approx(sum(minutes.values()) / 60, abs=0.02)


# Weeks


def test_weeks_end_today_and_hold_their_hours_and_passes() -> None:
    """Of fifteen days the last fourteen are two weeks; the day before begins one not whole."""
    standings = {"one/a": passed("one/a", ago(0)), "one/b": passed("one/b", ago(7))}
    minutes = {ago(6): 60.0, ago(7): 30.0, ago(14): 600.0}
    assert list_weeks(COURSE, standings, minutes, ago(14), TODAY) == (
        Week(ago(13), ago(7), 0.5, 1, 60),
        Week(ago(6), ago(0), 1.0, 1, 30),
    )


def test_a_week_is_longer_by_its_days_off() -> None:
    """Three days off within it make it ten days long."""
    off = {ago(2), ago(3), ago(4)}
    (found,) = list_weeks(COURSE, {}, {}, ago(12), TODAY, off.__contains__)
    assert (found.first, found.last) == (ago(9), TODAY)


def test_at_most_eight_weeks_are_looked_at() -> None:
    """What lies further back says little of the weeks to come."""
    found = list_weeks(COURSE, {}, {}, ago(400), TODAY)
    assert len(found) == 8 and found[0].first == ago(55)


# The forecast


def foretell(
    standings: dict[str, Standing], recent: list[Week], is_off: Callable[[date], bool] = never
) -> Forecast | NoForecast:
    """The forecast of a learner who began long ago, at a target of ten hours a week."""
    return forecast_finish(COURSE, standings, recent, Start(ago(100), 600.0), TODAY, is_off)


def begin(days: int, worth: int, *recent: Week, target: float = 90.0) -> Forecast:
    """The forecast of one who began so many days ago, passed that worth, and has these weeks."""
    course = Course("", (phase("one", (1, 1), exercise("a", worth), exercise("b", 450)),))
    standings = {"a": passed("a", ago(days - 1))} if worth else {}
    ends = [7 * n for n in reversed(range(len(recent)))]
    weeks = [w._replace(first=ago(n + 6), last=ago(n)) for w, n in zip(recent, ends, strict=True)]
    found = forecast_finish(course, standings, weeks, Start(ago(days - 1), target), TODAY)
    assert isinstance(found, Forecast)
    return found


def test_a_forecast_worked_by_hand() -> None:
    """Left 450; weeks of 30, 60, 30, 60: mean 45, standard error √75 = 8.66.

    450 / 45 is ten weeks; 450 / 53.66 is 58.7 days; 450 / 36.34 is 86.7 days.
    """
    found = foretell({}, [week(30), week(60), week(30), week(60)])
    assert isinstance(found, Forecast)
    assert (found.left, found.rate, found.target_share) == (450, 45.0, 0.0)
    assert found.spread == pytest.approx(8.660254)
    assert found.finish == TODAY + timedelta(days=70)
    assert found.earliest == TODAY + timedelta(days=59)
    assert found.latest == TODAY + timedelta(days=87)


def test_weeks_all_alike_give_no_range() -> None:
    """Without spread the three days are one."""
    found = foretell({}, [week(45)] * 4)
    assert isinstance(found, Forecast)
    assert found.earliest == found.finish == found.latest == TODAY + timedelta(days=70)


def test_one_good_week_among_empty_ones_has_no_end_in_sight() -> None:
    """400, 0, 0 and 0: mean and standard error are both 100, so the slow end is no rate at all."""
    found = foretell({}, [week(400, 5), week(0, 0), week(0, 0), week(0, 0)])
    assert isinstance(found, Forecast)
    assert (found.rate, found.spread, found.latest) == (100.0, 100.0, None)


def test_days_off_to_come_put_the_finish_off() -> None:
    """Ten days off before the finish make it ten days later."""
    off = {TODAY + timedelta(days=n) for n in range(5, 15)}
    found = foretell({}, [week(45)] * 4, off.__contains__)
    assert isinstance(found, Forecast) and found.finish == TODAY + timedelta(days=80)


def test_what_is_passed_is_not_left() -> None:
    """With 240 of 450 minutes passed, 210 are left."""
    found = foretell({"two/d": passed("two/d", TODAY)}, [week(30)] * 4)
    assert isinstance(found, Forecast) and found.left == 210


@pytest.mark.parametrize(
    ("recent", "why"),
    [
        ([week(0, 0)] * 8, "No forecast: nothing was passed in the last 8 weeks."),
        ([week(1, 1), *[week(0, 0)] * 7], "more than ten years"),
    ],
)
def test_too_little_is_said_to_be_too_little(recent: list[Week], why: str) -> None:
    """No date is named that nothing speaks for."""
    found = foretell({}, recent)
    assert isinstance(found, NoForecast) and why in found.why


# The first weeks


def test_the_first_day_has_a_range_around_the_target() -> None:
    """A target of 90 minutes a week, nothing passed: after one day the rate is 78 minutes.

    The target is a week of weight 27/28 then, the day is 1/7 of a week: 90 · 27/31 = 78.4. Half of
    that is the doubt, over the root of 31/28 weeks.
    """
    found = begin(1, 0)
    assert found.rate == pytest.approx(90 * 27 / 31)
    assert found.spread == pytest.approx(0.5 * found.rate / (31 / 28) ** 0.5)
    assert found.target_share == pytest.approx(27 / 31)
    assert TODAY < found.earliest < found.finish < (found.latest or TODAY)


def test_the_range_narrows_with_every_week_at_the_target() -> None:
    """Of one who keeps to the target, from the first day to the fourth week, where it is a day."""
    steady = [begin(7 * n, 0, *[week(90)] * n) for n in range(1, 5)]
    found = [begin(1, 13), *steady]
    assert [one.rate for one in steady] == pytest.approx([90.0] * 4)
    spreads = [one.spread for one in found]
    assert spreads == sorted(spreads, reverse=True) and spreads[-1] == 0
    widths = [((one.latest or date.max) - one.earliest).days for one in found]
    assert widths == sorted(widths, reverse=True) and widths[-1] == 0


def test_the_target_fades_and_the_learners_own_rate_remains() -> None:
    """With a target of 90, and 30 passed in each week: 56, 42, 35 and in the end 30."""
    slow = [begin(7 * n, 0, *[week(30)] * n) for n in range(1, 5)]
    assert [round(one.rate) for one in slow] == [56, 42, 35, 30]
    assert [round(one.target_share, 2) for one in slow] == [0.43, 0.2, 0.08, 0.0]


def test_what_is_passed_before_the_first_whole_week_counts() -> None:
    """On the third day 60 minutes are passed: they are in the rate."""
    assert begin(3, 60).rate > begin(3, 0).rate + 40


def test_the_target_ends_after_the_hours_of_today() -> None:
    """450 minutes at 90 a week are five weeks from the first day; days off are added."""
    assert compute_target_finish(COURSE, Start(TODAY, 90.0)) == TODAY + timedelta(weeks=5)
    off = {TODAY + timedelta(days=n) for n in (3, 4)}
    late = compute_target_finish(COURSE, Start(TODAY, 90.0), off.__contains__)
    assert late == TODAY + timedelta(weeks=5, days=2)
    assert compute_target_finish(COURSE, Start(TODAY, 0.5)) is None


def test_days_off_without_end_name_no_finish() -> None:
    """Where every day to come is off, nothing ends."""
    found = foretell({}, [week(45)] * 4, lambda day: day > TODAY)
    assert isinstance(found, NoForecast)


def test_all_passed_needs_no_forecast() -> None:
    """It says so instead."""
    every = {e.id: passed(e.id, TODAY) for e in COURSE.iterate_exercises()}
    assert foretell(every, [week(45)] * 4) == NoForecast("Every exercise is passed.")


@pytest.mark.parametrize("seed", range(20))
def test_the_range_holds_the_finish_and_more_work_brings_it_nearer(seed: int) -> None:
    """Earliest, finish and latest come in this order, and a faster week never delays them."""
    worth = [(seed * 37 + n * 53) % 97 + 1 for n in range(4 + seed % 5)]
    found = foretell({}, [week(w) for w in worth])
    more = foretell({}, [week(w + 10) for w in worth])
    assert isinstance(found, Forecast) and isinstance(more, Forecast)
    assert TODAY < found.earliest <= found.finish <= (found.latest or date.max)
    assert more.finish <= found.finish and more.earliest <= found.earliest
