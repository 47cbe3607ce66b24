"""The rules of progress: states, what is next, totals, days of study."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grader.course.model import Course, Exercise, Milestone, Phase, Unit
from grader.grading.outcome import Standing
from grader.learner.progress import (
    ExerciseState,
    Progress,
    Total,
    find_next,
    find_offers,
    find_opened,
    find_similar,
    find_state,
    survey,
)
from grader.learner.study_days import StudyDays, count_study_days

TODAY = date(2026, 11, 22)


def exercise(id: str, *needs: str) -> Exercise:
    """An exercise with the needs given."""
    return Exercise(id, id, "", ("f",), 30, (), needs=needs)


def unit(id: str, *exercises: Exercise) -> Unit:
    """A unit of the exercises given."""
    return Unit(id, id, "", exercises)


BPE = exercise("tokenizer/bpe_train")
SOFTMAX = exercise("attention/softmax")
MASK = exercise("attention/causal_mask")
ATTENTION = exercise("attention/scaled_dot_product", SOFTMAX.id, MASK.id)
CACHE = exercise("kv_cache/cached_attention", ATTENTION.id)
COURSE = Course(
    "A course",
    (
        Phase("one", "One", (1, 2), (unit("tokenizer", BPE),)),
        Phase(
            "two",
            "Two",
            (1, 2),
            (unit("attention", SOFTMAX, MASK, ATTENTION), unit("kv_cache", CACHE)),
        ),
        Phase("three", "Three", (1, 2), ()),
    ),
)
HASHES = {each.id: "now" for each in COURSE.iterate_exercises()}


def passed(id: str, checks: str = "now") -> Standing:
    """A standing with a pass at the checks of that hash."""
    return Standing(id, 1, passed_at="2026-11-01T10:00:00+00:00", passed_checks_hash=checks)


def progress(*standings: Standing) -> Progress:
    """The survey of the course with these standings."""
    return survey(COURSE, {standing.exercise: standing for standing in standings}, HASHES)


def states(**others: ExerciseState) -> dict[str, ExerciseState]:
    """States of all five exercises by their short names; open unless said."""
    return {each.id: others.get(each.name, "open") for each in COURSE.iterate_exercises()}


# States


@pytest.mark.parametrize(
    ("standing", "checks", "state"),
    [
        (None, "now", "open"),
        (Standing("x"), "now", "open"),
        (Standing("x", hints=2, revealed=True), "now", "open"),
        (Standing("x", attempts=1, last_verdict="failed"), "now", "started"),
        (Standing("x", skipped=True), "now", "skipped"),
        (Standing("x", attempts=3, skipped=True), "now", "skipped"),
        (passed("x"), "now", "passed"),
        (passed("x"), "later", "stale"),
        (passed("x"), None, "passed"),
    ],
)
def test_a_state_follows_from_the_standing_and_the_checks(
    standing: Standing | None, checks: str | None, state: str
) -> None:
    """Open, started, passed, stale and skipped each come from their own kind of standing."""
    assert find_state(standing, checks) == state


def test_a_failure_after_a_pass_leaves_the_pass() -> None:
    """A pass is never taken back by a later attempt."""
    standing = Standing("x", 2, last_verdict="failed", passed_at="t", passed_checks_hash="now")
    assert find_state(standing, "now") == "passed"


def test_a_pass_comes_before_a_skip() -> None:
    """What was skipped and is passed counts as passed."""
    standing = Standing("x", 1, passed_at="t", passed_checks_hash="now", skipped=True)
    assert find_state(standing, "now") == "passed"


def test_every_exercise_has_a_state_in_course_order() -> None:
    """The survey names all exercises, in the order of learning."""
    assert list(progress().states) == [each.id for each in COURSE.iterate_exercises()]


def test_a_standing_of_an_exercise_that_left_the_course_is_ignored() -> None:
    """Records of an exercise that is no more neither count nor fail."""
    found = progress(passed("attention/gone"))
    assert "attention/gone" not in found.states
    assert found.total.passed == 0


# What is next


def test_a_fresh_clone_begins_with_the_first_exercise() -> None:
    """Without any record the first exercise of the course is next."""
    assert progress().next == BPE.id


def test_a_started_exercise_stays_next() -> None:
    """A failed attempt does not move on."""
    assert progress(Standing(BPE.id, attempts=4)).next == BPE.id


def test_next_waits_for_its_needs() -> None:
    """An exercise whose needs are not done is passed over for one whose needs are."""
    course = Course("", (Phase("p", "P", (1, 1), (unit("attention", ATTENTION, SOFTMAX, MASK),)),))
    assert find_next(course, states()) == SOFTMAX.id


@pytest.mark.parametrize("state", ["passed", "stale", "skipped"])
def test_a_need_is_met_when_passed_stale_or_skipped(state: ExerciseState) -> None:
    """Whoever skips an exercise, or passed an older one, may go on to what builds on it."""
    found = states(bpe_train="passed", softmax=state, causal_mask=state)
    assert find_next(COURSE, found) == ATTENTION.id


@pytest.mark.parametrize("state", ["open", "started"])
def test_a_need_is_not_met_while_open_or_started(state: ExerciseState) -> None:
    """The need itself comes first."""
    found = states(bpe_train="passed", softmax="passed", causal_mask=state)
    assert find_next(COURSE, found) == MASK.id


def test_open_ones_come_before_stale_ones_and_these_before_skipped_ones() -> None:
    """New work first, then what a change of the checks unsettled, then what was put off."""
    found = states(
        bpe_train="skipped", softmax="stale", causal_mask="passed", scaled_dot_product="passed"
    )
    assert find_next(COURSE, found) == CACHE.id
    found[CACHE.id] = "passed"
    assert find_next(COURSE, found) == SOFTMAX.id
    found[SOFTMAX.id] = "passed"
    assert find_next(COURSE, found) == BPE.id


def test_nothing_is_next_when_all_is_passed() -> None:
    """After the last pass there is no next exercise, and nothing opens."""
    found = progress(*(passed(each.id) for each in COURSE.iterate_exercises()))
    assert (found.next, found.opens) == (None, ())


def test_the_survey_says_what_the_next_pass_opens() -> None:
    """With the mask passed, passing softmax meets the last need of attention."""
    found = progress(passed(BPE.id), passed(MASK.id))
    assert (found.next, found.opens) == (SOFTMAX.id, (ATTENTION.id,))


def test_a_pass_opens_only_what_lacked_nothing_else() -> None:
    """With the mask missing, softmax alone opens nothing; nor is what was open named again."""
    assert find_opened(COURSE, states(), SOFTMAX.id) == ()
    assert find_opened(COURSE, states(), BPE.id) == ()


def test_what_is_done_is_not_opened_again() -> None:
    """An exercise passed out of turn is not said to open."""
    found = states(softmax="passed", scaled_dot_product="passed")
    assert find_opened(COURSE, found, MASK.id) == ()


# The main path

FLASH = exercise("attention/flash", ATTENTION.id)
BYTES = exercise("tokenizer/utf8_bytes")
LOOKS = Milestone("looks", "It looks", "It looks at other tokens.", (ATTENTION.id,))
PATH = Course(
    "A course",
    (
        Phase("one", "One", (1, 2), (unit("tokenizer", BYTES, BPE),)),
        Phase("two", "Two", (1, 2), (unit("attention", SOFTMAX, MASK, ATTENTION, FLASH),)),
        Phase("three", "Three", (1, 2), (unit("kv_cache", CACHE),)),
    ),
    path=(SOFTMAX, MASK, ATTENTION, LOOKS, BPE, CACHE),
    milestones=(LOOKS,),
)


def on_path(*done: Exercise, skipped: tuple[Exercise, ...] = ()) -> Progress:
    """The survey of the course with a path, with these exercises passed and those skipped."""
    found = {each.id: passed(each.id) for each in done}
    found |= {each.id: Standing(each.id, skipped=True) for each in skipped}
    return survey(PATH, found, {each.id: "now" for each in PATH.iterate_exercises()})


def test_next_walks_the_main_path() -> None:
    """The path's order counts, not that of the units, and what is optional comes after it."""
    done: list[Exercise] = []
    while following := on_path(*done).next:
        done.append(PATH.find_exercise(following))
    assert done == [SOFTMAX, MASK, ATTENTION, BPE, CACHE, BYTES, FLASH]


