"""Wrong versions of top_p."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_row_worked_by_hand")
def without_the_token_that_crosses():
    """the token dropped with which the sum reaches p, so that less than p is kept"""
    with spelling():
        edit("before < p", "ranked.cumsum(dim=-1) < p")
    with spelling():
        edit("before < p", "ranked.cumsum(dim=-1) <= p")


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def one_more_where_the_sum_is_p():
    """one token too many where the sum is exactly p: it has to exceed p instead of reaching it"""
    edit("before < p", "before <= p")


@caught_by("test_a_row_worked_by_hand")
def one_too_many():
    """one token more than needed: an off-by-one error"""
    with spelling():
        edit("before < p", "before - ranked.roll(1, dims=-1) < p")
    with spelling():
        edit(
            "inside[..., 0] = True",
            "inside = torch.cat([inside[..., :1], inside[..., :-1]], dim=-1)\n"
            "    inside[..., 0] = True",
        )


@caught_by("test_a_row_worked_by_hand")
def not_put_back_in_order():
    """the choice in the order of falling logits, applied to logits in the order of their ids"""
    edit("torch.zeros_like(inside).scatter(-1, order, inside)", "inside")


@caught_by("test_a_row_worked_by_hand")
def gathered_back():
    """the choice put back with gather in place of scatter, which applies the order once more"""
    edit("torch.zeros_like(inside).scatter(-1, order, inside)", "inside.gather(-1, order)")


@caught_by("test_a_row_worked_by_hand")
def sorted_result():
    """the logits left in descending order, so that they belong to other tokens"""
    edit(
        "nucleus = torch.zeros_like(inside).scatter(-1, order, inside)",
        "logits, probabilities, nucleus = logits.gather(-1, order), ranked, inside",
    )


@caught_by("test_a_row_worked_by_hand")
def least_probable_first():
    """the least probable tokens taken first, until their sum reaches p"""
    edit("descending=True, ", "")


@caught_by("test_a_row_worked_by_hand")
def logits_summed():
    """logits summed, without softmax"""
    with spelling():
        edit("probabilities = softmax(logits)", "probabilities = logits")
    with spelling():
        edit("ranked = probabilities.gather", "ranked = logits.gather")


@caught_by("test_a_row_worked_by_hand")
def share_of_the_vocabulary():
    """the share p of the tokens kept, instead of the tokens that hold the share p"""
    edit(
        "before = ranked.cumsum(dim=-1) - ranked",
        "before = torch.arange(logits.shape[-1]).expand(logits.shape) / logits.shape[-1]",
    )


@caught_by("test_a_row_worked_by_hand")
def each_probability_against_p():
    """each probability compared with 1 - p, without a sum"""
    edit("inside = before < p", "inside = ranked >= 1 - p")


@caught_by("test_zero_keeps_the_most_probable_token")
def nothing_left_for_zero():
    """no token kept for p = 0"""
    edit("inside[..., 0] = True", "inside[..., 0] |= p > 0")


@caught_by("test_zero_keeps_the_most_probable_token")
def zero_switches_off():
    """p = 0 taken for no limit"""
    edit("if p == 1", "if p in (0, 1)")


@caught_by("test_one_keeps_every_token")
def rounding_drops_the_tail():
    """tokens dropped for p = 1, because the rounded sum reaches 1 before the last one"""
    with spelling():
        edit("if p == 1:", "if p is None:")
    with spelling():
        edit("if p == 1:", "inside = inside & (ranked > 0)\n    if p is None:")


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def ties_by_highest_id():
    """the highest ids taken first among equal logits, instead of the lowest"""
    edit(
        "logits.argsort(dim=-1, descending=True, stable=True)",
        "logits.argsort(dim=-1, stable=True).flip(-1)",
    )


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def threshold_keeps_every_tie():
    """every token kept that is as probable as the last one of the nucleus"""
    edit(
        "nucleus = torch.zeros_like(inside).scatter(-1, order, inside)",
        "least = ranked.masked_fill(~inside, torch.inf).amin(dim=-1, keepdim=True)\n"
        "    nucleus = probabilities >= least",
    )


@caught_by("test_every_row_has_its_own_nucleus")
def one_nucleus_for_the_batch():
    """one nucleus for the whole batch, from one softmax over all rows"""
    edit(
        "probabilities = softmax(logits)",
        "shape, logits = logits.shape, logits.reshape(-1)\n    probabilities = softmax(logits)",
    )
    edit(
        "return logits.masked_fill(~(nucleus & likely), -torch.inf)",
        "return logits.masked_fill(~(nucleus & likely), -torch.inf).view(shape)",
    )


@caught_by("test_every_row_has_its_own_nucleus")
def summed_over_the_batch():
    """the sums taken along the first dimension (dim=0), instead of the vocabulary"""
    edit("ranked.cumsum(dim=-1)", "ranked.cumsum(dim=0)")


@caught_by("test_every_row_has_its_own_nucleus")
def as_many_as_the_first_row():
    """as many tokens kept in every row as the first row's nucleus has"""
    edit(
        "inside[..., 0] = True",
        "inside = inside.reshape(-1, inside.shape[-1])[0].expand(logits.shape).clone()\n"
        "    inside[..., 0] = True",
    )


