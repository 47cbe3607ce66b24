"""Wrong versions of FlashAttention."""

import math

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.softmax import softmax
from grader.checks import caught_by, edit, spelling


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def whole_table():
    """all scores at once, T by T, without tiles"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        return scaled_dot_product(q, k, v, causal_mask(q.shape[2]))


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def strips():
    """tiles of queries alone: each tile holds the scores of all keys"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        mask = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, q.shape[2], block):
            scores = q[:, :, top : top + block] @ k.mT / math.sqrt(q.shape[3])
            future = mask > mask[top : top + block].unsqueeze(1)
            outputs.append(softmax(scores.masked_fill(future, -math.inf)) @ v)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def mask_of_the_whole():
    """tiles of scores, and one mask of T by T from which their masks are sliced"""
    edit(
        "torch.empty_like(q)",
        "torch.empty_like(q)\n"
        "    mask = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool).tril()",
    )
    edit("tokens[tile] > query", "~mask[top : top + block, tile]")


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def block_ignored():
    """tiles of 4096, whatever block was given"""
    edit("tokens, output =", "block = 4096\n    tokens, output =")


@caught_by("test_tiles_are_no_larger_than_block")
def default_block_always():
    """tiles of 64, whatever block was given"""
    edit("tokens, output =", "block = 64\n    tokens, output =")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def denominator_not_rescaled():
    """a running denominator that is not rescaled when the maximum changes"""
    edit("denominator * shrink ", "denominator ")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def denominator_of_the_last_tile():
    """a denominator of the last tile alone, to which earlier tiles are not added"""
    edit("denominator * shrink + weights.sum", "weights.sum")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def accumulator_not_rescaled():
    """an accumulator that is not rescaled when the maximum changes"""
    edit("accumulator * shrink ", "accumulator ")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def nothing_rescaled():
    """neither denominator nor accumulator rescaled when the maximum changes"""
    edit("denominator * shrink", "denominator")
    edit("accumulator * shrink", "accumulator")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def accumulator_rescaled_twice():
    """an accumulator that is rescaled twice when the maximum changes"""
    edit("accumulator * shrink ", "accumulator * shrink**2 ")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def rescaled_the_wrong_way():
    """earlier terms rescaled by exp(new - old) instead of exp(old - new)"""
    edit(
        "(maximum - higher).exp()",
        "torch.where(maximum > -math.inf, (higher - maximum).exp(), 0.0)",
    )


@caught_by("test_huge_scores_stay_finite")
def maximum_of_the_tile():
    """the maximum of the current tile used as the running maximum"""
    edit(
        "torch.maximum(maximum, scores.amax(dim=-1, keepdim=True))",
        "scores.amax(dim=-1, keepdim=True)",
    )


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def diagonal_tile_alone():
    """the tile on the diagonal alone: earlier tiles are skipped, or lost in the rescaling"""
    with spelling():
        edit("\n            maximum = higher", "")
    with spelling():
        edit("range(0, top + 1, block)", "range(top, top + 1, block)")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def tiles_averaged():
    """softmax of each tile on its own, and the mean of the tiles' outputs"""
    edit("accumulator * shrink + weights @", "accumulator + torch.softmax(scores, dim=-1) @")
    edit("accumulator / denominator", "accumulator / math.ceil((top + 1) / block)")


@caught_by("test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles")
def divided_in_every_tile():
    """an accumulator divided by the denominator after every tile, not once at the end"""
    edit(
        "accumulator * shrink + weights @ v[:, :, tile]",
        "(accumulator * shrink + weights @ v[:, :, tile]) / denominator",
    )
    edit("= accumulator / denominator", "= accumulator")


@caught_by("test_means_worked_by_hand")
def never_divided():
    """an accumulator that is never divided by the denominator"""
    edit("= accumulator / denominator", "= accumulator")


@caught_by("test_means_worked_by_hand")
def no_mask():
    """no mask in the tile on the diagonal: tokens attend to later tokens of their tile"""
    edit(".masked_fill(tokens[tile] > query, -math.inf)", "")


@caught_by("test_means_worked_by_hand")
def next_token_too():
    """a mask that is off by one: a token attends to the next token of its tile too"""
    edit("tokens[tile] > query", "tokens[tile] > query + 1")


@caught_by("test_means_worked_by_hand")
def mask_the_wrong_way_round():
    """a mask in the tile on the diagonal that hides earlier tokens and shows later ones"""
    edit("tokens[tile] > query", "(tokens[tile] < query) & (tokens[tile] >= top)")


