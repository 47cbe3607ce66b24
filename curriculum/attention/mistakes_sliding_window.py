"""Wrong versions of the sliding-window mask."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_four_tokens_by_hand")
def window_and_itself():
    """an off-by-one error: window keys before the token's own, which is one too many"""
    edit("past = mask.shape[1] - queries", "return mask.triu(mask.shape[1] - queries - window)")
    edit("    return mask.triu(past - window + 1)\n", "")


@caught_by("test_a_window_of_one_permits_a_token_only_itself")
def one_too_few():
    """an off-by-one error: window - 1 keys, so that a window of 1 allows nothing"""
    edit("past = mask.shape[1] - queries", "")
    edit("past - window + 1", "mask.shape[1] - queries - window + 2")


@caught_by("test_four_tokens_by_hand")
def no_window():
    """the causal mask, whatever window was given"""
    edit("mask = causal_mask", "return causal_mask")
    edit("past = mask.shape[1] - queries", "")
    edit("    return mask.triu(past - window + 1)\n", "")


@caught_by("test_four_tokens_by_hand")
def both_sides():
    """a window to both sides: a token attends to later tokens too"""
    edit("return mask.triu", "return torch.ones_like(mask).tril(past + window - 1).triu")


@caught_by("test_four_tokens_by_hand")
def no_causal_rule():
    """a window without the causal mask: all later tokens are allowed"""
    edit("    mask = causal_mask(queries, keys)\n", "")
    edit("mask.shape", "causal_mask(queries, keys).shape")
    edit("mask.triu", "torch.ones(queries, queries + past, dtype=torch.bool).triu")


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def window_from_the_row():
    """a window counted from the row index instead of the token's position"""
    edit("    mask = causal_mask(queries, keys)\n", "")
    edit("past = mask.shape[1] - queries", "")
    edit("mask.triu(past - window + 1)", "causal_mask(queries, keys).triu(1 - window)")


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def aligned_at_the_start():
    """a mask aligned at the first key: the last of five tokens is treated as the first"""
    edit("past = mask.shape[1] - queries", "")
    edit("triu(past - window + 1)", "tril().triu(1 - window)")
    edit("causal_mask(queries, keys)", "torch.ones_like(causal_mask(queries, keys))")


@caught_by("test_four_tokens_by_hand")
def blocks_of_a_window():
    """blocks of window tokens that attend only to each other: the window does not slide"""
    edit("mask.shape[1] - queries", "torch.arange(mask.shape[1]) // window")
    edit(".triu(past - window + 1)", " & (past == past[-queries:].unsqueeze(1))")


@caught_by("test_four_tokens_by_hand")
def last_keys_only():
    """the last keys of the sequence for every row, as in a rolling cache"""
    edit("past = mask.shape[1] - queries", "mask[:, : max(mask.shape[1] - window, 0)] = False")
    edit(".triu(past - window + 1)", "")


@caught_by("test_four_tokens_by_hand")
def true_forbids():
    """a mask that is True where attending is forbidden, as in nn.MultiheadAttention"""
    edit("past = mask.shape[1] - queries", "")
    edit("mask.triu(past", "~mask.triu(mask.shape[1] - queries")


@caught_by("test_four_tokens_by_hand")
def what_dropped_out():
    """the wrong side of the window: only keys that are too old are allowed"""
    edit("past = mask.shape[1] - queries", "return mask.tril(mask.shape[1] - queries - window)")
    edit("    return mask.triu(past - window + 1)\n", "")


@caught_by("test_four_tokens_by_hand")
def not_itself():
    """the window keys before the token, without the token itself"""
    edit("window + 1", "window).tril(past - 1")


@caught_by("test_a_wide_window_is_the_causal_mask")
def wide_window_wraps_round():
    """a window that wraps around the end if it is wider than the sequence"""
    edit("window + 1", "(window - 1) % mask.shape[1]")


@caught_by("test_four_tokens_by_hand")
def first_rows_filled_up():
    """window keys for the first rows too, filled up with later tokens"""
    edit("past = mask.shape[1] - queries", "past = mask.shape[1] - queries\n    rows = []")
    edit(
        "    return mask.triu(past - window + 1)\n",
        "    for t in range(past, past + queries):\n"
        "        start, key = max(0, t - window + 1), torch.arange(mask.shape[1])\n"
        "        rows.append((key >= start) & (key < start + window))\n"
        "    return torch.stack(rows)\n",
    )


@caught_by("test_four_tokens_by_hand")
def negative_slice():
    """a slice whose negative start counts from the end: the first rows allow no key"""
    edit("past = mask.shape[1] - queries", "past = mask.shape[1] - queries\n    mask[:] = False")
    edit(
        "    return mask.triu(past - window + 1)\n",
        "    for i, t in enumerate(range(past, past + queries)):\n"
        "        mask[i, t - window + 1 : t + 1] = True\n"
        "    return mask\n",
    )