def test_an_optional_exercise_may_be_passed_at_any_time() -> None:
    """It counts, and the path goes on where it was."""
    found = on_path(FLASH)
    assert (found.next, found.total.passed, found.path.passed) == (SOFTMAX.id, 1, 0)
    assert found.optional == Total(2, 1)


def test_a_milestone_says_what_it_lacks_and_how_far_it_is() -> None:
    """It is reached when its needs are passed; a skip reaches nothing."""
    (far,) = on_path().milestones
    assert (far.is_reached, far.missing, far.left) == (False, (ATTENTION.id,), 3)
    (near,) = on_path(SOFTMAX, MASK, skipped=(ATTENTION,)).milestones
    assert (near.is_reached, near.left) == (False, 1)
    assert on_path(SOFTMAX, MASK, ATTENTION).milestones[0].is_reached


def test_a_stale_pass_keeps_a_milestone() -> None:
    """What was reached before the checks changed stays reached."""
    hashes = {each.id: "later" for each in PATH.iterate_exercises()}
    found = survey(PATH, {ATTENTION.id: passed(ATTENTION.id)}, hashes)
    assert found.states[ATTENTION.id] == "stale" and found.milestones[0].is_reached


def test_a_milestone_beside_the_path_counts_what_it_lacks() -> None:
    """It has no place on the path, so it is as far away as its own needs."""
    course = PATH._replace(milestones=(Milestone("fast", "Fast", "", (FLASH.id,)),))
    assert survey(course, {}, {}).milestones[0].left == 1