@caught_by("test_means_worked_by_hand")
def first_tile_skipped():
    """the first tile of keys skipped, except for the first queries"""
    edit("range(0, top + 1, block)", "range(min(block, top), top + 1, block)")


@caught_by("test_future_tokens_never_change_an_earlier_output")
def all_keys():
    """attention that is not causal: all tiles, and no mask"""
    edit("range(0, top + 1, block)", "range(0, len(tokens), block)")
    edit(".masked_fill(tokens[tile] > query, -math.inf)", "")


@caught_by("test_means_worked_by_hand")
def mask_by_the_place_in_the_tile():
    """a mask by the position in the tile, for every tile, which hides earlier tokens too"""
    edit("tokens[tile] > query", "tokens[tile] - left > query - top")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def not_itself():
    """a mask without its diagonal: a token attends to earlier tokens but not to itself"""
    edit("tokens[tile] > query", "(tokens[tile] >= query) & (tokens[tile] > 0)")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def tile_on_the_diagonal_left_out():
    """the tile on the diagonal left out, except for the first"""
    edit("0, top + 1", "0, max(top, 1)")


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def last_tile_dropped():
    """whole tiles only: the tokens after the last whole tile get no output"""
    edit("for top in", "tokens = tokens[: max(len(tokens) // block, 1) * block]\n    for top in")
    edit("return output", "return output[:, :, : len(tokens)]")


@caught_by("test_huge_scores_stay_finite")
def maximum_begins_at_a_number():
    """a running maximum that starts at a number such as 0: all weights of low scores become 0"""
    with spelling():
        edit("full_like(rows[..., :1], -math.inf)", "zeros_like(rows[..., :1])")
    with spelling():
        edit("full_like(rows[..., :1], -math.inf)", "full_like(rows[..., :1], -1000.0)")


@caught_by("test_each_head_and_sequence_has_its_own_maximum")
def maximum_shared():
    """one maximum for several queries, heads or sequences instead of one for each query"""
    with spelling():
        edit("scores.amax(dim=-1, keepdim=True)", "scores.amax()")
    with spelling():
        edit("scores.amax(dim=-1, keepdim=True)", "scores.amax(dim=(0, 1, 3), keepdim=True)")


@caught_by("test_huge_scores_stay_finite")
def maximum_before_the_mask():
    """a maximum taken before the mask, so that a masked score can be the largest"""
    edit("scores.amax(", "(rows @ k[:, :, tile].mT).amax(")


@caught_by("test_scores_far_below_zero_weigh_like_others")
def scores_clamped():
    """scores limited to a range such as -80 to 80"""
    edit(".mT).masked", ".mT).clamp(-80.0, 80.0).masked")


@caught_by("test_huge_scores_stay_finite")
def no_maximum():
    """no running maximum: exp of a large score overflows"""
    with spelling():
        edit(
            "torch.maximum(maximum, scores.amax(dim=-1, keepdim=True))", "torch.zeros_like(maximum)"
        )
        edit("(maximum - higher).exp()", "torch.ones_like(maximum)")
    with spelling():
        edit(
            "torch.maximum(maximum, scores.amax(dim=-1, keepdim=True))", "torch.zeros_like(maximum)"
        )
        edit("(maximum - higher).exp()", "torch.ones_like(maximum)")
        edit("accumulator / denominator", "torch.nan_to_num(accumulator / denominator)")


@caught_by("test_huge_scores_stay_finite")
def large_negative_number():
    """masked scores set to a number such as -1e4, which is not below every allowed score"""
    with spelling():
        edit("query, -math.inf", "query, -1e4")
    with spelling():
        edit("query, -math.inf", "query, -1e3")


@caught_by("test_means_worked_by_hand")
def masked_with_zero():
    """masked scores set to 0, which gives them a weight"""
    edit("query, -math.inf", "query, 0.0")


@caught_by("test_means_worked_by_hand")
def masked_after_the_sum():
    """weights that are masked only after they were added to the denominator"""
    edit(".masked_fill(tokens[tile] > query, -math.inf)", "")
    edit("+ weights @", "+ weights.masked_fill(tokens[tile] > query, 0.0) @")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def not_scaled():
    """scores that are not divided by the square root of D"""
    edit(" / math.sqrt(q.shape[3])", "")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def root_of_the_tile():
    """scores divided by the root of the tile size instead of that of D"""
    with spelling():
        edit("q.shape[3]", "block")
    with spelling():
        edit(" / math.sqrt(q.shape[3])", "")
        edit(".mT)", ".mT / math.sqrt(len(tokens[tile])))")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def another_factor():
    """scores with another factor than 1 / sqrt(D), such as 1 / D or 1 / sqrt(T)"""
    with spelling():
        edit(" / math.sqrt(q.shape[3])", " / q.shape[3]")
    with spelling():
        edit(" / math.sqrt(q.shape[3])", " * math.sqrt(q.shape[3])")
    with spelling():
        edit("q.shape[3]", "q.shape[2]")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def queries_and_keys_swapped():
    """queries and keys in each other's place"""
    edit("if block", "q, k = k, q\n    if block")


