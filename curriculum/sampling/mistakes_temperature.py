"""Wrong versions of temperature."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_row_worked_by_hand")
def multiplied_by_t():
    """the logits multiplied by t instead of divided by it"""
    with spelling():
        edit("logits / t", "logits * t")
    with spelling():
        edit(
            "return softmax(logits / t)",
            "powers = softmax(logits) ** t\n    return powers / powers.sum(dim=-1, keepdim=True)",
        )


@caught_by("test_a_row_worked_by_hand")
def powers_that_do_not_sum_to_one():
    """probabilities raised to the power 1 / t, and not divided by their sum"""
    edit("softmax(logits / t)", "softmax(logits) ** (1 / t)")


@caught_by("test_a_row_worked_by_hand")
def probabilities_divided():
    """probabilities divided by t, not the logits that they come from"""
    with spelling():
        edit("softmax(logits / t)", "softmax(logits) / t")
    with spelling():
        edit(
            "return softmax(logits / t)",
            "divided = softmax(logits) / t\n    return divided.clamp(max=1.0)",
        )


@caught_by("test_a_row_worked_by_hand")
def softmax_twice():
    """softmax applied twice: probabilities taken for logits"""
    edit("softmax(logits / t)", "softmax(softmax(logits) / t)")


@caught_by("test_a_row_worked_by_hand")
def logits_returned():
    """the logits divided by t, without softmax"""
    edit("softmax(logits / t)", "logits / t")


@caught_by("test_a_row_worked_by_hand")
def logarithms_returned():
    """log-probabilities instead of probabilities"""
    edit("softmax(logits / t)", "torch.log_softmax(logits / t, dim=-1)")


@caught_by("test_every_row_follows_the_formula")
def softmax_over_the_batch():
    """softmax over the rows (dim=0) instead of the vocabulary"""
    edit("softmax(logits / t)", "softmax(logits / t, 0)")


@caught_by("test_every_row_follows_the_formula")
def softmax_over_everything():
    """one softmax over all rows together, so that the whole batch sums to 1"""
    edit("softmax(logits / t)", "softmax((logits / t).flatten()).view(logits.shape)")


@caught_by("test_huge_logits_stay_finite")
def no_shift():
    """the exponentials of the logits over t without subtracting the maximum: exp overflows"""
    edit(
        "return softmax(logits / t)",
        "weights = (logits / t).exp()\n    return weights / weights.sum(dim=-1, keepdim=True)",
    )


@caught_by("test_huge_logits_stay_finite")
def powers_of_probabilities():
    """probabilities raised to the power 1 / t, which all underflow to 0 if t is small"""
    edit(
        "return softmax(logits / t)",
        "powers = softmax(logits) ** (1 / t)\n    return powers / powers.sum(dim=-1, keepdim=True)",
    )


@caught_by("test_at_zero_the_largest_logit_has_all_the_probability")
def divided_by_zero():
    """a division by 0 at temperature 0, which gives NaN"""
    with spelling():
        edit("if t == 0:", "if t is None:")
        edit("softmax(logits / t)", "softmax(logits / torch.tensor(float(t)))")
    with spelling():
        edit("if t == 0:", "if t is None:")


@caught_by("test_at_zero_the_lowest_of_equal_tokens_wins")
def ties_share_at_zero():
    """equal logits share the probability at temperature 0, as if t were very small"""
    with spelling():
        edit("if t == 0:", "t = max(t, 1e-9)\n    if t == 0:")
    with spelling():
        edit("if t == 0:", "t = t + 1e-8\n    if t == 0:")
    with spelling():
        edit("best = logits.argmax(dim=-1, keepdim=True)", "best = logits.amax(-1, keepdim=True)")
        edit(
            "torch.zeros_like(logits).scatter(-1, best, 1.0)",
            "(logits == best) / (logits == best).sum(dim=-1, keepdim=True).to(logits.dtype)",
        )


@caught_by("test_above_zero_equal_logits_share_however_small_t_is")
def a_small_number_added_to_t():
    """a small number added to t, so that 0 is not divided by"""
    with spelling():
        edit("if t == 0:", "t = t + 1e-5\n    if t == 0:")
    with spelling():
        edit("if t == 0:", "t = t + 1e-6\n    if t == 0:")


@caught_by("test_at_zero_the_lowest_of_equal_tokens_wins")
def every_maximum_has_one():
    """probability 1 for every token with the largest logit, so that a row can sum to 2"""
    edit("best = logits.argmax(dim=-1, keepdim=True)", "best = logits.amax(dim=-1, keepdim=True)")
    edit("torch.zeros_like(logits).scatter(-1, best, 1.0)", "(logits == best).to(logits.dtype)")


@caught_by("test_at_zero_the_lowest_of_equal_tokens_wins")
def last_of_equal_tokens():
    """the highest id among the tokens that share the largest logit, instead of the lowest"""
    with spelling():
        edit("logits.argmax(", "logits.shape[-1] - 1 - logits.flip(-1).argmax(")
    with spelling():
        edit("logits.argmax(dim=-1, keepdim=True)", "logits.sort(stable=True)[1][..., -1:]")


@caught_by("test_at_zero_the_largest_logit_has_all_the_probability")
def one_token_for_the_batch():
    """the largest logit of the whole batch at temperature 0, instead of that of each row"""
    edit("logits.argmax(dim=-1, keepdim=True)", "logits.argmax()")
    edit(
        "torch.zeros_like(logits).scatter(-1, best, 1.0)",
        "torch.zeros_like(logits).flatten().scatter(0, best, 1.0).view(logits.shape)",
    )


@caught_by("test_at_zero_the_largest_logit_has_all_the_probability")
def every_rows_token_in_every_row():
    """1 at the most probable tokens of all rows in every row, as result[..., ids] = 1 writes it"""
    edit(
        "return torch.zeros_like(logits).scatter(-1, best, 1.0)",
        "result = torch.zeros_like(logits)\n"
        "        result[..., best.flatten()] = 1.0\n        return result",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def the_id_at_zero():
    """the id of the most probable token at temperature 0, instead of probabilities"""
    with spelling():
        edit("return torch.zeros_like(logits).scatter(-1, best, 1.0)", "return best")
    with spelling():
        edit("return torch.zeros_like(logits).scatter(-1, best, 1.0)", "return best.squeeze(-1)")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def whole_numbers_at_zero():
    """whole numbers (one_hot returns int64) at temperature 0"""
    edit(
        "torch.zeros_like(logits).scatter(-1, best, 1.0)",
        "torch.nn.functional.one_hot(best.squeeze(-1), logits.shape[-1])",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def float32_at_zero():
    """float32 at temperature 0, whatever the dtype of the logits"""
    edit("torch.zeros_like(logits)", "torch.zeros(logits.shape)")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def two_dimensions_only():
    """rows counted along the first dimension at temperature 0, as for logits of shape (B, V)"""
    edit(
        "return torch.zeros_like(logits).scatter(-1, best, 1.0)",
        "result = torch.zeros_like(logits)\n"
        "        result[torch.arange(len(logits)), best[:, 0]] = 1.0\n        return result",
    )


@caught_by("test_at_zero_the_largest_logit_has_all_the_probability")
def zero_taken_for_one():
    """temperature 0 taken for 1, as t or 1.0 does"""
    edit("if t == 0:", "t = t or 1.0\n    if t == 0:")


@caught_by("test_above_zero_equal_logits_share_however_small_t_is")
def small_taken_for_zero():
    """a small temperature taken for 0, so that one of several equal tokens has all"""
    with spelling():
        edit("t == 0", "t < 1e-5")
    with spelling():
        edit("t == 0", "t < 1e-3")
    with spelling():
        edit("t == 0", "t < 0.05")


@caught_by("test_above_zero_equal_logits_share_however_small_t_is")
def t_from_a_floor():
    """a temperature that is never below some small number, except 0"""
    with spelling():
        edit("logits / t", "logits / max(t, 1e-2)")
    with spelling():
        edit("logits / t", "logits / max(t, 1e-3)")


@caught_by("test_at_zero_the_largest_logit_has_all_the_probability")
def zero_refused():
    """ValueError for temperature 0 as well"""
    edit("t < 0", "t <= 0")


@caught_by("test_a_negative_temperature_is_refused")
def negative_accepted():
    """a negative temperature accepted, which makes the least probable token the most probable"""
    edit("if t < 0:", "if t is None:")


@caught_by("test_a_negative_temperature_is_refused")
def negative_taken_for_zero():
    """a negative temperature taken for 0"""
    with spelling():
        edit("if t < 0:", "if t is None:")
        edit("t == 0", "t <= 0")
    with spelling():
        edit("if t < 0:", "if t is None:")
        edit("if t == 0:", "t = max(t, 0)\n    if t == 0:")


@caught_by("test_minus_infinity_stays_out")
def excluded_with_a_number():
    """a large negative number in place of -inf, beside which low logits lose nothing"""
    with spelling():
        edit("logits / t", "logits.clamp(min=-1e4) / t")
    with spelling():
        edit("logits / t", "logits.nan_to_num(neginf=-1e4) / t")


@caught_by("test_the_logits_stay_as_they_were")
def divided_in_place():
    """the caller's logits divided in place (div_ and /= change the input)"""
    edit("logits / t", "logits.div_(t)")


@caught_by("test_the_layout_in_memory_does_not_matter")
def flattened_with_view():
    """rows flattened with view, which fails for a transposed tensor"""
    edit(
        "return softmax(logits / t)",
        "return softmax(logits.view(-1, logits.shape[-1]) / t).view(logits.shape)",
    )
