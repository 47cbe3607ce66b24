"""Tests of the clock of a training run: what is planned, and what a stop leaves."""

from __future__ import annotations

import math
import time

import pytest

from grader.milestones.timed_run import TimedRun


def test_a_stretch_lasts_as_long_as_asked() -> None:
    """In a run of 10 minutes with steps of 2 seconds, 60 seconds are 30 of 300 steps."""
    timed = TimedRun(10)
    timed.start(2.0)
    assert timed.plan_stretch(60) == pytest.approx((30, 300), abs=1)


def test_a_short_rest_joins_the_stretch_before_it() -> None:
    """With 80 seconds left and stretches of 60 there is one of 80, and no short one after it."""
    timed = TimedRun(10)
    timed.load({"best": 1.0, "step": 260, "each": 2.0, "seconds": 520.0})
    assert timed.plan_stretch(60) == pytest.approx((40, 300), abs=1)


def test_a_step_that_is_longer_than_the_time_is_taken_once() -> None:
    """A slow machine takes one step, and the run ends after it."""
    timed = TimedRun(0.01)
    timed.start(100.0)
    assert timed.has_time() and timed.plan_stretch(7.5) == (1, 1)
    timed.step += 1
    assert not timed.has_time()


def test_the_trial_before_the_start_does_not_count() -> None:
    """Seconds count from the start, and what is left never falls below zero."""
    timed = TimedRun(0.5 / 60)
    time.sleep(0.6)
    assert timed.get_seconds_left() == 0
    timed.start(0.01)
    assert timed.get_seconds() < 0.5 and timed.get_seconds_left() > 0


def test_a_run_goes_on_where_it_was_stopped() -> None:
    """Step, best loss and seconds come back; the time in between does not count."""
    first = TimedRun(1)
    assert first.best == math.inf
    first.start(0.5)
    first.step, first.best = 7, 2.5
    kept = first.save()
    again = TimedRun(1)
    assert again.can_continue(kept)
    again.load({**kept, "seconds": 30.0})
    assert (again.step, again.best, again.each) == (7, 2.5, 0.5)
    assert 30 <= again.get_seconds() < 40
    assert not again.can_continue({**kept, "seconds": 59.6})
