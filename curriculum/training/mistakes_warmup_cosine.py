"""Wrong versions of warmup_cosine."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_learning_rates_worked_by_hand")
def first_step_zero():
    """the number of the step in place of that of the update: the first update has the rate 0"""
    edit("    n = step + 1", "    n = step")


@caught_by("test_learning_rates_worked_by_hand")
def warmup_from_zero():
    """a warmup that begins at 0 and misses the peak: peak * step / warmup"""
    edit("return peak * n / warmup", "return peak * step / warmup")


@caught_by("test_learning_rates_worked_by_hand")
def cosine_one_step_late():
    """a cosine that begins one step late, so that the peak comes twice"""
    with spelling():
        edit("n >= total", "n > total")
        edit("progress = (n - warmup)", "progress = (step - warmup)")
    with spelling():
        edit("n >= total", "step >= total")
        edit("progress = (n - warmup)", "progress = (step - warmup)")


@caught_by("test_learning_rates_worked_by_hand")
def warmup_one_longer():
    """a warmup divided by warmup + 1, so that no update has the peak"""
    edit("return peak * n / warmup", "return peak * n / (warmup + 1)")


@caught_by("test_learning_rates_worked_by_hand")
def cosine_over_everything():
    """progress over all updates, n / total, not over those after the warmup"""
    edit("progress = (n - warmup) / (total - warmup)", "progress = n / total")


@caught_by("test_learning_rates_worked_by_hand")
def cosine_too_long():
    """progress from the end of the warmup, but divided by total, so that it ends below 1"""
    edit("progress = (n - warmup) / (total - warmup)", "progress = (n - warmup) / total")


@caught_by("test_the_cosine_follows_the_rule")
def linear():
    """a straight line in place of the cosine"""
    edit("(1 + math.cos(math.pi * progress)) / 2", "(1 - progress)")


@caught_by("test_learning_rates_worked_by_hand")
def quarter_of_a_cosine():
    """a quarter of a cosine, cos(pi * p / 2), which falls slowly at first and steeply at the end"""
    edit("(1 + math.cos(math.pi * progress)) / 2", "math.cos(math.pi * progress / 2)")


@caught_by("test_learning_rates_worked_by_hand")
def cosine_below_zero():
    """cos(pi * p) itself, which is negative in the second half"""
    edit("(1 + math.cos(math.pi * progress)) / 2", "math.cos(math.pi * progress)")


@caught_by("test_learning_rates_worked_by_hand")
def whole_cosine():
    """a whole period of the cosine, which comes back to the peak"""
    edit("math.pi * progress", "2 * math.pi * progress")


@caught_by("test_learning_rates_worked_by_hand")
def half_forgotten():
    """1 + cos without division by 2, so that the cosine begins at twice the peak"""
    edit("math.cos(math.pi * progress)) / 2", "math.cos(math.pi * progress))")


@caught_by("test_learning_rates_worked_by_hand")
def degrees():
    """an angle in degrees, though math.cos takes radians"""
    edit("math.pi * progress", "180 * progress")


@caught_by("test_the_cosine_follows_the_rule")
def rising_cosine():
    """1 - cos: the rate falls to the floor after the warmup and then rises to the peak"""
    edit("1 + math.cos", "1 - math.cos")


@caught_by("test_the_cosine_follows_the_rule")
def floor_on_top():
    """the floor added on top: floor + peak * ..., which begins above the peak"""
    edit("(peak - floor) * (1 + math", "peak * (1 + math")


@caught_by("test_the_cosine_follows_the_rule")
def floor_as_a_bound():
    """a cosine down to 0, cut off at the floor with max()"""
    edit(
        "floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2",
        "max(floor, peak * (1 + math.cos(math.pi * progress)) / 2)",
    )


@caught_by("test_the_cosine_follows_the_rule")
def floor_as_a_share():
    """the floor taken as a share of the peak"""
    edit("    n = step + 1", "    n, floor = step + 1, floor * peak")


@caught_by("test_the_cosine_follows_the_rule")
def floor_ignored():
    """a cosine down to 0, whatever the floor is"""
    with spelling():
        edit("return floor + (peak - floor)", "return peak")
    with spelling():
        edit("    n = step + 1", "    n, floor = step + 1, 0.0")


@caught_by("test_the_floor_has_no_influence_on_the_warmup")
def warmup_from_the_floor():
    """a warmup that rises from the floor to the peak, not from 0"""
    edit("return peak * n / warmup", "return floor + (peak - floor) * n / warmup")


@caught_by("test_the_floor_has_no_influence_on_the_warmup")
def warmup_above_the_floor():
    """a warmup that is never below the floor"""
    edit("return peak * n / warmup", "return max(floor, peak * n / warmup)")


@caught_by("test_the_last_update_and_all_later_ones_have_the_floor")
def rising_again():
    """the cosine beyond the last update, where it rises again"""
    with spelling():
        edit("n >= total", "False")
    with spelling():
        edit("n >= total", "n == total")


@caught_by("test_the_last_update_and_all_later_ones_have_the_floor")
def zero_after_the_end():
    """a rate of 0 after the last update, not the floor"""
    edit("return floor\n", "return floor if n == total else 0.0\n")


@caught_by("test_without_warmup_the_cosine_begins_at_once")
def division_by_no_warmup():
    """a division by warmup before it is known that there is one: ZeroDivisionError"""
    edit("    n = step + 1", "    n = step + 1\n    rising = n / warmup")
    edit("if n <= warmup:", "if rising <= 1:")


@caught_by("test_training_may_end_with_the_warmup")
def division_by_nothing_left():
    """a division by total - warmup before it is known that something is left"""
    edit("    n = step + 1", "    n = step + 1\n    progress = (n - warmup) / (total - warmup)")
    edit("\n    progress = (n - warmup) / (total - warmup)\n", "\n")


@caught_by("test_training_may_end_with_the_warmup")
def end_before_warmup():
    """the end asked for before the warmup, so that a warmup of all updates misses its peak"""
    edit(
        "if n <= warmup:\n        return peak * n / warmup",
        "if n < total and n <= warmup:\n        return peak * n / warmup",
    )


@caught_by("test_learning_rates_worked_by_hand")
def whole_division():
    """whole-number division (//), so that the warmup has the rate 0 until its end"""
    edit("return peak * n / warmup", "return peak * (n // warmup)")


@caught_by("test_steps_may_be_asked_for_in_any_order")
def own_count():
    """a count of the calls in place of the step that is passed"""
    edit(
        "    n = step + 1",
        "    warmup_cosine.n = n = 1 if step == 0 else getattr(warmup_cosine, 'n', step) + 1",
    )


@caught_by("test_the_result_is_a_python_float")
def tensor_in_place_of_a_number():
    """a tensor in place of a Python float"""
    edit("import math", "import math\n\nimport torch")
    edit("math.cos(math.pi * progress)", "torch.cos(torch.tensor(math.pi * progress))")
