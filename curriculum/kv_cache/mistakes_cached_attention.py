"""What goes wrong with cached_attention."""

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from grader.course import caught_by


@caught_by("test_a_later_token_never_changes_an_earlier_output")
def no_mask():
    """attention without a mask: right for one token at a time, wrong for a prompt of several"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return scaled_dot_product(q, k, v), (k, v)


@caught_by("test_a_later_token_never_changes_an_earlier_output")
def mask_only_without_a_cache():
    """a mask only at the start: several new tokens after a cache read their own future"""

    def cached_attention(q, k, v, cache=None):
        mask = causal_mask(q.shape[-2]) if cache is None else None
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return scaled_dot_product(q, k, v, mask), (k, v)


@caught_by("test_a_new_token_reads_every_past_token_and_itself")
def mask_aligned_at_the_start():
    """a mask aligned at the first key: new token i reads tokens 0 to i, not 0 to S + i"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        mask = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool).tril()
        return scaled_dot_product(q, k, v, mask), (k, v)


@caught_by("test_a_new_token_reads_every_past_token_and_itself")
def not_itself():
    """new tokens that read only those before them, not themselves, once there is a cache"""

    def cached_attention(q, k, v, cache=None):
        past = 0
        if cache is not None:
            past = cache[0].shape[-2] - 1
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        mask = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool).tril(past)
        return scaled_dot_product(q, k, v, mask), (k, v)


@caught_by("test_means_worked_by_hand")
def past_not_read():
    """a cache that grows but is never read: new tokens attend among themselves alone"""

    def cached_attention(q, k, v, cache=None):
        output = scaled_dot_product(q, k, v, causal_mask(q.shape[-2]))
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return output, (k, v)


@caught_by("test_the_new_cache_is_the_past_then_the_new")
def new_before_past():
    """new keys and values put before the past ones"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([k, cache[0]], dim=-2), torch.cat([v, cache[1]], dim=-2)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), (k, v)


@caught_by("test_the_new_cache_is_the_past_then_the_new")
def values_then_keys():
    """a new cache that holds the values first and the keys second"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), (v, k)


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def only_the_new_kept():
    """a new cache of the new tokens alone, so that a third call has lost the first"""

    def cached_attention(q, k, v, cache=None):
        new = (k, v)
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), new


@caught_by("test_one_token_at_a_time_gives_the_whole")
def old_cache_given_back():
    """the old cache given back, so that it never grows after the first call"""

    def cached_attention(q, k, v, cache=None):
        if cache is None:
            return scaled_dot_product(q, k, v, causal_mask(q.shape[-2])), (k, v)
        k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), cache


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def last_token_only():
    """the output of the last new token alone, not of all of them"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        output = scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2]))
        return output[:, :, -1:], (k, v)


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def half_precision_cache():
    """a cache kept in bfloat16, whatever dtype came in"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        k, v = k.to(torch.bfloat16), v.to(torch.bfloat16)
        mask = causal_mask(q.shape[-2], k.shape[-2])
        return scaled_dot_product(q, k.to(q.dtype), v.to(q.dtype), mask), (k, v)


@caught_by("test_without_a_cache_it_is_causal_attention")
def scaled_keys_kept():
    """keys divided by the root of D before they go into the cache, not after"""

    def cached_attention(q, k, v, cache=None):
        root = q.shape[-1] ** 0.5
        k = k / root
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        mask = causal_mask(q.shape[-2], k.shape[-2])
        return scaled_dot_product(q, k * root, v, mask), (k, v)


@caught_by("test_nothing_that_went_in_changes")
def queries_scaled_in_place():
    """the caller's queries scaled in place (q *= ...), which changes them for everyone else"""

    def cached_attention(q, k, v, cache=None):
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
        q *= q.shape[-1] ** -0.5
        scores = q @ k.transpose(-2, -1)
        mask = causal_mask(q.shape[-2], k.shape[-2])
        return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1) @ v, (k, v)


@caught_by("test_nothing_that_went_in_changes")
def old_cache_rolled():
    """the old cache shifted in place to make room, as a cache of fixed length does"""

    def cached_attention(q, k, v, cache=None):
        new = (k, v)
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)
            for past, both in zip(cache, (k, v)):
                past.copy_(both[..., -past.shape[-2] :, :])
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), (k, v)


@caught_by("test_one_cache_can_be_continued_in_two_ways")
def kept_in_the_function():
    """keys and values remembered outside of the cache, so that sequences run together"""

    def cached_attention(q, k, v, cache=None):
        past = getattr(cached_attention, "past", None)
        if past is not None and past[0].shape[:2] == k.shape[:2] and past[0].dtype == k.dtype:
            k, v = torch.cat([past[0], k], dim=-2), torch.cat([past[1], v], dim=-2)
        cached_attention.past = (k, v)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], k.shape[-2])), (k, v)