def test_optional_exercises_are_offered_after_a_milestone() -> None:
    """Right after it is reached: those whose needs are passed and that belong to what was done."""
    assert on_path(SOFTMAX, MASK).offers == ()
    assert on_path(SOFTMAX, MASK, ATTENTION).offers == (FLASH.id,)
    assert on_path(SOFTMAX, MASK, ATTENTION, FLASH).offers == ()
    assert on_path(SOFTMAX, MASK, ATTENTION, BPE).offers == ()


def test_an_exercise_of_a_unit_begun_is_offered_without_needs() -> None:
    """UTF-8 needs nothing: it is offered once something of its unit is done."""
    course = PATH._replace(path=(BPE, LOOKS._replace(needs=(BPE.id,)), SOFTMAX))
    states: dict[str, ExerciseState] = dict.fromkeys(
        (each.id for each in PATH.iterate_exercises()), "open"
    )
    assert find_offers(course, states | {BPE.id: "passed"}, SOFTMAX.id) == (BYTES.id,)


def test_nothing_is_offered_where_a_need_of_the_milestone_was_skipped() -> None:
    """The milestone is not reached, so the path goes on."""
    found = on_path(SOFTMAX, MASK, skipped=(ATTENTION,))
    assert (found.next, found.offers) == (BPE.id, ())


def test_without_a_path_there_are_no_offers_and_no_milestones() -> None:
    """A course without a path is surveyed as it was before there were paths."""
    found = progress(passed(BPE.id))
    assert (found.path, found.optional, found.milestones, found.offers) == (
        Total(0, 0),
        Total(0, 0),
        (),
        (),
    )


# Totals


def test_totals_count_each_state_per_unit_phase_and_course() -> None:
    """Passed, stale, skipped, started and open add up at each level."""
    found = progress(
        passed(BPE.id),
        passed(SOFTMAX.id, "before"),
        Standing(MASK.id, skipped=True),
        Standing(ATTENTION.id, attempts=1),
    )
    assert found.total == Total(5, passed=1, stale=1, skipped=1, started=1)
    assert found.total.open == 1
    assert found.units == {
        "tokenizer": Total(1, passed=1),
        "attention": Total(3, passed=0, stale=1, skipped=1, started=1),
        "kv_cache": Total(1, passed=0),
    }
    assert found.phases["one"] == Total(1, passed=1)
    assert found.phases["two"] == Total(4, passed=0, stale=1, skipped=1, started=1)


