"""The checks of cached_attention."""

import torch

from grader.checks import close, equal, formed

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for queries in float64 too."""


def test_the_output_and_the_cache_have_their_shapes_and_dtype(cached_attention, randn):
    """For three new tokens after two past ones, the output has 3 tokens and the new cache 5."""
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        q, k, v = randn(3, 1, 2, 3, 7, dtype=dtype)
        got = cached_attention(q, k, v, tuple(randn(2, 1, 2, 2, 7, dtype=dtype)))
        formed(got, "tuple of 2", "(output, cache)")
        output, cache = got
        formed(output, f"{name} tensor 1x2x3x7", "the output")
        formed(cache, "tuple of 2", "the new cache")
        formed(cache[0], f"{name} tensor 1x2x5x7", "the keys of the new cache")
        formed(cache[1], f"{name} tensor 1x2x5x7", "the values of the new cache")


def test_means_worked_by_hand(cached_attention):
    """Zero queries give equal weights: after the value 2, the new values 4 and 9 become 3 and 5."""
    zeros = torch.zeros(1, 1, 2, 1)
    past = (torch.zeros(1, 1, 1, 1), torch.tensor([[[[2.0]]]]))
    output, _ = cached_attention(zeros, zeros, torch.tensor([[[[4.0], [9.0]]]]), past)
    close(output, torch.tensor([[[[3.0], [5.0]]]]), say="(2 + 4) / 2 and (2 + 4 + 9) / 3")


def test_the_new_cache_is_the_past_then_the_new(cached_attention, randn):
    """The new cache holds the past keys and values first, then the new ones, all unchanged."""
    q, k, v, past_k, past_v = randn(5, 1, 2, 3, 7)
    _, (keys, values) = cached_attention(q, k, v, (past_k, past_v))
    equal(keys, torch.cat([past_k, k], dim=2), say="the keys of the new cache")
    equal(values, torch.cat([past_v, v], dim=2), say="the values of the new cache")


def test_without_a_cache_it_is_causal_attention(cached_attention, randn):
    """Without a cache, or with an empty one, it is causal attention over the new tokens."""
    q, k, v = randn(3, 2, 3, 5, 7, dtype=torch.float64)
    empty = torch.empty(2, 3, 0, 7, dtype=torch.float64)
    for start in ((), (None,), ((empty, empty),)):
        output, (keys, values) = cached_attention(q, k, v, *start)
        close(output, _whole(q, k, v), say="the new tokens are the whole sequence", **FLOAT32)
        equal(keys, k, say="the first cache holds the keys k")
        equal(values, v, say="the first cache holds the values v")


def test_a_later_token_never_changes_an_earlier_output(cached_attention, randn):
    """Changing the last of four new tokens leaves the outputs of the three before it unchanged."""
    q, k, v = randn(3, 1, 2, 4, 5)
    for past in (None, tuple(randn(2, 1, 2, 3, 5))):
        changed = [part.clone() for part in (q, k, v)]
        for part in changed:
            part[:, :, -1] += 1.0
        before, _ = cached_attention(q, k, v, past)
        after, _ = cached_attention(*changed, past)
        say = "after three past tokens" if past else "at the start of a sequence"
        close(after[:, :, :-1], before[:, :, :-1], say=say)


def test_a_new_token_reads_every_past_token_and_itself(cached_attention):
    """A new token can attend to each of five past tokens and to itself."""
    keys = torch.eye(6).reshape(1, 1, 6, 6)
    values = torch.arange(6.0).reshape(1, 1, 6, 1).expand(1, 1, 6, 6)
    past = (keys[:, :, :5], values[:, :, :5].contiguous())
    for j in range(6):
        # Beside a score of 100, five scores of 0 have a weight of less than 1e-40 together.
        query = keys[:, :, j : j + 1] * 100 * 6**0.5
        output, _ = cached_attention(query, keys[:, :, 5:], values[:, :, 5:].contiguous(), past)
        close(
            output,
            torch.full((1, 1, 1, 6), float(j)),
            say=f"a query that matches key {j} of 0 to 5",
        )


def test_the_scores_may_have_any_magnitude(cached_attention, randn):
    """With scores from -1e6 to 1e6, masked keys have weight 0 and the output stays finite."""
    q, k, v = randn(3, 1, 2, 4, 5)
    past_k, past_v = randn(2, 1, 2, 3, 5)
    # Every visible score is about -1e6, and that of the last key, which three tokens may not
    # read, is 0.
    q, k, past_k = q.abs() + 1, -(k.abs() + 1) * 3e5, -(past_k.abs() + 1) * 3e5
    k[:, :, -1] = 0.0
    output, _ = cached_attention(q[:, :, :3], k[:, :, :3], v[:, :, :3], (past_k, past_v))
    got, _ = cached_attention(q, k, v, (past_k, past_v))
    close(got[:, :, :3], output, say="the last of four new keys has a score of 0, others -1e6")
    for size in (1.0, -1.0):
        output, _ = cached_attention(size * q, k, v, (past_k, past_v))
        want = _whole(size * q, k, v, (past_k, past_v))
        close(output, want, say=f"scores around {-size * 1e6:g}", **FLOAT32)


def test_the_layout_in_memory_does_not_matter(cached_attention, randn):
    """Queries, keys, values and a cache that are transposed views give the same output."""
    views = randn(5, 2, 6, 3, 7).transpose(2, 3)  # (B, H, T, D) of memory (B, T, H, D)
    q, k, v, past_k, past_v = views.unbind()
    output, (keys, values) = cached_attention(q, k, v, (past_k, past_v))
    close(output, _whole(q, k, v, (past_k, past_v)), say="views of (B, T, H, D)", **FLOAT32)
    equal(keys.contiguous(), torch.cat([past_k, k], dim=2), say="the keys of the new cache")
    equal(values.contiguous(), torch.cat([past_v, v], dim=2), say="the values of the new cache")
    q, k, v, past_k, past_v = randn(5, 2, 3, 12, 7)[:, :, :, ::2].unbind()
    output, _ = cached_attention(q, k, v, (past_k, past_v))
    close(output, _whole(q, k, v, (past_k, past_v)), say="every second token", **FLOAT32)


def test_a_cache_keeps_its_numbers_when_it_is_continued(cached_attention, beside, randn):
    """A cache is unchanged after two continuations, and each of them can go on by itself."""
    q, k, v = randn(3, 2, 1, 2, 7, 5).unbind()
    start = _keep(beside, cached_attention, [part[0, :, :, :2] for part in (q, k, v)])
    start = _keep(beside, cached_attention, [part[0, :, :, 2:3] for part in (q, k, v)], start)
    ways = []
    for i in range(2):
        parts = [part[i, :, :, 3:6] for part in (q, k, v)]
        ways.append(_keep(beside, cached_attention, parts, start))
    _, (keys, values) = start[0]
    equal(keys, k[0, :, :, :3], say="the keys of the cache that was continued twice")
    equal(values, v[0, :, :, :3], say="the values of the cache that was continued twice")
    for i, name in enumerate(("first", "second")):
        last = [part[i, :, :, 6:] for part in (q, k, v)]
        copies = [part.clone() for part in last]
        output, _ = _keep(beside, cached_attention, copies, ways[i])[0]
        k_i, v_i = (torch.cat([part[0, :, :, :3], part[i, :, :, 3:]], dim=2) for part in (k, v))
        want = _whole(last[0], k_i[:, :, 6:], v_i[:, :, 6:], (k_i[:, :, :6], v_i[:, :, :6]))
        close(output, want, say=f"one more token after the {name} continuation", **FLOAT32)


def test_one_token_at_a_time_gives_the_whole(cached_attention, randn):
    """Seven calls with one token each give the output of causal attention over all seven."""
    q, k, v = randn(3, 2, 3, 7, 5, dtype=torch.float64)
    want = _whole(q, k, v)
    close(_in_pieces(cached_attention, q, k, v, [1] * 7), want, **FLOAT32)


def test_a_sequence_may_be_cut_anywhere(cached_attention, randn, rng):
    """However a sequence is split into calls, the concatenated outputs are those of the whole."""
    cuts = [sorted(rng.sample(range(1, 11), 3)) for _ in range(5)]
    splits = [[a, b - a, c - b, 11 - c] for a, b, c in cuts]
    for pieces in [*splits, [256, 1, 44]]:
        q, k, v = randn(3, 2, 3, sum(pieces), 5, dtype=torch.float64)
        got = _in_pieces(cached_attention, q, k, v, pieces)
        close(got, _whole(q, k, v), say=f"calls with {pieces} tokens", **FLOAT32)


def test_nothing_that_went_in_changes(cached_attention, randn):
    """cached_attention does not change q, k, v and the old cache."""
    q, k, v, past_k, past_v = given = randn(5, 1, 2, 3, 7).unbind()
    before = [part.clone() for part in given]
    cached_attention(q, k, v, (past_k, past_v))
    names = ["the queries", "the keys", "the values", "the cached keys", "the cached values"]
    for name, part, was in zip(names, given, before, strict=True):
        equal(part, was, say=f"the call changed {name}")


def test_one_cache_can_be_continued_in_two_ways(cached_attention, randn):
    """One cache can be continued in two ways, and a call without a cache starts anew."""
    q, k, v = randn(3, 3, 1, 2, 5, 7, dtype=torch.float64).unbind()
    _, cache = cached_attention(*(part[0, :, :, :3] for part in (q, k, v)))
    for other, name in ((1, "the first continuation"), (2, "the second continuation")):
        got, _ = cached_attention(*(part[other, :, :, 3:] for part in (q, k, v)), cache)
        joined = [torch.cat([part[0, :, :, :3], part[other, :, :, 3:]], 2) for part in (q, k, v)]
        close(got, _whole(*joined)[:, :, 3:], say=name, **FLOAT32)
    got, _ = cached_attention(q[1], k[1], v[1])
    close(got, _whole(q[1], k[1], v[1]), say="a new sequence, without a cache", **FLOAT32)


def _whole(q, k, v, past=None):
    """Return causal attention over a whole sequence, by PyTorch in float64."""
    if past is not None:
        k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
    rows, columns = q.shape[2], k.shape[2]
    mask = torch.ones(rows, columns, dtype=torch.bool).tril(columns - rows)
    attention = torch.nn.functional.scaled_dot_product_attention
    return attention(q.double(), k.double(), v.double(), attn_mask=mask).to(q.dtype)


def _keep(beside, cached_attention, parts, past=None):
    """Call cached_attention; return what it returns in a deque beside the learner's code.

    ``past`` is such a deque: its cache is handed over as it is there, memory and all.
    """
    arguments = [[part] for part in parts]
    if past is not None:
        arguments.append(beside("builtins.map")(beside("operator.itemgetter")(1), past))
    calls = beside("itertools.starmap")(cached_attention, beside("builtins.zip")(*arguments))
    return beside("collections.deque")(calls)


def _in_pieces(cached_attention, q, k, v, pieces):
    """Return the concatenated outputs of consecutive calls with so many tokens each."""
    outputs, cache = [], None
    for parts in zip(*(part.split(pieces, dim=2) for part in (q, k, v)), strict=True):
        # Cloned, so that a cache never shares memory with the whole sequence.
        output, cache = cached_attention(*(part.clone() for part in parts), cache)
        outputs.append(output)
    return torch.cat(outputs, dim=2)
