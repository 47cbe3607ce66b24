"""The checks of warmup_cosine."""

import math

from grader.checks import close, equal, holds


def test_learning_rates_worked_by_hand(warmup_cosine):
    """With peak 8 and 4 of 12 updates of warmup, the rates are 2, 4, 6, 8, later 4, at last 0."""
    for step, want in ((0, 2.0), (1, 4.0), (2, 6.0), (3, 8.0), (7, 4.0), (11, 0.0)):
        say = f"step {step}, which makes update number {step + 1}"
        _close(warmup_cosine(step, 8.0, 4, 12), want, 8.0, say)


def test_the_result_is_a_python_float(warmup_cosine):
    """In warmup, in the cosine and after it the result is a Python float."""
    for step in (0, 2, 5, 9):
        got = warmup_cosine(step, 0.5, 2, 9, 0.25)
        equal(type(got) is float, True, say=f"step {step}: the result is a float")


def test_warmup_rises_linearly_to_the_peak(warmup_cosine):
    """Update n of the warmup has the rate peak * n / warmup: above 0 at first, peak at last."""
    for warmup in (1, 2, 7, 100):
        for step in (0, warmup // 2, warmup - 1):
            want = 0.3 * (step + 1) / warmup
            say = f"step {step} with {warmup} updates of warmup"
            _close(warmup_cosine(step, 0.3, warmup, 211), want, 0.3, say)


def test_the_cosine_follows_the_rule(warmup_cosine):
    """After the warmup the rate is that of the rule, with and without a floor."""
    for peak, warmup, total, floor in ((1.0, 3, 13, 0.0), (0.5, 2, 17, 0.2), (6e-4, 5, 11, 6e-5)):
        for step in range(warmup, total):
            say = f"step {step}, peak {peak}, warmup {warmup}, total {total}, floor {floor}"
            want = _follow(step, peak, warmup, total, floor)
            _close(warmup_cosine(step, peak, warmup, total, floor), want, peak, say)


def test_half_way_down_the_rate_is_the_mean_of_peak_and_floor(warmup_cosine):
    """Half way between the end of the warmup and the end, the rate is (peak + floor) / 2."""
    for warmup, total, floor in ((10, 30, 0.2), (0, 50, 0.4), (100, 400, 0.0)):
        step = (warmup + total) // 2 - 1
        say = f"step {step} with warmup {warmup}, total {total}, peak 1 and floor {floor}"
        _close(warmup_cosine(step, 1.0, warmup, total, floor), (1 + floor) / 2, 1.0, say)


def test_the_last_update_and_all_later_ones_have_the_floor(warmup_cosine):
    """Update number total has the floor, and so have updates beyond it."""
    for floor in (0.0, 0.1):
        for step in (11, 12, 13, 17, 23, 120):
            say = f"step {step} with warmup 4, total 12 and floor {floor}"
            _close(warmup_cosine(step, 1.0, 4, 12, floor), floor, 1.0, say)


def test_the_floor_has_no_influence_on_the_warmup(warmup_cosine):
    """With a floor of 0.9 the warmup has the same rates as without, also those below 0.9."""
    for step in range(5):
        say = f"step {step} of 5 updates of warmup, peak 1 and floor 0.9"
        _close(warmup_cosine(step, 1.0, 5, 20, 0.9), (step + 1) / 5, 1.0, say)


def test_without_warmup_the_cosine_begins_at_once(warmup_cosine):
    """With warmup=0 the first update follows the cosine, without an error."""
    for step in (0, 1, 4, 9, 10):
        say = f"step {step} with warmup 0, total 10 and floor 0.1"
        want = _follow(step, 1.0, 0, 10, 0.1)
        _close(warmup_cosine(step, 1.0, 0, 10, 0.1), want, 1.0, say)
    _close(warmup_cosine(0, 1.0, 0, 1, 0.1), 0.1, 1.0, "step 0 with warmup 0 and total 1")


def test_training_may_end_with_the_warmup(warmup_cosine):
    """With warmup equal to total, update number total has the peak, and the next one the floor."""
    for total in (1, 5):
        for step in range(total + 2):
            say = f"step {step} with warmup and total {total}, peak 1 and floor 0.1"
            want = (step + 1) / total if step < total else 0.1
            _close(warmup_cosine(step, 1.0, total, total, 0.1), want, 1.0, say)


def test_a_floor_as_high_as_the_peak_is_kept(warmup_cosine):
    """With floor equal to peak the rate stays at the peak after the warmup."""
    for step in (2, 3, 6, 9, 10):
        say = f"step {step} with warmup 3, total 10, peak 0.5 and floor 0.5"
        _close(warmup_cosine(step, 0.5, 3, 10, 0.5), 0.5, 0.5, say)


def test_a_long_training_has_the_rates_of_the_rule(warmup_cosine):
    """The rates of a training of 600,000 updates, as of GPT-2, follow the rule."""
    for step in (0, 1999, 2000, 150_000, 599_998, 599_999, 600_000):
        say = f"step {step} with peak 6e-4, warmup 2000, total 600,000 and floor 6e-5"
        want = _follow(step, 6e-4, 2000, 600_000, 6e-5)
        _close(warmup_cosine(step, 6e-4, 2000, 600_000, 6e-5), want, 6e-4, say)


def test_steps_may_be_asked_for_in_any_order(warmup_cosine, rng):
    """A step has the same rate in every order, when asked twice, and between other schedules."""
    steps = [*range(14), *range(14)]
    rng.shuffle(steps)
    for step in steps:
        say = f"step {step}, in the order {steps[:5]}..."
        want = _follow(step, 1.0, 3, 12, 0.2)
        _close(warmup_cosine(step, 1.0, 3, 12, 0.2), want, 1.0, say)
        warmup_cosine(step, 5.0, 2, 30)


def test_the_rate_never_rises_after_the_warmup(warmup_cosine):
    """From the peak on, each rate is at most the one before, and none is below the floor."""
    before = 2.0
    for step in range(6, 60):
        got = warmup_cosine(step, 2.0, 7, 40, 0.1)
        holds(got <= before + 1e-5, f"step {step} has at most the rate of the step before", got=got)
        holds(got >= 0.1 - 1e-5, f"step {step} is not below the floor of 0.1", got=got)
        before = got


def _close(got, want, peak, say):
    """Claim a number, within float32's accuracy relative to the peak."""
    close(got, want, atol=2e-6 * peak, rtol=1e-5, say=say)


def _follow(step, peak, warmup, total, floor):
    """Return the learning rate of the rule."""
    n = step + 1
    if n <= warmup:
        return peak * n / warmup
    if n >= total:
        return floor
    angle = math.pi * (n - warmup) / (total - warmup)
    return floor + (peak - floor) * (1 + math.cos(angle)) / 2