def test_a_phase_without_exercises_is_at_nought() -> None:
    """An empty phase has a total and no division by zero."""
    assert progress().phases["three"] == Total(0, passed=0)
    assert progress().phases["three"].percent == 0


@pytest.mark.parametrize(
    ("total", "percent"),
    [(Total(61, 14), 22), (Total(200, 199), 99), (Total(3, 3), 100), (Total(3, 0, stale=3), 0)],
)
def test_percent_is_rounded_down(total: Total, percent: int) -> None:
    """A hundred per cent is said only when all are passed, and a stale pass does not count."""
    assert total.percent == percent


# Days of study


def ago(*numbers: int) -> list[date]:
    """The days that many days before today."""
    return [TODAY - timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("days", "study"),
    [
        (ago(), StudyDays(streak=0, longest=0, recent=0, today=False)),
        (ago(0), StudyDays(streak=1, longest=1, recent=1, today=True)),
        (ago(0, 1, 2), StudyDays(streak=3, longest=3, recent=3, today=True)),
        (ago(1, 2), StudyDays(streak=2, longest=2, recent=2, today=False)),
        (ago(2, 3), StudyDays(streak=0, longest=2, recent=2, today=False)),
        (ago(0, 2, 3, 4), StudyDays(streak=1, longest=3, recent=4, today=True)),
        (ago(0, 29, 30), StudyDays(streak=1, longest=2, recent=2, today=True)),
        (ago(0, 0, 1, 1), StudyDays(streak=2, longest=2, recent=2, today=True)),
        (ago(-1, 0), StudyDays(streak=1, longest=1, recent=1, today=True)),
    ],
    ids=["none", "today", "three", "not-yet", "broken", "gap", "30-days", "twice", "future"],
)
def test_days_of_study_give_streak_longest_and_recent(days: list[date], study: StudyDays) -> None:
    """A streak ends today or yesterday, and the last thirty days count today."""
    assert count_study_days(days, TODAY) == study


def test_a_streak_goes_over_the_end_of_a_month_and_a_leap_day() -> None:
    """28 and 29 February and 1 March 2028 are three days in a row."""
    days = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert count_study_days(days, date(2028, 3, 1)).streak == 3


OFF = {TODAY - timedelta(days=number) for number in (1, 2, 5)}


@pytest.mark.parametrize(
    ("days", "streak", "longest"),
    [
        (ago(0, 3, 4), 3, 3),
        (ago(3, 4), 2, 2),
        (ago(0, 1, 3, 4), 4, 4),
        (ago(0, 4), 1, 1),
        (ago(4, 6, 7), 0, 3),
        (ago(0), 1, 1),
    ],
    ids=["over-two", "not-yet-today", "studied-on-one", "a-plain-gap", "older", "alone"],
)
def test_days_off_neither_break_nor_lengthen_a_streak(
    days: list[date], streak: int, longest: int
) -> None:
    """One, two and five days ago were off: a row goes over them, and only study makes it longer."""
    found = count_study_days(days, TODAY, OFF.__contains__)
    assert (found.streak, found.longest) == (streak, longest)
    assert found.recent == len(days)


def test_years_off_are_bridged() -> None:
    """A break of ten years, set as days off, is no break."""
    days = [TODAY - timedelta(days=3650), TODAY]
    assert count_study_days(days, TODAY, lambda day: day not in days).streak == 2


# Names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("attention/sofmax", "attention/softmax"),
        ("softmax", "attention/softmax"),
        ("Softmx", "attention/softmax"),
        ("attention/causalmask", "attention/causal_mask"),
        ("bpe-train", "tokenizer/bpe_train"),
    ],
)
def test_a_name_nearly_right_finds_what_was_meant(typed: str, meant: str) -> None:
    """The whole id or its last part, with a slip or another case, leads to the exercise."""
    assert find_similar(typed, [each.id for each in COURSE.iterate_exercises()])[0] == meant


def test_a_name_like_none_finds_nothing() -> None:
    """No suggestion is better than a wild one."""
    assert find_similar("zzzz", [each.id for each in COURSE.iterate_exercises()]) == []