@caught_by("test_each_row_permits_a_window_of_keys")
def first_token_always():
    """the first token allowed beside the window, as an attention sink is"""
    edit("past = mask.shape[1] - queries", "mask = mask.triu(mask.shape[1] - queries - window + 1)")
    edit("return mask.triu(past - window + 1)", "mask[:, 0] = True\n    return mask")


@caught_by("test_a_token_out_of_the_window_changes_no_output")
def every_second_key():
    """a dilated window, which takes every second key over twice the distance"""
    edit(
        "return mask.triu(past - window + 1)",
        "back = torch.arange(past, past + queries).unsqueeze(1) - torch.arange(mask.shape[1])\n"
        "    return mask & (back % 2 == 0) & (back < 2 * window)",
    )


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def ones_and_zeros():
    """a mask of the numbers 1 and 0 instead of booleans"""
    with spelling():
        edit("mask.triu(past - window + 1)", "mask.triu(past - window + 1).float()")
    with spelling():
        edit("mask.triu(past - window + 1)", "mask.triu(past - window + 1).long()")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def minus_infinity():
    """a mask to add to the scores: 0 where attending is allowed and -inf where not"""
    edit("past = mask.shape[1] - queries", "mask = mask.triu(mask.shape[1] - queries - window + 1)")
    edit("mask.triu(past - window + 1)", "torch.zeros(mask.shape).masked_fill(~mask, -math.inf)")
    edit("import torch", "import math\nimport torch")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def only_the_window():
    """the window's columns alone, without columns for the keys before it"""
    edit("past = mask.shape[1] - queries", "")
    edit("(past - window + 1)", "(mask.shape[1] - queries - window + 1)[:, -window:]")


@caught_by("test_sizes_without_a_meaning_are_refused")
def any_window():
    """a window of 0, in which no query may attend to anything, instead of a ValueError"""
    edit("if window < 1:", "if False:")


@caught_by("test_a_wide_window_is_the_causal_mask")
def wide_window_refused():
    """a ValueError for a window wider than the sequence"""
    edit("if window < 1:", "if window < 1 or window > (keys or queries):")


@caught_by("test_a_window_of_one_permits_a_token_only_itself")
def window_of_one_refused():
    """a ValueError for a window of 1"""
    edit("if window < 1:", "if window < 2:")


@caught_by("test_sizes_without_a_meaning_are_refused")
def asserted():
    """a window refused by assert, which raises AssertionError, not ValueError"""
    edit(
        'if window < 1:\n        raise ValueError(f"window must be at least 1, not {window}")',
        "assert window >= 1",
    )


@caught_by("test_sizes_without_a_meaning_are_refused")
def zero_keys_as_none():
    """keys = 0 taken for None, since 0 is false too, instead of a ValueError"""
    edit("causal_mask(queries, keys)", "causal_mask(queries, keys or queries)")


@caught_by("test_no_number_of_tokens_is_too_large")
def table_of_fixed_size():
    """a mask that is cut from a table of fixed size, too small for longer sequences"""
    with spelling():
        edit(
            "past = mask.shape[1] - queries",
            "past = mask.shape[1] - queries\n    keys = past + queries",
        )
        edit(
            "mask.triu(past - window + 1)",
            "torch.ones(64, 64).tril().triu(1 - window).bool()[past:keys, :keys]",
        )
    with spelling():
        edit(
            "past = mask.shape[1] - queries",
            "past = mask.shape[1] - queries\n    keys = past + queries",
        )
        edit(
            "mask.triu(past - window + 1)",
            "torch.ones(512, 512).tril().triu(1 - window).bool()[past:keys, :keys]",
        )
    with spelling():
        edit(
            "past = mask.shape[1] - queries",
            "past = mask.shape[1] - queries\n    keys = past + queries",
        )
        edit(
            "mask.triu(past - window + 1)",
            "torch.ones(1024, 1024).tril().triu(1 - window).bool()[past:keys, :keys]",
        )
    with spelling():
        edit(
            "past = mask.shape[1] - queries",
            "past = mask.shape[1] - queries\n    keys = past + queries",
        )
        edit(
            "mask.triu(past - window + 1)",
            "torch.ones(2048, 2048).tril().triu(1 - window).bool()[past:keys, :keys]",
        )


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def one_mask_for_all_calls():
    """a remembered tensor returned again, with whatever a caller has changed in it"""
    edit("def sliding", "import functools\n\n@functools.cache\ndef sliding")


@caught_by("test_sizes_without_a_meaning_are_refused")
def any_sizes():
    """a mask for more queries than keys, instead of a ValueError"""
    edit("mask = causal_mask(queries, keys)", "keys = queries if keys is None else keys")
    edit("mask.shape[1]", "keys")
    edit("mask.triu", "torch.ones(queries, keys, dtype=torch.bool).tril(past).triu")