@caught_by("test_min_p_is_a_share_of_the_largest_probability")
def min_p_taken_as_absolute():
    """min_p taken as a probability, and not as a share of the row's largest one"""
    with spelling():
        edit("min_p * probabilities.amax(dim=-1, keepdim=True)", "min_p")
    with spelling():
        edit(
            "probabilities >= min_p * probabilities.amax(dim=-1, keepdim=True)",
            "(probabilities >= min_p) | (logits == logits.amax(dim=-1, keepdim=True))",
        )


@caught_by("test_min_p_is_a_share_of_the_largest_probability")
def min_p_ignored():
    """min_p without any effect"""
    edit("nucleus & likely", "nucleus")


@caught_by("test_min_p_is_a_share_of_the_largest_probability")
def largest_of_the_batch():
    """min_p as a share of the largest probability of the whole batch, not of each row"""
    edit("probabilities.amax(dim=-1, keepdim=True)", "probabilities.max()")


@caught_by("test_min_p_is_a_share_of_the_largest_probability")
def min_p_of_the_logits():
    """min_p as a share of the largest logit, instead of the largest probability"""
    edit(
        "probabilities >= min_p * probabilities.amax(dim=-1, keepdim=True)",
        "logits >= min_p * logits.amax(dim=-1, keepdim=True)",
    )


@caught_by("test_min_p_of_one_keeps_all_that_are_most_probable")
def more_than_min_p():
    """a probability that has to exceed min_p times the largest: none does for min_p = 1"""
    edit("probabilities >= min_p", "probabilities > min_p")


@caught_by("test_both_conditions_use_the_same_probabilities")
def either_condition():
    """a token kept that satisfies one of the two conditions, not both"""
    edit("nucleus & likely", "nucleus | likely")


@caught_by("test_both_conditions_use_the_same_probabilities")
def min_p_alone():
    """p without effect where min_p is given"""
    edit("return logits", "nucleus = nucleus | (min_p > 0)\n    return logits")


@caught_by("test_both_conditions_use_the_same_probabilities")
def min_p_first():
    """min_p applied first, and the nucleus taken from the probabilities of what is left"""
    edit(
        "order = logits.argsort",
        "kept = probabilities >= min_p * probabilities.amax(dim=-1, keepdim=True)\n"
        "    probabilities = softmax(logits.masked_fill(~kept, -torch.inf))\n"
        "    order = logits.argsort",
    )


@caught_by("test_both_conditions_use_the_same_probabilities")
def shares_multiplied():
    """min_p as a share of p times the largest probability"""
    edit("probabilities >= min_p *", "probabilities >= p * min_p *")


