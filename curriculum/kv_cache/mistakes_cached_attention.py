"""Wrong versions of cached_attention."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_later_token_never_changes_an_earlier_output")
def no_mask():
    """attention without a mask: right for one token at a time, wrong for a prompt of several"""
    edit("(q, k, v, mask)", "(q, k, v)")


@caught_by("test_a_later_token_never_changes_an_earlier_output")
def mask_only_without_a_cache():
    """a mask only without a cache: several new tokens after a cache attend to later ones"""
    edit(
        "causal_mask(q.shape[-2], k.shape[-2])",
        "causal_mask(q.shape[-2]) if cache is None else None",
    )


@caught_by("test_a_new_token_reads_every_past_token_and_itself")
def mask_aligned_at_the_start():
    """a mask aligned at the first key: new token i attends to tokens 0 to i, not 0 to S + i"""
    edit(
        "causal_mask(q.shape[-2], k.shape[-2])",
        "torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool).tril()",
    )


@caught_by("test_means_worked_by_hand")
def one_too_far():
    """a mask whose diagonal is one too far once there is a cache: token i attends to i + 1"""
    edit(
        "causal_mask(q.shape[-2], k.shape[-2])",
        "causal_mask(q.shape[-2], k.shape[-2])\n    if cache is not None:\n"
        "        mask = torch.ones_like(mask).tril(k.shape[-2] - q.shape[-2] + 1)",
    )


@caught_by("test_means_worked_by_hand")
def finite_mask():
    """masked scores set to a number such as 1e-9 or 0 instead of minus infinity"""
    with spelling():
        edit(
            "return scaled_dot_product(q, k, v, mask), (k, v)",
            "scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n"
            "    weights = scores.masked_fill(~mask, 1e-9).softmax(dim=-1)\n"
            "    return weights @ v, (k, v)",
        )
    with spelling():
        edit(
            "return scaled_dot_product(q, k, v, mask), (k, v)",
            "scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n"
            "    weights = (scores * mask).softmax(dim=-1)\n"
            "    return weights @ v, (k, v)",
        )


@caught_by("test_the_scores_may_have_any_magnitude")
def large_negative_mask():
    """masked scores set to -1e4, -1e5 or less by 1e4, which are not below every other score"""
    with spelling():
        edit(
            "return scaled_dot_product(q, k, v, mask), (k, v)",
            "scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n"
            "    weights = scores.masked_fill(~mask, -1e4).softmax(dim=-1)\n"
            "    return weights @ v, (k, v)",
        )
    with spelling():
        edit(
            "return scaled_dot_product(q, k, v, mask), (k, v)",
            "scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n"
            "    weights = (scores - 1e4 * ~mask).softmax(dim=-1)\n"
            "    return weights @ v, (k, v)",
        )


@caught_by("test_means_worked_by_hand")
def softmax_over_the_queries():
    """softmax over the queries (dim=-2) instead of the keys"""
    edit(
        "return scaled_dot_product(q, k, v, mask), (k, v)",
        "scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n"
        "    weights = scores.masked_fill(~mask, float('-inf')).softmax(dim=-2)\n"
        "    return weights @ v, (k, v)",
    )


@caught_by("test_without_a_cache_it_is_causal_attention")
def not_scaled():
    """scores that are not divided by sqrt(D)"""
    edit("(q, k, v, mask)", "(q * q.shape[-1] ** 0.5, k, v, mask)")


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def float32_always():
    """the output in float32, whatever the dtype of q"""
    with spelling():
        edit("(q, k, v, mask)", "(q.float(), k.float(), v.float(), mask)")
    with spelling():
        edit("mask = causal", "q, k, v = q.float(), k.float(), v.float()\n    mask = causal")


@caught_by("test_means_worked_by_hand")
def values_joined_to_keys():
    """the new values concatenated to the past keys instead of the past values"""
    edit("[past_v, v]", "[past_k, v]")


@caught_by("test_without_a_cache_it_is_causal_attention")
def cache_always_unpacked():
    """a cache that is unpacked also where it is None"""
    edit("if cache is not None:", "if True:")


@caught_by("test_a_cache_keeps_its_numbers_when_it_is_continued")
def written_into_spare_room():
    """a cache that is a view of a larger buffer, into which every continuation writes"""

    def cached_attention(q, k, v, cache=None):
        start = 0 if cache is None else cache[0].shape[-2]
        stop = start + k.shape[-2]
        room = 0
        if start and cache[0].stride(-2) == cache[0].shape[-1]:
            room = cache[0].untyped_storage().nbytes() // cache[0].element_size()
        if room >= q.shape[0] * q.shape[1] * 512 * q.shape[-1] and cache[0].storage_offset() == 0:
            shape = (*q.shape[:2], 512, q.shape[-1])
            buffers = [part.as_strided(shape, _strides(shape)) for part in cache]
        else:
            buffers = [q.new_zeros(*q.shape[:2], 512, q.shape[-1]) for _ in range(2)]
            for buffer, part in zip(buffers, cache or (), strict=False):
                buffer[:, :, :start] = part
        for buffer, part in zip(buffers, (k, v), strict=True):
            buffer[:, :, start:stop] = part
        k, v = (buffer[:, :, :stop] for buffer in buffers)
        return scaled_dot_product(q, k, v, causal_mask(q.shape[-2], stop)), (k, v)

    def _strides(shape):
        return [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1]


@caught_by("test_a_new_token_reads_every_past_token_and_itself")
def not_itself():
    """new tokens that attend only to earlier tokens, not to themselves, once there is a cache"""
    edit(
        "return scaled",
        "mask = mask if cache is None else mask.tril(k.shape[-2] - q.shape[-2] - 1)\n"
        "    return scaled",
    )


@caught_by("test_means_worked_by_hand")
def past_not_read():
    """a cache that grows but is not used: new tokens attend only to each other"""
    edit(
        "if cache is not None:",
        "output = scaled_dot_product(q, k, v, causal_mask(q.shape[-2]))\n    if cache is not None:",
    )
    edit("return scaled_dot_product(q, k, v, mask)", "return output")


@caught_by("test_the_new_cache_is_the_past_then_the_new")
def new_before_past():
    """new keys and values concatenated before the past ones"""
    edit("[past_k, k]", "[k, past_k]")
    edit("[past_v, v]", "[v, past_v]")


@caught_by("test_the_new_cache_is_the_past_then_the_new")
def values_then_keys():
    """a new cache with the values first and the keys second"""
    with spelling():
        edit("mask), (k, v)", "mask), (v, k)")
    with spelling():
        edit("mask), (k, v)", "mask), (v, k)")
        edit("past_k, past_v = cache", "past_v, past_k = cache")


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def only_the_new_kept():
    """a new cache of the new tokens alone, so that a third call has lost the first"""
    edit("if cache is not None:", "new = k, v\n    if cache is not None:")
    edit("mask), (k, v)", "mask), new")


@caught_by("test_one_token_at_a_time_gives_the_whole")
def old_cache_given_back():
    """the old cache returned, so that it does not grow after the first call"""
    edit("mask), (k, v)", "mask), cache or (k, v)")


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def last_token_only():
    """the output of the last new token alone"""
    edit("(q, k, v, mask)", "(q, k, v, mask)[:, :, -1:]")


@caught_by("test_the_output_and_the_cache_have_their_shapes_and_dtype")
def half_precision_cache():
    """a cache in bfloat16, whatever the dtype of q"""
    edit("mask = causal", "k, v = k.to(torch.bfloat16), v.to(torch.bfloat16)\n    mask = causal")
    edit("(q, k, v, mask)", "(q, k.to(q.dtype), v.to(q.dtype), mask)")


@caught_by("test_without_a_cache_it_is_causal_attention")
def scaled_keys_kept():
    """keys divided by the square root of D before they are stored in the cache"""
    edit("if cache", "root = q.shape[-1] ** 0.5\n    k = k / root\n    if cache")
    edit("        past_k, past_v = cache\n", "")
    edit("k = torch", "k, v = torch")
    edit("        v = torch.cat([past_v, v], dim=-2)\n", "")
    edit("k, v, mask", "k * root, v, mask")
    edit("([past_k, k], dim=-2)", "([cache[0], k], dim=-2), torch.cat([cache[1], v], dim=-2)")


@caught_by("test_nothing_that_went_in_changes")
def queries_scaled_in_place():
    """attention that scales the caller's queries in place (*= changes the input)"""
    edit("mask = causal", "q *= q.shape[-1] ** -0.5\n    mask = causal")
    edit("(q, k, v, mask)", "(q * q.shape[-1] ** 0.5, k, v, mask)")


