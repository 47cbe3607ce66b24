"""What goes wrong with the causal mask."""

import math

import torch

from grader.course import caught_by


@caught_by("test_three_tokens_by_hand")
def not_itself():
    """a mask with j < i: no token reads itself, and the first reads nothing"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries - 1)


@caught_by("test_three_tokens_by_hand")
def upper_triangle():
    """a mask of the upper triangle: tokens read the future and not the past"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries)


@caught_by("test_three_tokens_by_hand")
def true_forbids():
    """a mask that is True where attending is forbidden, as nn.MultiheadAttention wants it"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)


@caught_by("test_future_tokens_never_change_an_earlier_output")
def one_too_far():
    """a mask with j <= i + 1: each token reads the one that it is to predict"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries + 1)


@caught_by("test_future_tokens_never_change_an_earlier_output")
def everything_permitted():
    """a mask that permits everything"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool)


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def aligned_at_the_start():
    """a mask aligned at the first key: the last of five tokens reads as if it were the first"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).tril()


@caught_by("test_a_single_query_reads_every_key")
def forgets_itself_after_a_past():
    """a mask aligned one short once there is a past: the newest token does not read itself"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        past = max(keys - queries - 1, 0)
        return torch.ones(queries, keys, dtype=torch.bool).tril(past)


@caught_by("test_the_last_rows_of_a_whole_mask_are_the_mask_of_the_last_queries")
def the_past_forgotten():
    """a mask in which the queries read only each other, not the tokens before them"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        past = torch.zeros(queries, keys - queries, dtype=torch.bool)
        return torch.cat([past, torch.ones(queries, queries, dtype=torch.bool).tril()], dim=1)


@caught_by("test_each_entry_follows_the_rule")
def the_past_wide_open():
    """a mask that permits everything as soon as there are more keys than queries"""

    def causal_mask(queries, keys=None):
        if keys is not None and keys < queries:
            raise ValueError("more queries than keys")
        if keys is not None and keys > queries:
            return torch.ones(queries, keys, dtype=torch.bool)
        return torch.ones(queries, queries, dtype=torch.bool).tril()


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def keys_ignored():
    """a square mask of the queries alone, whatever keys says"""

    def causal_mask(queries, keys=None):
        if keys is not None and keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, queries, dtype=torch.bool).tril()


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def keys_before_the_queries():
    """a mask in which keys counts only the tokens before the queries"""

    def causal_mask(queries, keys=None):
        past = 0 if keys is None else keys
        if keys is not None and keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, past + queries, dtype=torch.bool).tril(past)


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def rows_and_columns_swapped():
    """a mask with a row per key and a column per query"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries).T


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def ones_and_zeros():
    """a mask of the numbers 1 and 0, not of booleans"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys).tril(keys - queries)


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def minus_infinity():
    """a mask to be added to the scores: 0 where permitted and -inf where not"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.full((queries, keys), -math.inf).triu(keys - queries + 1)


@caught_by("test_more_queries_than_keys_are_refused")
def any_sizes():
    """a mask for more queries than keys, whose first rows permit nothing"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def offset_the_wrong_way():
    """a mask with j <= i + (queries - keys): a past hides keys where it should show more"""

    def causal_mask(queries, keys=None):
        keys = queries if keys is None else keys
        if keys < queries:
            raise ValueError("more queries than keys")
        return torch.ones(queries, keys, dtype=torch.bool).tril(queries - keys)