@caught_by("test_a_row_worked_by_hand")
def zero_in_place_of_minus_infinity():
    """0 in place of -inf for the other tokens, so that softmax gives them a probability"""
    edit("-torch.inf", "0.0")


@caught_by("test_a_row_worked_by_hand")
def a_large_negative_number():
    """a large negative number in place of -inf, which is not low beside other low logits"""
    with spelling():
        edit("-torch.inf", "-1e9")
    with spelling():
        edit("-torch.inf", "-1e4")
    with spelling():
        edit("-torch.inf", "torch.finfo(logits.dtype).min")


@caught_by("test_a_row_worked_by_hand")
def probabilities_returned():
    """probabilities instead of logits"""
    with spelling():
        edit(
            "return logits.masked_fill(~(nucleus & likely), -torch.inf)",
            "return softmax(logits.masked_fill(~(nucleus & likely), -torch.inf))",
        )
    with spelling():
        edit(
            "return logits.masked_fill(~(nucleus & likely), -torch.inf)",
            "return probabilities * (nucleus & likely)",
        )


@caught_by("test_every_row_has_its_own_nucleus")
def log_probabilities_returned():
    """the log-probabilities of the kept tokens, not their logits as they were"""
    edit("return logits.masked_fill", "return probabilities.log().masked_fill")


@caught_by("test_huge_logits_are_no_exception")
def no_shift():
    """exponentials without subtracting the maximum, which overflow or all become 0"""
    edit(
        "probabilities = softmax(logits)",
        "weights = logits.exp()\n    probabilities = weights / weights.sum(dim=-1, keepdim=True)",
    )


@caught_by("test_the_logits_stay_as_they_were")
def the_input_itself():
    """the caller's own tensor returned for p = 1"""
    edit("order = logits", "if p == 1 and min_p == 0:\n        return logits\n    order = logits")


@caught_by("test_the_logits_stay_as_they_were")
def filled_in_place():
    """the caller's logits overwritten with -inf (masked_fill_ or an assignment by index)"""
    edit(
        "return logits.masked_fill(~(nucleus & likely), -torch.inf)",
        "return logits.copy_(logits.masked_fill(~(nucleus & likely), -torch.inf))",
    )


@caught_by("test_shares_outside_zero_to_one_are_refused")
def nothing_refused():
    """no error for a p or min_p below 0 or above 1"""
    edit("if not (0 <= p <= 1 and 0 <= min_p <= 1):", "if p is None:")


@caught_by("test_shares_outside_zero_to_one_are_refused")
def min_p_not_checked():
    """no error for a min_p below 0 or above 1"""
    edit("0 <= p <= 1 and 0 <= min_p <= 1", "0 <= p <= 1")


@caught_by("test_zero_keeps_the_most_probable_token")
def zero_refused():
    """an error for p = 0 as well"""
    edit("0 <= p <= 1 and", "0 < p <= 1 and")


@caught_by("test_one_keeps_every_token")
def one_refused():
    """an error for p = 1 as well"""
    edit("0 <= p <= 1 and", "0 <= p < 1 and")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def float64_made_float32():
    """float32 returned for float64 logits"""
    edit("return logits.masked_fill", "return logits.float().masked_fill")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def only_the_kept_logits():
    """only the kept logits returned, without their places"""
    edit(
        "return logits.masked_fill(~(nucleus & likely), -torch.inf)",
        "return logits[nucleus & likely]",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def two_dimensions_only():
    """rows counted along the first dimension, as for logits of shape (B, V) alone"""
    edit(
        "nucleus = torch.zeros_like(inside).scatter(-1, order, inside)",
        "nucleus = torch.zeros_like(inside)\n"
        "    nucleus[torch.arange(len(logits))[:, None], order] = inside",
    )


@caught_by("test_the_layout_in_memory_does_not_matter")
def flattened_with_view():
    """rows flattened with view, which fails for a transposed tensor"""
    edit("order = logits.argsort", "logits.view(-1, logits.shape[-1])\n    order = logits.argsort")