@caught_by("test_nothing_that_went_in_changes")
def old_cache_rolled():
    """the old cache shifted in place to make room, as in a cache of fixed length"""
    edit(
        "mask = causal",
        "for old, both in zip(cache or (), (k, v), strict=False):\n"
        "        old.copy_(both[..., -old.shape[-2] :, :])\n    mask = causal",
    )


@caught_by("test_one_cache_can_be_continued_in_two_ways")
def kept_in_the_function():
    """keys and values stored in the function instead of the cache, so that sequences mix"""
    edit(
        "if cache is not None:",
        'cache = getattr(cached_attention, "past", None)\n'
        "    if cache and cache[0].shape[:2] == k.shape[:2] and cache[0].dtype == k.dtype:",
    )
    edit("mask = causal", "cached_attention.past = k, v\n    mask = causal")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def last_tokens_only():
    """a new cache of the last 32 tokens: a sliding window that was not asked for"""
    edit("mask), (k, v)", "mask), (k[:, :, -32:], v[:, :, -32:])")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def mask_of_fixed_length():
    """a mask of fixed size, 64 by 64, which longer sequences do not fit"""
    edit(
        "causal_mask(q.shape[-2], k.shape[-2])",
        "causal_mask(64)[k.shape[-2] - q.shape[-2] : k.shape[-2], : k.shape[-2]]",
    )
