"""Wrong versions of top_k."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_row_worked_by_hand")
def zero_in_place_of_minus_infinity():
    """0 in place of -inf for the other tokens, so that softmax gives them a probability"""
    with spelling():
        edit("-torch.inf", "0.0")
    with spelling():
        edit("logits.masked_fill(~kept, -torch.inf)", "logits * kept")


@caught_by("test_a_row_worked_by_hand")
def a_large_negative_number():
    """a large negative number in place of -inf, which is not low beside other low logits"""
    with spelling():
        edit("-torch.inf", "-1e9")
    with spelling():
        edit("-torch.inf", "-1e10")
    with spelling():
        edit("-torch.inf", "torch.finfo(logits.dtype).min")


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def threshold_keeps_every_tie():
    """every logit kept that is at least the k-th largest, so more than k where logits are equal"""
    with spelling():
        edit(
            "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
            "kept = logits >= logits.gather(-1, best[..., -1:])",
        )
    with spelling():
        edit(
            "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
            "kept = logits >= logits.gather(-1, best).amin(dim=-1, keepdim=True)",
        )


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def threshold_drops_the_last():
    """only logits kept that are larger than the k-th largest, which is dropped itself"""
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "kept = logits > logits.gather(-1, best[..., -1:])",
    )


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def ties_dropped_together():
    """all equal logits dropped where the k-th and the one after it are equal"""
    edit(
        "best = logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
        "ranked = logits.sort(dim=-1, descending=True).values",
    )
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "kept = (logits > ranked[..., k : k + 1]) if k < logits.shape[-1] else logits == logits",
    )


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def ties_by_highest_id():
    """the highest ids kept among equal logits, instead of the lowest"""
    with spelling():
        edit(
            "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
            "logits.argsort(dim=-1, stable=True)[..., -k:]",
        )
    with spelling():
        edit(
            "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
            "logits.argsort(dim=-1, stable=True).flip(-1)[..., :k]",
        )


@caught_by("test_equal_logits_are_taken_by_lowest_id")
def ties_in_any_order():
    """what topk returns, which promises no order among equal logits"""
    edit(
        "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
        "logits.topk(min(k, logits.shape[-1]), dim=-1).indices",
    )


@caught_by("test_every_row_keeps_its_own_k_largest")
def largest_of_the_batch():
    """the k largest logits of the whole batch, instead of those of each row"""
    edit("logits.argsort(dim=-1,", "logits.flatten().argsort(")
    edit(
        "torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "torch.zeros(logits.numel(), dtype=torch.bool).scatter(-1, best, True).view(logits.shape)",
    )


@caught_by("test_every_row_keeps_its_own_k_largest")
def entries_of_the_batch_flattened():
    """everything below the first dimension taken as one row: right for (B, V), not for (B, T, V)"""
    edit(
        "best = logits.argsort(",
        "flat = logits if logits.dim() == 1 else logits.flatten(1)\n    best = flat.argsort(",
    )
    edit("torch.zeros_like(logits, dtype=torch.bool)", "torch.zeros_like(flat, dtype=torch.bool)")
    edit("logits.masked_fill(~kept,", "logits.masked_fill(~kept.view(logits.shape),")


@caught_by("test_every_row_keeps_its_own_k_largest")
def threshold_of_the_first_row():
    """the k-th largest logit of the first row taken as the threshold of every row"""
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "rows = logits.reshape(-1, logits.shape[-1])\n"
        "    kept = logits >= rows[0, best.reshape(-1, best.shape[-1])[0, -1]]",
    )


@caught_by("test_every_row_keeps_its_own_k_largest")
def smallest_threshold_of_the_batch():
    """one threshold for all rows: the smallest logit among the k largest of each row"""
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "kept = logits >= logits.gather(-1, best).min()",
    )


@caught_by("test_every_row_keeps_its_own_k_largest")
def every_rows_tokens_in_every_row():
    """the tokens of all rows kept in every row, as kept[..., best] = True writes it"""
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "kept = torch.zeros_like(logits, dtype=torch.bool)\n    kept[..., best.flatten()] = True",
    )


@caught_by("test_every_row_keeps_its_own_k_largest")
def along_the_batch():
    """the k largest along the first dimension (dim=0), instead of the vocabulary"""
    edit(
        "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
        "logits.argsort(dim=0, descending=True, stable=True)[:k]",
    )
    edit("scatter(-1, best", "scatter(0, best")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def only_the_kept_logits():
    """only the k kept logits returned, in descending order and without their places"""
    edit("return logits.masked_fill(~kept, -torch.inf)", "return logits.gather(-1, best)")


@caught_by("test_a_row_worked_by_hand")
def not_put_back_in_order():
    """the logits left in descending order, so that they belong to other tokens"""
    edit(
        "return logits.masked_fill(~kept, -torch.inf)",
        "ranked = logits.sort(dim=-1, descending=True, stable=True).values\n"
        "    ids = torch.arange(logits.shape[-1])\n"
        "    return ranked.masked_fill(ids >= k, -torch.inf)",
    )


@caught_by("test_a_row_worked_by_hand")
def ids_taken_for_ranks():
    """the sorted ids compared with k as if they were ranks: one argsort too few"""
    edit("stable=True)[..., :k]", "stable=True)")
    edit("torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)", "best < k")


@caught_by("test_a_row_worked_by_hand")
def first_places_kept():
    """the first k tokens of the vocabulary kept, as if they were sorted already"""
    edit(
        "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
        "torch.arange(logits.shape[-1]).expand(logits.shape)[..., :k]",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def ids_returned():
    """the ids of the k tokens, instead of logits"""
    edit("return logits.masked_fill(~kept, -torch.inf)", "return best")


@caught_by("test_a_row_worked_by_hand")
def probabilities_returned():
    """probabilities of the kept tokens, instead of logits"""
    with spelling():
        edit(
            "logits.masked_fill(~kept, -torch.inf)",
            "torch.softmax(logits.masked_fill(~kept, -torch.inf), dim=-1)",
        )
    with spelling():
        edit("logits.masked_fill(~kept, -torch.inf)", "torch.softmax(logits, dim=-1) * kept")


@caught_by("test_a_row_worked_by_hand")
def smallest_kept():
    """the k smallest logits kept (sorted in ascending order)"""
    edit("descending=True, ", "")


@caught_by("test_a_row_worked_by_hand")
def largest_removed():
    """the k largest logits replaced, and the others kept: the mask the wrong way round"""
    edit("~kept", "kept")


@caught_by("test_a_row_worked_by_hand")
def largest_by_absolute_value():
    """the k logits with the largest absolute values"""
    edit("logits.argsort(", "logits.abs().argsort(")


@caught_by("test_a_row_worked_by_hand")
def one_too_many():
    """k + 1 tokens kept: an off-by-one error"""
    edit("[..., :k]", "[..., : k + 1]")


@caught_by("test_a_row_worked_by_hand")
def one_too_few():
    """k - 1 tokens kept: an off-by-one error"""
    with spelling():
        edit("[..., :k]", "[..., : k - 1]")
    with spelling():
        edit("[..., :k]", "[..., : max(k - 1, 1)]")


@caught_by("test_k_of_the_whole_vocabulary_keeps_everything")
def larger_k_refused():
    """an error if k is larger than V, as topk raises it"""
    with spelling():
        edit(
            "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
            "logits.topk(k, dim=-1).indices",
        )
    with spelling():
        edit("if k < 1:", "if not 1 <= k <= logits.shape[-1]:")


@caught_by("test_k_of_the_whole_vocabulary_keeps_everything")
def never_the_whole_vocabulary():
    """one token always dropped: k limited to V - 1"""
    edit("[..., :k]", "[..., : max(min(k, logits.shape[-1] - 1), 1)]")


@caught_by("test_the_logits_stay_as_they_were")
def the_input_itself():
    """the caller's own tensor returned if k is V or more"""
    with spelling():
        edit(
            "    # Sorted, and",
            "    if k >= logits.shape[-1]:\n        return logits\n    # Sorted, and",
        )
    with spelling():
        edit(
            "    # Sorted, and",
            "    if k > logits.shape[-1]:\n        return logits\n    # Sorted, and",
        )