@caught_by("test_means_worked_by_hand")
def keys_and_values_swapped():
    """keys and values in each other's place"""
    edit("if block", "k, v = v, k\n    if block")


@caught_by("test_means_worked_by_hand")
def values_of_the_first_tile():
    """the values of the first tile for every tile of keys"""
    edit("v[:, :, tile]", "v[:, :, : len(tokens[tile])]")


@caught_by("test_tiles_of_nothing_are_refused")
def any_block():
    """a block below 1 accepted instead of a ValueError"""
    with spelling():
        edit(
            "if block < 1:",
            "if block < 0:\n        return torch.zeros_like(q)\n"
            "    block = block or 1\n    if False:",
        )
    with spelling():
        edit("if block < 1:", "block = block if block > 0 else 64\n    if False:")


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def block_must_divide():
    """a block refused that does not divide T"""
    with spelling():
        edit("if block < 1:", "if block < 1 or q.shape[2] % block:")
    with spelling():
        edit("tokens, output =", "assert q.shape[2] % block == 0\n    tokens, output =")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def large_block_refused():
    """a block refused that is larger than T"""
    with spelling():
        edit("if block < 1:", "if not 1 <= block <= q.shape[2]:")
    with spelling():
        edit("tokens, output =", "assert block <= q.shape[2]\n    tokens, output =")


@caught_by("test_tiles_of_nothing_are_refused")
def block_asserted():
    """an AssertionError instead of a ValueError for a block below 1"""
    edit(
        'if block < 1:\n        raise ValueError(f"block must be at least 1, not {block}")',
        'assert block >= 1, f"block must be at least 1, not {block}"',
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def float32_always():
    """flash attention that returns float32, whatever the dtype of q"""
    edit("if block", "q, k, v = q.float(), k.float(), v.float()\n    if block")


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def float64_always():
    """flash attention that returns float64, whatever the dtype of q"""
    edit("if block", "q, k, v = q.double(), k.double(), v.double()\n    if block")


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def padding_not_removed():
    """inputs padded to whole tiles, and an output that keeps the padding"""
    edit(
        "if block",
        "extra = -q.shape[2] % max(block, 1)\n"
        "    q, k, v = (torch.nn.functional.pad(x, (0, 0, 0, extra)) for x in (q, k, v))\n"
        "    if block",
    )


@caught_by("test_in_float64_it_is_causal_attention_too")
def half_precision_inside():
    """weights in bfloat16 inside the tiles"""
    edit("(scores - higher).exp()", "(scores - higher).exp().bfloat16().to(q.dtype)")


@caught_by("test_the_inputs_stay_as_they_were")
def queries_scaled_in_place():
    """flash attention that scales the caller's queries in place (/= changes the input)"""
    edit("tokens, output =", "q /= math.sqrt(q.shape[3])\n    tokens, output =")
    edit("block] / math.sqrt(q.shape[3])", "block]")


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def tokens_before_heads():
    """the second dimension, that of the heads, taken for that of the tokens"""
    with spelling():
        edit("if block", "q, k, v = (part.transpose(1, 2) for part in (q, k, v))\n    if block")
    with spelling():
        edit("if block", "q, k, v = (part.transpose(1, 2) for part in (q, k, v))\n    if block")
        edit("return output", "return output.transpose(1, 2)")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def view_of_the_heads():
    """heads joined with the batch by view, which needs one layout in memory"""
    edit(
        "if block",
        "whole = q.shape\n"
        "    q, k, v = (x.view(1, -1, *x.shape[2:]) for x in (q, k, v))\n"
        "    if block",
    )
    edit("return output", "return output.view(whole)")


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def output_kept():
    """one output tensor for all calls of a shape: a later call changes an earlier result"""
    edit("def flash(", "OUTPUTS = {}\n\n\ndef flash(")
    edit("torch.empty_like(q)", "OUTPUTS.setdefault((q.shape, q.dtype), torch.empty_like(q))")
