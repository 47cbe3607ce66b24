"""What goes wrong with the sliding window."""

import math

import torch

from exercises.attention.causal_mask import causal_mask
from grader.course import caught_by


@caught_by("test_four_tokens_by_hand")
def window_and_itself():
    """a window that counts the tokens before its own, so that one key too many is permitted"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        return mask.triu(mask.shape[1] - queries - window)


@caught_by("test_a_window_of_one_permits_a_token_only_itself")
def one_too_few():
    """a window of one key less, so that a window of 1 permits nothing at all"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        return mask.triu(mask.shape[1] - queries - window + 2)


@caught_by("test_four_tokens_by_hand")
def no_window():
    """the causal mask, whatever the window"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        return causal_mask(queries, keys)


@caught_by("test_four_tokens_by_hand")
def both_sides():
    """a window to both sides: a token reads those that come after it"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        past = causal_mask(queries, keys).shape[1] - queries
        mask = torch.ones(queries, queries + past, dtype=torch.bool)
        return mask.tril(past + window - 1).triu(past - window + 1)


@caught_by("test_four_tokens_by_hand")
def no_causal_rule():
    """a window without the causal mask: everything after the token is permitted"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        past = causal_mask(queries, keys).shape[1] - queries
        return torch.ones(queries, queries + past, dtype=torch.bool).triu(past - window + 1)


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def window_from_the_row():
    """a window counted from the row's number, not from its token's: a past is never dropped"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        return causal_mask(queries, keys).triu(1 - window)


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def aligned_at_the_start():
    """a mask aligned at the first key: the last of five tokens reads as if it were the first"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = torch.ones_like(causal_mask(queries, keys))
        return mask.tril().triu(1 - window)


@caught_by("test_four_tokens_by_hand")
def blocks_of_a_window():
    """blocks of window tokens that read only each other: the window does not slide"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        block = torch.arange(mask.shape[1]) // window
        return mask & (block == block[-queries:].unsqueeze(1))


@caught_by("test_four_tokens_by_hand")
def last_keys_only():
    """the last keys of all for every row, as a rolling cache holds them for its newest token"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        mask[:, : max(mask.shape[1] - window, 0)] = False
        return mask


@caught_by("test_four_tokens_by_hand")
def true_forbids():
    """a mask that is True where attending is forbidden, as nn.MultiheadAttention wants it"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        return ~mask.triu(mask.shape[1] - queries - window + 1)


@caught_by("test_four_tokens_by_hand")
def what_dropped_out():
    """the wrong side of the window: what has dropped out of sight is permitted, and nothing else"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        return mask.tril(mask.shape[1] - queries - window)


@caught_by("test_four_tokens_by_hand")
def not_itself():
    """the window keys before the token, without the token itself"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        past = mask.shape[1] - queries
        return mask.triu(past - window).tril(past - 1)


@caught_by("test_a_wide_window_is_the_causal_mask")
def wide_window_wraps_round():
    """a window that wraps round the end of the tokens when it is wider than their number"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        past = mask.shape[1] - queries
        return mask.triu(past - (window - 1) % mask.shape[1])


@caught_by("test_each_row_permits_a_window_of_keys")
def first_token_always():
    """the first token permitted beside the window, as an attention sink is"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        mask = mask.triu(mask.shape[1] - queries - window + 1)
        mask[:, 0] = True
        return mask


@caught_by("test_a_token_out_of_the_window_changes_no_output")
def every_second_key():
    """a dilated window, which takes every second key over twice the distance"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        key = torch.arange(mask.shape[1])
        back = key[-queries:].unsqueeze(1) - key
        return mask & (back % 2 == 0) & (back < 2 * window)


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def minus_infinity():
    """a mask to be added to the scores: 0 where permitted and -inf where not"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        mask = mask.triu(mask.shape[1] - queries - window + 1)
        return torch.zeros(mask.shape).masked_fill(~mask, -math.inf)


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def only_the_window():
    """a table of the window's columns alone, with no column for the keys before it"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        mask = causal_mask(queries, keys)
        return mask.triu(mask.shape[1] - queries - window + 1)[:, -window:]


@caught_by("test_sizes_without_a_meaning_are_refused")
def any_window():
    """a window of 0 accepted, in which no query may read anything"""

    def sliding_window_mask(queries, keys=None, *, window):
        mask = causal_mask(queries, keys)
        return mask.triu(mask.shape[1] - queries - window + 1)


@caught_by("test_sizes_without_a_meaning_are_refused")
def any_sizes():
    """more queries than keys accepted, so that the first rows permit nothing"""

    def sliding_window_mask(queries, keys=None, *, window):
        if window < 1:
            raise ValueError("no window")
        keys = queries if keys is None else keys
        past = keys - queries
        return torch.ones(queries, keys, dtype=torch.bool).tril(past).triu(past - window + 1)