@caught_by("test_the_logits_stay_as_they_were")
def filled_in_place():
    """the caller's logits overwritten with -inf (masked_fill_ or an assignment by index)"""
    edit(
        "return logits.masked_fill(~kept, -torch.inf)",
        "return logits.copy_(logits.masked_fill(~kept, -torch.inf))",
    )


@caught_by("test_less_than_one_token_is_refused")
def zero_accepted():
    """k = 0 accepted: no token is left"""
    with spelling():
        edit("if k < 1:", "if k is None:")
        edit("[..., :k]", "[..., : max(k, 0)]")
    with spelling():
        edit("k < 1", "k < 0")


@caught_by("test_less_than_one_token_is_refused")
def zero_taken_for_one():
    """k = 0 taken for 1"""
    edit("if k < 1:", "k = max(k, 1)\n    if k < 1:")


@caught_by("test_less_than_one_token_is_refused")
def zero_switches_off():
    """k = 0 taken for no limit"""
    edit("if k < 1:", "if k < 1:\n        return logits.clone()\n    if k < 1:")


@caught_by("test_minus_infinity_stays_out")
def excluded_tokens_come_back():
    """-inf replaced by a number before sorting, so that excluded tokens fill up the k places"""
    with spelling():
        edit("if k < 1:", "logits = logits.nan_to_num(neginf=-1e4)\n    if k < 1:")
    with spelling():
        edit("if k < 1:", "logits = logits.clamp(min=-1e9)\n    if k < 1:")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def float64_made_float32():
    """float32 returned for float64 logits"""
    edit("return logits.masked_fill", "return logits.float().masked_fill")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def two_dimensions_only():
    """rows counted along the first dimension, as for logits of shape (B, V) alone"""
    edit(
        "kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, best, True)",
        "kept = torch.zeros_like(logits, dtype=torch.bool)\n"
        "    kept[torch.arange(len(logits))[:, None], best] = True",
    )


@caught_by("test_the_layout_in_memory_does_not_matter")
def flattened_with_view():
    """rows flattened with view, which fails for a transposed tensor"""
    edit("if k < 1:", "logits.view(-1, logits.shape[-1])\n    if k < 1:")
